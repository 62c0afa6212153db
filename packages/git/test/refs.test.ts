import { describe, expect, it } from "vitest";
import {
  commitsBetween,
  configGet,
  configSet,
  exactRef,
  headBranch,
  isAncestor,
  listRefs,
  porcelain,
  resolve,
} from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, open } from "./fixture.ts";

describe("refs", () => {
  it("lists refs of every namespace, with symbolic ones", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    git(dir, ["update-ref", "refs/heads/caf\u00e9/x", oid]);
    git(dir, ["update-ref", "refs/notes/n", oid]);
    git(dir, ["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
    const repo = await open(dir);
    expect(await listRefs(repo)).toEqual([
      { name: "refs/heads/alias", oid, symref: "refs/heads/main" },
      { name: "refs/heads/caf\u00e9/x", oid },
      { name: "refs/heads/main", oid },
      { name: "refs/notes/n", oid },
    ]);
    expect((await listRefs(repo, "refs/notes/")).map(({ name }) => name)).toEqual(["refs/notes/n"]);
    expect(await listRefs(await open(newRepo()))).toEqual([]);
  });

  it("resolves what is here, and refuses what git could read as an option", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const repo = await open(dir);
    expect(await resolve(repo, "main")).toBe(oid);
    expect(await resolve(repo, oid.slice(0, 10))).toBe(oid);
    expect(await resolve(repo, "nothing")).toBeUndefined();
    expect(await resolve(repo, "8".repeat(40))).toBeUndefined();
    for (const bad of ["", "--all", "-h", "a\nb", "a\0b"])
      await expect(resolve(repo, bad)).rejects.toMatchObject({ code: "git/bad-revision" });
    expect(await headBranch(repo)).toEqual({ branch: "main", born: true });
  });

  it("takes a full name for nothing but that name", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" }, { ref: "refs/heads/refs/heads/wingman-ledger" });
    git(dir, ["update-ref", "refs/tags/refs/heads/wingman-ledger", oid]);
    git(dir, ["update-ref", "refs/heads/wingman-ledger/below", oid]);
    git(dir, ["update-ref", "refs/tags/HEAD", oid]);
    const repo = await open(dir);
    expect(await resolve(repo, "refs/heads/wingman-ledger")).toBeUndefined();
    expect(await exactRef(repo, "refs/heads/wingman-ledger")).toBeUndefined();
    expect(await exactRef(repo, "refs/heads/refs/heads/wingman-ledger")).toBe(oid);
    expect(await headBranch(repo)).toEqual({ branch: "main", born: false });
  });

  it("lists the commits between, parents first, even where dates lie", async () => {
    const dir = newRepo();
    const one = commit(dir, { f: "1" });
    const two = commit(dir, { f: "2" });
    const side = commit(dir, { g: "2" }, { parents: [one], ref: "refs/heads/side" });
    const merge = commit(dir, { g: "2" }, { parents: [two, side] });
    const repo = await open(dir);
    const all = await commitsBetween(repo, { include: [merge], exclude: [] });
    expect(all[0]).toBe(one);
    expect(all[3]).toBe(merge);
    expect(await commitsBetween(repo, { include: [merge], exclude: [two] })).toEqual([side, merge]);
    expect(await commitsBetween(repo, { include: [one], exclude: [merge] })).toEqual([]);
    expect(await commitsBetween(repo, { include: [], exclude: [merge] })).toEqual([]);
    await expect(commitsBetween(repo, { include: ["--all"], exclude: [] })).rejects.toMatchObject({
      code: "git/bad-revision",
    });
    await expect(
      commitsBetween(repo, { include: ["9".repeat(40)], exclude: [] }),
    ).rejects.toMatchObject({ code: "git/missing-object" });
    expect(await isAncestor(repo, one, merge)).toBe(true);
    expect(await isAncestor(repo, merge, one)).toBe(false);
    await expect(isAncestor(repo, "9".repeat(40), one)).rejects.toMatchObject({
      code: "git/missing-object",
    });
  });

  it("takes thousands of ids", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "1" });
    const repo = await open(dir);
    const exclude = Array.from({ length: 5000 }, () => oid);
    expect(await commitsBetween(repo, { include: [oid], exclude })).toEqual([]);
  });

  it("does not follow grafts or replacements", async () => {
    const dir = newRepo();
    const one = commit(dir, { f: "1" });
    const two = commit(dir, { f: "2" });
    const three = commit(dir, { f: "3" });
    const { mkdirSync, writeFileSync } = await import("node:fs");
    mkdirSync(`${dir}/.git/info`, { recursive: true });
    writeFileSync(`${dir}/.git/info/grafts`, `${three} ${one}\n`);
    const repo = await open(dir);
    expect(await commitsBetween(repo, { include: [three], exclude: [] })).toEqual([
      one,
      two,
      three,
    ]);
  });

  it("reads and writes configuration, and shows the user's hooksPath, not our override", async () => {
    const dir = newRepo();
    const repo = await open(dir);
    expect(await configGet(repo, "wingman.pusher")).toBeUndefined();
    await configSet(repo, "wingman.pusher", "GL_USERNAME\nx");
    expect(await configGet(repo, "wingman.pusher")).toBe("GL_USERNAME\nx");
    await configSet(repo, "core.hooksPath", ".husky/_");
    expect(await configGet(repo, "core.hooksPath")).toBe(".husky/_");
  });
});

describe("porcelain", () => {
  it("reads branches, remotes and status, in the index that the environment names", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    git(dir, ["reset", "-q", "--hard"]);
    git(dir, ["remote", "add", "origin", "https://git.example/x.git"]);
    const repo = await open(dir, {
      ...cleanEnv,
      EDITOR: "vi",
      PAGER: "less",
      GIT_EXEC_PATH: git(dir, ["--exec-path"]),
    });
    const door = porcelain(repo);
    expect(await door.remotes()).toEqual([
      {
        name: "origin",
        fetchUrl: "https://git.example/x.git",
        pushUrl: "https://git.example/x.git",
      },
    ]);
    expect(
      (await door.branches()).map(({ name, commit: at }) => [name, oid.startsWith(at)]),
    ).toEqual([["main", true]]);
    expect(await door.isClean()).toBe(true);
    const other = porcelain(await open(dir, { ...cleanEnv, GIT_INDEX_FILE: `${dir}/none` }));
    expect(await other.isClean()).toBe(false);
  });

  it("faults where git fails", async () => {
    const dir = newRepo();
    const repo = await open(dir);
    const { rmSync } = await import("node:fs");
    rmSync(`${dir}/.git/HEAD`);
    await expect(porcelain(repo).branches()).rejects.toMatchObject({ code: "git/porcelain" });
  });
});
