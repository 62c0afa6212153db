/**
 * How many lines of a run's claims file a commit holds. Claims files only grow, so "this line stands
 * there" is "this prefix stands there", byte for byte: the chain is over blob bytes.
 */
import { type Entry, isFault, type RepoPath, type Tree } from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";

/** A claims file as some tree holds it. */
export interface FoundFile {
  readonly path: RepoPath;
  readonly bytes: Uint8Array;
  /** Of its blob. */
  readonly oid: string;
}

/** Answers for one claims file as it stands in the run's last state. */
export interface HeldLines {
  /**
   * Lines, from the first on without a gap, that the commit's file shares with the run's; undefined where
   * its folders are not in this clone. A file that is another one, and absent (a partial clone), holds
   * fewer lines, since claims files only grow: it counts as one.
   */
  at(commit: CommitObject): Promise<number | undefined>;
  /** True once such a file was met: who brought which line is then not known. */
  guessed(): boolean;
  /** The most that any parent holds; `missing` where one is not in this clone. */
  atParents(commit: CommitObject): Promise<{ readonly held: number; readonly missing: boolean }>;
}

/** Of the run's claims file in its last state. */
export function heldLines(bench: Bench, { path, bytes, oid }: FoundFile): HeldLines {
  const ends = lineEnds(bytes);
  const byBlob = new Map<string, Promise<number>>([[oid, Promise.resolve(ends.length)]]);
  const byCommit = new Map<string, Promise<number | undefined>>();
  let guessed = false;
  const sharedBy = async (tree: Tree, entry: Entry): Promise<number> => {
    try {
      return linesShared(ends, bytes, await tree.read(entry));
    } catch (error) {
      if (!isFault(error) || error.code !== "git/missing-object") throw error;
      guessed = true;
      return Math.min(1, ends.length - 1);
    }
  };
  const look = async (commit: CommitObject): Promise<number | undefined> => {
    try {
      const tree = await bench.tree(commit);
      const entry = await tree.entry(path);
      if (entry === undefined || (entry.mode !== "100644" && entry.mode !== "100755")) return 0;
      let count = byBlob.get(entry.oid);
      if (count === undefined) {
        count = sharedBy(tree, entry);
        byBlob.set(entry.oid, count);
      }
      return await count;
    } catch (error) {
      // The gate refuses a hostile tree by itself; here it holds no claims that anybody could trust.
      if (isFault(error) && error.code.startsWith("git/hostile-")) return 0;
      if (isFault(error) && error.code === "git/missing-object") return undefined;
      throw error;
    }
  };
  const at = async (commit: CommitObject): Promise<number | undefined> => {
    let count = byCommit.get(commit.oid);
    if (count === undefined) {
      count = look(commit);
      byCommit.set(commit.oid, count);
    }
    return await count;
  };
  return {
    at,
    guessed: () => guessed,
    atParents: async (commit) => {
      let held = 0;
      let missing = false;
      for (const oid of commit.parents) {
        const parent = await presentCommit(bench, oid);
        const count = parent === undefined ? undefined : await at(parent);
        if (count === undefined) missing = true;
        else held = Math.max(held, count);
      }
      return { held, missing };
    },
  };
}

/** The commit, or undefined where this clone does not have it (shallow), or it is no readable one. */
export async function presentCommit(bench: Bench, oid: string): Promise<CommitObject | undefined> {
  try {
    return await bench.commit(oid);
  } catch (error) {
    if (!isFault(error)) throw error;
    if (error.code === "git/missing-object" || error.code.startsWith("git/hostile-"))
      return undefined;
    throw error;
  }
}

/** Offsets behind each line's LF. */
function lineEnds(bytes: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) ends.push(at + 1);
  return ends;
}

function linesShared(ends: readonly number[], a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  const same = (end: number): boolean =>
    end <= length && Buffer.compare(a.subarray(0, end), b.subarray(0, end)) === 0;
  // Sharing a prefix means sharing all shorter ones, so the count is found by halving.
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (same(ends[middle - 1] ?? 0)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What the work gives, or undefined where an object is absent or hostile. */
export async function readable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    if (error.code === "git/missing-object" || error.code.startsWith("git/hostile-"))
      return undefined;
    throw error;
  }
}
