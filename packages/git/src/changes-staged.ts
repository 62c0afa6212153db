/**
 * The staged commit as Changes: the index as a tree against HEAD (and, in a merge, what is merged).
 * Builds no landing: a local commit on a governed branch is judged when it is pushed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Change,
  emptyTree,
  type HostileObject,
  type Identity,
  identify,
  type Knowledge,
  type LooseText,
  type PathChange,
  pathToBytes,
  type RefMove,
  type RunName,
  runOfMessage,
  type Tree,
} from "@wingman/model";
import { frameOf, orHostile } from "./changes-commit.ts";
import { type Bench, benchOf, type Judging } from "./changes-judging.ts";
import { governedTips, isGoverned, oldRefs } from "./changes-old-refs.ts";
import type { CommitObject } from "./commit-object.ts";
import { formerBlobs } from "./former-blobs.ts";
import { treeAt } from "./git-tree.ts";
import { ownContent } from "./own-content.ts";
import { headBranch, resolve } from "./refs.ts";
import type { Repo } from "./repo.ts";
import { stagedTree } from "./staged.ts";
import { diffTrees } from "./tree-diff.ts";

/** In place of an id: the commit that is being made has none yet. People are told "staged". */
export const STAGED = "";

export interface StagedOptions {
  /** The commit's message without git's comments, where the hook is given one. */
  readonly message?: string;
  /** The run that is open in this worktree, where no message tells one. */
  readonly run?: RunName;
}

/**
 * The index as a commit-scope and a tip-scope Change. At `--amend` git tells its hooks nothing, so
 * HEAD counts as the parent and rules with `local` bear that. Faults `git/unmerged`.
 */
export async function stagedChange(
  repo: Repo,
  judging: Judging,
  options: StagedOptions = {},
): Promise<Change[]> {
  // A hook's milliseconds: git is asked all of it at once.
  const [after, head, refs, heads] = await Promise.all([
    stagedTree(repo),
    headBranch(repo),
    oldRefs(repo, []),
    stagedParents(repo),
  ]);
  const ref = "branch" in head ? stagedRef(head.branch, heads[0]) : undefined;
  const trees = await Promise.all(
    governedTips(judging.trusted, refs, "remotes").map((tip) => treeAt(repo, tip)),
  );
  const bench = benchOf(repo, judging, trees);
  const parents = await Promise.all(heads.map((oid) => treeAt(repo, oid)));
  const before = parents[0] ?? emptyTree;
  const hostile: HostileObject[] = [];
  const net = await orHostile(hostile, () => diffTrees(repo, before, after));
  const own =
    parents.length < 2
      ? net
      : await orHostile(hostile, () => ownContent(repo, commitLike(after, heads, "")));
  const known: ReadonlySet<Knowledge> = new Set(options.message === undefined ? [] : ["message"]);
  const shared = {
    ...frameOf(bench, { ref, governed: isGoverned(judging.trusted, ref?.name) }),
    before,
    after: net === undefined || own === undefined ? before : after,
    commit: undefined,
    message: options.message,
    signature: undefined,
    identity: await stagedIdentity(bench, options),
    texts: [],
    known,
    ...(hostile.length === 0 ? {} : { hostile }),
  };
  const commit: Change = {
    ...shared,
    scope: "commit",
    texts: messageText(options.message),
    parents,
    own: own ?? ([] as PathChange[]),
    formerBlobs: formerBlobs(repo, heads),
  };
  const tip: Change = { ...shared, scope: "tip", parents: [before], own: net ?? [] };
  return [commit, tip];
}

/** What the commit will carry besides files, as far as it is known: scanned as it is. */
function messageText(message: string | undefined): LooseText[] {
  return message === undefined ? [] : [{ name: "the message", bytes: pathToBytes(message) }];
}

/** The staged commit as an object that no store holds. */
export async function stagedCommit(repo: Repo, change: Change): Promise<CommitObject> {
  return commitLike(change.after, await stagedParents(repo), change.message ?? "");
}

/** HEAD and what is being merged into it. Empty before the first commit. */
async function stagedParents(repo: Repo): Promise<string[]> {
  const head = await resolve(repo, "HEAD");
  if (head === undefined) return [];
  let text = "";
  try {
    text = readFileSync(join(repo.gitDir, "MERGE_HEAD"), "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return [head, ...text.split("\n").filter((line) => /^[0-9a-f]{40,64}$/.test(line))];
}

function stagedRef(branch: string, head: string | undefined): RefMove {
  return { name: `refs/heads/${branch}`, before: head, after: STAGED, forced: false };
}

function commitLike(tree: Tree, parents: readonly string[], message: string): CommitObject {
  return {
    oid: STAGED,
    tree: tree.id,
    parents,
    author: "",
    committer: "",
    message,
    raw: Buffer.alloc(0),
    signatures: [],
    payload: Buffer.alloc(0),
  };
}

/** Nobody is proven before there is a commit; the trailer, or the worktree's open run, lowers. */
async function stagedIdentity(bench: Bench, options: StagedOptions): Promise<Identity> {
  const told = options.message === undefined ? undefined : runOfMessage(options.message);
  const run =
    told === undefined
      ? options.run
      : typeof told === "object" && "run" in told
        ? told.run
        : undefined;
  const lowers = run !== undefined && !(await bench.closedOnGoverned(run));
  return identify(bench.judging.trusted.policy, {
    signature: { state: "absent" },
    ...(lowers ? { run } : {}),
  });
}
