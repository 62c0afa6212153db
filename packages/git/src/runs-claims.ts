/** Which commits touch claims files: asked of git itself, which skips equal folders unread. */
import { CLAIMS_DIR, isFault, type RepoPath, runOfPath } from "@wingman/model";
import { treeAt } from "./git-tree.ts";
import type { Repo } from "./repo.ts";

/**
 * Of these commits (oldest first) those that differ from any parent in a run's claims file, by its
 * path. A path that names no run is left out: the gate refuses it by itself.
 */
export async function claimsTouched(
  repo: Repo,
  commits: readonly string[],
): Promise<Map<RepoPath, string[]>> {
  const touched = new Map<RepoPath, string[]>();
  if (commits.length === 0) return touched;
  const whole = await unlessMissing(() => askClaimsTouched(repo, commits));
  if (whole !== undefined) return whole;
  // A clone without the folders of its history (--filter=tree:0): where each file came is then open.
  for (const commit of commits) {
    const files = await unlessMissing(async () => (await treeAt(repo, commit)).entries(CLAIMS_DIR));
    for (const { path } of files ?? [])
      if (runOfPath(path) !== undefined) touched.set(path, [...(touched.get(path) ?? []), commit]);
  }
  return touched;
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFault(error) && error.code === "git/missing-object") return undefined;
    throw error;
  }
}

async function askClaimsTouched(
  repo: Repo,
  commits: readonly string[],
): Promise<Map<RepoPath, string[]>> {
  const touched = new Map<RepoPath, string[]>();
  const { stdout } = await repo.run(
    // `-m` compares a merge with each parent; a superset is enough, the lines decide.
    [
      "--literal-pathspecs",
      "diff-tree",
      "--stdin",
      "--root",
      "-r",
      "-m",
      "--name-only",
      "--no-renames",
      "-z",
      "--",
      CLAIMS_DIR,
    ],
    { input: `${commits.join("\n")}\n` },
  );
  let commit = "";
  // `<oid>\0path\0path\0<oid>\0…`; a path always begins with the folder, so neither is taken for the other.
  for (const token of stdout.toString("utf8").split("\0")) {
    if (/^[0-9a-f]{40,64}$/.test(token)) commit = token;
    else if (token !== "" && runOfPath(token) !== undefined) {
      const list = touched.get(token) ?? [];
      if (list.at(-1) !== commit) list.push(commit);
      touched.set(token, list);
    }
  }
  return touched;
}

/** Commits of all history up to the tips that touch this path (or folder), oldest first. */
export async function commitsTouching(
  repo: Repo,
  tips: readonly string[],
  path: RepoPath,
): Promise<string[]> {
  if (tips.length === 0) return [];
  const { stdout } = await repo.run([
    "--literal-pathspecs",
    "rev-list",
    "--full-history",
    "--topo-order",
    "--reverse",
    ...tips,
    "--",
    path,
  ]);
  return stdout.toString("latin1").split("\n").filter(Boolean);
}

/**
 * As {@link commitsTouching}; in a clone that lacks the folders to tell, all that can be said is that the
 * tips may: whoever asks finds their parents' folders absent, too.
 */
export async function commitsPerhapsTouching(
  repo: Repo,
  tips: readonly string[],
  path: RepoPath,
): Promise<string[]> {
  return (await unlessMissing(() => commitsTouching(repo, tips, path))) ?? [...tips];
}
