/**
 * A throw-away repository of fetched objects, for a forge's check: heads are read as objects and never
 * checked out, so nothing of the judged side can run. No hook, template or filter stands in it.
 */
import { mkdir } from "node:fs/promises";
import { fault } from "@wingman/model";
import { gitFailed } from "./git-failure.ts";
import { callGit } from "./git-process.ts";
import type { Environment } from "./repo.ts";

/** What gits of long ago wrote in all honesty, as `init` lets it into a server too. */
const OLD_HONEST = ["zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeEmail"].flatMap(
  (check) => ["-c", `fetch.fsck.${check}=ignore`],
);

export interface FetchStore {
  /** An empty or new folder. */
  readonly folder: string;
  readonly url: string;
  readonly env: Environment;
  /** Commits that must be there besides all branches. */
  readonly commits: readonly string[];
}

/**
 * Makes the store: all branches of the remote as `refs/remotes/origin/*`, and the commits asked for.
 * Faults as git does where the remote refuses or does not know a commit.
 */
export async function fetchStore(store: FetchStore): Promise<void> {
  await mkdir(store.folder, { recursive: true });
  if (/^[a-z0-9]+::/i.test(store.url) || store.url.startsWith("-"))
    fault("the repository's address is none that is fetched from", {
      code: "git/bad-remote",
      hint: "GITHUB_SERVER_URL and GITHUB_REPOSITORY come from the runner",
    });
  const run = async (args: readonly string[]): Promise<void> => {
    const result = await callGit(args, { cwd: store.folder, env: store.env });
    if (result.code !== 0) gitFailed(args.slice(0, 1), result);
  };
  await run(["init", "--quiet", "--template="]);
  await run(["remote", "add", "origin", store.url]);
  const heads = "+refs/heads/*:refs/remotes/origin/*";
  const wanted = [...new Set(store.commits)].map((oid) => `+${oid}:refs/wingman/asked/${oid}`);
  await run([
    ...["-c", "gc.auto=0", "-c", "fetch.fsckObjects=true", ...OLD_HONEST],
    ...["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"],
    ...["origin", heads, ...wanted],
  ]);
}
