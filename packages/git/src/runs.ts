/**
 * Runs as history shows them (TRUST.md §4): S, P, the run's own diff, and who brought each line.
 * Refuses to guess: what a shallow clone does not hold makes a run `incomplete`.
 */
import {
  type Change,
  CLAIMS_DIR,
  type ClaimsFile,
  claimsPath,
  type RepoPath,
  type Run,
  type RunName,
  runOfPath,
  runText,
  type Tree,
} from "@wingman/model";
import { inOrder, orHostile } from "./changes-commit.ts";
import { type Bench, benchOf, type Judging } from "./changes-judging.ts";
import { STAGED, stagedCommit } from "./changes-staged.ts";
import type { CommitObject } from "./commit-object.ts";
import { treeAt } from "./git-tree.ts";
import type { Repo } from "./repo.ts";
import { claimsTouched, commitsPerhapsTouching } from "./runs-claims.ts";
import { ancestryOf } from "./runs-history.ts";
import { heldLines } from "./runs-lines.ts";
import { claimsFileIn, commitsHolding, lastState, runAt, type Vouched } from "./runs-value.ts";
import { trailerRun } from "./who.ts";

/** Looking back: what a push record does not say, nobody vouches for. */
const unvouched: Vouched = async () => false;

export interface RunRange {
  /** Oldest first. */
  readonly commits: readonly string[];
  readonly tip: string;
  /** Default: for none. */
  readonly vouched?: Vouched;
}

/**
 * The runs whose `close` a commit of the range brings, each at P: the oldest commit of the range in
 * which the close line stands and in none of its parents. A file whose close was taken back is none.
 * A worker that closes one run on two branches, once where its claims are so and once where they are
 * not, and merges them, is judged on both: such a run is given once for each.
 */
export async function closedRuns(repo: Repo, judging: Judging, range: RunRange): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const run of closedRunsOn(benchOf(repo, judging, [judging.trusted.tree]), range))
    runs.push(run);
  return runs;
}

/** As {@link closedRuns}, one after the other, on a bench that knows the commits already. */
export async function* closedRunsOn(bench: Bench, range: RunRange): AsyncGenerator<Run> {
  const touched = await claimsTouched(bench.repo, range.commits);
  const tip = await treeAt(bench.repo, range.tip);
  const ancestry = ancestryOf(bench);
  const made = inOrder(
    [...touched],
    // A run in a hostile tree is none: the gate refuses the tree itself, in every mode.
    async ([path, oids]) => await orHostile([], async () => await closedAt(path, oids)),
    4,
  );
  for await (const runs of made) yield* runs ?? [];

  async function closedAt(path: RepoPath, oids: readonly string[]): Promise<Run[]> {
    const found = await lastState(bench, tip, path, oids);
    if (found?.file.close === undefined) return [];
    const held = heldLines(bench, found);
    const ends = await commitsHolding(bench, held, found.file.close.seq + 1, oids);
    const runs: Run[] = [];
    // Who carries a file to another commit (a squash, a revert's revert) closes nothing.
    for (const [at, end] of ends.entries())
      if (at === 0 || namesRun(end.commit, found.file.name))
        runs.push(
          await runAt(bench, ancestry, { ...found, end, vouched: range.vouched ?? unvouched }),
        );
    return runs;
  }
}

function namesRun(commit: CommitObject, name: RunName): boolean {
  const run = trailerRun(commit);
  return run !== undefined && runText(run) === runText(name);
}

/**
 * All closed runs that history up to these tips ever brought, one after the other. What an earlier tip
 * holds is not judged again for a later one.
 */
export async function* allClosedRuns(
  repo: Repo,
  judging: Judging,
  tips: readonly string[],
): AsyncGenerator<Run> {
  const bench = benchOf(repo, judging, [judging.trusted.tree]);
  const walked = new Set<string>();
  for (const tip of tips) {
    const touching = await commitsPerhapsTouching(repo, [tip], CLAIMS_DIR);
    const commits = touching.filter((oid) => !walked.has(oid));
    for (const oid of commits) walked.add(oid);
    yield* closedRunsOn(bench, { commits, tip });
  }
}

/** One named run: closed at P, or still open with the tip as its end. Undefined where no commit has it. */
export async function runOf(
  repo: Repo,
  judging: Judging,
  name: RunName,
  tip: string,
): Promise<Run | undefined> {
  const bench = benchOf(repo, judging, [judging.trusted.tree]);
  const path = claimsPath(name);
  const oids = await commitsPerhapsTouching(repo, [tip], path);
  const found = await lastState(bench, await treeAt(repo, tip), path, oids);
  if (found === undefined) return undefined;
  const held = heldLines(bench, found);
  const close = found.file.close;
  const end =
    close === undefined
      ? { commit: await bench.commit(tip), placed: true }
      : (await commitsHolding(bench, held, close.seq + 1, oids))[0];
  if (end === undefined) return undefined;
  return await runAt(bench, ancestryOf(bench), { ...found, end, vouched: unvouched });
}

/** A run's claims file as it stands in a tree; undefined where there is none, or its chain is broken. */
export async function openRunAt(tree: Tree, name: RunName): Promise<ClaimsFile | undefined> {
  return (await claimsFileIn(tree, claimsPath(name)))?.file;
}

/** The runs that the staged commit would close: P is the commit being made ({@link STAGED}). */
export async function stagedRun(
  repo: Repo,
  judging: Judging,
  changes: readonly Change[],
): Promise<Run[]> {
  const staged = changes.find((change) => change.scope === "commit" && change.commit === undefined);
  if (staged === undefined || !staged.own.some(({ path }) => runOfPath(path))) return [];
  const commit = await stagedCommit(repo, staged);
  const base = benchOf(repo, judging, [judging.trusted.tree]);
  const bench: Bench = {
    ...base,
    commit: async (oid) => (oid === STAGED ? commit : await base.commit(oid)),
    tree: async (one) => (one.oid === STAGED ? staged.after : await base.tree(one)),
    own: async (one) => (one.oid === STAGED ? staged.own : await base.own(one)),
  };
  const runs: Run[] = [];
  for (const { path } of staged.own) {
    if (runOfPath(path) === undefined) continue;
    const found = await claimsFileIn(staged.after, path);
    if (found?.file.close === undefined) continue;
    const held = heldLines(bench, found);
    if ((await held.atParents(commit)).held > found.file.close.seq) continue;
    runs.push(
      await runAt(bench, ancestryOf(bench), {
        ...found,
        end: { commit, placed: true },
        vouched: unvouched,
      }),
    );
  }
  return runs;
}
