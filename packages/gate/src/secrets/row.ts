/**
 * A row of the scanner: one kind of secret. `keywords` are lower-case texts of which one must stand
 * in a text before the pattern is tried at all; patterns are linear (bounded, or one start per run).
 */
import type { Confidence } from "./confidence.ts";
import { entropy } from "./confidence.ts";
import { isFiller } from "./filler.ts";

export interface SecretRow {
  /** For people, as `GitHub token`; all that a finding ever says of the secret. */
  readonly kind: string;
  readonly keywords: readonly string[];
  /** Global; group 1, where there is one, is the secret itself. */
  readonly pattern: RegExp;
  /**
   * Where a match can begin. With it, `pattern` is sticky and tried at these places only: rows that
   * share one search for names cost one search.
   */
  readonly starts?: RegExp;
  /** How sure a match is, or undefined where it is none. `text` and `at` show what is around it. */
  weigh(secret: string, text: string, at: number): Confidence | undefined;
}

/** A row for a token whose prefix is its proof: sure, unless it is filler. */
export function token(kind: string, keywords: readonly string[], pattern: RegExp): SecretRow {
  return { kind, keywords, pattern, weigh: (secret) => (isFiller(secret) ? undefined : "high") };
}

/** The same for a short prefix, which base64 and names hold by chance: it must look random, too. */
export function randomToken(
  kind: string,
  keywords: readonly string[],
  pattern: RegExp,
  bits = 3.5,
): SecretRow {
  return {
    kind,
    keywords,
    pattern,
    weigh: (secret) =>
      isFiller(secret) || entropy(secret) < bits || !/\d/.test(secret) ? undefined : "high",
  };
}
