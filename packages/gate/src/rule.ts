/**
 * Rule: the one interface of the gate. A rule is a function from a Change to findings; it prints
 * nothing, asks no clock and no environment, and refuses nothing by throwing.
 */
import type { Change, Finding, Knowledge, Scope } from "@wingman/model";

/** One row of the table in rules.ts. */
export interface Rule {
  /** Every code that its findings can carry; `explanations.ts` has an entry for each. */
  readonly codes: readonly string[];
  /** One line for people: what the rule demands. */
  readonly title: string;
  /** What it judges: single commits, the tip of a ref, the landing on a governed branch. */
  readonly scopes: readonly Scope[];
  /** What a surface must know; a local surface that does not answers `not known here`. */
  readonly needs: readonly Knowledge[];
  /**
   * True where its findings are about content that may have stood before adoption: a baseline can
   * list them. Never for law, identity, claims and what is hostile.
   */
  readonly adoptable?: boolean;
  /** All findings, never only the first. Throws a Fault only where it could not judge. */
  judge(change: Change): Promise<Finding[]> | Finding[];
}
