/** Paths and the folders they stand in, compared as git does: by bytes, whole names only. */
import type { RepoPath } from "@wingman/model";

/** A path and the folders it stands in. */
export function above(path: RepoPath): RepoPath[] {
  const all = [path];
  for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1))
    all.push(path.slice(0, cut));
  return all;
}

/**
 * Each path, and each folder above it, with the first path that stands there or below: a claim about a
 * folder then costs one look, however much the run changed.
 */
export function indexBelow(paths: Iterable<RepoPath>): ReadonlyMap<RepoPath, RepoPath> {
  const index = new Map<RepoPath, RepoPath>();
  for (const path of paths)
    for (const at of above(path)) {
      // What stands above was entered with it.
      if (index.has(at)) break;
      index.set(at, path);
    }
  return index;
}
