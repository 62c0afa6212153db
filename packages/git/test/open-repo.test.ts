import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tellingLine } from "../src/git-failure.ts";
import { headBranch, openRepo, resolve, treeAt } from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, open, temporaryDir } from "./fixture.ts";

describe("openRepo", () => {
  it("opens an unborn repository, from a subdirectory too", async () => {
    const dir = newRepo();
    mkdirSync(join(dir, "a/b"), { recursive: true });
    const repo = await open(join(dir, "a/b"));
    expect(repo.gitDir).toBe(join(dir, ".git"));
    expect(repo.workTree).toBe(dir);
    expect(repo.bare).toBe(false);
    expect(await headBranch(repo)).toEqual({ branch: "main", born: false });
    expect(await resolve(repo, "HEAD")).toBeUndefined();
    expect(await repo.shallow()).toBe(false);
  });

  it("opens a bare repository, and one whose GIT_DIR is . as in a hook", async () => {
    const dir = newRepo("--bare");
    const bare = await open(dir);
    expect([bare.bare, bare.workTree, bare.gitDir]).toEqual([true, undefined, dir]);
    const hook = await open(dir, { ...cleanEnv, GIT_DIR: "." });
    expect(hook.gitDir).toBe(dir);
  });

  it("lets GIT_DIR beat the directory", async () => {
    const one = newRepo();
    const other = newRepo();
    const oid = commit(other, { f: "x" });
    const repo = await open(one, { ...cleanEnv, GIT_DIR: join(other, ".git") });
    expect(repo.gitDir).toBe(join(other, ".git"));
    expect(await resolve(repo, "HEAD")).toBe(oid);
  });

  it("opens a worktree with a directory of its own and shared objects", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const side = join(temporaryDir(), "side");
    git(dir, ["worktree", "add", "-q", "--detach", side, oid]);
    const repo = await open(side);
    expect(repo.commonDir).toBe(join(dir, ".git"));
    expect(repo.gitDir).not.toBe(repo.commonDir);
    expect(await headBranch(repo)).toEqual({ detached: oid });
  });

  it("reads a SHA-256 repository", async () => {
    const dir = newRepo("--object-format=sha256");
    const oid = commit(dir, { "a/b": "x" });
    const repo = await open(dir);
    expect([repo.format, repo.zero.length]).toEqual(["sha256", 64]);
    const tree = await treeAt(repo, oid);
    expect((await tree.entries()).map(({ path }) => path)).toEqual(["a/b"]);
  });

  it("sees a shallow clone", async () => {
    const dir = newRepo();
    commit(dir, { f: "1" });
    const first = await resolve(await open(dir), "main");
    commit(dir, { f: "2" });
    const clone = join(temporaryDir(), "clone");
    git(dir, ["clone", "-q", "--depth=1", `file://${dir}`, clone]);
    const repo = await open(clone);
    expect(await repo.shallow()).toBe(true);
    await expect(repo.objects.read(first ?? "")).rejects.toMatchObject({
      code: "git/missing-object",
    });
  });

  it("says what is missing: repository, directory, git, a newer git", async () => {
    const none = temporaryDir();
    const env = { ...cleanEnv, GIT_CEILING_DIRECTORIES: none };
    await expect(openRepo({ cwd: none, env })).rejects.toMatchObject({ code: "git/no-repository" });
    const gone = join(none, "gone");
    await expect(openRepo({ cwd: gone, env })).rejects.toMatchObject({ code: "git/no-repository" });
    await expect(openRepo({ cwd: none, env: { ...env, PATH: none } })).rejects.toMatchObject({
      code: "git/not-installed",
    });
    const dir = newRepo();
    const bin = temporaryDir();
    const real = git(dir, ["--exec-path"]);
    // The version comes with the answer about the repository, in git's own trace of that call.
    const script = `#!/bin/sh\n${real}/git "$@" 2>&1 >out | sed "s/"exe":"[^"]*"/"exe":"2.37.9"/" >&2; cat out\n`;
    writeFileSync(join(bin, "git"), script, { mode: 0o755 });
    const old = { ...cleanEnv, PATH: `${bin}:${cleanEnv["PATH"]}` };
    await expect(openRepo({ cwd: dir, env: old })).rejects.toMatchObject({ code: "git/too-old" });
  });

  it("names safe.directory for a repository of somebody else", async () => {
    const dir = newRepo();
    const env = { ...cleanEnv, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
    await expect(openRepo({ cwd: dir, env })).rejects.toMatchObject({
      code: "git/dubious-ownership",
      hint: expect.stringContaining("safe.directory"),
    });
  });

  it("runs no hook and no fsmonitor of the repository", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const trace = join(dir, "ran");
    const hook = `#!/bin/sh\necho ran >> ${trace}\n`;
    writeFileSync(join(dir, ".git/hooks/reference-transaction"), hook, { mode: 0o755 });
    writeFileSync(join(dir, "monitor"), hook, { mode: 0o755 });
    git(dir, ["config", "core.fsmonitor", join(dir, "monitor")]);
    const repo = await open(dir);
    await repo.run(["update-ref", "refs/heads/other", oid]);
    await repo.run(["status", "--porcelain"]);
    const { existsSync } = await import("node:fs");
    expect(existsSync(trace)).toBe(false);
  });

  it("tells a failing git's own words, made visible", async () => {
    const repo = await open(newRepo());
    await expect(repo.run(["config", "--get", "a.!"])).rejects.toMatchObject({
      code: "git/failed",
      message: "git config failed: error: invalid key: a.!",
    });
    expect((await repo.run(["config", "--get", "a.!"], { okCodes: [1] })).code).toBe(1);
    expect(tellingLine("hint: first\nfatal: no\u001b[31m thing\n")).toBe(
      "fatal: no\\x1b[31m thing",
    );
    expect(tellingLine("")).toBe("");
  });
});
