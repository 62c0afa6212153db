/**
 * The extent of a run in history: from S, before the commit that brought `open`, to P (TRUST.md §4).
 * Walks only the commits that hold the run's claims file, so its cost is the run, not the repository.
 */
import { type RepoPath, type RunName, runText } from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import { STAGED } from "./changes-staged.ts";
import type { CommitObject } from "./commit-object.ts";
import { commitsBetween } from "./refs.ts";
import { commitsPerhapsTouching } from "./runs-claims.ts";
import { type HeldLines, presentCommit } from "./runs-lines.ts";
import { trailerRun } from "./who.ts";

/** The commits that hold the run's claims file without a gap, up to P. */
export interface Life {
  /** Parents before children. */
  readonly commits: readonly CommitObject[];
  /** Per commit id: how many lines it brings, and from which on. */
  readonly brings: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  /** True where a parent is not in this clone. */
  readonly incomplete: boolean;
}

/** Walks back from `end` while the file stands. */
export async function lifeOf(bench: Bench, held: HeldLines, end: CommitObject): Promise<Life> {
  const commits: CommitObject[] = [];
  const brings = new Map<string, { from: number; to: number }>();
  const seen = new Set<string>([end.oid]);
  let incomplete = false;
  // By hand, not by recursion: a run may have thousands of commits.
  const stack: { commit: CommitObject; parents: string[] }[] = [
    { commit: end, parents: [...end.parents] },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const oid = top.parents.shift();
    if (oid === undefined) {
      stack.pop();
      const { commit } = top;
      const to = (await held.at(commit)) ?? 0;
      const parents = await held.atParents(commit);
      // Who brought a line is unknown where the commit before is: nobody is named for it.
      if (parents.missing) incomplete = true;
      else if (to > parents.held) brings.set(commit.oid, { from: parents.held, to });
      commits.push(commit);
      continue;
    }
    if (seen.has(oid)) continue;
    seen.add(oid);
    const parent = await presentCommit(bench, oid);
    if (parent !== undefined && ((await held.at(parent)) ?? 0) > 0)
      stack.push({ commit: parent, parents: [...parent.parents] });
  }
  return { commits, brings, incomplete };
}

export interface RunStart {
  /** S; undefined where the run began with a root commit. */
  readonly commit: string | undefined;
}

/**
 * S: the first parent of the oldest commit that brings `open`, or of the commits right before it that name
 * the run: a worker may commit a file before its claims file, and a rebase puts commits in another order.
 */
export async function startOf(
  bench: Bench,
  run: { name: RunName; path: RepoPath; lines: number },
  held: HeldLines,
  life: Life,
  end: CommitObject,
): Promise<RunStart> {
  const first = life.commits.find((commit) => life.brings.get(commit.oid)?.from === 0);
  const brought = first === undefined ? undefined : life.brings.get(first.oid);
  const trailer = first === undefined ? undefined : trailerRun(first);
  const own = trailer !== undefined && runText(trailer) === runText(run.name);
  // The whole file in one commit that is not the worker's: a squash, a backport, or a file that comes
  // back after a revert. Then the run may have begun before the gap. All history is asked only here.
  if (first !== undefined && brought?.to === run.lines && !own) {
    const tips = end.oid === first.oid ? end.parents : [first.oid];
    for (const oid of await commitsPerhapsTouching(bench.repo, tips, run.path)) {
      const commit = await presentCommit(bench, oid);
      if (commit === undefined || !(await held.at(commit))) continue;
      if ((await held.atParents(commit)).held === 0)
        return { commit: await behindOwn(bench, run.name, commit.parents[0]) };
    }
  }
  return { commit: await behindOwn(bench, run.name, first?.parents[0]) };
}

/** The commit itself, or the nearest one before it whose trailer does not name the run. */
async function behindOwn(
  bench: Bench,
  name: RunName,
  oid: string | undefined,
): Promise<string | undefined> {
  for (let at = oid; ; ) {
    const commit = at === undefined ? undefined : await presentCommit(bench, at);
    const trailer = commit && trailerRun(commit);
    if (trailer === undefined || runText(trailer) !== runText(name)) return at;
    at = commit?.parents[0];
  }
}

/** The commits between S and P, P among them; undefined where this clone does not hold them all. */
export async function commitsOfExtent(
  bench: Bench,
  start: string | undefined,
  end: CommitObject,
): Promise<CommitObject[] | undefined> {
  const line: CommitObject[] = [];
  let at = end;
  // Most runs are one line of commits: no process is started for them.
  while (at.parents.length <= 1) {
    line.push(at);
    const oid = at.parents[0];
    if (oid === undefined || oid === start) return line.reverse();
    const parent = await presentCommit(bench, oid);
    if (parent === undefined) return undefined;
    at = parent;
  }
  const exclude = start === undefined ? [] : [start];
  // A merge that is only staged has no id to ask git about, its parents have.
  const staged = at.oid === STAGED;
  const include = staged ? at.parents : [at.oid];
  const rest: CommitObject[] = staged ? [at] : [];
  for (const oid of await commitsBetween(bench.repo, { include, exclude })) {
    const commit = await presentCommit(bench, oid);
    if (commit === undefined) return undefined;
    rest.push(commit);
  }
  return [...rest, ...line.reverse()];
}
