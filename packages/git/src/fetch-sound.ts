/**
 * Fetches refs into a store with git's own checks of every object. What fails them is left out and given by
 * name: a branch or a pull request that anybody can push must not keep everybody else's from being judged.
 */
import { gitFailed } from "./git-failure.ts";
import { callGit } from "./git-process.ts";
import type { Environment, RunResult } from "./repo.ts";

export interface StoreAt {
  readonly folder: string;
  readonly env: Environment;
}

/** What gits of long ago wrote in all honesty, as `init` lets it into a server too. */
const OLD_HONEST = ["zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeEmail"].flatMap(
  (check) => ["-c", `fetch.fsck.${check}=ignore`],
);

/** `fatal: fsck error in packed object`; any other failure says nothing of the objects. */
const REFUSED = /\bfsck error\b/;

/** Fetches all of these refspecs or none. Gives what git said where its checks refuse an object. */
export async function fetchAll(
  { folder, env }: StoreAt,
  specs: readonly string[],
): Promise<RunResult | undefined> {
  const args = [
    ...["-c", "gc.auto=0", "-c", "fetch.fsckObjects=true", ...OLD_HONEST],
    ...["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"],
    ...["--stdin", "origin"],
  ];
  const result = await callGit(args, { cwd: folder, env }, `${specs.join("\n")}\n`);
  if (result.code === 0) return undefined;
  return REFUSED.test(result.stderr) ? result : gitFailed(["fetch"], result);
}

/** Fetches these refspecs but for those with an object that git's checks refuse; gives the latter. */
export async function fetchSound(
  store: StoreAt,
  specs: readonly string[],
): Promise<readonly string[]> {
  if (specs.length === 0 || (await fetchAll(store, specs)) === undefined) return [];
  if (specs.length === 1) return specs;
  // By halves: a few hostile refs among thousands cost a few fetches.
  const half = specs.length >> 1;
  return [
    ...(await fetchSound(store, specs.slice(0, half))),
    ...(await fetchSound(store, specs.slice(half))),
  ];
}
