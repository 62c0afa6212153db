/**
 * Commands and hooks where they cannot work: no repository, an unborn or bare one, a cut-off clone. And
 * where they must: detached, in a linked worktree, in a subdirectory.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  newRepository,
  type Ran,
  repositoryAt,
  runWingman,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { Governed } from "./governed.ts";
import { anotherClone, carryOut, governedWithOrder, ok, pushBranch, runOf } from "./honest-run.ts";
import { expectFault } from "./one-clear-error.ts";

/** Each command line, and the fault that it ends with in each place; undefined: it does its work there. */
const ASKED: readonly (readonly [
  line: string,
  empty: string | undefined,
  bare: string | undefined,
])[] = [
  ["init --yes", "init/no-admin", "init/policy-branch"],
  ["new Title", undefined, "git/bare"],
  ["check", undefined, "git/bare"],
  ["check --staged", undefined, "git/bare"],
  ["check --all", "git/unborn", "git/unborn"],
  ["check --range main..HEAD", "usage/range", "usage/range"],
  ["check --pushed", "git/push-lines", "git/push-lines"],
  ["check --message no-such-file", "system/no-file", "system/no-file"],
  ["check no-such-file", "usage/path", "usage/path"],
  ["start INS-0007", "run/instruction", "git/bare"],
  ["claim file.exists path=a", "run/not-open", "git/bare"],
  ["retract 1", "run/not-open", "git/bare"],
  ["done", "run/not-open", "git/bare"],
  ["audit", "git/unborn", "git/unborn"],
  ["audit --all", "git/unborn", undefined],
  ["audit --all --record", "ledger/no-key", "ledger/no-key"],
  ["audit --run x", "run/unknown", "run/unknown"],
  ["verify file.exists path=a", "usage/commit", "usage/commit"],
  ["status", undefined, undefined],
  ["lock claude-code/alice --reason because", "order/subject", "order/subject"],
  ["ack x --reason because", "order/subject", "order/subject"],
  ["ledger verify", "ledger/none", "ledger/none"],
  ["ledger show", "ledger/none", "ledger/none"],
  ["ledger export", "ledger/none", "ledger/none"],
  ["hook pre-commit", undefined, "git/bare"],
  ["hook commit-msg", "usage/hook", "usage/hook"],
  ["hook pre-push", undefined, undefined],
  ["hook pre-receive", "git/push-lines", "git/push-lines"],
  ["hook no-such-hook", "usage/hook", "usage/hook"],
];

const words = (line: string): string[] => line.split(" ");

function expectAnswer(ran: Ran, code: string | undefined): void {
  if (code === undefined) expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
  else expectFault(ran, code);
}

describe("outside of any repository", () => {
  test.each(ASKED.filter(([, , bare]) => bare !== "usage/hook" && bare !== "git/push-lines"))(
    "%s",
    async (line) => {
      expectFault(await runWingman(words(line), { cwd: temporaryFolder() }), "git/no-repository");
    },
  );
});

describe("in a repository without a commit", () => {
  let empty: TestRepository;
  beforeAll(async () => {
    empty = await newRepository();
  });
  test.each(ASKED)("%s", async (line, code) => {
    expectAnswer(await empty.wingman(words(line)), code);
  });
});

describe("in a bare repository without a branch", () => {
  let bare: TestRepository;
  beforeAll(async () => {
    bare = await newRepository({ bare: true });
  });
  test.each(ASKED)("%s", async (line, _empty, code) => {
    expectAnswer(await bare.wingman(words(line)), code);
  });
});

describe("in clones of every shape", () => {
  let world: Governed;
  let run: string;
  beforeAll(async () => {
    world = await governedWithOrder();
    for (const text of ["one", "two", "three"])
      await world.clone.commit(text, { files: { "README.md": `${text}\n` } });
    await world.clone.git("push", "-q", "origin", "main");
    await world.clone.git("fetch", "-q", "origin");
    run = await carryOut(world.clone, world, { branch: "work" });
    await pushBranch(world.clone, "work");
  });

  async function shallow(...more: string[]): Promise<TestRepository> {
    const folder = temporaryFolder();
    const from = `file://${world.server.folder}`;
    await world.clone.git("clone", "-q", "--depth", "1", ...more, from, folder);
    const clone = repositoryAt(folder);
    await clone.git("config", "user.name", "Mark");
    await clone.git("config", "user.email", "mark@acme.example");
    return clone;
  }

  test("a shallow clone carries out a run, judges it and pushes it", async () => {
    const clone = await shallow();
    await clone.wingman(["init", "--yes"]);
    await carryOut(clone, world, { branch: "from-shallow" });
    expect((await clone.wingman(["check", "--range", "origin/main..HEAD"])).code).toBe(0);
    expect(await ok(clone, "audit", "--all")).toContain("1 TRUE, 0 FALSE");
    await pushBranch(clone, "from-shallow");
    expect(await ok(world.server, "ledger", "show", "--kind", "push")).toContain("from-shallow");
  });

  test.each([
    ["check --range HEAD~2..HEAD", "usage/range"],
    ["ledger verify", "ledger/none"],
  ])("a shallow clone says what it lacks: %s", async (line, code) => {
    expectFault(await (await shallow()).wingman(words(line)), code);
  });

  test("a ledger of which only the end was fetched is no fork", async () => {
    const clone = await shallow("--no-single-branch");
    const ran = await clone.wingman(["ledger", "verify"]);
    expectFault(ran, "git/shallow");
    await clone.git("fetch", "-q", "--unshallow");
    expect((await clone.wingman(["ledger", "verify"])).code).toBe(0);
  });

  test("a run that was closed behind the cut is not judged at another commit", async () => {
    const clone = await shallow("--branch", "work");
    const { code, stdout } = await clone.wingman(["audit", "--run", run]);
    expect([code, stdout]).toEqual([3, expect.stringContaining("0 TRUE, 0 FALSE, 1 UNVERIFIABLE")]);
    expect(stdout).toContain("git fetch --unshallow");
  });

  test("a detached HEAD carries out a run", async () => {
    const clone = await anotherClone(world.server);
    await clone.git("checkout", "-q", "--detach");
    await ok(clone, "start", "INS-0007");
    await ok(clone, "claim", "file.exists", "path=README.md");
    await ok(clone, "done");
    await clone.git("add", "-A");
    expect((await clone.wingman(["check", "--staged"])).code).toBe(0);
    expect((await clone.wingman(["audit"])).code).toBe(0);
  });

  test("two worktrees have a run each", async () => {
    const clone = await anotherClone(world.server);
    const beside = repositoryAt(join(temporaryFolder(), "beside"));
    await clone.git("worktree", "add", "-q", beside.folder, "-b", "beside");
    await ok(clone, "start", "INS-0007");
    expectFault(await beside.wingman(["claim", "file.exists", "path=README.md"]), "run/not-open");
    await ok(beside, "start", "INS-0007");
    expect(await runOf(beside)).not.toBe(await runOf(clone));
    await ok(beside, "claim", "file.exists", "path=README.md");
    expect(await ok(clone, "done")).toContain("with 0 claim");
    expect(await ok(beside, "done")).toContain("with 1 claim");
  });

  test("a subdirectory is the same repository", async () => {
    const clone = await anotherClone(world.server);
    const deep = repositoryAt(join(clone.folder, "src", "deep"));
    mkdirSync(deep.folder, { recursive: true });
    await ok(deep, "start", "INS-0007");
    await ok(deep, "claim", "file.exists", "path=README.md");
    await ok(deep, "check", "../../README.md");
    expect(clone.read(`.wingman/claims/${await runOf(clone)}.jsonl`)).toContain("README.md");
    expectFault(await deep.wingman(["check", "../../../outside"]), "usage/path");
  });
});
