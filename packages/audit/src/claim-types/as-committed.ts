/** Claims about committed bytes, where a checkout has other ones. */
import { isConverted } from "../checkout-form.ts";
import type { ClaimType } from "../claim-type.ts";
import { unverifiable } from "../observation.ts";
import { placeOf } from "./file-standing.ts";

/** What a second look at other forms of the bytes costs, in bytes searched for one byte. */
export const SECOND_LOOK = 8;

/**
 * A row whose answer `missed` (the committed bytes do not show it) is AMBIGUOUS where a checkout has
 * other bytes than the repository: an encrypted file neither contains nor lacks what its worker saw.
 */
export function asCommitted(missed: "TRUE" | "FALSE", row: ClaimType): ClaimType {
  return {
    ...row,
    judge: async (args, scene) => {
      const seen = await row.judge(args, scene);
      if (seen.answer !== missed) return seen;
      const { path } = placeOf(args);
      const { what } = await scene.atEnd(path);
      const isFile = what === "file" || what === "executable";
      if (!isFile || !(await isConverted(scene, path))) return seen;
      const why = "attributes convert this file, so a checkout has other bytes";
      return unverifiable("AMBIGUOUS", seen.expected, `${seen.observed}; ${why}`);
    },
  };
}
