/**
 * Histories that are shaped to hide something: what was tried within a merged branch comes back as a
 * branch of its own, two branches merge each other crosswise, a tag takes the name that a range begins
 * at. Beside each stands the same shape without the offence, which must pass.
 */
import { alice, instructionText, secret, withKey } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Forge, forge, pullRequest, runStep } from "./github-runner.ts";
import { codesOf, WORK, type World, workerWorld, writeRun } from "./worker-world.ts";

describe("a governed branch that is created", () => {
  let world: World;
  /** Within a branch that main has merged: law changed, then taken back. */
  let within: string;
  let merged: string;
  beforeAll(async () => {
    world = await workerWorld({
      policy: { governed: ["main", "release/*"], protect: ["infra/**"] },
      files: { "infra/main.tf": "safe\n" },
    });
    const { clone, keys } = world;
    const as = keys.dana;
    await world.branch();
    within = await clone.commit("Try", { as, files: { "infra/main.tf": "open to all\n" } });
    const tip = await clone.commit("Undo", { as, files: { "infra/main.tf": "safe\n" } });
    await world.branch();
    await clone.git("merge", "-q", "--no-ff", "--no-commit", tip);
    merged = await clone.commit("Merge", { as });
    const push = await world.push("dana", "HEAD:refs/heads/main");
    if (push.code !== 0) throw new Error(push.stderr);
    await world.land("Go on", { "b.txt": "b\n" });
  }, 60_000);

  test.each([
    ["at the step itself", async () => within],
    [
      "on top of it",
      async () => {
        await world.branch(within);
        return await world.clone.commit("More", { as: world.keys.dana, files: { "c.txt": "c\n" } });
      },
    ],
  ] as const)("%s is refused", async (_, make) => {
    const oid = await make();
    const before = await world.refs();
    expect(codesOf(await world.push("dana", `${oid}:refs/heads/release/1`))).toEqual([
      "law/protected",
    ]);
    expect(await world.refs()).toBe(before);
    expect((await world.push("mark", `${oid}:refs/heads/release/by-mark`)).code).toBe(0);
  });

  test("at a state that main had lands", async () => {
    for (const [name, oid] of Object.entries({
      old: `${merged}~1`,
      merge: merged,
      now: "origin/main",
    })) {
      const push = await world.push("dana", `${oid}:refs/heads/release/${name}`);
      expect(push.code === 0 ? "" : push.stderr).toBe("");
    }
    await world.branch(merged);
    await world.clone.commit("Fix", { as: world.keys.dana, files: { "d.txt": "d\n" } });
    const push = await world.push("dana", "HEAD:refs/heads/release/fix");
    expect(push.code === 0 ? "" : push.stderr).toBe("");
  });
});

describe("a pull request", () => {
  let at: Forge;
  const key = withKey(alice);
  beforeAll(async () => {
    const workers = { "claude-code/alice": { principals: [alice.email], logins: ["alice-bot"] } };
    const policy = { governed: ["main", "release/*"], protect: ["infra/**"], workers };
    at = await forge(policy, `${key.signersLine}\n`);
  }, 60_000);

  const git = (...args: string[]): Promise<string> => at.clone.git(...args);

  async function commit(on: string, files: Record<string, string>): Promise<string> {
    await git("checkout", "-q", "-f", "--detach", on);
    return await at.clone.commit("Work", { files });
  }

  /** A merge of two commits with the tree of a third. */
  async function mergeOf(tree: string, ...parents: string[]): Promise<string> {
    const named = parents.flatMap((parent) => ["-p", parent]);
    const who = ["-c", "user.name=D", "-c", "user.email=d@acme.example"];
    return await git(...who, "commit-tree", `${tree}^{tree}`, ...named, "-m", "Merge");
  }

  async function gate(head: string, main?: string): Promise<string[]> {
    if (main !== undefined) await git("push", "-q", "-f", "origin", `${main}:refs/heads/main`);
    const base = await at.remote.git("rev-parse", "main");
    await git("push", "-q", "-f", "origin", `${head}:refs/pull/1/head`);
    const ran = await runStep(at, "gate", pullRequest(base, head, "dana"));
    if (ran.code > 1) throw new Error(ran.stderr);
    return codesOf({ ...ran, stderr: ran.stdout });
  }

  test("that merged main crosswise does not bring back older law", async () => {
    const start = await commit("origin/main", { "infra/main.tf": "open to all\n" });
    const feature = await commit(start, { "feature.txt": "1\n" });
    const closed = await commit(start, { "infra/main.tf": "safe\n" });
    const auto = await commit(closed, { "feature.txt": "1\n" });
    const main = await mergeOf(auto, closed, feature);
    for (const parents of [
      [closed, feature],
      [feature, closed],
    ]) {
      const old = await mergeOf(feature, ...parents);
      expect(await gate(await commit(old, { "n.txt": "n\n" }), main)).toContain("law/protected");
      const honest = await mergeOf(auto, ...parents);
      expect(await gate(await commit(honest, { "n.txt": "n\n" }), main)).toEqual([]);
    }
  });

  test("whose names collide only with what main has by now is refused", async () => {
    const start = await at.remote.git("rev-parse", "main");
    const main = await commit(start, { "docs/Guide.md": "# Guide\n" });
    expect(await gate(await commit(start, { "docs/guide.md": "# Mine\n" }), main)).toContain(
      "hostile/collision",
    );
    expect(await gate(await commit(start, { "docs/other.md": "# Mine\n" }), main)).toEqual([]);
  });

  test("that merges a release branch back is not asked again for what landed there", async () => {
    const start = await at.remote.git("rev-parse", "main");
    const run = writeRun({
      worker: "claude-code/alice",
      claims: [["file.created", { path: WORK }]],
      on: instructionText(),
    });
    await git("checkout", "-q", "-f", "--detach", start);
    await at.clone.commit("Work", {
      sign: key,
      trailer: run.trailer,
      files: { [run.path]: run.text, [WORK]: "1\n" },
    });
    await git("push", "-q", "origin", "HEAD:refs/heads/release/1");
    await at.clone.commit("Prepare to merge back", { files: { "back.txt": "1\n" } });
    expect(await gate(await git("rev-parse", "HEAD"))).toEqual([]);
  });
});

test("a range does not begin where somebody's tag says", async () => {
  const world = await workerWorld();
  const { clone } = world;
  await world.branch();
  await clone.commit("Leak", { files: { "a.txt": `${secret("github")}\n` } });
  const leak = await clone.git("rev-parse", "HEAD");
  const refused = await world.push("dana", "origin/main:refs/tags/origin/main");
  expect(codesOf(refused)).toEqual(["refs/look-alike"]);
  await clone.git("tag", "origin/main", leak);
  const ran = await clone.wingman(["check", "--range", "origin/main..HEAD"]);
  expect(`${ran.code} ${ran.stderr}`).toMatch(/^2 .*refs\/tags\/origin\/main/s);
  await clone.git("tag", "-d", "origin/main");
  const found = await clone.wingman(["check", "--range", "origin/main..HEAD"]);
  expect(found.code).toBe(1);
}, 60_000);
