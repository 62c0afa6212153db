/**
 * Problem: what is wrong with the text of a file, at its line and column. Parsing never throws on
 * bad text: it gives problems, and each surface decides whether they are findings (the judged side)
 * or a fault (the trusted side).
 */

/** One thing wrong in one text. Codes are `format/…`, as `format/unknown-key`. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly help?: string;
}

/** A value, or all that is wrong with its text. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };
