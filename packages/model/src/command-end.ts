/**
 * What the auditor sees of the world besides the tree: an answer, or why there is none; and how a command
 * of the policy ended. A time-out, a signal and what could not be started are reasons, never an end.
 */
import type { Reason } from "./verdict.ts";

/** Why nothing was seen. */
export interface Unseen {
  readonly reason: Exclude<Reason, "MALFORMED">;
  readonly why: string;
}

/** An answer, or the reason for which there is none. */
export type Seen<T> = { readonly seen: T } | Unseen;

/** How a command of the policy ended: of itself, so 126, 127 and a signal are none. */
export interface CommandEnd {
  readonly exit: number;
  readonly ms: number;
  /**
   * SHA-256 of all of standard output, and its first bytes without the place of this one run; `whole` where
   * that is all. Hostile data.
   */
  readonly stdout: { readonly sha256: string; readonly bytes: Buffer; readonly whole: boolean };
  readonly stderr: Buffer;
  /** What stands where the policy looks for results, where the command wrote it: a file, or a folder's files. */
  readonly results?: readonly Buffer[];
  /** The coverage report that the policy names, where the command wrote one. */
  readonly coverage?: Buffer;
  /** What a checkout would have had and the clean copy has not: submodules, LFS files, links outside. */
  readonly lacks: readonly string[];
  /** How far it was shut off, for people. */
  readonly enclosure: string;
}
