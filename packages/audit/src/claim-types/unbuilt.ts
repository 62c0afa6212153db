/** The answer of a claim type that no code judges yet: UNSUPPORTED, said aloud, and never a guess. */
import type { ClaimType } from "../claim-type.ts";
import { unverifiable } from "../observation.ts";

/** The row as it stands in the table until something looks. */
export function unbuilt(row: Omit<ClaimType, "judge" | "forgeable">): ClaimType {
  return {
    ...row,
    forgeable: false,
    judge: async () =>
      unverifiable("UNSUPPORTED", row.title, "this version does not look at it yet"),
  };
}
