import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRepo } from "@wingman/git";
import { emptyLedger, type LedgerState } from "@wingman/model";
import { newRepository, temporaryFolder } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { cachedState } from "../src/ledger-cache.ts";

const root = "ab".repeat(32);
const mark = { seq: 4, digest: "d", verdict: "FALSE", accuses: true, commit: "c" } as const;
const state: LedgerState = {
  ...emptyLedger,
  size: 2500,
  root,
  origin: "acme/shop",
  verdicts: new Map([["a/b/r#1", mark]]),
  falseRuns: new Set(["a/b/r"]),
  locks: new Map([["a/b", { worker: "a/b", since: 4, reason: "it lied" }]]),
  orders: new Set(["nonce"]),
};

function noteOf(size: number, hex: string): string {
  return `acme/shop\n${size}\n${Buffer.from(hex, "hex").toString("base64")}\n\n— signed\n`;
}

async function world(size = state.size, hex = root) {
  const clone = await newRepository();
  const files = { checkpoint: noteOf(size, hex) };
  const commit = await clone.commit("records", { files });
  const folder = temporaryFolder();
  const repo = await openRepo({ cwd: clone.folder, env: process.env });
  let reads = 0;
  const ask = async (at = commit, given = state): Promise<LedgerState> =>
    await cachedState(repo, { folder, commit: at }, async () => {
      reads += 1;
      return given;
    });
  const file = join(folder, "cache", "ledger-state");
  return { clone, ask, file, folder, reads: () => reads, close: () => repo.close() };
}

describe("the cache of what a ledger comes to", () => {
  it("gives the same state without reading the ledger again", async () => {
    const { ask, reads, close } = await world();
    expect(await ask()).toEqual(state);
    expect(await ask()).toEqual(state);
    expect(reads()).toBe(1);
    await close();
  });

  it("reads again where the ledger moved, or the cache is cut, edited or of another version", async () => {
    const { clone, ask, file, reads, close } = await world();
    await ask();
    const whole = readFileSync(file, "utf8");
    const spoiled = [
      whole.slice(0, -5),
      "",
      whole.replace("it lied", "nothing"),
      whole.replace(/^\S+/, "9.9.9"),
      `${whole.split("\n")[0]}\nnull`,
    ];
    for (const [at, text] of spoiled.entries()) {
      writeFileSync(file, text);
      expect(await ask()).toEqual(state);
      expect(reads()).toBe(at + 2);
    }
    const longer = { ...state, size: 2501 };
    const moved = await clone.commit("more", { files: { checkpoint: noteOf(2501, root) } });
    expect((await ask(moved, longer)).size).toBe(2501);
    expect(reads()).toBe(spoiled.length + 2);
    await close();
  });

  it("is not believed where the checkpoint of that commit says another size or root", async () => {
    for (const [size, hex] of [
      [2400, root],
      [2500, "cd".repeat(32)],
    ] as const) {
      const { ask, reads, close } = await world(size, hex);
      await ask();
      await ask();
      expect(reads()).toBe(2);
      await close();
    }
  });

  it("is not believed where others could have written it, and stops nobody where it cannot be", async () => {
    const { ask, file, reads, close } = await world();
    await ask();
    chmodSync(file, 0o622);
    expect(await ask()).toEqual(state);
    expect(reads()).toBe(2);
    await close();
    const blocked = await world();
    rmSync(blocked.folder, { recursive: true });
    writeFileSync(blocked.folder, "a file where the folder should be");
    expect(await blocked.ask()).toEqual(state);
    await blocked.close();
  });
});
