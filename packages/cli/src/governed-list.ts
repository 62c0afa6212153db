/**
 * What the tripwire's sh knows of the policy: patterns that every governed branch's name matches, kept
 * in the git directory, where no commit can write. Coarser than the policy, never finer: the program
 * decides. Without the file sh takes every branch for a governed one.
 */
import { join } from "node:path";
import { exactRef, type Repo, treeAt } from "@wingman/git";
import { foldPath, isFault, POLICY_PATH, type PolicyParser, readTrusted } from "@wingman/model";
import { followedRemote } from "./followed-remote.ts";
import { keptPolicy } from "./kept-policy.ts";
import type { Place } from "./place.ts";
import { readIfThere, writeWhole } from "./whole-file.ts";

/** Any branch. */
const EVERY = "refs/heads/*";

/**
 * Writes the list anew where it is not what the policy branch says, here and as it was fetched. A folder
 * that cannot be written to stops nobody: the old list, or none, only costs time.
 */
export async function keepGovernedList(place: Place, repo: Repo): Promise<void> {
  const path = join(place.folder, "governed");
  const text = await listText(repo, place.policyBranch, keptPolicy(place.folder));
  if (readIfThere(path) === text) return;
  await writeWhole(path, text).catch(() => undefined);
}

async function listText(repo: Repo, policyBranch: string, parse: PolicyParser): Promise<string> {
  const remote = await followedRemote(repo);
  const fetched = remote === undefined ? [] : [`refs/remotes/${remote}/${policyBranch}`];
  const patterns = new Set([governedPattern(policyBranch)]);
  const blobs: string[] = [];
  for (const ref of [`refs/heads/${policyBranch}`, ...fetched]) {
    const { blob, governed } = await policyAt(repo, ref, { policyBranch, parse });
    blobs.push(`blob ${ref} ${blob}`);
    for (const glob of governed) patterns.add(governedPattern(glob));
  }
  const lines = [
    "wingman: moves of these refs are judged here; written by the hooks, from the policy branch",
    `policy ${policyBranch}`,
    ...(remote === undefined ? [] : [`remote ${remote}`]),
    ...blobs,
    ...[...patterns].sort().map((pattern) => `ref ${pattern}`),
  ];
  return `${lines.join("\n")}\nend\n`;
}

/** The globs of one policy, both that judge and that may soon: the union of them is never too narrow. */
async function policyAt(
  repo: Repo,
  ref: string,
  how: { policyBranch: string; parse: PolicyParser },
): Promise<{ blob: string; governed: readonly string[] }> {
  const commit = await exactRef(repo, ref);
  if (commit === undefined) return { blob: "none", governed: [] };
  try {
    const tree = await treeAt(repo, commit);
    const blob = (await tree.entry(POLICY_PATH))?.oid ?? "none";
    const { policy } = await readTrusted({ tree, commit, ...how });
    return { blob, governed: policy.governed };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { blob: "unreadable", governed: ["**"] };
  }
}

/**
 * A glob of branch names as a pattern of sh's `case` for full ref names that matches whatever the glob
 * does, in any case of its letters: `Main` is the file of `main` on a disk that folds case.
 */
export function governedPattern(glob: string): string {
  const folded = foldPath(glob);
  // Sh's `*` crosses slashes, but `**/x` is `x` too; classes and escapes are the program's to read.
  if (!/^[\w.*?+@#%=,~/-]+$/.test(folded) || folded.includes("**")) return EVERY;
  if (folded.startsWith("/") || folded.endsWith("/")) return EVERY;
  const pattern = [...folded].map((char) => {
    const upper = char.toUpperCase();
    if (char !== upper) return `[${char}${upper}]`;
    return /[\w.*?/-]/.test(char) ? char : "?";
  });
  return `refs/heads/${pattern.join("")}`;
}
