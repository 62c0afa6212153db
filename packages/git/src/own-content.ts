/**
 * What a commit itself brings. A merge is compared with the automatic merge of its parents
 * (TRUST.md §5): comparing with each parent would list main's files, and comparing with all of them
 * would miss a fix that the merge silently dropped.
 */
import {
  compareBytes,
  type PathChange,
  pathFromBytes,
  type RepoPath,
  type Tree,
} from "@wingman/model";
import { BoundedCache } from "./bounded-cache.ts";
import { type CommitObject, readCommit } from "./commit-object.ts";
import { gitFailed, isKnownFailure } from "./git-failure.ts";
import { treeOver } from "./git-tree.ts";
import { nulList } from "./nul-list.ts";
import type { Environment, Repo } from "./repo.ts";
import { diffTrees, type OnEmptyFolder } from "./tree-diff.ts";

/** The automatic merge of two commits, as git would make it without anyone's configuration. */
interface AutomaticMerge {
  /** A tree object in the scratch; conflicted files hold conflict markers. */
  readonly tree: string;
  readonly conflicted: readonly RepoPath[];
}

// What a user's own configuration would change: the same merge must come out on every surface.
const MERGE_SETTINGS = [
  ...["-c", "merge.renames=true", "-c", "merge.directoryRenames=conflict"],
  ...["-c", "merge.conflictStyle=merge", "-c", "merge.renormalize=false"],
];

const ANY = Array.from({ length: 256 }, (_, code) => code);
// More parents than this are nobody's work (the kernel's largest merge has 66).
const MOST_PARENTS = 70;
const NOBODY: Environment = {
  GIT_AUTHOR_NAME: "wingman",
  GIT_AUTHOR_EMAIL: "wingman@localhost",
  GIT_AUTHOR_DATE: "@1 +0000",
  GIT_COMMITTER_NAME: "wingman",
  GIT_COMMITTER_EMAIL: "wingman@localhost",
  GIT_COMMITTER_DATE: "@1 +0000",
};

/**
 * What a commit itself changed, in git's order. A root commit: everything. A merge: what differs from
 * the automatic merge, and every conflicted path (someone decided there); an octopus is merged parent
 * by parent, as git does. Where git can make no such merge, every path that differs from any parent:
 * too much rather than too little. Faults as the tree reader does.
 */
export async function ownContent(
  repo: Repo,
  commit: CommitObject,
  onEmpty?: OnEmptyFolder,
): Promise<PathChange[]> {
  const parents = [...new Set(commit.parents)];
  const after = treeOver(repo.objects, commit.tree);
  // A missing parent must be a fault of its own, not a merge that cannot be made.
  const sides = await Promise.all(
    parents.map(async (oid) => treeOver(repo.objects, (await readCommit(repo, oid)).tree)),
  );
  if (sides.length < 2) return diffTrees(repo, sides[0], after, onEmpty);
  const merge = parents.length > MOST_PARENTS ? undefined : await knownMerge(repo, parents);
  if (merge === undefined) return unlikeAnyParent(repo, sides, after, onEmpty);
  const changes = await diffTrees(repo, treeOver(repo.objects, merge.tree), after, onEmpty);
  if (merge.conflicted.length === 0) return changes;
  const listed = new Set(changes.map(({ path }) => path));
  // A binary conflict leaves one parent's file in the automatic merge: who took that side decided
  // as much as who took the other, and dropped the other's change.
  for (const path of merge.conflicted)
    if (!listed.has(path)) changes.push(...(await decided(path, after, sides)));
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** What a proposal would make of the branch that it asks to land on; undefined where they conflict. */
export async function cleanMerge(
  repo: Repo,
  base: string,
  head: string,
): Promise<Tree | undefined> {
  const merge = await knownMerge(repo, [base, head]);
  if (merge === undefined || merge.conflicted.length > 0) return undefined;
  return treeOver(repo.objects, merge.tree);
}

async function decided(path: RepoPath, after: Tree, sides: readonly Tree[]): Promise<PathChange[]> {
  const now = await after.entry(path);
  for (const side of sides) {
    const was = await side.entry(path);
    if (was?.oid === now?.oid && was?.mode === now?.mode) continue;
    return [
      {
        path,
        ...(was === undefined ? {} : { before: was }),
        ...(now === undefined ? {} : { after: now }),
      },
    ];
  }
  return [];
}

async function unlikeAnyParent(
  repo: Repo,
  sides: readonly Tree[],
  after: Tree,
  onEmpty: OnEmptyFolder | undefined,
): Promise<PathChange[]> {
  const found = new Map<RepoPath, PathChange>();
  for (const side of sides)
    for (const change of await diffTrees(repo, side, after, onEmpty))
      if (!found.has(change.path)) found.set(change.path, change);
  return [...found.values()].sort((a, b) => compareBytes(a.path, b.path));
}

// A merge is asked for as a commit of the change and again for each run around it.
const known = new WeakMap<Repo, BoundedCache<Promise<AutomaticMerge | undefined>>>();

function knownMerge(repo: Repo, parents: readonly string[]): Promise<AutomaticMerge | undefined> {
  const merges = known.get(repo) ?? new BoundedCache<Promise<AutomaticMerge | undefined>>(1 << 20);
  known.set(repo, merges);
  const key = parents.join(" ");
  const held = merges.get(key);
  if (held !== undefined) return held;
  const merge = automaticMerge(repo, parents);
  merges.set(key, merge, key.length + 200);
  return merge;
}

/** Merges commits in the scratch, one after the other; undefined where git cannot. */
async function automaticMerge(
  repo: Repo,
  parents: readonly string[],
): Promise<AutomaticMerge | undefined> {
  const { alone } = await repo.scratch();
  const conflicted = new Set<RepoPath>();
  let tree: string | undefined;
  const [first = "", ...others] = parents;
  const merged = [first];
  let head = first;
  for (const other of others) {
    if (tree !== undefined) {
      const named = merged.flatMap((oid) => ["-p", oid]);
      const commit = ["commit-tree", tree, ...named, "-m", "automatic merge"];
      const { stdout } = await repo.run(commit, { env: { ...alone, ...NOBODY } });
      head = stdout.toString("latin1").trim();
    }
    const step = await mergeOf(repo, alone, head, other);
    if (step === undefined) return undefined;
    tree = step.tree;
    for (const path of step.conflicted) conflicted.add(path);
    merged.push(other);
  }
  return tree === undefined ? undefined : { tree, conflicted: [...conflicted] };
}

async function mergeOf(
  repo: Repo,
  env: Environment,
  first: string,
  second: string,
): Promise<AutomaticMerge | undefined> {
  const args = [
    ...MERGE_SETTINGS,
    ...["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"],
    ...["--allow-unrelated-histories", first, second],
  ];
  const result = await repo.run(args, { env, okCodes: ANY });
  const [tree = Buffer.alloc(0), ...names] = nulList(result.stdout);
  const id = tree.toString("latin1");
  // 0 is a clean merge, 1 one with conflicts. A full disk or a missing object is a fault, not a
  // merge that cannot be made.
  if (result.code <= 1 && /^[0-9a-f]+$/.test(id))
    return { tree: id, conflicted: names.filter((name) => name.length > 0).map(pathFromBytes) };
  if (isKnownFailure(result)) gitFailed(args.slice(MERGE_SETTINGS.length), result);
  return undefined;
}
