/**
 * The one remote whose branches a clone judges by. Others may be anybody's forks: their `main` is no
 * trusted side, and their ledger no ledger.
 */
import { configGet, listRefs, type Repo } from "@wingman/git";

/**
 * `wingman.remote`, else `origin`, else the only remote that was fetched. Undefined: none, or several
 * and none of them origin; then only what stands in this repository counts.
 */
export async function followedRemote(repo: Repo): Promise<string | undefined> {
  const told = await configGet(repo, "wingman.remote");
  if (told !== undefined && told !== "") return told;
  const names = new Set<string>();
  for (const ref of await listRefs(repo, "refs/remotes/")) {
    const name = /^refs\/remotes\/([^/]+)\//.exec(ref.name)?.[1];
    if (name !== undefined) names.add(name);
  }
  if (names.has("origin")) return "origin";
  return names.size === 1 ? [...names][0] : undefined;
}

/** What that remote had of a branch when it was last fetched. */
export async function fetchedTip(repo: Repo, branch: string): Promise<string | undefined> {
  const remote = await followedRemote(repo);
  if (remote === undefined) return undefined;
  const name = `refs/remotes/${remote}/${branch}`;
  return (await listRefs(repo, "refs/remotes/")).find((ref) => ref.name === name)?.oid;
}
