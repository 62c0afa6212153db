/**
 * Whether one glob matches all that another does. Refuses to guess: where that cannot be seen from
 * their text the answer is no, so that a narrower list is never taken for one as wide.
 */
import { branchMatcher, globMatcher } from "@wingman/model";

const META = /[*?[\]\\]/;
const EVERY_PATH = new Set(["**", "/**", "**/*", "*"]);

/** True where `wide` matches every path that `narrow` matches. */
export function coversPaths(wide: string, narrow: string): boolean {
  if (wide === narrow || EVERY_PATH.has(wide)) return true;
  const bare = narrow.replace(/^\//, "");
  // Without a slash inside, gitignore's patterns float to any depth; only anchored ones are compared.
  const anchored = narrow.startsWith("/") || /\/./.test(bare);
  if (!anchored) return false;
  const folder = folderOf(wide);
  if (folder !== undefined && bare.startsWith(`${folder}/`) && bare !== `${folder}/`) return true;
  return !META.test(bare) && !bare.endsWith("/") && globMatcher([wide])(bare);
}

/** True where `wide` matches every branch that `narrow` matches. */
export function coversBranches(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === "**") return true;
  const folder = folderOf(wide);
  if (folder !== undefined && narrow.startsWith(`${folder}/`)) return true;
  return !META.test(narrow) && branchMatcher([wide])(narrow);
}

/** `infra` of `infra/**`, where nothing in it is a pattern. */
function folderOf(glob: string): string | undefined {
  const folder = /^\/?(.+)\/\*\*$/.exec(glob)?.[1];
  return folder === undefined || META.test(folder) ? undefined : folder;
}
