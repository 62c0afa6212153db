/** A hit of the scanner in one text: where and of what kind, never the secret. */
import type { Confidence } from "./confidence.ts";

export interface TextHit {
  readonly kind: string;
  readonly confidence: Confidence;
  /** Index of its first character in the text. */
  readonly index: number;
  readonly length: number;
}
