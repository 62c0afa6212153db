/**
 * What each claim type means, for `wingman explain TYPE`: when it is TRUE, when FALSE, when nobody can
 * tell, and a claim that does not hold. A test holds these against the table.
 */
import { OTHER_EXPLANATIONS } from "./explanations-other.ts";
import { TREE_EXPLANATIONS } from "./explanations-tree.ts";

export interface ClaimExplanation {
  /** What is seen where it is TRUE. */
  readonly holds: string;
  /** What is seen where it is FALSE. */
  readonly contradicted: string;
  /** What leaves it UNVERIFIABLE. */
  readonly open: string;
  /** A claim that does not hold, with the reason in brackets where it needs one. */
  readonly bad: string;
}

export const CLAIM_EXPLANATIONS: Readonly<Record<string, ClaimExplanation>> = {
  ...TREE_EXPLANATIONS,
  ...OTHER_EXPLANATIONS,
};
