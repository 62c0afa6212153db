/** Refuses, as a file that the auditor is to believe, one that stands in the commit: its worker wrote it. */
import { realpath } from "node:fs/promises";
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve as resolvePath,
  sep,
} from "node:path";
import { resolve, treeAt } from "@wingman/git";
import { fault } from "@wingman/model";
import type { Place } from "./place.ts";

/** What to do instead. */
export const OWN_FILE = "name a file of your own, outside of what is checked out";

/** A file that stands in the commit is the judged side's, and a link on the way leads where it likes. */
export async function refuseCommitted(
  place: Place,
  path: string,
  { file, code }: { readonly file: string; readonly code: string },
): Promise<void> {
  const refusal = { code, hint: OWN_FILE };
  const folder = await realpath(dirname(path)).catch(() =>
    fault(`there is no folder ${dirname(file)}`, refusal),
  );
  const top = place.repo.workTree;
  if (top === undefined) return;
  const root = await realpath(top);
  const real = join(folder, basename(path));
  if (!isBelow(root, real)) {
    if (isBelow(root, path) || isBelow(resolvePath(top), path))
      fault(`${file} leads out of the working tree`, refusal);
    return;
  }
  const head = await resolve(place.repo, "HEAD");
  const inTree = relative(root, real).split(sep).join("/");
  const committed = head && (await (await treeAt(place.repo, head)).entry(inTree));
  if (committed) fault(`${file} is a committed file, so whoever committed it wrote it`, refusal);
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
