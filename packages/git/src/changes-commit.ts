/**
 * One commit as a Change, and many in order with a few made ahead, so that git's batch process is
 * never idle. A hostile object becomes part of the Change, for the gate to refuse; it stops nothing.
 */
import {
  type Change,
  emptyTree,
  type HostileObject,
  isFault,
  type Knowledge,
  type LooseText,
  type PathChange,
  pathToBytes,
  type RefMove,
  type RepoPath,
  type Tree,
} from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";
import { fileAuthors } from "./file-authors.ts";
import { formerBlobs } from "./former-blobs.ts";
import { treeAt } from "./git-tree.ts";
import { identityOfCommit } from "./who.ts";

/** What every change of one ref shares. */
export interface Frame {
  readonly ref: RefMove | undefined;
  readonly governed: boolean;
}

/** How many commits are made ahead of the one that is judged. */
const AHEAD = 24;

/** The fields that come from the bench and the ref alone. */
export function frameOf(bench: Bench, frame: Frame) {
  const { trusted, ledger, local, published, now } = bench.judging;
  return {
    trusted,
    ledger,
    ref: frame.ref,
    governed: frame.governed,
    local,
    published,
    now,
    runs: [],
    authorsOf: async (path: RepoPath) => await fileAuthors(bench, path),
  } satisfies Partial<Change>;
}

/** One commit against its parents. Faults `git/missing-object`. */
export async function commitChange(bench: Bench, frame: Frame, oid: string): Promise<Change> {
  const hostile: HostileObject[] = [];
  const commit = await orHostile(hostile, () => bench.commit(oid));
  if (commit === undefined) return await unreadable(bench, frame, oid, hostile);
  const { identity, signature } = await identityOfCommit(bench, commit, { vouched: true });
  const trees = await Promise.all([
    bench.tree(commit),
    ...commit.parents.map((parent) => parentTree(bench, parent, hostile)),
  ]);
  const own = await orHostile(hostile, () => bench.own(commit));
  bench.repo.objects.expect(blobsOf(own ?? []));
  const [after = emptyTree, ...parents] = own === undefined ? await readableTrees(trees) : trees;
  return {
    ...frameOf(bench, frame),
    scope: "commit",
    before: parents[0] ?? emptyTree,
    after,
    parents,
    own: own ?? [],
    commit: oid,
    message: commit.message,
    author: commit.author,
    signature,
    identity,
    texts: [textOf(commit), ...folderNames(bench.emptyFolders(commit))],
    known: knowledge(bench, "message", "signature"),
    formerBlobs: formerBlobs(bench.repo, commit.parents),
    ...(hostile.length === 0 ? {} : { hostile }),
  };
}

/** Results in the order of the items, a few made ahead; a failure surfaces when its turn comes. */
export async function* inOrder<T, R>(
  items: readonly T[],
  make: (item: T) => Promise<R>,
  ahead = AHEAD,
): AsyncGenerator<R> {
  const waiting: Promise<R>[] = [];
  let next = 0;
  for (;;) {
    for (; waiting.length < ahead && next < items.length; next += 1) {
      const made = make(items[next] as T);
      // The consumer may stop early, and node ends a process over a rejection that nobody awaits.
      made.catch(() => undefined);
      waiting.push(made);
    }
    const first = waiting.shift();
    if (first === undefined) return;
    yield await first;
  }
}

/** What a surface knows: these, and the pusher where there is one. */
export function knowledge(bench: Bench, ...known: readonly Knowledge[]): ReadonlySet<Knowledge> {
  return new Set(bench.judging.pusher === undefined ? known : [...known, "pusher"]);
}

/** Does the work; a hostile object is written down and gives undefined. Other faults pass through. */
export async function orHostile<T>(
  hostile: HostileObject[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error) || !error.code.startsWith("git/hostile-")) throw error;
    const { code, message } = error;
    if (!hostile.some((one) => one.message === message)) hostile.push({ code, message });
    return undefined;
  }
}

/**
 * The trees, with those that cannot be read whole replaced: the first by the second, others by the
 * empty one. Rules would fault on a hostile tree, and the finding says more than a fault.
 */
export async function readableTrees(trees: readonly Tree[]): Promise<Tree[]> {
  const whole = await Promise.all(
    trees.map(async (tree) =>
      (await orHostile([], async () => await tree.entries())) === undefined ? undefined : tree,
    ),
  );
  return whole.map((tree, at) => tree ?? (at === 0 ? whole[1] : undefined) ?? emptyTree);
}

async function parentTree(bench: Bench, oid: string, hostile: HostileObject[]): Promise<Tree> {
  return (await orHostile(hostile, () => treeAt(bench.repo, oid))) ?? emptyTree;
}

/** A commit that cannot even be parsed: its raw bytes, and why. */
async function unreadable(
  bench: Bench,
  frame: Frame,
  oid: string,
  hostile: readonly HostileObject[],
): Promise<Change> {
  const raw: CommitObject = {
    oid,
    tree: "",
    parents: [],
    author: "",
    committer: "",
    message: "",
    raw: (await bench.repo.objects.read(oid)).bytes,
    signatures: [],
    payload: Buffer.alloc(0),
  };
  const { identity, signature } = await identityOfCommit(bench, raw, { vouched: true });
  return {
    ...frameOf(bench, frame),
    scope: "commit",
    before: emptyTree,
    after: emptyTree,
    parents: [],
    own: [] satisfies PathChange[],
    commit: oid,
    message: undefined,
    signature,
    identity,
    texts: [textOf(raw)],
    known: knowledge(bench),
    hostile,
  };
}

/** The files that the rules will read. */
function blobsOf(own: readonly PathChange[]): string[] {
  return own.flatMap(({ after }) =>
    after === undefined || after.mode === "160000" ? [] : [after.oid],
  );
}

/** A folder without files is no change to any path, but its name is pushed all the same. */
export function folderNames(folders: readonly RepoPath[]): LooseText[] {
  if (folders.length === 0) return [];
  const bytes = Buffer.concat(folders.map((path) => pathToBytes(`${path}\n`)));
  return [{ name: "names of folders without files", bytes }];
}

function textOf(commit: CommitObject): LooseText {
  return { name: `commit ${commit.oid.slice(0, 12)}`, bytes: commit.raw };
}
