/** The table: every kind of claim that Wingman knows, and what judges it. */
import type { ClaimType } from "./claim-type.ts";
import { elsewhereTypes } from "./claim-types/elsewhere.ts";
import { fileCreated, fileDeleted, fileModified, fileRenamed } from "./claim-types/file-change.ts";
import { fileContains, fileLacks, fileLines, fileSha256 } from "./claim-types/file-content.ts";
import { fileAbsent, fileExists } from "./claim-types/file-standing.ts";
import { gitCommit, gitTouches } from "./claim-types/git.ts";

export const CLAIM_TYPES: readonly ClaimType[] = [
  fileExists,
  fileAbsent,
  fileCreated,
  fileModified,
  fileDeleted,
  fileRenamed,
  fileSha256,
  fileContains,
  fileLacks,
  fileLines,
  gitCommit,
  gitTouches,
  ...elsewhereTypes,
];

const byName: ReadonlyMap<string, ClaimType> = new Map(CLAIM_TYPES.map((row) => [row.type, row]));

/** The row of a type, or undefined where the table has none. */
export function claimTypeOf(type: string): ClaimType | undefined {
  return byName.get(type);
}
