/** A hit of the scanner in one text. `secret` stays inside this folder: what leaves it is a SecretHit. */
import type { Confidence } from "./confidence.ts";
import type { SecretRow } from "./row.ts";

/** What is said of a rule beside a hit. */
export type RuleName = Pick<SecretRow, "id" | "kind" | "harm" | "family">;

export interface TextHit {
  readonly rule: RuleName;
  readonly confidence: Confidence;
  /** Index of its first character in the text. */
  readonly index: number;
  readonly length: number;
  readonly secret: string;
  /** What was taken off before it could be read, as `base64`. */
  readonly through?: string;
}

/** A match that a filter cleared; kept only where somebody asked why. */
export interface ClearedHit {
  readonly rule: RuleName;
  readonly index: number;
  readonly length: number;
  readonly by: string;
}
