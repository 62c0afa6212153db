/**
 * What differs between two trees, by tree objects: equal folders are never opened. No rename, no
 * attribute, no configuration can hide a path here.
 */
import { differences, emptyTree, type PathChange, type RepoPath, type Tree } from "@wingman/model";
import { bounded, entryOf, readAhead, treeAt, treeIdOf } from "./git-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Repo } from "./repo.ts";
import type { ParsedTree, TreeItem } from "./tree-object.ts";

const NONE: ParsedTree = new Map();
const OBJECT_ID = /^[0-9a-f]+$/;

/** Is told of each folder without any file that came. Git writes none, but its name is content too. */
export type OnEmptyFolder = (path: RepoPath) => void;

/**
 * What differs, in git's byte order; undefined is the empty tree. Ids may be commits' or tags'. A
 * file that became a folder is a path that went and paths that came. Faults as the tree reader does.
 */
export async function diffTrees(
  repo: Repo,
  before: Tree | string | undefined,
  after: Tree | string | undefined,
  onEmpty: OnEmptyFolder = () => {},
): Promise<PathChange[]> {
  const [from, to] = await Promise.all([treeId(repo, before), treeId(repo, after)]);
  // A tree in memory (a test's, or one that stands for no tree object) is compared by its listing.
  if (from === "memory" || to === "memory")
    return differences(await listing(repo, before), await listing(repo, after));
  const changes: PathChange[] = [];
  const count = bounded(to ?? from ?? "");
  const found = (change: PathChange): void => {
    changes.push(change);
  };
  await compare(repo.objects, from, to, "", { found, onEmpty, count });
  return changes;
}

async function treeId(repo: Repo, tree: Tree | string | undefined): Promise<string | undefined> {
  if (tree === undefined || tree === emptyTree) return undefined;
  if (typeof tree === "string") return treeIdOf(repo, tree);
  return OBJECT_ID.test(tree.id) ? tree.id : "memory";
}

async function listing(repo: Repo, tree: Tree | string | undefined): Promise<Tree> {
  if (tree === undefined) return emptyTree;
  if (typeof tree !== "string") return tree;
  return treeAt(repo, tree);
}

interface Told {
  readonly found: (change: PathChange) => void;
  readonly onEmpty: OnEmptyFolder;
  readonly count: (path: RepoPath) => void;
}

async function compare(
  objects: ObjectStore,
  from: string | undefined,
  to: string | undefined,
  prefix: RepoPath,
  told: Told,
): Promise<void> {
  if (from === to) return;
  const [old, now] = await Promise.all([
    from === undefined ? NONE : objects.tree(from),
    to === undefined ? NONE : objects.tree(to),
  ]);
  if (to !== undefined && now.size === 0 && prefix !== "") told.onEmpty(prefix);
  const pairs = [...differingPairs(old, now)];
  readAhead(objects, foldersOf(pairs));
  for (const [a, b] of pairs) {
    const name = (a ?? b)?.name ?? "";
    const path = `${prefix}${name}`;
    told.count(path);
    if ((a ?? b)?.mode === "040000") {
      await compare(objects, a?.oid, b?.oid, `${path}/`, told);
    } else {
      told.found({
        path,
        ...(a === undefined ? {} : { before: entryOf(a, path) }),
        ...(b === undefined ? {} : { after: entryOf(b, path) }),
      });
    }
  }
}

type Pair = readonly [TreeItem | undefined, TreeItem | undefined];

// Both sides are in git's order and a folder's key ends in `/`, so that one merge of the two lists
// pairs like with like: a file and a folder of one name are two keys, at their own places.
function* differingPairs(old: ParsedTree, now: ParsedTree): Generator<Pair> {
  const left = old.values();
  const right = now.values();
  let a = left.next().value;
  let b = right.next().value;
  while (a !== undefined || b !== undefined) {
    if (b === undefined || (a !== undefined && a.key < b.key)) {
      yield [a, undefined];
      a = left.next().value;
    } else if (a === undefined || b.key < a.key) {
      yield [undefined, b];
      b = right.next().value;
    } else {
      if (a !== b && (a.oid !== b.oid || a.mode !== b.mode)) yield [a, b];
      a = left.next().value;
      b = right.next().value;
    }
  }
}

function* foldersOf(pairs: readonly Pair[]): Generator<TreeItem> {
  for (const [a, b] of pairs) {
    if (a !== undefined) yield a;
    if (b !== undefined) yield b;
  }
}
