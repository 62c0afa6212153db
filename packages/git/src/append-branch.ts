/**
 * Appends a commit to a branch nobody has checked out. The ref moves by compare-and-swap: a lost race
 * means that `make` is asked again with the new tip, so that twenty writers lose nothing.
 */
import { setTimeout as pause } from "node:timers/promises";
import { fault, type RepoPath, type Tree, visible } from "@wingman/model";
import { readCommit } from "./commit-object.ts";
import { gitFailed } from "./git-failure.ts";
import { treeOver } from "./git-tree.ts";
import { exactRef } from "./refs.ts";
import type { Repo, RunResult } from "./repo.ts";
import { commitBytes, personAt } from "./write-commit.ts";
import { DURABLE, layFiles, newObject, writeObjects } from "./write-objects.ts";

/** Locks met in a row, a second's wait each, before a lock counts as left behind. */
const MOST_LOCKED = 5;

/** Where the branch stands. */
export interface BranchTip {
  readonly commit: string;
  readonly tree: Tree;
}

/** What is to be appended. */
export interface Append {
  /** Full name. */
  readonly ref: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly now: Date;
  /** The files to write over the tip's; undefined: nothing. Called again after a lost race. */
  make(
    tip: BranchTip | undefined,
  ): Promise<{ readonly files: ReadonlyMap<RepoPath, Uint8Array> } | undefined>;
  /** From inside a pre-receive hook, where refs may not be written (TRUST.md §8). */
  readonly withoutQuarantine?: boolean;
  /** How often a lost race is tried again. Default 50. */
  readonly attempts?: number;
  /** Signs the commit: gives the armored signature. */
  sign?(payload: Buffer): string;
}

/** What became of it. */
export interface Appended {
  /** Undefined where make gave nothing. */
  readonly commit: string | undefined;
  readonly before: string | undefined;
}

/**
 * Appends one commit with an identity of its own (no user's configuration is asked). Objects and ref
 * are flushed to disk before it returns. Faults `git/lost-race` after so many attempts, and as git
 * does where it cannot write.
 */
export async function appendToBranch(repo: Repo, append: Append): Promise<Appended> {
  const at = append.withoutQuarantine === true ? await repo.outsideQuarantine() : repo;
  if (!/^refs\/[^\s]+$/.test(append.ref))
    fault(`${visible(append.ref)} is no full ref name`, {
      code: "git/bad-revision",
      hint: "name it as refs/heads/…",
    });
  const attempts = append.attempts ?? 50;
  let locked = 0;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = await exactRef(at, append.ref);
    const tip = before === undefined ? undefined : await tipOf(at, before);
    const made = await append.make(tip);
    if (made === undefined) return { commit: undefined, before };
    const commit = await writeNext(at, append, tip, made.files);
    const swapped = await swap(at, append.ref, commit, before);
    if (swapped === true) return { commit, before };
    // Other writers move the ref between their locks. One that stands locked and still is a .lock file
    // that a killed git left: waiting longer mends nothing.
    locked = typeof swapped === "object" ? locked + 1 : 0;
    if (locked === MOST_LOCKED && typeof swapped === "object")
      gitFailed(["update-ref"], swapped.locked);
    await betweenTries(attempt);
  }
  return fault(`${append.ref} moved ${attempts} times while it was written`, {
    code: "git/lost-race",
    hint: "try again when fewer writers are at work; remove a stale .lock file beside the ref",
  });
}

/** Jitter, or the same writers would meet again and again. */
export async function betweenTries(attempt: number): Promise<void> {
  await pause(Math.random() * Math.min(500, 10 * 2 ** Math.min(attempt, 6)));
}

/** Where a branch stands at this commit. */
export async function tipOf(repo: Repo, commit: string): Promise<BranchTip> {
  const { tree } = await readCommit(repo, commit);
  return { commit, tree: treeOver(repo.objects, tree) };
}

/** Writes the commit that lays these files over the tip; no ref moves. */
export async function writeNext(
  repo: Repo,
  append: Pick<Append, "author" | "message" | "now" | "sign">,
  tip: BranchTip | undefined,
  files: ReadonlyMap<RepoPath, Uint8Array>,
): Promise<string> {
  const { tree, objects } = await layFiles(repo, tip?.tree.id, files);
  const person = personAt(append.author, append.now);
  const { sign } = append;
  const bytes = commitBytes(
    {
      tree,
      parents: tip === undefined ? [] : [tip.commit],
      author: person,
      committer: person,
      message: append.message,
      ...(sign === undefined ? {} : { sign }),
    },
    repo.format,
  );
  const commit = newObject(repo, "commit", bytes);
  await writeObjects(repo, [...objects, commit]);
  return commit.oid;
}

/**
 * Moves the ref if it still stands at `before`; false where another writer was first, and git's own
 * words where the ref stands but somebody's lock is on it.
 */
async function swap(
  repo: Repo,
  ref: string,
  commit: string,
  before: string | undefined,
): Promise<boolean | { readonly locked: RunResult }> {
  const args = [
    ...[...DURABLE, "-c", "core.filesRefLockTimeout=1000"],
    ...["update-ref", "--no-deref", ref, commit, before ?? repo.zero],
  ];
  const result = await repo.run(args, { okCodes: [0, 1, 128] });
  if (result.code === 0) return true;
  // Git's words for a lost race differ by version; where the ref stands now does not.
  if ((await exactRef(repo, ref)) !== before) return false;
  if (/\.lock'?: File exists/.test(result.stderr)) return { locked: result };
  if (/but expected|reference already exists/.test(result.stderr)) return false;
  return gitFailed(["update-ref"], result);
}
