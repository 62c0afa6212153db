/**
 * What a ref would point at, whole: its tree against the old one, its name and tag objects as loose
 * text, and who lands it. Takes whatever a ref may name: commits, tags of tags, blobs, trees.
 */
import {
  type Change,
  differences,
  emptyTree,
  type HostileObject,
  type Identity,
  identify,
  type LooseText,
  type PathChange,
  pathToBytes,
  type RepoPath,
  type Signature,
  type Tree,
} from "@wingman/model";
import {
  type Frame,
  folderNames,
  frameOf,
  knowledge,
  orHostile,
  readableTrees,
} from "./changes-commit.ts";
import type { Bench } from "./changes-judging.ts";
import { blobTree } from "./changes-loose-tree.ts";
import { type CommitObject, peel } from "./commit-object.ts";
import { treeAt } from "./git-tree.ts";
import { cleanMerge } from "./own-content.ts";
import { isAncestor } from "./refs.ts";
import type { Repo } from "./repo.ts";
import { diffTrees, type OnEmptyFolder } from "./tree-diff.ts";
import { identityOfCommit, trailerRun } from "./who.ts";

/** What a ref's id comes to when its tags are followed. */
export interface Peeled {
  readonly type: "commit" | "tree" | "blob" | "hostile";
  readonly oid: string;
  /** The tag objects on the way, outermost first. */
  readonly tags: readonly LooseText[];
  readonly hostile: readonly HostileObject[];
}

/** Follows tags; a tag that cannot be read is `hostile` with its raw bytes. Faults `git/missing-object`. */
export async function peeledAt(repo: Repo, oid: string): Promise<Peeled> {
  const hostile: HostileObject[] = [];
  const peeled = await orHostile(hostile, () => peel(repo, oid));
  if (peeled === undefined) {
    const raw = (await repo.objects.read(oid)).bytes;
    return { type: "hostile", oid, tags: [tagText(oid, raw)], hostile };
  }
  const tags = peeled.chain.map((tag) => tagText(tag.oid, tag.raw));
  return { type: peeled.type, oid: peeled.oid, tags, hostile };
}

export interface TipMove {
  /** Undefined: the ref is created. */
  readonly old: Peeled | undefined;
  /** Undefined: the ref is deleted. */
  readonly after: Peeled | undefined;
  /** A new ref on a commit that was judged already. */
  readonly settled: boolean;
  /** A governed branch that is created: the newest state of the policy branch that it holds. */
  readonly landed?: string | undefined;
  readonly proposal: boolean;
}

/** The tip-scope Change. Faults `git/missing-object`. */
export async function tipChange(bench: Bench, frame: Frame, move: TipMove): Promise<Change> {
  const { repo } = bench;
  const { after } = move;
  const hostile: HostileObject[] = [...(after?.hostile ?? [])];
  const merged = await orHostile(hostile, () => mergedSides(bench, move));
  const old =
    merged?.before ?? (await orHostile(hostile, () => treeBefore(bench, move))) ?? emptyTree;
  const now = merged?.after ?? (await orHostile(hostile, () => treeOfPeeled(repo, after))) ?? old;
  const empty: RepoPath[] = [];
  const own = await orHostile(hostile, () =>
    differing(repo, { before: old, after: now }, (path) => empty.push(path)),
  );
  const readable = own === undefined ? await readableTrees([now, old]) : [now, old];
  const [tree = emptyTree, before = emptyTree] = readable;
  const commit =
    after?.type === "commit" ? await orHostile(hostile, () => bench.commit(after.oid)) : undefined;
  const { identity, signature } = await landerOf(bench, commit);
  const name = frame.ref?.name;
  return {
    ...frameOf(bench, frame),
    scope: "tip",
    before,
    after: tree,
    parents: [before],
    own: own ?? [],
    commit: undefined,
    message: undefined,
    signature,
    identity,
    texts: [
      ...(name === undefined ? [] : [{ name: "name of the ref", bytes: pathToBytes(name) }]),
      ...(after?.tags ?? []),
      // Those that a commit brings are told with it.
      ...(after?.type === "tree" ? folderNames(empty) : []),
    ],
    known: signature === undefined ? knowledge(bench) : knowledge(bench, "signature"),
    ...(hostile.length === 0 ? {} : { hostile }),
  };
}

/**
 * Content that no commit carries (a tag of a blob or of a tree) as a commit-scope Change, so that the
 * rules which read every commit read it too. Undefined where the ref names a commit or nothing.
 */
export function contentChange(tip: Change, after: Peeled | undefined): Change | undefined {
  if (after === undefined || after.type === "commit") return undefined;
  return { ...tip, scope: "commit", parents: [tip.before] };
}

/**
 * A proposal whose base has gone on: what stands there, and what merging makes of it. Compared with
 * where it left the base, a rollback would be missed: two branches that merged each other crosswise
 * have two such places, and law as it stood at one of them would come back unseen.
 */
async function mergedSides(
  bench: Bench,
  { old, after, proposal }: TipMove,
): Promise<{ before: Tree; after: Tree } | undefined> {
  const { repo } = bench;
  if (!proposal || old?.type !== "commit" || after?.type !== "commit") return undefined;
  if (await isAncestor(repo, old.oid, after.oid)) return undefined;
  const tree = await cleanMerge(repo, old.oid, after.oid);
  // In conflict it cannot land as it is; whoever resolves it makes another head.
  return tree === undefined ? undefined : { before: await treeAt(repo, old.oid), after: tree };
}

/** Where the change is compared from: the old tip, or where a new ref or proposal left what stands. */
async function treeBefore(bench: Bench, move: TipMove): Promise<Tree> {
  const { old, after, settled, proposal } = move;
  if (settled) return await treeOfPeeled(bench.repo, after);
  if (move.landed !== undefined) return await treeAt(bench.repo, move.landed);
  const base =
    old?.type === "commit" ? old.oid : old === undefined ? bench.judging.trusted.commit : "";
  const fork = proposal || old === undefined;
  if (fork && after?.type === "commit" && base !== undefined && base !== "") {
    const common = await mergeBase(bench.repo, base, after.oid);
    if (common !== undefined) return await treeAt(bench.repo, common);
  }
  return await treeOfPeeled(bench.repo, old);
}

async function mergeBase(repo: Repo, a: string, b: string): Promise<string | undefined> {
  if (!(await repo.objects.has(a))) return undefined;
  const { stdout } = await repo.run(["merge-base", a, b], { okCodes: [0, 1] });
  const first = stdout.toString("latin1").split("\n")[0];
  return first === undefined || first === "" ? undefined : first;
}

async function treeOfPeeled(repo: Repo, peeled: Peeled | undefined): Promise<Tree> {
  if (peeled === undefined || peeled.type === "hostile") return emptyTree;
  if (peeled.type === "blob") return blobTree(repo, peeled.oid);
  return await treeAt(repo, peeled.oid);
}

/** The door's own diff knows git's trees only; a lone blob's tree is compared by its listing. */
async function differing(
  repo: Repo,
  { before, after }: { before: Tree; after: Tree },
  onEmpty: OnEmptyFolder,
): Promise<PathChange[]> {
  const loose = [before, after].some((tree) => tree.id.startsWith("memory:blob-"));
  if (loose) return await differences(before, after);
  const orNone = (tree: Tree) => (tree === emptyTree ? undefined : tree);
  return await diffTrees(repo, orNone(before), orNone(after), onEmpty);
}

/**
 * Who lands it: the pusher; without one, whoever made the tip. The tip's trailer lowers a pusher only
 * where his login stands for that very worker: a person may land a worker's commits.
 */
async function landerOf(
  bench: Bench,
  commit: CommitObject | undefined,
): Promise<{ identity: Identity; signature: Signature | undefined }> {
  const { trusted } = bench.judging;
  const pusher = bench.judging.lander ?? bench.judging.pusher;
  const signature = commit === undefined ? undefined : bench.signature(commit);
  if (pusher === undefined) {
    if (commit !== undefined) return await identityOfCommit(bench, commit, { vouched: false });
    const nobody = identify(trusted.policy, { signature: { state: "absent" } });
    return { identity: nobody, signature };
  }
  const run = commit === undefined ? undefined : trailerRun(commit);
  const origin = { signature: { state: "absent" }, pusher } as const;
  const plain = identify(trusted.policy, origin);
  if (run === undefined || (await bench.closedOnGoverned(run)))
    return { identity: plain, signature };
  const lowered = identify(trusted.policy, { ...origin, run });
  const same = lowered.proven && lowered.name === run.worker;
  return { identity: same ? lowered : plain, signature };
}

function tagText(oid: string, bytes: Uint8Array): LooseText {
  return { name: `tag object ${oid.slice(0, 12)}`, bytes };
}
