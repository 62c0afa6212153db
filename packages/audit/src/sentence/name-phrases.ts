/** How names stand in a clause: in a folder, new, empty; and a claim for each of them. */
import { type Clause, says } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { isFileName, type Name } from "./names.ts";
import { inFolder, readFolder } from "./read-name.ts";
import { type Names, readNames } from "./read-names.ts";

/** `a.ts and b.ts in src/` */
export function namesIn(cursor: Cursor, joints?: readonly string[]): Names {
  return placed(cursor, readNames(cursor, joints));
}

function placed(cursor: Cursor, read: Names): Names {
  const mark = cursor.mark;
  if (cursor.word("in", "inside", "under", "below") === undefined) return read;
  const folder = readFolder(cursor);
  // `"x" in a.ts` speaks of what a file holds.
  if (folder === undefined || (folder.kind === undefined && isFileName(folder.path))) {
    cursor.back(mark);
    return read;
  }
  return { ...read, names: read.names.map((name) => inFolder(folder, name)) };
}

/** Names of which nothing more is said than what they are: who changed "the new a.ts" says that it is new. */
export function plainNames(cursor: Cursor, joints?: readonly string[]): Names {
  const mark = cursor.mark;
  const read = namesIn(cursor, joints);
  if (!read.fresh && !read.empty) return read;
  cursor.back(mark);
  return cursor.left();
}

/** `an empty file a.txt` */
export function emptiness({ names, empty }: Names): Clause[] {
  return empty ? each(names, "file.size", { bytes: 0 }) : [];
}

/** One claim of this type for each. */
export function each(
  names: readonly Name[],
  type: string,
  args: Readonly<Record<string, unknown>>,
): Clause[] {
  return names.map((name) => says(type, { path: name.path, ...args }, { names: [name] }));
}
