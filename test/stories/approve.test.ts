/**
 * `wingman approve`: what an administrator's approval opens, and what it refuses. A worker waits for
 * it, the author does not give it himself, and what is signed for something else opens nothing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { instructionText, mark, type Ran, temporaryFolder, withKey } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, WORK, type World, workerWorld, writeRun } from "./worker-world.ts";

const RISKY = {
  worker: undefined,
  risk_assessment: { level: "high", why: "A wrong expiry would reject valid logins" },
};
const textOf = (id: string): string => instructionText({ ...RISKY, id });
const kim = withKey({ name: "Kim", email: "kim@acme.example" });
const stands = ["file.exists", { path: WORK }] as const;

describe("an instruction that needs an approval", () => {
  let world: World;
  let keys: Record<"mark" | "kim" | "alice" | "dana", string>;
  const approve = async (id: string, who: keyof typeof keys, ...more: string[]): Promise<Ran> =>
    await world.clone.wingman([
      ...["approve", id, "--reason", "Read; an overlap of 7 days is enough"],
      ...["--key", keys[who], "--by", `${who}@acme.example`, ...more],
    ]);
  const lands = async (id: string): Promise<Ran> => {
    const run = writeRun({ instruction: id, on: textOf(id), claims: [stands] });
    await world.branch();
    await world.work(run, {
      files: { [run.path]: run.text, [WORK]: `export const by = "${id}";\n` },
    });
    return await world.push("alice", "HEAD:refs/heads/main");
  };

  beforeAll(async () => {
    world = await workerWorld({
      policy: {
        administrators: [mark.email, kim.email],
        approvals: { levels: ["high", "critical"], environments: [], expires: "30d" },
        risk: [{ paths: ["infra/**"], level: "critical" }],
      },
    });
    const folder = temporaryFolder();
    const file = (name: string, key: { privateText: string }): string => {
      writeFileSync(join(folder, name), key.privateText, { mode: 0o600 });
      return join(folder, name);
    };
    keys = {
      mark: file("mark", world.keys.mark.key),
      kim: file("kim", kim.key),
      alice: file("alice", world.keys.alice.key),
      dana: file("dana", world.keys.dana.key),
    };
    const signers = await world.clone.git("show", "origin/main:.wingman/allowed_signers");
    await world.land("Kim may approve; two risky orders", {
      ".wingman/allowed_signers": `${signers}\n${kim.signersLine}\n`,
      ".wingman/instructions/INS-0020.md": textOf("INS-0020"),
      ".wingman/instructions/INS-0021.md": textOf("INS-0021"),
      ".wingman/instructions/INS-0022.md": textOf("INS-0022").replace(
        "title:",
        "draft: true\ntitle:",
      ),
    });
    await world.branch();
  }, 60_000);

  test("is not started before, and no work on it gets in", async () => {
    const start = await world.clone.wingman(["start", "INS-0020", "--worker", "claude-code/alice"]);
    expect(start.code).toBe(2);
    expect(start.stderr).toMatch(/its risk is high.*there is no/s);
    expect(start.stderr).toContain("wingman approve INS-0020");
    expect(codesOf(await lands("INS-0020"))).toEqual(["run/approval"]);
  });

  test.each([
    ["by its author", "INS-0020", "mark", [], /wrote INS-0020.*kim@acme.example/s],
    ["by a person", "INS-0020", "dana", [], /no administrator.*administrators: mark/s],
    [
      "by a worker in an administrator's name",
      "INS-0020",
      "alice",
      ["--by", kim.email],
      /not count.*not signed by an administrator/s,
    ],
    [
      "by one administrator in another's name",
      "INS-0020",
      "mark",
      ["--by", kim.email],
      /kim@acme.example, who did not sign/,
    ],
    ["of a draft", "INS-0022", "kim", [], /is a draft/],
    ["of one that is not there", "INS-0200", "kim", [], /did you mean INS-0020/],
    [
      "for longer than the policy lets it last",
      "INS-0020",
      "kim",
      ["--expires", "31d"],
      /up to 30d/,
    ],
    ["without a reason", "INS-0020", "kim", ["--reason", " "], /needs a reason/],
  ] as const)("is not approved %s", async (_, id, who, more, why) => {
    await world.branch();
    const ran = await approve(id, who, ...more);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(why);
    expect(await world.clone.git("status", "--porcelain")).toBe("");
  });

  test("starts once another administrator's approval has landed, whoever carries it", async () => {
    await world.branch();
    const made = await approve("INS-0020", "kim", "--expires", "7d");
    expect(made.stderr + made.stdout).toContain(".wingman/approvals/INS-0020.yaml (signed; until");
    await world.clone.commit("Approve INS-0020", {
      as: world.keys.dana,
      files: {
        ".wingman/approvals/INS-0020.yaml": world.clone.read(".wingman/approvals/INS-0020.yaml"),
      },
    });
    const carried = await world.push("dana", "HEAD:refs/heads/main");
    expect([carried.code, codesOf(carried, "warning")]).toEqual([0, []]);
    await world.clone.git("fetch", "-q", "origin");
    await world.branch();
    const start = await world.clone.wingman(["start", "INS-0020", "--worker", "claude-code/alice"]);
    expect(start.code, start.stderr).toBe(0);
    expect(codesOf(await lands("INS-0020"))).toEqual([]);
    await world.clone.git("fetch", "-q", "origin");
  });

  test("is not opened by the approval of another, nor after an edit", async () => {
    const good = await world.clone.git("show", "origin/main:.wingman/approvals/INS-0020.yaml");
    await world.branch();
    await world.clone.commit("Approve INS-0021", {
      as: world.keys.dana,
      files: { ".wingman/approvals/INS-0021.yaml": `${good.replace("INS-0020", "INS-0021")}\n` },
    });
    const vain = await world.push("dana", "HEAD:refs/heads/main");
    expect([vain.code, codesOf(vain, "warning")]).toEqual([0, ["approval/vain"]]);
    expect(codesOf(await lands("INS-0021"))).toEqual(["run/approval"]);
    await world.land("Edit it", {
      ".wingman/instructions/INS-0020.md": textOf("INS-0020").replace("30 days", "60 days"),
    });
    await world.branch();
    const start = await world.clone.wingman(["start", "INS-0020", "--worker", "claude-code/alice"]);
    expect(start.stderr).toMatch(/edited after it/);
  });

  test("with less risk than its paths have does not come in", async () => {
    await world.branch();
    await world.clone.commit("Order", {
      as: world.keys.dana,
      files: {
        ".wingman/instructions/INS-0030.md": instructionText({
          worker: undefined,
          id: "INS-0030",
          boundaries: { allow: ["infra/prod/*.tf"], deny: [] },
        }),
      },
    });
    const push = await world.push("dana", "HEAD:refs/heads/main");
    expect(codesOf(push)).toEqual(["risk/below"]);
    expect(push.stderr).toContain('row 1 of the policy\'s risk: work on "infra/**"');
  });
});

test("the only administrator approves his own, and reports say so", async () => {
  const world = await workerWorld({
    policy: { approvals: { levels: ["high"], environments: [], expires: "30d" } },
    orders: { "INS-0020": RISKY },
  });
  const folder = temporaryFolder();
  writeFileSync(join(folder, "key"), world.keys.mark.key.privateText, { mode: 0o600 });
  await world.branch();
  const made = await world.clone.wingman([
    ...[
      "approve",
      "INS-0020",
      "--reason",
      "Read; nobody else is here",
      "--key",
      join(folder, "key"),
    ],
    ...["--by", mark.email, "--push"],
  ]);
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).toContain("the only administrator");
  await world.clone.git("fetch", "-q", "origin");
  const branch = /on (approve-INS-0020-\w+)/.exec(made.stdout)?.[1] ?? "";
  expect((await world.push("mark", `origin/${branch}:refs/heads/main`)).code).toBe(0);
  await world.clone.git("fetch", "-q", "origin");
  const run = writeRun({ instruction: "INS-0020", on: textOf("INS-0020"), claims: [stands] });
  await world.branch();
  await world.work(run, { files: { [run.path]: run.text, [WORK]: "export const a = 1;\n" } });
  const push = await world.push("alice", "HEAD:refs/heads/main");
  expect(codesOf(push)).toEqual([]);
  expect(codesOf(push, "warning")).toEqual(["run/self-approved"]);
}, 60_000);
