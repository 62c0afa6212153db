/**
 * Change: what a commit, push or pull request would bring in, as one value. Staged, range and pushed
 * all become Changes, and the gate cannot tell them apart: it judges values, and what a surface
 * cannot know (no message at pre-commit, no pusher offline) is not in `known`.
 */
import type { Identity, Signature } from "./identity.ts";
import type { LedgerState } from "./ledger-state.ts";
import type { RepoPath } from "./path.ts";
import type { Run } from "./run.ts";
import type { PathChange, Tree } from "./tree.ts";
import type { Trusted } from "./trusted.ts";
import type { Verdict } from "./verdict.ts";

/**
 * `commit`: one commit of the change, against its parents. `tip`: what a ref would point at, whole.
 * `landing`: the net change of a governed branch, old tip to new.
 */
export type Scope = "commit" | "tip" | "landing";

/** What a surface can know besides content. */
export type Knowledge = "message" | "signature" | "pusher";

/** Text that is no file: a raw commit or tag object, a ref's name. Scanned as it is. */
export interface LooseText {
  /** For people: `message of commit 1a2b3c4`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An object that git's own rules forbid (duplicate entries, a name `.git`, …): no reader may trust it. */
export interface HostileObject {
  /** As `git/hostile-tree`. */
  readonly code: string;
  readonly message: string;
  readonly path?: RepoPath;
}

/** A run that a landing brings, with its verdicts. */
export interface JudgedRun {
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
}

/** What the ref itself does. */
export interface RefMove {
  /** Full name, as `refs/heads/main`. */
  readonly name: string;
  /** Undefined where it is created. */
  readonly before: string | undefined;
  /** Undefined where it is deleted. */
  readonly after: string | undefined;
  /** True where the old tip is not an ancestor of the new one. */
  readonly forced: boolean;
  /** The ref that really moves, where this name is a symbolic ref of the server. */
  readonly symref?: string;
}

export interface Change {
  readonly scope: Scope;
  /** Whose policy, keys and instructions judge it. */
  readonly trusted: Trusted;
  readonly ledger: LedgerState;
  /** The ref that moves; undefined for a staged commit on a detached HEAD. */
  readonly ref: RefMove | undefined;
  /** True where `ref` is a branch that the policy governs. */
  readonly governed: boolean;
  /**
   * Commit: the first parent. Tip and landing: the old tip; for a ref that is created, or a proposal,
   * where it left the policy branch. The empty tree where there is none.
   */
  readonly before: Tree;
  /** What it would bring. The empty tree where a ref is deleted. */
  readonly after: Tree;
  /** All parents, first one first. */
  readonly parents: readonly Tree[];
  /**
   * Paths that are the change's own content, in git's order. A merge is compared with the automatic
   * merge of its parents; a tip or landing with `before`.
   */
  readonly own: readonly PathChange[];
  /** The commit's id; undefined where it does not exist yet (staged) or scope is not `commit`. */
  readonly commit: string | undefined;
  readonly message: string | undefined;
  /** The commit's author header, raw; absent where there is none yet. Proves nothing. */
  readonly author?: string;
  readonly signature: Signature | undefined;
  /** Who made this commit; for tip and landing, who lands it (pusher, else signer of the tip). */
  readonly identity: Identity;
  /** Raw commit and tag objects that it brings. */
  readonly texts: readonly LooseText[];
  /** Landing: the runs that it brings, judged. Else empty. */
  readonly runs: readonly JudgedRun[];
  readonly known: ReadonlySet<Knowledge>;
  /** True where lines that no remote has yet may still be rewritten (`--amend`): local surfaces. */
  readonly local: boolean;
  /** Trees whose claims files bind a local change: what remote-tracking refs hold. Else empty. */
  readonly published: readonly Tree[];
  /** Present where objects were hostile: `own` then holds only what could be read, and no more is known. */
  readonly hostile?: readonly HostileObject[];
  /** When it is judged: expiry of approvals. Absent: whatever expires counts as expired. */
  readonly now?: Date;
  /**
   * Blob ids that a path had at any ancestor: a person may set a run's file back to one of them
   * (TRUST.md §6). Absent: only the trees at hand are asked.
   */
  formerBlobs?(path: RepoPath): Promise<ReadonlySet<string>>;
  /**
   * Names (lower case) of whoever wrote a file as it stands on the trusted side: principals that its
   * commit's signature proves, else its author's e-mail, which can only count against an approval.
   * Undefined where history is missing. Absent: not asked here.
   */
  authorsOf?(path: RepoPath): Promise<ReadonlySet<string> | undefined>;
}
