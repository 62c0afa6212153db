/**
 * Judging: what the cli hands in for changes to be judged with, and the bench: the repository with
 * what was already looked up, so that a commit of a push is parsed and its signature verified once.
 */
import {
  type AllowedSigner,
  claimsPath,
  isFault,
  type LedgerState,
  type PathChange,
  parseClaimsFile,
  type RepoPath,
  type RunName,
  runText,
  type Signature,
  type Tree,
  type Trusted,
} from "@wingman/model";
import { signatureOf } from "./changes-signature.ts";
import { type CommitObject, readCommit } from "./commit-object.ts";
import { QUARANTINE } from "./git-process.ts";
import { treeAt } from "./git-tree.ts";
import { ownContent } from "./own-content.ts";
import type { Repo } from "./repo.ts";

/** What a change is judged with; the same for every ref of one push. */
export interface Judging {
  readonly trusted: Trusted;
  readonly ledger: LedgerState;
  /** The user whom the server authenticated, or the login in the event. */
  readonly pusher: string | undefined;
  /** Who asks for the landing, where a forge knows it apart from who pushed the commits. */
  readonly lander?: string | undefined;
  /** Time of receipt: signers are valid at this time, whatever a commit says of its own. */
  readonly now: Date;
  /** A clone's own hooks: remote-tracking refs say what stands, local branches do not. */
  readonly local: boolean;
  /** Trees that remote-tracking refs hold; local only. */
  readonly published: readonly Tree[];
}

/** The repository while one set of changes is judged. Holds what costs, bounded. */
export interface Bench {
  readonly repo: Repo;
  readonly judging: Judging;
  /** Faults `git/missing-object`, `git/hostile-commit`. */
  commit(oid: string): Promise<CommitObject>;
  /** Its files. */
  tree(commit: CommitObject): Promise<Tree>;
  /** What a commit itself changed. Faults `git/missing-object`, `git/hostile-tree`. */
  own(commit: CommitObject): Promise<readonly PathChange[]>;
  /** Folders without files that it brought, where {@link Bench.own} met any. */
  emptyFolders(commit: CommitObject): readonly RepoPath[];
  signature(commit: CommitObject): Signature;
  /** True in a clone that lacks history; asked of git once. */
  shallow(): Promise<boolean>;
  /** True where refs here may be older than the truth; asked of git once. */
  refsMayLag(): Promise<boolean>;
  /** True where a governed branch, as it stood, holds this run closed (TRUST.md §1). */
  closedOnGoverned(name: RunName): Promise<boolean>;
}

// What one bench keeps: a push of 3,000 commits of 6 files fits; a hostile one cannot fill memory.
const KEPT_COMMITS = 4096;
const KEPT_PATHS = 50_000;

/** A bench; `governed` are the trees of governed branches as they stood before the change. */
export function benchOf(repo: Repo, judging: Judging, governed: readonly Tree[]): Bench {
  const signatures = new Map<string, Signature>();
  const owns = new Map<string, Promise<readonly PathChange[]>>();
  const empties = new Map<string, RepoPath[]>();
  const closed = new Map<string, Promise<boolean>>();
  const trees = distinct(governed);
  const signers: readonly AllowedSigner[] = judging.trusted.signers;
  let paths = 0;
  let shallow: Promise<boolean> | undefined;
  let lag: Promise<boolean> | undefined;
  return {
    repo,
    judging,
    commit: async (oid) => await readCommit(repo, oid),
    tree: async (commit) => await treeAt(repo, commit.tree),
    own: async (commit) => {
      const known = owns.get(commit.oid);
      if (known !== undefined) return await known;
      const empty: RepoPath[] = [];
      const own = await ownContent(repo, commit, (path) => empty.push(path));
      if (empty.length > 0) empties.set(commit.oid, empty);
      paths += own.length;
      if (paths <= KEPT_PATHS) owns.set(commit.oid, Promise.resolve(own));
      return own;
    },
    emptyFolders: (commit) => empties.get(commit.oid) ?? [],
    signature: (commit) => {
      const known = signatures.get(commit.oid);
      if (known !== undefined) return known;
      const signature = signatureOf(commit, signers, judging.now);
      if (signatures.size < KEPT_COMMITS) signatures.set(commit.oid, signature);
      return signature;
    },
    shallow: async () => {
      shallow ??= repo.shallow();
      return await shallow;
    },
    refsMayLag: async () => {
      lag ??= mayLag(repo);
      return await lag;
    },
    closedOnGoverned: async (name) => {
      const key = runText(name);
      let answer = closed.get(key);
      if (answer === undefined) {
        answer = closedInAny(trees, name);
        if (closed.size < KEPT_COMMITS) closed.set(key, answer);
      }
      return await answer;
    },
  };
}

/**
 * A clone knows its remotes' refs as of the last fetch, and in pre-receive the refs of the push itself
 * have not moved yet. Only a server after the push, or a repository of its own, knows them as they are.
 */
async function mayLag(repo: Repo): Promise<boolean> {
  if (QUARANTINE.some((name) => repo.env[name])) return true;
  const { stdout } = await repo.run(["remote"]);
  return stdout.length > 0;
}

async function closedInAny(trees: readonly Tree[], name: RunName): Promise<boolean> {
  for (const tree of trees) if (await closedIn(tree, name)) return true;
  return false;
}

/** True where this tree holds the run's claims file, sound and closed. */
export async function closedIn(tree: Tree, name: RunName): Promise<boolean> {
  const path = claimsPath(name);
  const entry = await tree.entry(path);
  if (entry === undefined || (entry.mode !== "100644" && entry.mode !== "100755")) return false;
  const bytes = await tree.read(entry).catch((error: unknown) => {
    // Absent in a partial clone: not known to be closed, so a trailer goes on lowering.
    if (isFault(error) && error.code === "git/missing-object") return undefined;
    throw error;
  });
  const parsed = bytes && parseClaimsFile(path, bytes);
  return parsed?.ok === true && parsed.value.close !== undefined;
}

function distinct(trees: readonly Tree[]): Tree[] {
  return [...new Map(trees.map((tree) => [tree.id, tree])).values()];
}
