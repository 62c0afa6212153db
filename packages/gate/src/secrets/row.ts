/**
 * A row of the scanner: one kind of secret, from its vendor's document. `keywords` are lower-case
 * texts of which one must stand in or near a secret; the automaton finds them in one pass, and only
 * then the pattern is compiled and tried around them. A pattern is bounded (no `*`, no `+`) and
 * linear; tests measure both.
 */
import type { Confidence } from "./confidence.ts";

/** What harm a leak of it does; the confidence that it is one is another matter. */
export type Harm = "critical" | "high" | "medium" | "low";

/** What a pattern found. */
export interface Match {
  /** Group 1 of the pattern, or all of it. */
  readonly secret: string;
  /** What is around it: Latin-1, one character per byte (UTF-16: per unit, `ÿ` for what is not Latin-1). */
  readonly text: string;
  /** Index of the secret in `text`. */
  readonly at: number;
  /** The file's path, or "" for text that is no file. */
  readonly path: string;
}

/** A named reason why a match is none; `wingman secrets test` says which one cleared. */
export interface Filter {
  readonly id: string;
  clears(match: Match): boolean;
}

export interface Cleared {
  readonly cleared: string;
}

export interface SecretRow {
  /** Stable and readable, as `github-token`: stands in findings, allowances and baselines. */
  readonly id: string;
  /** For people, as `GitHub token`; all that a finding ever says of the secret. */
  readonly kind: string;
  /** The file below rows/ in which it stands, as `code-hosts`. `generic` rows need a name beside the secret. */
  readonly family: string;
  readonly vendor: string;
  readonly harm: Harm;
  /** Address of the document that says how the secret looks. */
  readonly source: string;
  /** At least three characters each, lower case. ASCII case is not told apart. */
  readonly keywords: readonly string[];
  /**
   * With flag `y` it is tried where a keyword begins (its first characters are the keyword); with
   * flag `g` it is searched around each keyword, which stands inside the match or is `near`.
   */
  readonly pattern: RegExp;
  /** How many characters the keyword may be away from the match. Default 0: it is part of it. */
  readonly near?: number;
  /** Least Shannon entropy of the secret, in bits per character. */
  readonly entropy?: number;
  /** What can be seen offline: a checksum, a structure. A valid one is high without further questions. */
  validate?(secret: string): "valid" | "invalid" | "unknown";
  /** How sure an invalid one is. Absent: it is cleared. */
  readonly invalid?: Confidence;
  /** Asked in order; the first that holds clears. Default: what is plainly filler. */
  readonly clears?: readonly Filter[];
  /** How sure a match is that nothing cleared. Default high. */
  readonly confidence?: Confidence;
  /** The last word where a row must see what is around it; undefined clears. */
  weigh?(match: Match): Confidence | Cleared | undefined;
}

/** The rows of one family, which then need not say so one by one. */
export function inFamily(
  family: string,
  rows: readonly Omit<SecretRow, "family">[],
): readonly SecretRow[] {
  return rows.map((row) => ({ ...row, family }));
}
