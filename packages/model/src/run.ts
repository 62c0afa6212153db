/**
 * Run: one worker carrying out one instruction once, as history shows it, from S (before its first
 * commit) to P (the commit that closed it). What the auditor judges; made by the git door.
 */
import type { ClaimsFile, RunName } from "./claim.ts";
import type { Identity } from "./identity.ts";
import type { RepoPath } from "./path.ts";
import type { PathChange, Tree } from "./tree.ts";

/** A commit as the auditor needs it. */
export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** The whole message, as text. */
  readonly message: string;
  readonly author: string;
}

/** History that claims may ask. Every answer that needs a missing object is `unknown`. */
export interface History {
  /** True in a shallow or partial clone: what is not found may exist elsewhere. */
  readonly incomplete: boolean;
  /**
   * A commit by its full or abbreviated id, reachable from `from`.
   * `ambiguous`: several objects begin so. `absent`: complete history does not reach it.
   */
  find(id: string, from: string): Promise<Commit | "absent" | "ambiguous" | "unknown">;
  /** What a commit itself changed (a merge: only its own content), or `unknown`. */
  touched(commit: Commit): Promise<readonly PathChange[] | "unknown">;
  /**
   * True where refs here may be older than the truth: in a clone of something, and while a push is
   * under way. What they do not hold is then no contradiction.
   */
  refsMayLag(): Promise<boolean>;
  /** Any commit that is here, reached by something or not, by its full or abbreviated id. */
  present(id: string): Promise<Commit | "absent" | "ambiguous" | "unknown">;
  /** The commits that a branch's name stands for here: the local branch, and every remote's. */
  branch(name: string): Promise<readonly Commit[]>;
  /** The commit that a tag names in the end; `odd` where it names something else. */
  tag(name: string): Promise<Commit | "absent" | "odd">;
  /** True where `from` is the commit or one of its descendants. */
  reaches(commit: Commit, from: Commit): Promise<boolean | "unknown">;
  /**
   * Whether `into` holds a commit of equal patch, or one whose patch is that of the whole line up to
   * the commit (a squash). `unknown` where that would cost too much, or patches cannot be compared.
   */
  samePatch(commit: Commit, into: Commit): Promise<"equal" | "squash" | "none" | "unknown">;
  /** True where commits between S and P that are not the run's own changed this path too. */
  byOthers(path: RepoPath): Promise<boolean | "unknown">;
  /** What differs between two commits. */
  between(base: Commit, head: Commit): Promise<readonly PathChange[] | "unknown">;
}

/** A run's extent in history, closed or not. */
export interface Run {
  readonly name: RunName;
  /** Its claims file at P (or at the tip where it is not closed). */
  readonly file: ClaimsFile;
  /** S: the first parent of the oldest commit that brings `open`; the empty tree for a root commit. */
  readonly start: { readonly commit: string | undefined; readonly tree: Tree };
  /** P: the oldest commit in which `close` stands and in none of its parents; the tip where unclosed. */
  readonly end: { readonly commit: string; readonly tree: Tree };
  /**
   * False where this clone ends at `end` and P may lie behind it: its tree says nothing of the run, and
   * only what is said of other commits can be judged.
   */
  readonly placed: boolean;
  /** The run's diff: what differs from S to P in paths that are its own commits' content. */
  readonly diff: readonly PathChange[];
  /** Paths that differ from S to P but that only a merge brought: not the run's own. */
  readonly foreign: ReadonlySet<RepoPath>;
  /** Paths that differ of which nobody can tell whether the run or another changed them. */
  readonly doubtful: ReadonlySet<RepoPath>;
  /** True where S or a commit between could not be read (shallow): nothing can be said of the diff. */
  readonly incomplete: boolean;
  /** Who brought each claims line, by `seq`: the identity of the oldest commit that holds it. */
  readonly broughtBy: ReadonlyMap<number, Identity>;
  readonly history: History;
}
