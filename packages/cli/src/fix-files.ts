/**
 * `wingman check --fix`: mends on disk what has one right answer, and says what it did. Refuses links,
 * and leaves whatever is no text of Wingman's as it is: claims files are chained over their bytes.
 */
import { lstat, readFile } from "node:fs/promises";
import { fault, INSTRUCTIONS_DIR, type Mended, mendInstruction, mendLines } from "@wingman/model";
import type { Io } from "./io.ts";
import { writeWhole } from "./whole-file.ts";

/** A file to mend: where it is on disk, and its path in the repository. */
export interface FileToFix {
  readonly absolute: string;
  readonly path: string;
}

/** Mends the files and tells each change. A file that needs none is not written. */
export async function fixFiles(files: readonly FileToFix[], io: Io): Promise<void> {
  if (files.length === 0)
    fault("--fix mends files that you name", {
      code: "usage/fix",
      hint: `wingman check --fix ${INSTRUCTIONS_DIR}/INS-0001.md`,
    });
  for (const file of files) {
    const found = await lstat(file.absolute).catch(() => undefined);
    if (found?.isFile() !== true) continue; // The check that follows says what it is.
    const mended = mend(file.path, await readFile(file.absolute));
    if (mended === undefined || mended.changes.length === 0) continue;
    await writeWhole(file.absolute, mended.text, { mode: found.mode & 0o777 });
    for (const change of mended.changes) io.err(`fixed ${JSON.stringify(file.path)}: ${change}\n`);
  }
}

function mend(path: string, bytes: Buffer): Mended | undefined {
  if (path.startsWith(`${INSTRUCTIONS_DIR}/`)) return mendInstruction(path, bytes);
  if (!/^\.wingman\/(?:[^/]+\.yaml|allowed_signers|approvals\/.*|orders\/.*)$/.test(path))
    return undefined;
  const text = bytes.toString("utf8");
  // What is no UTF-8 would be written otherwise than it was read.
  return Buffer.from(text).equals(bytes) ? mendLines(text) : undefined;
}
