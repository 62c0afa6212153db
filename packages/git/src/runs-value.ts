/**
 * One run made into a value: its extent, its own diff, and who brought each line. Paths that only a
 * merge brought stand apart as foreign: the run did not make them.
 */
import {
  type ClaimsFile,
  emptyTree,
  type Identity,
  parseClaimsFile,
  type RepoPath,
  type Run,
  type RunName,
  runText,
  type Tree,
} from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";
import { type Life, lifeOf, startOf } from "./runs-extent.ts";
import { type Ancestry, historyOf } from "./runs-history.ts";
import {
  type FoundFile,
  type HeldLines,
  heldLines,
  presentCommit,
  readable,
} from "./runs-lines.ts";
import { ownPaths } from "./runs-own.ts";
import { severalHands } from "./several-hands.ts";
import { diffTrees } from "./tree-diff.ts";
import { identityOfCommit } from "./who.ts";

/** Whether the pusher brought this commit himself, and so vouches for its claims lines. */
export type Vouched = (oid: string) => Promise<boolean>;

export interface FoundClaims extends FoundFile {
  readonly file: ClaimsFile;
}

/** A commit that a run may have been closed at. */
export interface RunEnd {
  readonly commit: CommitObject;
  /** False where what came before is not in this clone: the run was closed there or earlier. */
  readonly placed: boolean;
}

/** The run whose claims file this is, up to `end`. */
export async function runAt(
  bench: Bench,
  ancestry: Ancestry,
  found: FoundClaims & { readonly end: RunEnd; readonly vouched: Vouched },
): Promise<Run> {
  const { path, file, vouched } = found;
  const { commit: end, placed } = found.end;
  const held = heldLines(bench, found);
  const life = await lifeOf(bench, held, end);
  const run = { name: file.name, path, lines: file.lines.length };
  const start = (await startOf(bench, run, held, life, end)).commit;
  const first = start === undefined ? undefined : await presentCommit(bench, start);
  const before = first === undefined ? emptyTree : await bench.tree(first);
  const after = await bench.tree(end);
  const cut = life.incomplete || (start !== undefined && first === undefined);
  const differs = cut ? undefined : await readable(() => diffTrees(bench.repo, before, after));
  const paths = differs && (await ownPaths(bench, { name: file.name, life, start, end, after }));
  const own = paths?.own;
  return {
    name: file.name,
    file,
    start: { commit: start, tree: before },
    end: { commit: end.oid, tree: after },
    placed,
    diff: own === undefined ? [] : (differs ?? []).filter((change) => own.has(change.path)),
    foreign: new Set(
      own && differs?.filter((change) => !own.has(change.path)).map(({ path: one }) => one),
    ),
    doubtful: new Set(
      differs?.filter((change) => paths?.doubtful.has(change.path)).map(({ path: one }) => one),
    ),
    incomplete: own === undefined,
    broughtBy: held.guessed() ? new Map() : await bringers(bench, file.name, life, vouched),
    history: {
      ...historyOf(bench, ancestry, await bench.shallow()),
      byOthers: async (one) => (paths === undefined ? "unknown" : await paths.byOthers(one)),
    },
  };
}

/**
 * The commits, oldest first, that hold so many lines while none of their parents does. More than one
 * where branches closed a run side by side, or somebody carried it: each is another tree for the claims
 * to be true of. One that holds them where this clone ends is not placed: at another commit than P a true
 * claim may look false, and a false one true.
 */
export async function commitsHolding(
  bench: Bench,
  held: HeldLines,
  lines: number,
  oids: readonly string[],
): Promise<RunEnd[]> {
  const found: RunEnd[] = [];
  for (const oid of oids) {
    const commit = await presentCommit(bench, oid);
    if (commit === undefined || ((await held.at(commit)) ?? 0) < lines) continue;
    const parents = await held.atParents(commit);
    if (parents.held >= lines) continue;
    if (!parents.missing || found.length === 0) found.push({ commit, placed: !parents.missing });
  }
  return found;
}

/**
 * The claims file at the tip; where it is gone there, or spoilt, as the newest of these commits holds it: a
 * forge has no hook that keeps the next commit out, and nobody hides a lie behind a file that cannot be read.
 */
export async function lastState(
  bench: Bench,
  tip: Tree,
  path: RepoPath,
  oids: readonly string[],
): Promise<FoundClaims | undefined> {
  const last = await claimsFileIn(tip, path);
  if (last !== undefined) return last;
  for (const oid of [...oids].reverse()) {
    const commit = await presentCommit(bench, oid);
    const found = commit && (await claimsFileIn(await bench.tree(commit), path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A claims file with a sound chain, or undefined: the gate refuses a broken one with its reason. */
export async function claimsFileIn(tree: Tree, path: RepoPath): Promise<FoundClaims | undefined> {
  const entry = await tree.entry(path);
  if (entry === undefined || (entry.mode !== "100644" && entry.mode !== "100755")) return undefined;
  const bytes = await tree.read(entry);
  const parsed = parseClaimsFile(path, bytes);
  return parsed.ok ? { path, file: parsed.value, bytes, oid: entry.oid } : undefined;
}

/** Per line: the identity of the oldest commit that holds it while no parent does. */
async function bringers(
  bench: Bench,
  name: RunName,
  life: Life,
  vouched: Vouched,
): Promise<Map<number, Identity>> {
  const by = new Map<number, Identity>();
  for (const commit of life.commits) {
    const lines = life.brings.get(commit.oid);
    if (lines === undefined) continue;
    const options = { vouched: await vouched(commit.oid), about: name };
    const { identity: who } = await identityOfCommit(bench, commit, options);
    const own = who.run !== undefined && runText(who.run) === runText(name);
    const several =
      !who.anyProof && !own && (await readable(() => severalHands(bench, commit, name)));
    const identity: Identity = several ? { ...who, several: true } : who;
    for (let seq = lines.from; seq < lines.to; seq += 1) if (!by.has(seq)) by.set(seq, identity);
  }
  return by;
}
