/**
 * The table: every kind of claim that Wingman knows, by family, and what judges it. A type is a row
 * here, an entry in explanations.ts, and a case file beside its family.
 */
import type { ClaimType } from "./claim-type.ts";
import { commandTypes } from "./claim-types/command.ts";
import { containerTypes } from "./claim-types/container.ts";
import { fileCreated, fileDeleted, fileModified, fileRenamed } from "./claim-types/file-change.ts";
import { fileLines, fileSha256, fileSize } from "./claim-types/file-content.ts";
import { fileFormTypes } from "./claim-types/file-form.ts";
import { fileAbsent, fileExists } from "./claim-types/file-standing.ts";
import { fileContains, fileLacks } from "./claim-types/file-text.ts";
import { forgeTypes } from "./claim-types/forge.ts";
import { gitCommit, gitTouches } from "./claim-types/git.ts";
import { gitDiffTypes } from "./claim-types/git-diff.ts";
import { gitRefsTypes } from "./claim-types/git-refs.ts";
import { hostTypes } from "./claim-types/host.ts";
import { imageTypes } from "./claim-types/image.ts";
import { packageTypes } from "./claim-types/package.ts";
import { pointedTypes } from "./claim-types/pointed-value.ts";
import { dataSchema } from "./claim-types/schema-valid.ts";
import { symbolTypes } from "./claim-types/symbol.ts";
import { testTypes } from "./claim-types/tests.ts";
import { wholeTypes } from "./claim-types/whole.ts";

export const CLAIM_TYPES: readonly ClaimType[] = [
  fileExists,
  fileAbsent,
  fileCreated,
  fileModified,
  fileDeleted,
  fileRenamed,
  fileSha256,
  fileSize,
  fileContains,
  fileLacks,
  fileLines,
  ...fileFormTypes,
  ...pointedTypes,
  dataSchema,
  ...symbolTypes,
  ...testTypes,
  ...commandTypes,
  gitCommit,
  gitTouches,
  ...gitDiffTypes,
  ...gitRefsTypes,
  ...hostTypes,
  ...containerTypes,
  ...imageTypes,
  ...packageTypes,
  ...forgeTypes,
  ...wholeTypes,
];

const byName: ReadonlyMap<string, ClaimType> = new Map(CLAIM_TYPES.map((row) => [row.type, row]));

/** The row of a type, or undefined where the table has none. */
export function claimTypeOf(type: string): ClaimType | undefined {
  return byName.get(type);
}
