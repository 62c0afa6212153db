/**
 * Finding: one broken rule at one place. A value; nothing here prints. It says where, what, why and
 * what would pass, and it never holds the secret that it speaks of.
 */
import type { RepoPath } from "./path.ts";

/** `block` refuses the change; `warn` is told and lets it pass. */
export type Severity = "block" | "warn";

/** One broken rule at one place. */
export interface Finding {
  /** Readable and stable, as `points/missing`; `wingman explain` knows each. */
  readonly code: string;
  readonly severity: Severity;
  /** One line: what is wrong. Text of the judged side in it is made visible first. */
  readonly message: string;
  readonly path?: RepoPath;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column?: number;
  /** The offending source line for the frame, or absent where it would show a secret. */
  readonly frame?: string;
  /** Why the rule exists, as `point 3 of 10: boundaries`. */
  readonly why?: string;
  /** What would pass: something to paste where there is one. */
  readonly help?: string;
  /** Names it in a baseline, on every surface alike; never made so that it confirms a guess. */
  readonly fingerprint?: string;
  /** The commit in which it stands, where it is about one. */
  readonly commit?: string;
  /** The ref, where it is about one. */
  readonly ref?: string;
  /** True for findings that also stand in `mode: warn`: law, the ledger branch, hostile objects. */
  readonly always?: boolean;
}

/** Orders findings by path, line, column, code: the same bytes on every surface. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path ?? "", b.path ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
