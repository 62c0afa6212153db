import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownContent, readCommit, treeAt } from "../src/index.ts";
import { commit, git, newRepo, open, signs, temporaryDir } from "./fixture.ts";

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`);
const edited = (at: number, text: string) => LINES.with(at, `${text}\n`).join("");

async function ownOf(dir: string, oid: string): Promise<string[]> {
  const repo = await open(dir);
  return signs(await ownContent(repo, await readCommit(repo, oid)));
}

/** A base, a main that fixed line 2 and added a file, a side that changed line 25. */
function forked(dir: string) {
  const base = commit(dir, { f: LINES.join(""), g: "g" });
  const main = commit(dir, { f: edited(2, "FIX"), fresh: "1" });
  const side = commit(dir, { f: edited(25, "SIDE") }, { parents: [base], ref: "refs/heads/side" });
  const both = LINES.with(2, "FIX\n").with(25, "SIDE\n").join("");
  return { base, main, side, both };
}

describe("ownContent", () => {
  it("gives a root commit's files and an ordinary commit's difference", async () => {
    const dir = newRepo();
    const { base, main } = forked(dir);
    expect(await ownOf(dir, base)).toEqual(["+f", "+g"]);
    expect(await ownOf(dir, main)).toEqual(["*f", "+fresh"]);
  });

  it("gives nothing for an honest merge, and only its own for one with more", async () => {
    const dir = newRepo();
    const { main, side, both } = forked(dir);
    const parents = [side, main];
    const honest = commit(dir, { f: both, fresh: "1" }, { parents });
    expect(await ownOf(dir, honest)).toEqual([]);
    const more = commit(dir, { f: both, fresh: "1", slipped: "in" }, { parents });
    expect(await ownOf(dir, more)).toEqual(["+slipped"]);
  });

  it("shows a merge that silently drops main's fix or main's file", async () => {
    const dir = newRepo();
    const { main, side, both } = forked(dir);
    const dropped = commit(dir, { f: edited(25, "SIDE"), fresh: "1" }, { parents: [side, main] });
    expect(await ownOf(dir, dropped)).toEqual(["*f"]);
    const lost = commit(dir, { f: both, fresh: null }, { parents: [main, side] });
    expect(await ownOf(dir, lost)).toEqual(["-fresh"]);
    const ours = git(dir, ["commit-tree", `${side}^{tree}`, "-p", side, "-p", main, "-m", "ours"]);
    expect(await ownOf(dir, ours)).toEqual(["*f", "-fresh"]);
  });

  it("takes a resolved conflict for the merge's own, whichever side it chose", async () => {
    const dir = newRepo();
    const base = commit(dir, { bin: "\0base", t: "base\n" });
    const main = commit(dir, { bin: "\0main", t: "main\n" });
    const side = commit(
      dir,
      { bin: "\0side", t: "side\n" },
      { parents: [base], ref: "refs/heads/s" },
    );
    for (const [bin, t] of [
      ["\0main", "main\n"],
      ["\0side", "side\n"],
      ["\0side", "third\n"],
    ] as const) {
      const merge = commit(dir, { bin, t }, { parents: [side, main] });
      expect(await ownOf(dir, merge)).toEqual(["*bin", "*t"]);
    }
  });

  it("judges an octopus as git makes one", async () => {
    const dir = newRepo();
    const { main, side, base, both } = forked(dir);
    const third = commit(dir, { third: "3" }, { parents: [base], ref: "refs/heads/third" });
    const parents = [main, side, third];
    const honest = commit(dir, { f: both, third: "3" }, { parents });
    expect(await ownOf(dir, honest)).toEqual([]);
    const evil = commit(dir, { f: edited(25, "SIDE"), third: "3" }, { parents });
    expect(await ownOf(dir, evil)).toEqual(["*f"]);
  });

  it("merges unrelated histories", async () => {
    const dir = newRepo();
    const one = commit(dir, { a: "1" });
    const two = commit(dir, { b: "1" }, { parents: [], ref: "refs/heads/other" });
    const merge = commit(dir, { b: "1" }, { parents: [one, two] });
    expect(await ownOf(dir, merge)).toEqual([]);
    expect(await ownOf(dir, commit(dir, { b: "1", c: "1" }, { parents: [one, two] }))).toEqual([
      "+c",
    ]);
  });

  it("follows a rename on the other side, and is deaf to configuration and attributes", async () => {
    const dir = newRepo();
    const base = commit(dir, { old: LINES.join(""), ".gitattributes": "* merge=evil\n" });
    const main = commit(dir, { old: null, moved: LINES.join("") });
    const side = commit(dir, { old: edited(25, "SIDE") }, { parents: [base], ref: "refs/heads/s" });
    git(dir, ["config", "merge.evil.driver", `touch ${dir}/ran; true`]);
    git(dir, ["config", "merge.renames", "false"]);
    git(dir, ["checkout", "-q", "-f", "main"]);
    const merge = commit(dir, { old: null, moved: edited(25, "SIDE") }, { parents: [main, side] });
    expect(await ownOf(dir, merge)).toEqual([]);
    expect(readdirSync(dir)).not.toContain("ran");
  });

  it("writes nothing to the repository, and can read what the automatic merge made", async () => {
    const dir = newRepo();
    const { main, side } = forked(dir);
    const dropped = commit(dir, { f: edited(25, "SIDE"), fresh: "1" }, { parents: [side, main] });
    const before = git(dir, ["count-objects", "-v"]);
    const repo = await open(dir);
    const [change] = await ownContent(repo, await readCommit(repo, dropped));
    expect(git(dir, ["count-objects", "-v"])).toBe(before);
    const tree = await treeAt(repo, dropped);
    expect(change?.before && Buffer.from(await tree.read(change.before)).toString()).toContain(
      "FIX",
    );
    const { dir: scratch } = await repo.scratch();
    await repo.close();
    expect(() => readdirSync(scratch)).toThrow();
  });

  it("works in a repository without a work tree, in SHA-256, and in a worktree", async () => {
    for (const flags of [["--bare"], ["--object-format=sha256"]]) {
      const dir = newRepo(...flags);
      const { main, side } = forked(dir);
      const dropped = commit(dir, { f: edited(25, "SIDE"), fresh: "1" }, { parents: [side, main] });
      expect(await ownOf(dir, dropped)).toEqual(["*f"]);
    }
    const dir = newRepo();
    const { main, side, both } = forked(dir);
    const honest = commit(dir, { f: both, fresh: "1" }, { parents: [side, main] });
    const tree = join(dir, "..", `${dir.split("/").at(-1)}-tree`);
    git(dir, ["worktree", "add", "-q", tree, side]);
    expect(await ownOf(tree, honest)).toEqual([]);
    git(dir, ["worktree", "remove", "--force", tree]);
  });

  it("merges in a clone that borrows its objects, below a path that git must quote", async () => {
    const dir = newRepo();
    const { main, side } = forked(dir);
    const dropped = commit(dir, { f: edited(25, "SIDE"), fresh: "1" }, { parents: [side, main] });
    const clone = join(temporaryDir(), 'bor:row"ed');
    git(dir, ["clone", "-q", "--shared", dir, clone]);
    expect(await ownOf(clone, dropped)).toEqual(["*f"]);
  });

  it("faults where a parent is absent", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const tree = git(dir, ["rev-parse", `${oid}^{tree}`]);
    const raw = (parents: string[]) =>
      git(dir, ["hash-object", "-w", "-t", "commit", "--stdin"], {
        input: `tree ${tree}\n${parents.map((id) => `parent ${id}\n`).join("")}author A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nm\n`,
      });
    const absent = "6".repeat(40);
    const repo = await open(dir);
    for (const parents of [[absent], [oid, absent], [oid, absent, oid]])
      await expect(
        readCommit(repo, raw(parents)).then((it) => ownContent(repo, it)),
      ).rejects.toMatchObject({
        code: "git/missing-object",
      });
  });
});
