/** Wrong use of each command: one clear fault, exit 2, and what would be right. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { runWingman, type TestRepository } from "@wingman/testkit";
import { beforeAll, expect, test } from "vitest";
import { governedWithOrder, ok } from "./honest-run.ts";
import { expectFault } from "./one-clear-error.ts";

let clone: TestRepository;
beforeAll(async () => {
  clone = (await governedWithOrder()).clone;
  await ok(clone, "start", "INS-0007");
});

test.each([
  ["no-such-command", "usage/arguments"],
  ["status --no-such-option", "usage/arguments"],
  ["new", "usage/title"],
  ["new --from no-such.md", "usage/from"],
  ["new --from .", "usage/from"],
  ["new --from .wingman/instructions/INS-0001.md", "usage/from"],
  ["new T --environment moon", "usage/environment"],
  ["start", "usage/arguments"],
  ["start INS-9999", "run/instruction"],
  ["start ../../etc/passwd", "run/instruction"],
  ["start INS-0007 --worker nobody/here", "run/worker"],
  ["start INS-0007 --worker", "usage/arguments"],
  ["claim", "usage/arguments"],
  ["claim no.suchType path=a", "claim/malformed"],
  ["claim file.exists", "claim/malformed"],
  ["claim file.exists path", "claim/malformed"],
  ["claim file.exists path=../outside", "claim/malformed"],
  ["claim file.exists path=a path=b", "claim/malformed"],
  ["claim file.exists path=a colour=red", "claim/malformed"],
  ["retract", "usage/arguments"],
  ["retract one", "claim/unknown"],
  ["retract 99", "claim/unknown"],
  ["retract 0", "claim/unknown"],
  ["done now", "usage/arguments"],
  ["check --range", "usage/arguments"],
  ["check --range main", "usage/range"],
  ["check --range no..such", "usage/range"],
  ["check --range main..HEAD --format neon", "usage/format"],
  ["check --all --output no/such/folder/out.txt", "system/no-file"],
  ["check --all --output .git", "system/wrong-kind"],
  ["check --message", "usage/arguments"],
  ["audit --run not-a-run", "run/unknown"],
  ["audit --format neon", "usage/format"],
  ["audit --record", "ledger/no-key"],
  ["verify", "usage/arguments"],
  ["verify file.exists path=README.md --at no-such-commit", "usage/commit"],
  ["verify file.exists path=README.md --at=-x", "git/bad-revision"],
  ["watch --interval soon", "usage/interval"],
  ["watch --interval 0", "usage/interval"],
  ["lock", "usage/arguments"],
  ["lock claude-code/alice", "order/reason"],
  ["lock nobody/here --reason because", "order/subject"],
  ["lock claude-code/alice --reason because --by eve@acme.example", "order/administrator"],
  ["unlock claude-code/alice --reason because", "order/not-locked"],
  ["ack nothing --reason because", "order/subject"],
  ["ledger", "usage/arguments"],
  ["ledger burn", "usage/action"],
  ["ledger show --last many", "usage/option"],
  ["ledger show 99999", "usage/arguments"],
  ["ledger show first", "usage/arguments"],
  ["ci burn", "usage/action"],
  ["ledger verify --witness no-such-file", "system/no-file"],
  ["ledger query", "usage/arguments"],
  ["explain no/such-code", "usage/code"],
  ["demo --repo no/such/repository", undefined],
  ["hook", "usage/hook"],
])("%s", async (line, code) => {
  const ran = await clone.wingman(line.split(" "));
  if (code !== undefined) expectFault(ran, code);
  else expect([ran.code, /^\s+at .+:\d+:\d+/m.test(ran.stderr)]).toEqual([2, false]);
});

test("no argument at all shows the help, and is no success", async () => {
  const ran = await runWingman([], { cwd: clone.folder });
  expect([ran.code, ran.stdout.includes("Usage: wingman")]).toEqual([2, true]);
});

test("the help of a fault names the command's own use, and every example is one of it", async () => {
  const fault = await clone.wingman(["start"]);
  expect(fault.stderr).toContain("wingman start [options] <instruction>");
  const { stdout } = await clone.wingman(["audit", "--help"]);
  expect(stdout).toMatch(/^Exit: 0 all TRUE, 1 .* 2 it could not be judged$/m);
  expect(stdout).toMatch(/^ {2}wingman audit --all/m);
});

test("a second start tells of the run that it leaves open, and a run without its file can be forgotten", async () => {
  const opened = await clone.wingman(["start", "INS-0007"]);
  expect(opened.stderr).toMatch(/^wingman: run \S+ was open here and is left so/);
  expect(opened.stdout).toContain("asks for, when it is so:\n    wingman claim ");
  const file = /its claims: (\S+)/.exec(opened.stdout)?.[1] ?? "";
  rmSync(join(clone.folder, file));
  expectFault(await clone.wingman(["done"]), "run/no-file");
  expect(await ok(clone, "done", "--abandon")).toContain("is forgotten here");
  expectFault(await clone.wingman(["done"]), "run/not-open");
});

test("an audit of nothing says where the runs are that landed, and verify how to ask about what was done", async () => {
  const none = await clone.wingman(["audit"]);
  expect([none.code, none.stdout]).toEqual([0, "0 closed runs: 0 refused, 0 warned\n"]);
  expect(none.stderr).toContain("wingman audit --all");
  const alone = await clone.wingman(["verify", "test.intact"]);
  expect([alone.code, alone.stdout]).toEqual([3, expect.stringContaining("verify --range A..B")]);
});

test("wrong use changes nothing", async () => {
  const status = await clone.git("status", "--porcelain", "-uall");
  expect(status).toMatch(/^\?\? \.wingman\/claims\/\S+$/);
});
