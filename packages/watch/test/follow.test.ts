import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { followLedger, ledgerPaths, passDue, type Reason } from "../src/index.ts";

const BOUNDS = { dueMs: 30_000, pollMs: 2000 };

describe("when a pass is due", () => {
  const last = { mark: "a", at: 1000, failed: false };
  it.each([
    ["at the start", undefined, { mark: "a", at: 0 }, "start"],
    ["when the refs moved", last, { mark: "b", at: 1001 }, "moved"],
    ["not while nothing moves", last, { mark: "a", at: 30_999 }, undefined],
    ["when rested steps may be due", last, { mark: "a", at: 31_000 }, "due"],
    ["not at once after a failure", { ...last, failed: true }, { mark: "a", at: 2999 }, undefined],
    ["a poll after a failure", { ...last, failed: true }, { mark: "a", at: 3000 }, "due"],
    [
      "at once when it moved after a failure",
      { ...last, failed: true },
      { mark: "b", at: 1 },
      "moved",
    ],
  ] as const)("%s", (_, before, now, due) => {
    expect(passDue(before, now, BOUNDS)).toBe(due);
  });
});

function gitFolder() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "refs", "heads"), { recursive: true });
  mkdirSync(join(folder, "refs", "remotes", "origin"), { recursive: true });
  return { folder, ref: join(folder, "refs", "heads", "wingman-ledger") };
}

/** As git does: a lock file, then renamed. */
function move(ref: string, oid: string): void {
  writeFileSync(`${ref}.lock`, `${oid}\n`);
  renameSync(`${ref}.lock`, ref);
}

/** Follows with a pass that is counted; `next` waits until there were that many. */
function following(paths: readonly string[], more: { pollMs?: number; dueMs?: number } = {}) {
  const stop = new AbortController();
  const reasons: Reason[] = [];
  const waiting: { count: number; wake: () => void }[] = [];
  let [running, most] = [0, 0];
  let fail: Error | undefined;
  const errors: unknown[] = [];
  const ended = followLedger({
    paths,
    signal: stop.signal,
    pollMs: more.pollMs ?? 30,
    dueMs: more.dueMs ?? 60_000,
    onError: (error) => void errors.push(error),
    onChange: async (reason) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((wake) => setTimeout(wake, 5));
      running -= 1;
      reasons.push(reason);
      for (const one of waiting) if (reasons.length >= one.count) one.wake();
      if (fail !== undefined) throw fail;
    },
  });
  return {
    reasons,
    errors,
    most: () => most,
    failWith: (error: Error | undefined) => {
      fail = error;
    },
    passes: (count: number) =>
      new Promise<void>((wake) => {
        if (reasons.length >= count) wake();
        else waiting.push({ count, wake });
      }),
    end: async () => {
      stop.abort();
      await ended;
    },
  };
}

describe("following", () => {
  it("makes a first pass, and one more for each move, however the ref is kept", async () => {
    const { folder, ref } = gitFolder();
    const follower = following(ledgerPaths(folder));
    await follower.passes(1);
    move(ref, "a".repeat(40));
    await follower.passes(2);
    move(ref, "b".repeat(40));
    await follower.passes(3);
    appendFileSync(join(folder, "packed-refs"), "# pack-refs\n");
    rmSync(ref);
    await follower.passes(4);
    move(join(folder, "refs", "remotes", "origin", "wingman-ledger"), "c".repeat(40));
    await follower.passes(5);
    await follower.end();
    expect(follower.reasons.slice(0, 3)).toEqual(["start", "moved", "moved"]);
    expect(follower.reasons).not.toContain("due");
    expect(follower.most()).toBe(1);
  });

  it("hears a move by its event long before the poll", async () => {
    const { folder, ref } = gitFolder();
    const follower = following(ledgerPaths(folder), { pollMs: 3_600_000 });
    await follower.passes(1);
    move(ref, "a".repeat(40));
    await follower.passes(2);
    await follower.end();
    expect(follower.reasons).toEqual(["start", "moved"]);
  });

  it("makes a pass for rested steps though nothing moves", async () => {
    const follower = following(ledgerPaths(gitFolder().folder), { pollMs: 5, dueMs: 20 });
    await follower.passes(4);
    await follower.end();
    expect(follower.reasons.slice(0, 4)).toEqual(["start", "due", "due", "due"]);
  });

  it("tells of a pass that failed, and tries it again", async () => {
    const follower = following(ledgerPaths(gitFolder().folder), { pollMs: 5 });
    follower.failWith(new Error("no disk"));
    await follower.passes(3);
    follower.failWith(undefined);
    const { length } = follower.reasons;
    await follower.passes(length + 1);
    await follower.end();
    expect(follower.errors.map(String)).toContain("Error: no disk");
    expect(follower.errors.length).toBeLessThan(follower.reasons.length);
  });

  it("without anybody to tell, ends with the failure", async () => {
    const stop = new AbortController();
    const onChange = async () => {
      throw new Error("no disk");
    };
    const paths = ledgerPaths(gitFolder().folder);
    await expect(followLedger({ paths, signal: stop.signal, onChange })).rejects.toThrow("no disk");
  });

  it("stops at once, and waits for the pass under way", async () => {
    const stop = new AbortController();
    stop.abort();
    let passes = 0;
    const onChange = async () => {
      passes += 1;
    };
    await followLedger({ paths: [], signal: stop.signal, onChange });
    expect(passes).toBe(0);
  });
});
