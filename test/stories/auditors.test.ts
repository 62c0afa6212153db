/**
 * Several auditors at once: on the server, in pushes that end together, and in clones that hold the
 * key. Nothing may be lost or said twice, and the chain must verify at the end.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestRepository } from "@wingman/testkit";
import { beforeEach, expect, test, vi } from "vitest";
import type { Governed } from "./governed.ts";
import { WATCHERS } from "./governed.ts";
import {
  anotherClone,
  carryOut,
  governedWithOrder,
  ok,
  pushBranch,
  records,
  repeatedVerdicts,
} from "./honest-run.ts";
import { resealed } from "./sealed.ts";

let world: Governed;
beforeEach(async () => {
  world = await governedWithOrder();
});

/** A run on each branch, pushed while no post-receive runs: its verdicts are still due. */
async function unrecorded(branches: readonly string[]): Promise<void> {
  const hook = join(world.server.folder, "hooks", "post-receive");
  renameSync(hook, `${hook}.away`);
  for (const branch of branches) {
    await carryOut(world.clone, world, { branch });
    await pushBranch(world.clone, branch);
  }
  renameSync(`${hook}.away`, hook);
}

async function auditorsClone(): Promise<TestRepository> {
  const clone = await anotherClone(world.server);
  await clone.git("checkout", "-q", "one");
  return clone;
}

const keyFile = (): string => join(world.server.folder, "wingman", "auditor.key");

async function soundLedger(): Promise<void> {
  // A watcher that a push started may be between its record and the server's own checkpoint.
  await vi.waitFor(async () => {
    const verified = await world.server.wingman(["ledger", "verify"]);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain("OK");
  }, WATCHERS);
  expect(await repeatedVerdicts(world.server)).toEqual([]);
}

test("eight auditors on one server say everything once", async () => {
  await unrecorded(["one", "two"]);
  const ran = await Promise.all(
    Array.from({ length: 8 }, () => world.server.wingman(["audit", "--all", "--record"])),
  );
  expect(ran.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(Array(8).fill(""));
  expect(await records(world.server, "verdict")).toHaveLength(2);
  const late = (await records(world.server, "push")).filter((one) => one["late"] === true);
  expect(late.map((one) => one["ref"]).sort()).toEqual([
    "refs/heads/main",
    "refs/heads/one",
    "refs/heads/two",
  ]);
  await soundLedger();
});

test("parts of an audit are recorded together; none of them can accuse by itself", async () => {
  await unrecorded(["one", "two"]);
  const parts = [1, 2].map((at) => join(world.server.folder, "wingman", `part-${at}.jsonl`));
  for (const [at, part] of parts.entries())
    await world.server.wingman(["audit", "--all", "--shard", `${at + 1}/2`, "--part", part]);
  const [first = ""] = parts;
  const honest = readFileSync(first, "utf8");
  const record = async (...more: string[]) =>
    await world.server.wingman(["audit", "--record", "--merge", ...parts, ...more]);

  const lie = (text: string): string =>
    text
      .replace('"verdict":"TRUE"', '"verdict":"FALSE"')
      .replace('"accuses":false', '"accuses":true');
  for (const [changed, why] of [
    [
      resealed(honest, (text) => text.replace('"policy":"sha256:', '"policy":"sha256:00')),
      "policy",
    ],
    [lie(honest), "was changed since"],
    [resealed(honest, lie, "another secret"), "another WINGMAN_PART_SECRET"],
  ] as const) {
    writeFileSync(first, changed);
    expect(await record("--all")).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  }
  writeFileSync(first, honest);
  // Parts of all runs are no parts of those that HEAD alone would bring.
  expect(await record()).toMatchObject({ code: 2 });
  expect(await records(world.server, "verdict")).toEqual([]);

  const lying = resealed(honest, lie);
  expect(lying).not.toBe(honest);
  writeFileSync(first, lying);
  const ran = await record("--all");
  expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("appended to the ledger")]);
  const verdicts = await records(world.server, "verdict");
  expect(verdicts.map((one) => [one["verdict"], one["accuses"]])).toEqual([
    ["TRUE", false],
    ["TRUE", false],
  ]);
  expect((await record("--all")).stderr).toContain("nothing new");
  await soundLedger();
});

test("pushes that end together are all recorded, and the newest checkpoint is kept", async () => {
  const clones = await Promise.all(Array.from({ length: 4 }, () => anotherClone(world.server)));
  for (const [at, clone] of clones.entries()) await carryOut(clone, world, { branch: `b${at}` });
  await Promise.all(clones.map((clone, at) => pushBranch(clone, `b${at}`)));
  expect(await records(world.server, "verdict")).toHaveLength(4);
  const brought = (await records(world.server, "push")).filter((one) => one["late"] !== true);
  expect(brought.map((one) => one["ref"]).sort()).toEqual(
    clones.map((_clone, at) => `refs/heads/b${at}`),
  );
  expect(world.server.read("wingman/checkpoint")).toBe(
    `${await world.server.git("show", "wingman-ledger:checkpoint")}\n`,
  );
  await soundLedger();
}, 60_000);

test("two clones of the auditor append at once, and both end up on the server", async () => {
  await unrecorded(["one", "two"]);
  const [first, second] = [await auditorsClone(), await auditorsClone()];
  await second.git("checkout", "-q", "two");
  const ran = await Promise.all(
    [first, second].map((clone) =>
      clone.wingman(["audit", "--all", "--record", "--key", keyFile()]),
    ),
  );
  expect(ran.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(["", ""]);
  expect(await records(world.server, "verdict")).toHaveLength(2);
  await soundLedger();
  // What a clone shows afterwards is the server's, not a history of its own.
  expect(await first.git("branch", "--list", "wingman-ledger")).toBe("");
  expect(await ok(first, "audit", "--all", "--record", "--key", keyFile())).toContain("1 closed");
});

test("eight processes of one clone append at once", async () => {
  await unrecorded(["one"]);
  const clone = await auditorsClone();
  const ran = await Promise.all(
    Array.from({ length: 8 }, () =>
      clone.wingman(["audit", "--all", "--record", "--key", keyFile()]),
    ),
  );
  expect(ran.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(Array(8).fill(""));
  expect(await records(world.server, "verdict")).toHaveLength(1);
  await soundLedger();
});

test("the server remembers the checkpoint that a clone pushed", async () => {
  await unrecorded(["one"]);
  const clone = await auditorsClone();
  await ok(clone, "audit", "--all", "--record", "--key", keyFile());
  expect(world.server.read("wingman/checkpoint")).toBe(
    `${await world.server.git("show", "wingman-ledger:checkpoint")}\n`,
  );
  await soundLedger();
});

test("records that an earlier version left on the clone's own branch go along", async () => {
  await unrecorded(["one"]);
  const clone = await auditorsClone();
  await clone.git("branch", "-q", "--no-track", "wingman-ledger", "origin/wingman-ledger");
  const url = await clone.git("config", "remote.origin.url");
  await clone.git("remote", "remove", "origin");
  await ok(clone, "audit", "--all", "--record", "--key", keyFile());
  await clone.git("remote", "add", "origin", url);
  expect(await records(world.server, "verdict")).toHaveLength(0);
  await ok(clone, "audit", "--all", "--record", "--key", keyFile());
  expect(await records(world.server, "verdict")).toHaveLength(1);
  await soundLedger();
});

test.each([
  {
    name: "rolled back",
    does: (server: TestRepository) =>
      server.git("update-ref", "refs/heads/wingman-ledger", "wingman-ledger~1"),
  },
  {
    name: "deleted",
    does: (server: TestRepository) => server.git("update-ref", "-d", "refs/heads/wingman-ledger"),
  },
])(
  "a ledger $name on the server is a fault here and there, until it is brought back",
  async ({ does }) => {
    await carryOut(world.clone, world, { branch: "one" });
    await pushBranch(world.clone, "one");
    const clone = await auditorsClone();
    const whole = await world.server.git("rev-parse", "wingman-ledger");
    await does(world.server);
    const there = await world.server.wingman(["audit", "--all", "--record"]);
    expect([there.code, there.stderr.split("code: ")[1]?.split(" ")[0]]).toEqual([
      2,
      "ledger/rolled-back",
    ]);
    const here = await clone.wingman(["audit", "--all", "--record", "--key", keyFile()]);
    expect([here.code, here.stderr.split("code: ")[1]?.split(" ")[0]]).toEqual([
      2,
      "ledger/rolled-back",
    ]);
    await world.clone.git("checkout", "-q", "main");
    await world.clone.commit("More", { files: { "docs/more.md": "more\n" } });
    const pushed = await world.clone.push(["origin", "main"]);
    expect(pushed.stderr).toContain("ledger/rolled-back");
    expect(pushed.code).not.toBe(0);
    const ref = "refs/remotes/origin/wingman-ledger:refs/heads/wingman-ledger";
    await world.server.git("fetch", "-q", clone.folder, `+${ref}`);
    expect(await world.server.git("rev-parse", "wingman-ledger")).toBe(whole);
    expect((await world.clone.push(["origin", "main"])).code).toBe(0);
    await soundLedger();
  },
);
