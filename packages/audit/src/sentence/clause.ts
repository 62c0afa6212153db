/** Clause: what one verb of a sentence comes to. Every clause must hold for the sentence to be TRUE. */
import type { ClaimText } from "@wingman/model";
import type { Name } from "./names.ts";

/** One typed claim as a clause uses it. */
export interface Reading {
  readonly claim: ClaimText;
  /** The sentence says the contrary of the claim. */
  readonly not?: true;
  /** What of the tree it speaks of, as the sentence names it. */
  readonly names?: readonly Name[];
  /** Why a contradiction would not be the last word. */
  readonly soft?: string;
  /** What was only added there does not contradict: `nothing outside src/ was modified`. */
  readonly addingAside?: "outside" | "inside";
}

/**
 * `any`: one reading that holds is enough. `agree`: they are readings of one saying, and where they
 * differ it is AMBIGUOUS. One reading alone is just that.
 */
export interface Clause {
  readonly by: "any" | "agree";
  readonly readings: readonly Reading[];
}

/** What a sentence may name besides paths. */
export interface Known {
  /** The policy's commands: the only ones that "tests pass" can mean. */
  readonly commands?: readonly string[];
}

/** Something in the sentence has no place in the grammar. */
export class Unaccounted extends Error {}

/** A clause of one claim. */
export function says(
  type: string,
  args: ClaimText["args"],
  more: Omit<Reading, "claim"> = {},
): Clause {
  return { by: "any", readings: [{ claim: { type, args }, ...more }] };
}
