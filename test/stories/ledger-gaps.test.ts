/**
 * `wingman ledger gaps`: whatever moved a governed branch behind the gate's back is listed, on the server
 * and in a clone; honest histories list nothing.
 */
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { TestRepository } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed, LOGINS } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

interface Told {
  readonly gaps: readonly {
    readonly kind: string;
    readonly ref: string;
    readonly before?: string;
    readonly after?: string;
    readonly from?: number;
    readonly to?: number;
    readonly moves: number;
  }[];
  readonly unknown: readonly string[];
}

async function gaps(repo: TestRepository, code: number): Promise<Told> {
  const ran = await repo.wingman(["ledger", "gaps", "--format", "json"]);
  expect(ran.stderr).toBe("");
  expect(ran.code, ran.stdout).toBe(code);
  return JSON.parse(ran.stdout) as Told;
}

const WORLD = { policy: { governed: ["main", "release/*"] } };

async function push(clone: TestRepository, ...args: string[]): Promise<void> {
  const ran = await clone.push(["-q", ...args], { pusher: LOGINS.mark });
  expect(ran.code, ran.stderr).toBe(0);
}

test("an honest history has no gaps: adoption, branches, merges, a policy change, a refused push", async () => {
  const { clone, server } = await governed(WORLD);
  await clone.commit("One", { files: { "a.txt": "a\n" } });
  await push(clone, "origin", "main", "main:refs/heads/release/1", "main:refs/heads/topic");
  await clone.git("checkout", "-q", "-b", "topic");
  await clone.commit("Two", { files: { "b.txt": "b\n" } });
  await clone.git("checkout", "-q", "main");
  await clone.git("merge", "-q", "--no-ff", "--no-edit", "topic");
  await push(clone, "origin", "main");
  const policy = clone.read(".wingman/policy.yaml").replace(/^revision: \d+/m, "revision: 9");
  await clone.commit("Policy", { files: { ".wingman/policy.yaml": policy } });
  await push(clone, "origin", "main");
  const refused = await clone.push(["-q", "--force", "origin", "main~1:main"]);
  expect(refused.code).not.toBe(0);
  expect(await gaps(server, 0)).toMatchObject({ gaps: [], unknown: [] });
  // Just after the push this clone's ledger is older than its branch: that is no gap, and no answer.
  const stale = await gaps(clone, 3);
  expect(stale.gaps).toEqual([]);
  expect(stale.unknown[0]).toContain("git fetch origin");
  await clone.git("fetch", "-q", "origin");
  expect(await gaps(clone, 0)).toMatchObject({ gaps: [], unknown: [] });
  const text = await clone.wingman(["ledger", "gaps"]);
  expect(text.stdout).toMatch(/^ledger gaps: no gap in \d+ push records of governed branches\n$/);
});

test("what moved behind the gate's back is listed, each move, for good", async () => {
  const { clone, server } = await governed(WORLD);
  const first = await clone.git("rev-parse", "main");
  await push(clone, "origin", "main:refs/heads/release/1", "main:refs/heads/release/2");
  // update-ref in the bare repository itself, and an honest push on top of it.
  await clone.commit("Smuggled", { files: { "a.txt": "a\n" } });
  const smuggled = await clone.git("rev-parse", "main");
  await push(clone, "origin", "main:refs/heads/topic");
  await server.git("update-ref", "refs/heads/main", smuggled);
  expect(await gaps(server, 1)).toMatchObject({
    gaps: [{ kind: "unrecorded", ref: "refs/heads/main", before: first, after: smuggled }],
  });
  await clone.commit("Honest", { files: { "b.txt": "b\n" } });
  await push(clone, "origin", "main");
  // A push whose pusher chose the program: its hooks never ran.
  await clone.commit("Past the hooks", { files: { "c.txt": "c\n" } });
  const past = await clone.git("rev-parse", "main");
  await push(
    clone,
    "--receive-pack=git -c core.hooksPath=/dev/null receive-pack",
    "origin",
    "main",
  );
  // Deleted and made anew, forced back, renamed: each by somebody with a shell.
  await server.git("update-ref", "-d", "refs/heads/release/1");
  await server.git("update-ref", "refs/heads/release/1", smuggled);
  await server.git("branch", "-m", "release/2", "release/3");
  await server.git("branch", "release/4", first);
  const told = (await gaps(server, 1)).gaps;
  expect(told.map(({ kind, ref, before, after }) => [kind, ref, before, after])).toEqual([
    ["unrecorded", "refs/heads/main", first, smuggled],
    ["unrecorded", "refs/heads/main", await clone.git("rev-parse", "main~1"), past],
    ["unrecorded", "refs/heads/release/1", first, smuggled],
    ["unrecorded", "refs/heads/release/2", first, undefined],
    ["unrecorded", "refs/heads/release/3", undefined, first],
    ["unrecorded", "refs/heads/release/4", undefined, first],
  ]);
  const text = await server.wingman(["ledger", "gaps"]);
  expect(text.stdout).toContain("it came in past the gate");
  expect(text.stdout).toContain("help: wingman check --range");
  // A clone sees the same, once it has fetched.
  await clone.git("fetch", "-q", "--prune", "origin");
  expect((await gaps(clone, 1)).gaps).toEqual(told);
  // The end can be written down afterwards, and stays told as that; what lies within stays a gap.
  expect((await server.wingman(["audit", "--all", "--record"])).code).toBe(0);
  const late = (await gaps(server, 1)).gaps;
  expect(late.filter((one) => one.kind === "unrecorded")).toHaveLength(1);
  expect(late.filter((one) => one.kind === "late").map((one) => one.ref)).toContain(
    "refs/heads/release/3",
  );
});

test("a gate that was off, or only warned, leaves its gap; a lost post-receive is only late", async () => {
  const { clone, server } = await governed(WORLD);
  const hooks = join(server.folder, "hooks");
  const commit = async (name: string) => {
    await clone.commit(name, { files: { [`${name}.txt`]: "x\n" } });
    await push(clone, "origin", "main");
  };
  await commit("one");
  renameSync(join(hooks, "post-receive"), join(hooks, "post-receive.off"));
  await commit("two");
  renameSync(join(hooks, "post-receive.off"), join(hooks, "post-receive"));
  expect((await gaps(server, 1)).gaps).toMatchObject([{ kind: "unrecorded" }]);
  expect((await server.wingman(["audit", "--all", "--record"])).code).toBe(0);
  expect((await gaps(server, 3)).gaps).toMatchObject([{ kind: "late", moves: 1 }]);
  const policy = clone.read(".wingman/policy.yaml");
  const weak = policy.replace(/^revision: \d+/m, "revision: 9").replace(/^mode: \S+\n/m, "");
  await clone.commit("Warn only", { files: { ".wingman/policy.yaml": `${weak}mode: warn\n` } });
  await push(clone, "origin", "main");
  await commit("three");
  await commit("four");
  const told = (await gaps(server, 1)).gaps;
  expect(told).toMatchObject([{ kind: "late" }, { kind: "weakened", moves: 2 }]);
  const text = await server.wingman(["ledger", "gaps"]);
  expect(text.stdout).toContain("2 pushes");
});

test("without a ledger it is a fault, without push records no answer", async () => {
  const { clone, server } = await governed(WORLD);
  await clone.git("update-ref", "-d", "refs/remotes/origin/wingman-ledger");
  const none = await clone.wingman(["ledger", "gaps"]);
  expect(none).toMatchObject({ code: 2 });
  expect(none.stderr).toContain("ledger/none");
  await clone.git("fetch", "-q", "origin");
  await clone.git("remote", "set-url", "origin", join(server.folder, "gone"));
  await clone.git("update-ref", "refs/remotes/origin/main", await clone.commit("Odd"));
  const unasked = await gaps(clone, 3);
  expect(unasked.unknown[0]).toContain("cannot be asked");
});
