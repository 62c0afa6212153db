/**
 * The states of instructions, as a clone and a server tell them, and what depends on them: an
 * instruction that needs another waits for its deliverables; one that is withdrawn takes no more work.
 */
import { instructionText } from "@wingman/testkit";
import { beforeAll, expect, test } from "vitest";
import { codesOf, WORK, type World, workerWorld, writeRun } from "./worker-world.ts";

const BASE = {
  worker: undefined,
  deliverables: [{ "file.exists": { path: WORK } }],
};
const orders = {
  "INS-0020": BASE,
  "INS-0021": { ...BASE, dependencies: ["INS-0020"] },
  "INS-0022": { ...BASE, draft: true },
};
type Id = keyof typeof orders;
const textOf = (id: Id): string => instructionText({ id, ...orders[id] });
let world: World;
let count = 0;

beforeAll(async () => {
  world = await workerWorld({ orders });
}, 60_000);

async function land(id: Id, claims: Parameters<typeof writeRun>[0] = {}) {
  count += 1;
  const run = writeRun({ instruction: id, on: textOf(id), ...claims });
  await world.branch();
  await world.work(run, {
    files: { [run.path]: run.text, [WORK]: `export const n = ${count};\n` },
  });
  const push = await world.push("alice", "HEAD:refs/heads/main");
  await world.clone.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*");
  return push;
}

async function states(): Promise<Record<string, string>> {
  const ran = await world.clone.wingman(["status", "--format", "json"]);
  const { instructions } = JSON.parse(ran.stdout) as {
    instructions: { id: string; state: string }[];
  };
  return Object.fromEntries(instructions.map((one) => [one.id, one.state]));
}

test("work on an instruction waits for the deliverables of the one that it needs", async () => {
  expect(await states()).toEqual({
    "INS-0007": "accepted",
    "INS-0020": "accepted",
    "INS-0021": "accepted",
    "INS-0022": "draft",
  });
  const early = await land("INS-0021", { claims: [["file.exists", { path: WORK }]] });
  expect(codesOf(early)).toEqual(["run/dependency"]);
  expect(early.stderr).toContain("INS-0021 needs INS-0020; no run of it is done here");

  // Done, but nothing says that the deliverable is there: not known here, which warns.
  expect(codesOf(await land("INS-0020", { claims: [["file.created", { path: WORK }]] }))).toEqual(
    [],
  );
  expect((await states())["INS-0020"]).toBe("active");
  const unsure = await land("INS-0021", { claims: [["file.exists", { path: WORK }]] });
  expect([codesOf(unsure), codesOf(unsure, "warning")]).toEqual([[], ["run/dependency"]]);
  expect(unsure.stderr).toContain("not known here");

  expect(codesOf(await land("INS-0020", { claims: [["file.exists", { path: WORK }]] }))).toEqual(
    [],
  );
  expect(await states()).toMatchObject({ "INS-0020": "done", "INS-0021": "done" });
  const after = await land("INS-0021", { claims: [["file.exists", { path: WORK }]] });
  expect([codesOf(after), codesOf(after, "warning")]).toEqual([[], []]);
}, 60_000);

test("status and check say what state an instruction is in, and why", async () => {
  await world.branch();
  const status = await world.clone.wingman(["status"]);
  expect(status.stdout).toMatch(/INS-0007 accepted {2}Rotate/);
  expect(status.stdout).toMatch(/INS-0022 draft/);
  expect(status.stdout).toMatch(/INS-0020 done/);
  const path = ".wingman/instructions/INS-0007.md";
  const checked = await world.clone.wingman(["check", path]);
  expect(checked.stdout).toMatch(/INS-0007 accepted/);
  world.clone.write(path, `${world.clone.read(path)}\nOne more sentence.\n`);
  const edited = await world.clone.wingman(["check", path, "--format", "json"]);
  expect(JSON.parse(edited.stdout).instructions[0]).toMatchObject({
    id: "INS-0007",
    state: "accepted",
    why: expect.stringContaining("differs"),
  });
});

test("a proposal of a worker is one until a person has landed it", async () => {
  await world.branch();
  const path = ".wingman/instructions/INS-0040.md";
  await world.clone.commit("Propose", {
    as: world.keys.alice,
    sign: world.keys.alice,
    files: { [path]: instructionText({ worker: undefined, id: "INS-0040" }) },
  });
  const landing = await world.push("alice", "HEAD:refs/heads/main");
  expect(codesOf(landing)).toEqual(expect.arrayContaining(["law/instruction"]));
  expect((await states())["INS-0040"]).toBe("proposed");
  const run = await world.clone.wingman(["start", "INS-0040", "--worker", "claude-code/alice"]);
  expect(run.stderr).toContain("does not stand on main");
  await world.land("Take it up", {
    [path]: instructionText({ worker: undefined, id: "INS-0040" }),
  });
  expect((await states())["INS-0040"]).toBe("accepted");
});

test("a withdrawn instruction takes no more work", async () => {
  const order = world.order({ action: "withdraw", subject: "INS-0007" }, world.keys.mark);
  await world.branch();
  await world.clone.commit("Withdraw", {
    as: world.keys.mark,
    files: { [order.path]: order.text },
  });
  expect((await world.push("dana")).code).toBe(0);
  await world.clone.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*");
  expect((await states())["INS-0007"]).toBe("withdrawn");
  const start = await world.clone.wingman(["start", "INS-0007", "--worker", "claude-code/alice"]);
  expect(start.stderr).toMatch(/withdrawn since ledger record/);
  const run = writeRun({ claims: [["file.exists", { path: WORK }]] });
  await world.branch();
  await world.work(run, { files: { [run.path]: run.text, [WORK]: "export const x = 0;\n" } });
  expect(codesOf(await world.push("alice"))).toEqual(["run/instruction"]);
  const again = await world.clone.wingman([
    "withdraw",
    "INS-0007",
    "--reason",
    "x",
    "--by",
    "mark@acme.example",
  ]);
  expect(again.stderr).toContain("withdrawn already");
  const unknown = await world.clone.wingman([
    "withdraw",
    "INS-0008",
    "--reason",
    "x",
    "--by",
    "mark@acme.example",
  ]);
  expect(unknown.stderr).toContain("did you mean INS-0007");
});
