/**
 * Lies that try not to be FALSE, and truths that somebody else tries to make FALSE. What the ledger
 * says of a line decides: a lie never stands there as TRUE, and nobody is locked for what another did.
 */
import { beforeAll, describe, expect, test } from "vitest";
import {
  appended,
  at,
  codesOf,
  type Spare,
  WORK,
  type World,
  type WrittenRun,
  workerOf,
  workerWorld,
  writeRun,
} from "./worker-world.ts";

type Claim = readonly [string, Readonly<Record<string, unknown>>];
const created: Claim = ["file.created", { path: WORK }];
const exists: Claim = ["file.exists", { path: WORK }];
const done = { [WORK]: "export const rotate = 30;\n" };

let spent = 0;
const fresh = (): Spare => `w${spent++}`;

/** The answers of a run's lines, as recorded. */
async function verdicts(world: World, run: WrittenRun): Promise<Record<string, unknown>[]> {
  return (await world.ledger()).filter(
    (one) => one["kind"] === "verdict" && one["run"] === run.trailer,
  );
}

async function answers(world: World, run: WrittenRun): Promise<unknown[]> {
  return (await verdicts(world, run)).map((one) => one["verdict"]);
}

async function accused(world: World, run: WrittenRun): Promise<boolean> {
  return (await verdicts(world, run)).some((one) => one["accuses"] === true);
}

/** Commits without a signature: the pusher vouches. */
async function work(
  { clone }: World,
  run: WrittenRun,
  files: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return await clone.commit("Work", { trailer: run.trailer, files: files as never });
}

interface Lie {
  readonly name: string;
  readonly claims: readonly Claim[];
  readonly files?: Readonly<Record<string, unknown>>;
  /** What the ledger must say. */
  readonly answer: "FALSE" | "UNVERIFIABLE";
}

const LIES: readonly Lie[] = [
  { name: "a file that is not there", claims: [exists], answer: "FALSE" },
  {
    name: "a file that was there before, said to be new",
    claims: [["file.created", { path: "src/keys/old.mjs" }]],
    files: { "src/keys/old.mjs": "export const days = 30;\n" },
    answer: "FALSE",
  },
  {
    name: "a file said to be changed that was not",
    claims: [["file.modified", { path: "src/keys/old.mjs" }]],
    answer: "FALSE",
  },
  {
    name: "a file said to be deleted that stands",
    claims: [["file.deleted", { path: "src/keys/old.mjs" }]],
    answer: "FALSE",
  },
  {
    name: "a file said to be deleted that never was",
    claims: [["file.deleted", { path: "src/keys/never.mjs" }]],
    answer: "FALSE",
  },
  {
    name: "a link that leads nowhere",
    claims: [exists],
    files: { [WORK]: { link: "nowhere.mjs" } },
    answer: "UNVERIFIABLE",
  },
  {
    name: "a file in other letters",
    claims: [exists],
    files: { "src/keys/Rotate.mjs": "x\n" },
    answer: "FALSE",
  },
  {
    name: "words that the file does not hold",
    claims: [["file.contains", { path: WORK, literal: "KEY_EXPIRED" }]],
    files: done,
    answer: "FALSE",
  },
  {
    name: "a move of a file that stayed",
    claims: [["file.renamed", { from: "src/keys/old.mjs", to: WORK }]],
    files: done,
    answer: "FALSE",
  },
];

describe("a lie", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld();
  }, 60_000);

  test.each(LIES)("$name is $answer, on whatever branch", async ({ claims, files, answer }) => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims });
    await world.branch();
    await work(world, run, { [run.path]: run.text, ...files });
    await world.push(who);
    expect(await answers(world, run)).toEqual([answer]);
    expect(await accused(world, run)).toBe(answer === "FALSE");
  });

  test.each(LIES.filter((one) => one.answer === "FALSE"))(
    "$name is refused on main, recorded and locked",
    async ({ claims, files }) => {
      const who = fresh();
      const run = writeRun({ worker: workerOf(who), claims });
      await world.branch();
      await work(world, run, { [run.path]: run.text, ...files });
      const before = await world.refs();
      const push = await world.push(who, "HEAD:refs/heads/main");
      expect(codesOf(push)).toContain("audit/false");
      expect(await world.refs()).toBe(before);
      expect(await answers(world, run)).toEqual(["FALSE"]);
      expect(await world.status()).toContain(workerOf(who));
      const next = writeRun({ worker: workerOf(who), claims: [created] });
      await world.branch();
      await work(world, next, { [next.path]: next.text, ...done });
      expect(codesOf(await world.push(who))).toContain("worker/locked");
    },
  );

  test.each([
    ["first", ["HEAD^1", "HEAD^2"]],
    ["last", ["HEAD^2", "HEAD^1"]],
  ])(
    "closed twice side by side, where it is so and where it is not (%s parent), is FALSE",
    async (_, parents) => {
      const who = fresh();
      const run = writeRun({ worker: workerOf(who), claims: [exists] });
      await world.branch();
      await work(world, run, { [run.path]: run.lines(2), ...done });
      const base = await world.clone.git("rev-parse", "HEAD");
      await work(world, run, { [run.path]: run.text });
      const kept = await world.clone.git("rev-parse", "HEAD");
      await world.branch(base);
      await work(world, run, { [run.path]: run.text, [WORK]: undefined });
      await world.clone.git("merge", "-q", "--no-ff", "--no-commit", kept);
      await work(world, run);
      expect(await world.clone.git("ls-tree", "--name-only", "HEAD", WORK)).toBe("");
      const args = parents.flatMap((parent) => ["-p", parent]);
      const message = `Merge\n\nWingman-Run: ${run.trailer}`;
      const merge = await world.clone.git("commit-tree", "HEAD^{tree}", ...args, "-m", message);
      const push = await world.push(who, `${merge}:refs/heads/main`);
      expect(codesOf(push)).toContain("audit/false");
      expect(await accused(world, run)).toBe(true);
    },
  );

  test("so on its branch, not so where it lands, does not land", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists] });
    await world.branch();
    await work(world, run, { [run.path]: run.text, ...done });
    await world.push(who, "HEAD:refs/heads/rebased");
    expect(await answers(world, run)).toEqual(["TRUE"]);
    await world.branch();
    await work(world, run, { [run.path]: run.text });
    const before = await world.refs();
    const push = await world.push(who, "HEAD:refs/heads/main");
    expect(codesOf(push)).toEqual(["audit/unverifiable"]);
    expect(await world.refs()).toBe(before);
    expect(await accused(world, run)).toBe(false);
  });

  test("amended after it was pushed stays FALSE, and its worker locked", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists] });
    await world.branch();
    await work(world, run, { [run.path]: run.text });
    await world.push(who, "HEAD:refs/heads/amended");
    await world.clone.git("reset", "-q", "--hard", "HEAD~1");
    const other = writeRun({ worker: workerOf(who), run: run.trailer.split("/")[2] ?? "" });
    await work(world, other, { [other.path]: other.text });
    const push = await world.push(who, "+HEAD:refs/heads/amended");
    expect(codesOf(push)).toEqual(expect.arrayContaining(["claims/judged", "worker/locked"]));
    expect(await answers(world, run)).toEqual(["FALSE"]);
  });

  test("taken back after it was pushed stays FALSE", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists] });
    await world.branch();
    await work(world, run, { [run.path]: run.text });
    await world.push(who, "HEAD:refs/heads/retracted");
    const file = appended(run.text, [
      { kind: "retract", of: 2, why: "more to do", ts: at },
      { kind: "retract", of: 1, why: "was not so", ts: at },
      { kind: "close", outcome: "done", ts: at },
    ]);
    await work(world, run, { [run.path]: file });
    expect((await world.push(who, "HEAD:refs/heads/retracted")).code).not.toBe(0);
    expect(await answers(world, run)).toEqual(["FALSE"]);
  });

  test("beside a refusal for something else is recorded all the same", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists] });
    await world.branch();
    await work(world, run, { [run.path]: run.text, "lib/out.mjs": "1\n" });
    const push = await world
      .push(who, ":refs/heads/main", "HEAD:refs/heads/main")
      .then(async (first) =>
        codesOf(first).length > 0 ? first : await world.push(who, "HEAD:refs/heads/main"),
      );
    expect(codesOf(push)).toEqual(expect.arrayContaining(["audit/false", "boundaries/outside"]));
    expect(await accused(world, run)).toBe(true);
  });

  test("with hostile objects on another ref of the push is recorded all the same", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists] });
    await world.branch();
    await work(world, run, { [run.path]: run.text });
    const push = await world.push(
      who,
      "HEAD:refs/heads/main",
      "HEAD:refs/heads/Wingman-Ledger",
      "origin/main:refs/replace/0123456789012345678901234567890123456789",
    );
    expect(codesOf(push)).toEqual(
      expect.arrayContaining(["audit/false", "hostile/replace", "refs/ledger"]),
    );
    expect(await accused(world, run)).toBe(true);
  });

  test("that nobody closes never lands", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), claims: [exists], close: "none" });
    await world.branch();
    await work(world, run, { [run.path]: run.text });
    expect((await world.push(who)).code).toBe(0);
    expect(codesOf(await world.push(who, "HEAD:refs/heads/main"))).toContain("run/open");
    expect(codesOf(await world.push("mark", "HEAD:refs/heads/main"))).toContain("run/open");
  });
});

describe("framing", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld();
  }, 60_000);

  /** Alice's honest run, pushed open, every commit signed by her. */
  async function openRun(): Promise<{ run: WrittenRun; closed: string }> {
    const run = writeRun({ claims: [exists], close: "none" });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, ...done } });
    await world.push("alice");
    const closed = appended(run.text, [{ kind: "close", outcome: "done", ts: at }]);
    return { run, closed };
  }

  test.each(["dana", "bob", "stranger", "mark"] as const)(
    "%s closes alice's run on a tree without her file: she is not accused",
    async (who) => {
      const { run, closed } = await openRun();
      await work(world, run, { [run.path]: closed, [WORK]: undefined });
      await world.push(who);
      expect(await accused(world, run)).toBe(false);
      expect(await world.status()).not.toMatch(/locked.*alice|alice.*locked/i);
    },
  );

  test.each(["dana", "bob", "stranger"] as const)(
    "%s writes a lying run in alice's name: she is not accused",
    async (who) => {
      const run = writeRun({ claims: [exists] });
      await world.branch();
      await world.clone.commit("Work", {
        as: world.keys.alice,
        trailer: run.trailer,
        files: { [run.path]: run.text },
      });
      await world.push(who);
      expect(await accused(world, run)).toBe(false);
    },
  );

  test.each(["dana", "bob", "stranger"] as const)(
    "%s carries alice's true run to a tree where it is not so: she is not accused, and lands it",
    async (who) => {
      const run = writeRun({ claims: [exists] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
      const own = await world.clone.git("rev-parse", "HEAD");
      await world.branch();
      await world.clone.commit("Carry", { files: { [run.path]: run.text } });
      await world.push(who);
      await world.push("alice", `${own}:refs/heads/alice-${who}`);
      expect(await accused(world, run)).toBe(false);
    },
  );

  test("merging alice's branch and dropping her file accuses nobody", async () => {
    const run = writeRun({ claims: [exists] });
    const branch = await world.branch();
    await world.work(run, { files: { [run.path]: run.text, ...done } });
    await world.branch();
    await world.clone.git("merge", "-q", "--no-ff", "--no-commit", branch);
    await world.clone.commit("Merge", { as: world.keys.dana, files: { [WORK]: undefined } });
    await world.push("dana");
    expect(await answers(world, run)).toEqual(["TRUE"]);
  });

  test("alice is at work at the end of all this", async () => {
    const run = writeRun({ claims: [created] });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, ...done } });
    const push = await world.push("alice", "HEAD:refs/heads/main");
    expect(codesOf(push)).toEqual([]);
    expect(push.code).toBe(0);
  });
});
