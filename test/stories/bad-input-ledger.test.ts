/**
 * A ledger, key or disk that cannot be used: the push is refused, or is in and its record is late; and
 * once it is mended nothing is missing, nothing is twice and the chain verifies.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, runWingman, type TestRepository } from "@wingman/testkit";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type Governed, LOGINS, WATCHERS } from "./governed.ts";
import { anotherClone, governedWithOrder, records } from "./honest-run.ts";
import { expectFault, faultOf } from "./one-clear-error.ts";

let world: Governed;
let server: TestRepository;
let count = 0;
beforeAll(async () => {
  world = await governedWithOrder();
  server = world.server;
});

const inServer = (...path: string[]): string => join(server.folder, ...path);
const AUDIT = ["audit", "--all", "--record"];

/** Pushes one more branch as a person. */
async function push(): Promise<{ readonly ran: Ran; readonly branch: string }> {
  count += 1;
  const branch = `b${count}`;
  await world.clone.git("checkout", "-q", "-B", branch, "origin/main");
  await world.clone.commit("Work", { files: { "src/a.txt": `${count}\n` } });
  return { ran: await world.clone.push(["origin", branch], { pusher: LOGINS.dana }), branch };
}

async function recorded(branch: string): Promise<number> {
  return (await records(server, "push")).filter((one) => one["ref"] === `refs/heads/${branch}`)
    .length;
}

async function expectWhole(): Promise<void> {
  const audit = await server.wingman(AUDIT);
  expect(`${audit.code} ${audit.stderr}`).toMatch(/^0 /);
  // A watcher that a push started may be between its record and the server's own checkpoint.
  await vi.waitFor(async () => {
    expect((await server.wingman(["ledger", "verify"])).stdout).toContain("OK");
    expect(readdirSync(inServer("wingman")).filter((name) => /checkpoint./.test(name))).toEqual([]);
  }, WATCHERS);
}

describe("what stands beside the repository", () => {
  const KEY = ["wingman", "auditor.key"];
  const NOTE = ["wingman", "checkpoint"];
  test.each([
    { what: "no key", file: KEY, as: undefined, code: "ledger/no-key" },
    { what: "an empty key", file: KEY, as: "", code: "ledger/bad-key" },
    { what: "a key that is none", file: KEY, as: "junk\n", code: "ledger/bad-key" },
    { what: "a folder for a key", file: KEY, as: "folder", code: "system/wrong-kind" },
    { what: "a checkpoint that is none", file: NOTE, as: "junk\n", code: "ledger/own-checkpoint" },
    { what: "an empty checkpoint", file: NOTE, as: "", code: "ledger/own-checkpoint" },
    { what: "a folder for a checkpoint", file: NOTE, as: "folder", code: "system/wrong-kind" },
  ])("$what refuses every push, and nothing is made anew", async ({ file, as, code }) => {
    const path = inServer(...file);
    await push(); // so that there is a checkpoint
    renameSync(path, `${path}.away`);
    if (as === "folder") mkdirSync(path);
    else if (as !== undefined) writeFileSync(path, as);
    const { ran, branch } = await push();
    expect(faultOf(ran)).toEqual([1, code, ""]);
    expect(await server.git("branch", "--list", branch)).toBe("");
    expectFault(await server.wingman(AUDIT), code);
    await server.wingman(["init", "--yes"]);
    expect(existsSync(path)).toBe(as !== undefined);
    rmSync(path, { recursive: true, force: true });
    renameSync(`${path}.away`, path);
    expect((await push()).ran.code).toBe(0);
    await expectWhole();
  });

  test("init makes no second key for a ledger that another began", async () => {
    const copy = await anotherClone(server);
    await copy.git("clone", "-q", "--bare", server.folder, join(copy.folder, "fork.git"));
    const fork = { cwd: join(copy.folder, "fork.git") };
    const init = ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop"];
    expectFault(await runWingman(init, fork), "ledger/no-key");
    await copy.git("-C", fork.cwd, "branch", "-m", "wingman-ledger", "theirs");
    expect((await runWingman(init, fork)).code).toBe(0);
  });

  test.each([
    { what: "is not there", key: "no-such-file", code: "ledger/no-key" },
    { what: "is a folder", key: ".", code: "ledger/no-key" },
    { what: "is another kind of file", key: "README.md", code: "ledger/bad-key" },
  ])("a key that $what appends nothing from a clone", async ({ key, code }) => {
    const clone = await anotherClone(server);
    const before = await server.git("rev-parse", "wingman-ledger");
    expectFault(await clone.wingman([...AUDIT, "--key", key]), code);
    expect(await server.git("rev-parse", "wingman-ledger")).toBe(before);
  });
});

describe("a branch or a disk that takes no record", () => {
  test("a stale lock beside the ref is told, and the push is recorded later", async () => {
    const lock = inServer("refs", "heads", "wingman-ledger.lock");
    writeFileSync(lock, "");
    const { ran, branch } = await push();
    expect(ran.code).toBe(0);
    expect(faultOf(ran)).toEqual([0, "ledger/append", ""]);
    expect(ran.stderr).toContain("wingman-ledger.lock");
    expect(await recorded(branch)).toBe(0);
    rmSync(lock);
    await expectWhole();
    expect(await recorded(branch)).toBe(1);
    await expectWhole();
    expect(await recorded(branch)).toBe(1);
  }, 60_000);

  test("a file where the objects' folder must be is told, and nothing is lost", async () => {
    await server.git("update-ref", "refs/heads/unseen", "main");
    await server.git("repack", "-adq");
    // Root may write anywhere: so what must be a folder is a file, for every object that could come.
    const folders = Array.from({ length: 256 }, (_, at) =>
      inServer("objects", at.toString(16).padStart(2, "0")),
    );
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, "");
    }
    expectFault(await server.wingman(AUDIT), "ledger/append");
    for (const folder of folders) rmSync(folder);
    await expectWhole();
    expect(await recorded("unseen")).toBe(1);
  });
});
