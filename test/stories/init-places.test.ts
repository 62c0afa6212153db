/** Clones of every shape: hooks folders of others, packages in folders, submodules, an empty server, no JavaScript. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  mark,
  newRepository,
  type RepositoryOptions,
  repositoryAt,
  runProgram,
  runWingman,
  secret,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { expect, test, vi } from "vitest";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

async function repositoryOfMark(options: RepositoryOptions = {}) {
  return await asMark(await newRepository({ files: { "main.go": "package main\n" }, ...options }));
}

async function asMark(repo: TestRepository) {
  await repo.git("config", "user.name", mark.name);
  await repo.git("config", "user.email", mark.email);
  return repo;
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

async function refusesLeak(repo: TestRepository): Promise<string> {
  const ran = await repo.tryCommit("Leak", {
    files: { "config.txt": `token: ${secret("github")}\n` },
  });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain("config.txt:1");
  await repo.git("rm", "-q", "-f", "--cached", "config.txt");
  return ran.stderr;
}

test("a hooks folder of the repository's own gets a line a file, and stays its own", async () => {
  const repo = await repositoryOfMark();
  const python = "#!/usr/bin/env python3\nprint('mine')\n";
  put(join(repo.folder, ".githooks/pre-commit"), "#!/bin/bash\necho formatted >&2\n");
  put(join(repo.folder, ".githooks/commit-msg"), '#!/bin/sh\n[ -s "$1" ] || exit 1\nexit 0\n');
  put(join(repo.folder, ".githooks/pre-merge-commit"), python);
  await repo.git("config", "core.hooksPath", ".githooks");
  const ran = await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toContain("git add .wingman .githooks");
  expect(repo.read(".githooks/pre-commit")).toMatch(
    /^#!\/bin\/bash\necho formatted >&2\nwingman_hook=.*# wingman: written by wingman init\n$/,
  );
  // Below its `exit 0` the line would never be reached.
  expect(repo.read(".githooks/commit-msg")).toMatch(
    /^#!\/bin\/sh\nwingman_hook=.*\n\[ -s .*\nexit 0\n$/,
  );
  expect(repo.read(".githooks/pre-push").startsWith("#!/bin/sh\n")).toBe(true);
  expect(repo.read(".githooks/pre-merge-commit")).toBe(python);
  expect(ran.stdout).toContain("pre-merge-commit is no shell script");
  expect(await refusesLeak(repo)).toContain("formatted");
  expect((await repo.wingman(["init"])).stdout).toContain("nothing is due");
});

test("a line in front of an exit guards as well", async () => {
  const repo = await repositoryOfMark();
  put(join(repo.folder, ".githooks/pre-commit"), "#!/bin/sh\necho checked >&2\nexec true\n");
  await repo.git("config", "core.hooksPath", ".githooks");
  await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  await refusesLeak(repo);
  const good = await repo.tryCommit("Good", { files: { "b.go": "package main\n" } });
  expect(good).toMatchObject({ code: 0, stderr: expect.stringContaining("checked") });
});

test("a hooks folder that is a link is refused, and nothing is written through it", async () => {
  const repo = await repositoryOfMark();
  const outside = temporaryFolder();
  await repo.commit("Hostile", { files: { ".githooks": { link: outside } } });
  await repo.git("config", "core.hooksPath", ".githooks");
  const ran = await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("init/link");
  expect(existsSync(join(outside, "pre-commit"))).toBe(false);
});

test("a hooks folder of the whole machine is not touched, and the way out works", async () => {
  const repo = await repositoryOfMark();
  const shared = temporaryFolder();
  const config = join(temporaryFolder(), "gitconfig");
  writeFileSync(config, `[core]\n\thooksPath = ${shared}\n`);
  const env = { GIT_CONFIG_GLOBAL: config };
  const ran = await repo.wingman(["init", "--yes", "--origin", "acme/shop"], { env });
  expect(ran.code).toBe(2);
  expect(existsSync(join(repo.folder, ".wingman"))).toBe(false);
  const told = /git config --local core\.hooksPath "([^"]+)"/.exec(ran.stderr)?.[1] ?? "";
  await repo.git("config", "--local", "core.hooksPath", told);
  expect((await repo.wingman(["init", "--yes", "--origin", "acme/shop"], { env })).code).toBe(0);
  expect(existsSync(join(shared, "pre-commit"))).toBe(false);
  expect((await repo.tryCommit("Good", { files: { "b.go": "b\n" }, env })).code).toBe(0);
  await refusesLeak(repo);
});

test("a monorepo: husky in one package, init from another, several package.json", async () => {
  const repo = await repositoryOfMark({
    files: {
      "web/package.json": "{}",
      "api/package.json": "{}",
      "web/.husky/pre-commit": "true\n",
    },
  });
  // Not switched on yet: the committed folder is found all the same.
  const early = await runWingman(["init", "--dry-run", "--origin", "acme/shop"], {
    cwd: join(repo.folder, "api"),
  });
  expect(early.stdout).toContain("+ add Wingman to web/.husky/pre-commit");
  const runner =
    '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\n';
  for (const hook of ["pre-commit", "commit-msg"])
    put(join(repo.folder, "web/.husky/_", hook), runner);
  await repo.git("config", "core.hooksPath", "web/.husky/_");
  const ran = await runWingman(["init", "--yes", "--origin", "acme/shop"], {
    cwd: join(repo.folder, "api"),
  });
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toContain("git add .wingman web/.husky");
  expect(existsSync(join(repo.folder, ".wingman/policy.yaml"))).toBe(true);
  expect(existsSync(join(repo.folder, "api/.wingman"))).toBe(false);
  await refusesLeak(repo);
});

test("a submodule's checkout is governed by itself, wherever its git directory lies", async () => {
  const inner = await repositoryOfMark();
  const outer = await repositoryOfMark();
  await outer.git(
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "-q",
    "add",
    inner.folder,
    "lib",
  );
  const lib = await asMark(repositoryAt(join(outer.folder, "lib")));
  const ran = await lib.wingman(["init", "--yes", "--origin", "acme/lib"]);
  expect(ran.stderr).toBe("");
  expect(existsSync(join(outer.folder, ".git/modules/lib/wingman/program/wingman.mjs"))).toBe(true);
  expect(existsSync(join(outer.folder, ".git/wingman"))).toBe(false);
  await refusesLeak(lib);
});

test("a clone of an empty server does not take its master for granted", async () => {
  const server = await newRepository({ bare: true, branch: "master" });
  const folder = join(temporaryFolder(), "shop");
  await server.git("clone", "-q", server.folder, folder);
  const clone = await asMark(repositoryAt(folder));
  await clone.git("symbolic-ref", "HEAD", "refs/heads/master");
  const ran = await clone.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("init/policy-branch");
  expect(ran.stderr).toContain("--policy-branch main");
  expect(existsSync(join(folder, ".wingman"))).toBe(false);
  await clone.git("symbolic-ref", "HEAD", "refs/heads/main");
  const told = await clone.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(told.code).toBe(0);
  expect(told.stdout).toContain("policy branch is main (NO COMMIT STANDS ON IT YET");
});

test("what no shell runs is kept byte for byte", async () => {
  const repo = await repositoryOfMark();
  const binary = "\u007fELF\0\0";
  put(join(repo.folder, "tools/hooks/pre-push"), binary);
  await repo.git("config", "core.hooksPath", "tools/hooks");
  const ran = await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(ran.stdout).toContain("tools/hooks/pre-push is no shell script");
  expect(readFileSync(join(repo.folder, "tools/hooks/pre-push"), "utf8")).toBe(binary);
});

test("the guide's own lines take it out again, and put back what stood there", async () => {
  const guide = fileURLToPath(new URL("../../docs/guides/clone.md", import.meta.url));
  const script = /```sh\n([^]*?)```/.exec(readFileSync(guide, "utf8"))?.[1] ?? "";
  const repo = await repositoryOfMark();
  const own = "#!/bin/sh\necho mine\n";
  put(join(repo.folder, ".git/hooks/pre-commit"), own);
  await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  const ran = await runProgram("sh", ["-e", "-c", script], { cwd: repo.folder });
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const left = readdirSync(join(repo.folder, ".git/hooks")).filter((name) => !/sample$/.test(name));
  expect(left).toEqual(["pre-commit"]);
  expect(readFileSync(join(repo.folder, ".git/hooks/pre-commit"), "utf8")).toBe(own);
  expect(existsSync(join(repo.folder, ".git/wingman"))).toBe(false);
  expect((await repo.tryGit(["config", "--get-regexp", "^wingman"])).code).toBe(1);
});
