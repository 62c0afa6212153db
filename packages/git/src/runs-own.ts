/**
 * Which paths between S and P are the run's own, and of which nobody can tell: what a side branch that
 * began inside the run brought without a name, and what a merge took over from the other side.
 */
import { type PathChange, type RepoPath, type RunName, runText, type Tree } from "@wingman/model";
import { inOrder } from "./changes-commit.ts";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";
import { commitsOfExtent, type Life } from "./runs-extent.ts";
import { presentCommit, readable } from "./runs-lines.ts";
import { identityOfCommit, trailerRun } from "./who.ts";

export interface OwnPaths {
  readonly own: ReadonlySet<RepoPath>;
  /** Own or not, nobody can tell. */
  readonly doubtful: ReadonlySet<RepoPath>;
  /** True where a commit between S and P that is not the run's own changed this path too. */
  byOthers(path: RepoPath): Promise<boolean | "unknown">;
}

interface Extent {
  readonly name: RunName;
  readonly life: Life;
  /** S. */
  readonly start: string | undefined;
  readonly end: CommitObject;
  readonly after: Tree;
}

/**
 * A commit is the run's own if its trailer names the run, if it brings lines of its claims file, or if
 * it stands on the run's line of commits, names no other run, and its signature proves nobody else. The
 * pusher is not asked: he may land another's run, and a run's diff must be the same on every surface.
 * Undefined where a commit cannot be read.
 */
export async function ownPaths(bench: Bench, extent: Extent): Promise<OwnPaths | undefined> {
  const commits = await commitsOfExtent(bench, extent.start, extent.end);
  if (commits === undefined) return undefined;
  const line = lineOf(extent.life, extent.end);
  const alive = new Set(extent.life.commits.map(({ oid }) => oid));
  const own = new Set<RepoPath>();
  const doubtful = new Set<RepoPath>();
  const mine = new Map<string, CommitObject>();
  const others: CommitObject[] = [];
  const made = inOrder(commits, async (commit): Promise<readonly PathChange[] | undefined> => {
    const whose = await whoseIs(bench, extent, { line, alive }, commit);
    if (whose === "own") mine.set(commit.oid, commit);
    else others.push(commit);
    return whose === "other" ? [] : await readable(() => bench.own(commit));
  });
  let at = 0;
  for await (const changes of made) {
    if (changes === undefined) return undefined;
    const into = mine.has(commits[at]?.oid ?? "") ? own : doubtful;
    for (const { path } of changes) into.add(path);
    at += 1;
  }
  for (const path of own) doubtful.delete(path);
  const known = othersPaths(bench, others);
  for (const path of await takenOver(bench, extent, mine, own))
    if ((await known())?.has(path) !== false) doubtful.add(path);
  return {
    own,
    doubtful,
    byOthers: async (path) =>
      others.length > 0 && ((await known())?.has(path) ?? ("unknown" as const)),
  };
}

async function whoseIs(
  bench: Bench,
  { name, life }: Extent,
  { line, alive }: { readonly line: ReadonlySet<string>; readonly alive: ReadonlySet<string> },
  commit: CommitObject,
): Promise<"own" | "other" | "nobody's"> {
  const trailer = trailerRun(commit);
  if (life.brings.has(commit.oid)) return "own";
  if (trailer !== undefined) return runText(trailer) === runText(name) ? "own" : "other";
  if (!alive.has(commit.oid)) return "other";
  const { identity } = await identityOfCommit(bench, commit, { vouched: false });
  const worker = identity.kind === "worker" && identity.name === name.worker;
  if (identity.proven && !worker) return "other";
  // Beside the line, but begun inside the run: its worker's without a name, or main's after it took the run.
  return line.has(commit.oid) || worker ? "own" : "nobody's";
}

/**
 * The run's own line of commits: from P down the first parent that holds its claims file. (Plain
 * first parents would walk down main where the worker merged his branch into it.)
 */
function lineOf(life: Life, end: CommitObject): Set<string> {
  const alive = new Map(life.commits.map((commit) => [commit.oid, commit]));
  const line = new Set<string>();
  for (let at: CommitObject | undefined = end; at !== undefined; ) {
    line.add(at.oid);
    const next: string | undefined = at.parents.find((oid) => alive.has(oid));
    at = next === undefined ? undefined : alive.get(next);
  }
  return line;
}

/** Own paths that stand at P as the other side of one of the run's merges holds them. */
async function takenOver(
  bench: Bench,
  { after, start }: Extent,
  mine: ReadonlyMap<string, CommitObject>,
  own: ReadonlySet<RepoPath>,
): Promise<Set<RepoPath>> {
  const taken = new Set<RepoPath>();
  for (const merge of mine.values()) {
    if (merge.parents.length < 2) continue;
    for (const oid of merge.parents) {
      if (mine.has(oid) || oid === start) continue;
      const side = await presentCommit(bench, oid);
      const there = side && (await bench.tree(side));
      for (const path of there === undefined ? [] : own) {
        const [is, was] = [await after.entry(path), await there?.entry(path)];
        if (is?.oid === was?.oid && is?.mode === was?.mode) taken.add(path);
      }
    }
  }
  return taken;
}

/** Paths that these commits changed, asked once and only where somebody wants to know; no merges. */
function othersPaths(
  bench: Bench,
  others: readonly CommitObject[],
): () => Promise<ReadonlySet<RepoPath> | undefined> {
  let asked: Promise<ReadonlySet<RepoPath> | undefined> | undefined;
  const ask = async (): Promise<ReadonlySet<RepoPath> | undefined> => {
    const paths = new Set<RepoPath>();
    const single = others.filter(({ parents }) => parents.length < 2);
    for await (const changes of inOrder(single, async (one) => readable(() => bench.own(one)))) {
      if (changes === undefined) return undefined;
      for (const { path } of changes) paths.add(path);
    }
    return paths;
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}
