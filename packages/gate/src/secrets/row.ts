/**
 * A row of the scanner: one kind of secret. `keywords` are lower-case texts of which one must stand
 * in a text before the pattern is tried at all; patterns are linear (bounded, or one start per run).
 */
import type { Confidence } from "./confidence.ts";

export interface SecretRow {
  /** For people, as `GitHub token`; all that a finding ever says of the secret. */
  readonly kind: string;
  readonly keywords: readonly string[];
  /** Global; group 1, where there is one, is the secret itself. */
  readonly pattern: RegExp;
  /** How sure a match is, or undefined where it is none. `text` and `at` show what is around it. */
  weigh(secret: string, text: string, at: number): Confidence | undefined;
}
