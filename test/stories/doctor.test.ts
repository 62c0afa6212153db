/**
 * `wingman doctor`: what fires is seen to fire, what was taken away is named, and no canary leaves a
 * trace, whenever it is stopped.
 */
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { PROGRAM, repositoryAt, type TestRepository, temporaryFolder } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed, LOGINS } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

const HOOKS = [
  "pre-commit",
  "prepare-commit-msg",
  "commit-msg",
  "pre-merge-commit",
  "pre-push",
  "reference-transaction",
];

type Env = Readonly<Record<string, string>>;

async function doctor(repo: TestRepository, env: Env = {}) {
  const ran = await repo.wingman(["doctor", "--format", "json"], { env });
  expect(ran.stderr).toBe("");
  const report = JSON.parse(ran.stdout) as {
    proofs: { point: string; outcome: string; says: string; help?: string }[];
    notes: string[];
  };
  const outcomes = Object.fromEntries(report.proofs.map((one) => [one.point, one.outcome]));
  return { code: ran.code, outcomes, ...report };
}

/** Everything that a canary could leave behind. */
async function traces(repo: TestRepository): Promise<string> {
  const bare = existsSync(join(repo.folder, "HEAD"));
  const gitDir = bare ? repo.folder : join(repo.folder, ".git");
  const look = async (...args: string[]) => await repo.git(...args);
  return JSON.stringify([
    await look("for-each-ref"),
    readFileSync(join(gitDir, "HEAD"), "utf8"),
    bare ? "" : await look("reflog", "--all"),
    bare ? "" : await look("ls-files", "-s"),
    bare ? "" : await look("status", "--porcelain"),
    await look("count-objects"),
    readdirSync(gitDir).filter((name) => !/^(FETCH_HEAD|gc\.)/.test(name)),
    readdirSync(join(gitDir, "wingman")).filter((name) => name.startsWith("canary-")),
    bare ? [] : readdirSync(repo.folder),
  ]);
}

async function guarded() {
  const made = await governed();
  expect((await made.clone.wingman(["init", "--yes"])).code).toBe(0);
  return made;
}

test("in a clone each hook is seen to fire, and nothing is left of it", async () => {
  const { clone } = await guarded();
  clone.write("staged.txt", "staged\n");
  await clone.git("add", "staged.txt");
  clone.write("README.md", "# Not committed\n");
  await clone.tryCommit("Write the list", { files: { "b.txt": "b\n" } });
  clone.write("staged.txt", "and changed\n");
  await clone.git("add", "staged.txt");
  const before = await traces(clone);
  const { code, outcomes, notes } = await doctor(clone);
  expect(outcomes).toMatchObject(Object.fromEntries(HOOKS.map((hook) => [hook, "fires"])));
  expect(outcomes["gate of origin"]).toBe("unproven");
  expect(code).toBe(3);
  expect(notes.join("\n")).toMatch(/honour system[\s\S]*courtesy/);
  expect(await traces(clone)).toBe(before);
  await clone.git("remote", "remove", "origin");
  const text = await clone.wingman(["doctor"]);
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/7 proven, 0 silent, 0 not to be proven from here\n$/);
});

test("what a worker takes away is named: a mode, a file, a folder, a switch", async () => {
  const { clone } = await guarded();
  const hooks = join(clone.folder, ".git/hooks");
  const before = await traces(clone);
  chmodSync(join(hooks, "pre-commit"), 0o644);
  rmSync(join(hooks, "pre-push"));
  writeFileSync(join(hooks, "commit-msg"), "#!/bin/sh\nexit 0\n");
  writeFileSync(join(hooks, "reference-transaction"), "#!/bin/sh\nexit 0\n");
  const taken = await doctor(clone);
  expect(taken.code).toBe(1);
  expect(taken.outcomes).toMatchObject({
    "pre-commit": "silent",
    "prepare-commit-msg": "fires",
    "commit-msg": "silent",
    "pre-merge-commit": "fires",
    "pre-push": "silent",
    "reference-transaction": "silent",
  });
  const help = (point: string) => taken.proofs.find((one) => one.point === point)?.help;
  expect(help("pre-commit")).toContain("chmod +x");
  expect(help("pre-push")).toContain("there is no");
  expect(help("commit-msg")).toContain("does not call Wingman");
  expect(await traces(clone)).toBe(before);
  expect((await clone.wingman(["init", "--yes"])).code).toBe(0);
  // Past every hook by configuration, be it the repository's or the environment's.
  const environment = {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: "/dev/null",
  };
  const silent = Object.fromEntries(HOOKS.map((hook) => [hook, "silent"]));
  const past = await doctor(clone, environment);
  expect(past.outcomes).toMatchObject(silent);
  expect(past.notes.join("\n")).toContain("GIT_CONFIG_COUNT");
  await clone.git("config", "core.hooksPath", "/dev/null");
  const off = await doctor(clone);
  expect(off.code).toBe(1);
  expect(off.outcomes).toMatchObject(silent);
  expect(off.notes.join("\n")).toContain("core.hooksPath is /dev/null");
  await clone.git("config", "--unset", "core.hooksPath");
  expect((await doctor(clone, { WINGMAN_SKIP: "only looking at it" })).outcomes).toMatchObject({
    "pre-commit": "silent",
    "pre-push": "silent",
  });
  // A program that is another one, or none.
  const program = join(clone.folder, ".git/wingman/program");
  for (const name of ["wingman.mjs", "hook.cjs"])
    writeFileSync(join(program, name), "process.exit(0)\n");
  expect((await doctor(clone)).outcomes).toMatchObject({
    "installed program": "silent",
    "pre-commit": "silent",
  });
  rmSync(program, { recursive: true });
  const gone = await doctor(clone);
  expect(gone.outcomes["pre-commit"]).toBe("silent");
  expect(gone.proofs.find((one) => one.point === "pre-commit")?.says).toContain("did not judge");
});

test("husky's switch, a SHA-256 repository, a worktree with settings of its own", async () => {
  const { clone } = await governed({ format: "sha256" });
  const shim =
    '#!/usr/bin/env sh\n[ "${HUSKY-}" = 0 ] && exit 0\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\n';
  mkdirSync(join(clone.folder, ".husky/_"), { recursive: true });
  for (const hook of HOOKS.slice(0, 5)) {
    writeFileSync(join(clone.folder, ".husky/_", hook), shim);
    chmodSync(join(clone.folder, ".husky/_", hook), 0o755);
  }
  await clone.git("config", "core.hooksPath", ".husky/_");
  expect((await clone.wingman(["init", "--yes"])).code).toBe(0);
  const fires = Object.fromEntries(HOOKS.map((hook) => [hook, "fires"]));
  expect((await doctor(clone)).outcomes).toMatchObject(fires);
  expect((await doctor(clone, { HUSKY: "0" })).outcomes).toMatchObject({
    "pre-commit": "silent",
    "pre-push": "silent",
    "reference-transaction": "fires",
  });
  const { clone: other } = await guarded();
  const side = join(temporaryFolder(), "side");
  await other.git("worktree", "add", "-q", side, "-b", "side");
  await other.git("config", "extensions.worktreeConfig", "true");
  const ran = await other.tryGit([
    "-C",
    side,
    "config",
    "--worktree",
    "core.hooksPath",
    "/nowhere",
  ]);
  expect(ran.code).toBe(0);
  expect((await doctor(repositoryAt(side))).outcomes).toMatchObject({ "pre-commit": "silent" });
  expect((await doctor(other)).outcomes).toMatchObject(fires);
});

test("a server's pre-receive refuses its canary, and the ledger writes it down", async () => {
  const { clone, server } = await governed();
  const refs = async () => await server.git("for-each-ref", "refs/heads/main", "refs/heads/wing*");
  const first = await doctor(server);
  expect(first.outcomes).toMatchObject({
    "pre-receive": "fires",
    "post-receive": "unproven",
    "ledger and auditor's key": "fires",
  });
  expect(first.code).toBe(3);
  await clone.commit("One", { files: { "a.txt": "a\n" } });
  expect((await clone.push(["-q", "origin", "main"], { pusher: LOGINS.mark })).code).toBe(0);
  const whole = await doctor(server);
  expect(whole.outcomes["post-receive"]).toBe("fires");
  expect(whole.code).toBe(0);
  const shown = await server.wingman(["ledger", "show", "--kind", "canary"]);
  expect(shown.stdout).toMatch(
    /"outcome":"fires","point":"pre-receive"|"point":"pre-receive","outcome":"fires"/,
  );
  // Whatever is off, no canary lands.
  const hook = join(server.folder, "hooks/pre-receive");
  const main = await server.git("rev-parse", "main");
  chmodSync(hook, 0o644);
  const off = await doctor(server);
  expect(off.code).toBe(1);
  expect(off.outcomes["pre-receive"]).toBe("silent");
  renameSync(hook, `${hook}.off`);
  writeFileSync(hook, "#!/bin/sh\nexit 0\n");
  chmodSync(hook, 0o755);
  expect((await doctor(server)).outcomes["pre-receive"]).toBe("silent");
  expect(await server.git("rev-parse", "main")).toBe(main);
  expect(await refs()).not.toContain("canary");
  renameSync(`${hook}.off`, hook);
  chmodSync(hook, 0o755);
  await server.git("update-ref", "refs/heads/main", "main~1");
  expect((await doctor(server)).outcomes["post-receive"]).toBe("silent");
  chmodSync(join(server.folder, "wingman/auditor.key"), 0o644);
  expect((await doctor(server)).outcomes["ledger and auditor's key"]).toBe("silent");
  await server.git("config", "core.sharedRepository", "group");
  expect((await doctor(server)).notes.join("\n")).toContain("COURTESY");
});

test("killed at any moment it leaves nothing that lands", async () => {
  const { clone } = await guarded();
  await clone.tryCommit("Write the list", { files: { "b.txt": "b\n" } });
  const before = await traces(clone);
  for (const after of [150, 700, 1400]) {
    const child = spawn(process.execPath, [PROGRAM, "doctor"], {
      cwd: clone.folder,
      stdio: "ignore",
    });
    const ended = new Promise((done) => child.on("close", done));
    await new Promise((done) => setTimeout(done, after));
    child.kill("SIGKILL");
    await ended;
  }
  // What was killed has orphans that end by themselves; the next doctor clears its folder away.
  await vi.waitFor(
    async () => {
      expect((await doctor(clone)).outcomes["pre-commit"]).toBe("fires");
      expect(await traces(clone)).toBe(before);
    },
    { timeout: 30_000, interval: 500 },
  );
});
