/**
 * The demo plays on repositories that were not made for it, under a person's own odd git settings, and
 * leaves nothing behind. It is a whole story each time, so two repositories stand for all.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  gitEnvironment,
  newRepository,
  PROGRAM,
  runProgram,
  runWingman,
  temporaryFolder,
} from "@wingman/testkit";
import { expect, test } from "vitest";

/** A whole story is some eighty processes; on a busy machine that takes its time. */
const PATIENCE = 240_000;

/** Settings that people have, each of which has broken somebody's script. */
const ODD_SETTINGS = `[commit]
	gpgSign = true
[user]
	signingKey = /nonexistent
[core]
	autocrlf = true
	hooksPath = HOOKS
	fsmonitor = false-program
[init]
	defaultBranch = weird
[push]
	default = nothing
[merge]
	ff = only
[protocol "file"]
	allow = never
[url "ssh://nowhere.invalid/"]
	insteadOf = /
[transfer]
	fsckObjects = true
[clone]
	defaultRemoteName = upstream
`;

/** A PATH with git and what its scripts need, and no ssh-keygen. */
async function pathWithoutSshKeygen(): Promise<string> {
  const folder = temporaryFolder();
  for (const name of ["git", "sh", "sed", "cat", "tail", "grep", "env"]) {
    const found = await runProgram("sh", ["-c", `command -v ${name}`], { cwd: folder });
    symlinkSync(found.stdout.trim(), join(folder, name));
  }
  return folder;
}

test("plays on a small repository, and leaves nothing behind", { timeout: PATIENCE }, async () => {
  const repo = await newRepository({ branch: "trunk", files: { "README.md": "# Small\n" } });
  const before = await repo.git("for-each-ref");
  const tmp = temporaryFolder();
  const ran = await runWingman(["demo", "--repo", "."], {
    cwd: repo.folder,
    env: { TMPDIR: tmp, PATH: await pathWithoutSshKeygen() },
  });
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain("the governed branch is trunk");
  expect(ran.stdout).toContain("a courtesy, not an authority");
  expect(ran.stdout).toMatch(/INS-0001\.md: mitigation is missing\n {3}\| {3}--> .*:\d+:1/);
  // What the two doubles got, and what became of the issue after the unlock.
  expect(ran.stdout).toContain("| #1 open: FALSE claims of claude-code/bob on INS-0004\n");
  expect(ran.stdout).toContain("| FALSE: 2 claims of claude-code/bob are not so\n");
  for (const channel of ["telegram", "github"])
    expect(ran.stdout).toMatch(new RegExp(`${channel} accepted it \\d+\\.\\d\\d s after`));
  expect(ran.stdout).toContain("| #1 closed: FALSE claims of claude-code/bob on INS-0004\n");
  expect(ran.stdout).toMatch(/17 of 17 steps as they should be\n$/);
  expect(readdirSync(tmp)).toEqual([]);
  expect(await repo.git("for-each-ref")).toBe(before);
  expect(await repo.git("status", "--porcelain")).toBe("");
});

test("plays on an odd repository of a person with odd settings", {
  timeout: PATIENCE,
}, async () => {
  const repo = await newRepository({
    folder: join(temporaryFolder(), `it's "odd" here`),
    branch: "alice",
    format: "sha256",
    files: {
      'new\nline and "quotes".txt': "1\n",
      "Case.txt": "1\n",
      "case.txt": "2\n",
      link: { link: "/nowhere" },
      ".gitattributes":
        "* text eol=crlf\n*.bin filter=lfs -text\ngreeting.txt working-tree-encoding=UTF-16\n",
      ".gitignore": "*\n",
      "wingman-demo/theirs.txt": "theirs\n",
      ".wingman/policy.yaml": "v: 1\nrevision: 9\norigin: other/place\ngoverned: ['**']\n",
      ".husky/pre-commit": { run: "exit 1\n" },
    },
  });
  await repo.commit("Second", { files: { "b.txt": "b\n" } });
  const home = temporaryFolder();
  const hooks = join(home, "hooks");
  mkdirSync(hooks);
  for (const name of ["pre-commit", "pre-push", "reference-transaction"])
    writeFileSync(join(hooks, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  writeFileSync(join(home, ".gitconfig"), ODD_SETTINGS.replace("HOOKS", JSON.stringify(hooks)));
  const tmp = temporaryFolder();
  const ran = await runProgram(process.execPath, [PROGRAM, "demo", "--repo", repo.folder], {
    cwd: temporaryFolder(),
    env: {
      HOME: home,
      TMPDIR: tmp,
      GIT_CONFIG_GLOBAL: undefined,
      PATH: await pathWithoutSshKeygen(),
    },
  });
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  // `alice` leaves no room for alice/greeting, and wingman-demo/ is somebody else's folder.
  expect(ran.stdout).toContain(
    "the governed branch is wingman-demo; the story works in wingman-demo-2/",
  );
  expect(readdirSync(tmp)).toEqual([]);
});

test("a folder that is no repository is one clear fault", async () => {
  const tmp = temporaryFolder();
  const ran = await runWingman(["demo", "--repo", temporaryFolder()], {
    cwd: temporaryFolder(),
    env: { TMPDIR: tmp },
  });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("is no Git repository");
  expect(ran.stderr).toContain("help: wingman demo --repo");
  expect(readdirSync(tmp)).toEqual([]);
});

test("stopped by a signal in the midst of it, it takes its folder along", async () => {
  const repo = await newRepository({ files: { "README.md": "# Small\n" } });
  const tmp = temporaryFolder();
  const child = spawn(process.execPath, [PROGRAM, "demo", "--repo", repo.folder], {
    env: gitEnvironment({ TMPDIR: tmp }),
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Its first words come when the folder is there and the clones begin.
  await new Promise((begun) => child.stdout.once("data", begun));
  expect(readdirSync(tmp)).toHaveLength(1);
  const ended = new Promise((done) => child.once("close", (_code, signal) => done(signal)));
  child.kill("SIGTERM");
  expect(await ended).toBe("SIGTERM");
  expect(readdirSync(tmp)).toEqual([]);
});
