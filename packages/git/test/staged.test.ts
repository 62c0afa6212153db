import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { stagedTree } from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, open, temporaryDir, tryGit } from "./fixture.ts";

async function staged(dir: string, env = cleanEnv): Promise<Record<string, string>> {
  const tree = await stagedTree(await open(dir, env));
  const files: Record<string, string> = {};
  for (const entry of await tree.entries())
    files[entry.path] =
      entry.mode === "160000" ? "submodule" : Buffer.from(await tree.read(entry)).toString();
  return files;
}

describe("stagedTree", () => {
  it("is empty in a new repository, and holds the first files before any commit", async () => {
    const dir = newRepo();
    expect(await staged(dir)).toEqual({});
    writeFileSync(`${dir}/a`, "1");
    git(dir, ["add", "a"]);
    writeFileSync(`${dir}/a`, "not staged");
    expect(await staged(dir)).toEqual({ a: "1" });
  });

  it("drops what is only intended to be added, keeps symlinks and submodules", async () => {
    const dir = newRepo();
    writeFileSync(`${dir}/later`, "x");
    symlinkSync("../out", `${dir}/link`);
    git(dir, ["add", "-N", "later"]);
    git(dir, ["add", "link"]);
    git(dir, ["update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`]);
    expect(await staged(dir)).toEqual({ link: "../out", sub: "submodule" });
  });

  it("judges the index that git hands to a hook: a partial commit's", async () => {
    const dir = newRepo();
    commit(dir, { a: "0", b: "0" });
    git(dir, ["reset", "-q", "--hard"]);
    const out = `${temporaryDir()}/seen`;
    const hook = `#!/bin/sh\nenv > ${out}\ncp "$GIT_INDEX_FILE" ${out}.index\n`;
    writeFileSync(`${dir}/.git/hooks/pre-commit`, hook, { mode: 0o755 });
    writeFileSync(`${dir}/a`, "1");
    writeFileSync(`${dir}/b`, "1");
    git(dir, ["add", "b"]);
    git(dir, ["commit", "-q", "-m", "only a", "a"]);
    expect(readFileSync(out, "utf8")).toMatch(/^GIT_INDEX_FILE=.*next-index/m);
    expect(await staged(dir, { ...cleanEnv, GIT_INDEX_FILE: `${out}.index` })).toEqual({
      a: "1",
      b: "0",
    });
    expect(await staged(dir)).toEqual({ a: "1", b: "1" });
  });

  it("resolves a relative GIT_INDEX_FILE from the top of the work tree", async () => {
    const dir = newRepo();
    writeFileSync(`${dir}/a`, "1");
    mkdirSync(`${dir}/sub`);
    git(dir, ["add", "a"]);
    expect(await staged(dir, { ...cleanEnv, GIT_INDEX_FILE: ".git/index" })).toEqual({ a: "1" });
    expect(await staged(`${dir}/sub`, { ...cleanEnv, GIT_INDEX_FILE: ".git/index" })).toEqual({
      a: "1",
    });
  });

  it("works while another git holds the index lock, and writes nothing", async () => {
    const dir = newRepo();
    writeFileSync(`${dir}/a`, "1");
    git(dir, ["add", "a"]);
    writeFileSync(`${dir}/.git/index.lock`, "");
    const before = [git(dir, ["count-objects"]), readFileSync(`${dir}/.git/index`).toString("hex")];
    expect(await staged(dir)).toEqual({ a: "1" });
    expect([
      git(dir, ["count-objects"]),
      readFileSync(`${dir}/.git/index`).toString("hex"),
    ]).toEqual(before);
  });

  it("reads a split index", async () => {
    const dir = newRepo();
    writeFileSync(`${dir}/a`, "1");
    git(dir, ["add", "a"]);
    git(dir, ["update-index", "--split-index"]);
    expect(await staged(dir)).toEqual({ a: "1" });
  });

  it("faults with a hint where conflicts are not resolved", async () => {
    const dir = newRepo();
    const base = commit(dir, { f: "0\n" });
    commit(dir, { f: "1\n" });
    commit(dir, { f: "2\n" }, { parents: [base], ref: "refs/heads/side" });
    git(dir, ["reset", "-q", "--hard"]);
    expect(tryGit(dir, ["merge", "side"]).status).toBe(1);
    await expect(stagedTree(await open(dir))).rejects.toMatchObject({
      code: "git/unmerged",
      hint: expect.stringContaining("git add"),
    });
  });
});
