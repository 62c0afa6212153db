/** What a path was at any ancestor: a person may set a run's claims file back to one of these (TRUST.md §6). */
import { isFault, type RepoPath } from "@wingman/model";
import { treeAt } from "./git-tree.ts";
import type { Repo } from "./repo.ts";
import { commitsTouching } from "./runs-claims.ts";

/** Walks history when it is asked, which only a person's change to a claims file does. */
export function formerBlobs(
  repo: Repo,
  parents: readonly string[],
): (path: RepoPath) => Promise<ReadonlySet<string>> {
  return async (path) => {
    const blobs = new Set<string>();
    for (const oid of await commitsTouching(repo, parents, path)) {
      try {
        const entry = await (await treeAt(repo, oid)).entry(path);
        if (entry !== undefined) blobs.add(entry.oid);
      } catch (error) {
        // A hostile tree of old holds nothing that anybody may go back to.
        if (!isFault(error) || !error.code.startsWith("git/hostile-")) throw error;
      }
    }
    return blobs;
  };
}
