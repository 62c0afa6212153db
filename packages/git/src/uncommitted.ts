/** Paths of the working tree with something that is not committed; ignored files left out. */
import { pathFromBytes, type RepoPath } from "@wingman/model";
import { nulList } from "./nul-list.ts";
import type { Repo } from "./repo.ts";

/** Changed, staged and untracked paths, as `git status` sees them. Faults in a bare repository. */
export async function uncommitted(repo: Repo): Promise<readonly RepoPath[]> {
  const args = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"];
  const { stdout } = await repo.run([...args, "--ignore-submodules=none"]);
  // Each record is `XY path`; without renames there is one path in it.
  return nulList(stdout).map((record) => pathFromBytes(record.subarray(3)));
}
