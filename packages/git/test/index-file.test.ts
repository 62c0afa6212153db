/** The index as trees without git, held against what git itself writes of the same index. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { stagedTree } from "../src/index.ts";
import { indexTrees } from "../src/index-file.ts";
import { commit, git, newRepo, open, tryGit } from "./fixture.ts";

const bytesOf = (dir: string): Buffer => readFileSync(join(dir, ".git/index"));

function put(dir: string, path: string, content: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
}

/** Small numbers from a seed, the same on every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % sides;
  };
}

describe("indexTrees", () => {
  it.each([[], ["--object-format=sha256"]])("names the trees that git writes %s", (...flags) => {
    const dir = newRepo(...flags);
    const roll = dice(7);
    const names = ["a", "a.b", "a-b", "b", "deep", "\u00e9 x", "z".repeat(300)];
    const path = (): string =>
      Array.from({ length: 1 + roll(4) }, () => names[roll(names.length)]).join("/");
    for (let round = 0; round < 40; round += 1) {
      const one = path();
      const kind = roll(8);
      try {
        if (kind === 0) git(dir, ["rm", "-rqf", "--ignore-unmatch", one]);
        else if (kind === 1) symlinkSync("x", join(dir, one));
        else put(dir, one, `${round}`);
        if (kind === 2) chmodSync(join(dir, one), 0o755);
      } catch {
        continue; // A folder stands there: the next path, then.
      }
      tryGit(dir, kind === 3 ? ["add", "-N", one] : ["add", "-A", one]);
      if (!existsSync(join(dir, ".git/index"))) continue;
      const seen = indexTrees(bytesOf(dir), flags.length === 0 ? 40 : 64);
      // Writes the remembered trees into the index as well: the next round has valid ones in it.
      const copy = round % 3 === 0 ? ["write-tree"] : ["write-tree", "--missing-ok"];
      const env = round % 3 === 0 ? {} : { GIT_INDEX_FILE: join(dir, ".git/index-copy") };
      writeFileSync(join(dir, ".git/index-copy"), bytesOf(dir));
      expect(seen?.root).toBe(git(dir, copy, { env }));
    }
  });

  it("leaves to git what is no plain index: conflicts, split, sparse, version 4, cut off", () => {
    const dir = newRepo();
    const base = commit(dir, { "a/f": "0\n" });
    commit(dir, { "a/f": "1\n" });
    commit(dir, { "a/f": "2\n" }, { parents: [base], ref: "refs/heads/side" });
    git(dir, ["reset", "-q", "--hard"]);
    const plain = bytesOf(dir);
    expect(indexTrees(plain, 40)).toBeDefined();
    for (let end = 0; end < plain.length - 20; end += 1)
      expect(indexTrees(plain.subarray(0, end), 40)?.root).toBeOneOf([
        undefined,
        git(dir, ["rev-parse", "HEAD^{tree}"]),
      ]);
    for (const args of [["--split-index"], ["--no-split-index"], ["--index-version", "4"]]) {
      git(dir, ["update-index", ...args]);
      if (!existsSync(join(dir, ".git/index"))) continue;
      const seen = indexTrees(bytesOf(dir), 40);
      if (args[0] !== "--no-split-index") expect(seen).toBeUndefined();
    }
    expect(tryGit(dir, ["merge", "side"]).status).toBe(1);
    expect(indexTrees(bytesOf(dir), 40)).toBeUndefined();
    expect(indexTrees(Buffer.from("DIRC no index"), 40)).toBeUndefined();
  });

  it("sees what is staged now, not what a folder was when it was last written", async () => {
    const dir = newRepo();
    put(dir, "a/b/f", "1");
    git(dir, ["add", "-A"]);
    git(dir, ["write-tree"]);
    put(dir, "a/b/f", "2");
    git(dir, ["add", "-A"]);
    put(dir, "a/b/f", "3");
    const repo = await open(dir);
    const tree = await stagedTree(repo);
    const entry = await tree.entry("a/b/f");
    expect(entry && Buffer.from(await tree.read(entry)).toString()).toBe("2");
    rmSync(join(dir, ".git/index"));
    expect(await (await stagedTree(repo)).entries()).toEqual([]);
  });
});
