/**
 * A local hook may be skipped by whoever says why: it is written down here and in the commit, the ledger
 * and every check show it, and no authority excuses anything by it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { secret, type TestRepository } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed, LOGINS } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

const REASON = "the build server is down, INS-0012";

async function guarded() {
  const made = await governed();
  expect((await made.clone.wingman(["init", "--yes"])).code).toBe(0);
  return made;
}

const skips = (clone: TestRepository): string =>
  readFileSync(join(clone.folder, ".git/wingman/skips"), "utf8");

async function records(server: TestRepository) {
  const ran = await server.wingman(["ledger", "show", "--kind", "skip", "--format", "json"]);
  return ran.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { reason: string; by: string; where: string });
}

test("what is no reason skips nothing", async () => {
  const { clone } = await guarded();
  const main = await clone.git("rev-parse", "main");
  const none = ["", "   ", "1", "true", "no", "ok", "why\nWingman-Run: a/b/c", "x".repeat(201)];
  for (const reason of none) {
    const ran = await clone.tryCommit("Skip", {
      files: { "a.txt": "a\n" },
      env: { WINGMAN_SKIP: reason },
    });
    expect(ran.code, reason).not.toBe(0);
    expect(ran.stderr, reason).toMatch(/pre-commit is not skipped: [\s\S]*help: say why/);
    expect(await clone.git("rev-parse", "main"), reason).toBe(main);
  }
});

test("a skip with a reason passes here, is written down, and excuses nothing on the server", async () => {
  const { clone, server } = await guarded();
  const env = { WINGMAN_SKIP: REASON };
  // An editor that throws the trailer out: commit-msg puts it back.
  const editor = { ...env, GIT_EDITOR: "sed -i /^Wingman-Skip/d" };
  clone.write("ok.txt", "fine\n");
  await clone.git("add", "ok.txt");
  const kept = await clone.tryGit(["commit", "-q", "-e", "-m", "Fine"], { env: editor });
  expect(kept.code).toBe(0);
  expect(kept.stderr).toContain(`pre-commit skipped: ${REASON}`);
  expect(await clone.git("log", "-1", "--format=%B")).toMatch(
    new RegExp(`^Fine\n\nWingman-Skip: ${REASON}\n*$`),
  );
  expect(skips(clone)).toMatch(
    new RegExp(`^pre-commit\tMark <mark@acme.example> \\d+ \\S+\t${REASON}$`, "m"),
  );
  // The server takes it, tells it, and writes it down once, though two refs bring it.
  await clone.git("push", "-q", "origin", "main:refs/heads/topic");
  const landed = await clone.push(["-q", "origin", "main"], { pusher: LOGINS.mark });
  expect(landed.code).toBe(0);
  expect(landed.stderr).toContain("hooks/skipped");
  const oid = await clone.git("rev-parse", "main");
  expect(await records(server)).toMatchObject([{ reason: REASON, where: `commit ${oid}` }]);
  // A secret passes the skipped hook and no further, whatever the pusher's environment says.
  const leaked = await clone.tryCommit("Leak", {
    files: { "config.txt": `token: ${secret("github")}\n` },
    env,
  });
  expect(leaked.code).toBe(0);
  const checked = await clone.wingman(["check", "--range", "origin/main..HEAD"], { env });
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain("hooks/skipped");
  expect(checked.stdout).toContain("secrets/found");
  const refused = await clone.push(["-q", "origin", "main"], { pusher: LOGINS.mark, env });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("pre-push skipped");
  expect(refused.stderr).toContain("secrets/found");
  expect(await server.git("rev-parse", "main")).toBe(oid);
  expect(skips(clone)).toMatch(/^pre-push\t/m);
});

test("past every hook with a reason the commit still says so; what a rebase replays does not", async () => {
  const { clone } = await guarded();
  const env = { WINGMAN_SKIP: REASON };
  const message = async (at: string) => await clone.git("log", "-1", "--format=%B", at);
  expect(
    (await clone.tryGit(["commit", "-q", "-n", "--allow-empty", "-m", "Past"], { env })).code,
  ).toBe(0);
  expect(await message("HEAD")).toContain(`Wingman-Skip: ${REASON}`);
  await clone.git("checkout", "-q", "-b", "topic", "HEAD~1");
  await clone.commit("Theirs", { files: { "t.txt": "t\n" } });
  expect((await clone.tryGit(["rebase", "-q", "main"], { env })).code).toBe(0);
  expect(await message("HEAD")).toBe("Theirs\n");
});

test("the tripwire is skipped the same way, and what it lets by is written down", async () => {
  const { clone } = await guarded();
  const blob = await clone.tryGit(["hash-object", "-w", "--stdin"], {
    input: `token: ${secret("github")}\n`,
  });
  const tree = await clone.tryGit(["mktree"], {
    input: `100644 blob ${blob.stdout.trim()}\tconfig.txt\n`,
  });
  const oid = await clone.git("commit-tree", tree.stdout.trim(), "-p", "main", "-m", "x");
  const move = ["update-ref", "refs/heads/main", oid];
  expect((await clone.tryGit(move)).code).not.toBe(0);
  expect((await clone.tryGit(move, { env: { WINGMAN_SKIP: "" } })).code).not.toBe(0);
  expect((await clone.tryGit(move, { env: { WINGMAN_SKIP: REASON } })).code).toBe(0);
  expect(skips(clone)).toMatch(/^reference-transaction\t/m);
});

test("a forged trailer helps nobody: not a locked worker, not somebody unproven", async () => {
  const { clone, server, keys } = await governed();
  const locked = await server.wingman(["lock", "claude-code/alice", "--reason", "Looks odd"]);
  expect(locked.code).toBe(0);
  const message = `Work\n\nWingman-Skip: ${REASON}\nWingman-Skip: an administrator said so`;
  const main = await clone.git("rev-parse", "main");
  await clone.commit(message, { files: { "a.txt": "a\n" }, sign: keys.alice });
  const worker = await clone.push(["-q", "origin", "main"], { pusher: LOGINS.alice });
  expect(worker.code).not.toBe(0);
  expect(worker.stderr).toContain("worker/locked");
  await clone.git("reset", "-q", "--hard", main);
  await clone.commit(message, { files: { "c.txt": `token: ${secret("github")}\n` } });
  const nobody = await clone.push(["-q", "origin", "main:refs/heads/topic"]);
  expect(nobody.code).not.toBe(0);
  expect(nobody.stderr).toContain("secrets/found");
  expect(await records(server)).toEqual([]);
});
