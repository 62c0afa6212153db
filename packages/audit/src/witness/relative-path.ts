/** Where a relative specifier of an import leads, as a path of the tree. */
import type { RepoPath } from "@wingman/model";

/** `../src/a.js` in `test/a.test.js` is `src/a.js`; above the top there is nothing more. */
export function relativePath(from: RepoPath, specifier: string): RepoPath {
  const names = from.split("/").slice(0, -1);
  for (const name of specifier.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "." && name !== "") names.push(name);
  }
  return names.join("/");
}
