/**
 * A throw-away repository of fetched objects, for a forge's check: heads are read as objects and never
 * checked out, so nothing of the judged side can run. No hook, template or filter stands in it.
 */
import { mkdir } from "node:fs/promises";
import { fault } from "@wingman/model";
import { fetchAll, fetchSound } from "./fetch-sound.ts";
import { gitFailed } from "./git-failure.ts";
import { callGit } from "./git-process.ts";
import type { Environment } from "./repo.ts";

export interface FetchStore {
  /** An empty or new folder. */
  readonly folder: string;
  readonly url: string;
  readonly env: Environment;
  /** Commits that must be there besides all branches. */
  readonly commits: readonly string[];
  /** Branches, where they stand, without which nothing can be judged. */
  readonly needed: readonly string[];
}

/**
 * Makes the store: all branches of the remote as `refs/remotes/origin/*`, and the commits asked for. Gives the
 * branches that are left out, for an object that git's own checks refuse. Faults `git/hostile-object` where a
 * commit asked for or a branch that is needed has such a one, and as git does where the remote refuses.
 */
export async function fetchStore(store: FetchStore): Promise<readonly string[]> {
  await mkdir(store.folder, { recursive: true });
  if (/^[a-z0-9]+::/i.test(store.url) || store.url.startsWith("-"))
    fault("the repository's address is none that is fetched from", {
      code: "git/bad-remote",
      hint: "GITHUB_SERVER_URL and GITHUB_REPOSITORY come from the runner",
    });
  const run = async (args: readonly string[]): Promise<Buffer> => {
    const result = await callGit(args, { cwd: store.folder, env: store.env });
    return result.code === 0 ? result.stdout : gitFailed(args.slice(0, 1), result);
  };
  await run(["init", "--quiet", "--template="]);
  await run(["remote", "add", "origin", store.url]);
  const wanted = [...new Set(store.commits)].map((oid) => `+${oid}:refs/wingman/asked/${oid}`);
  const every = ["+refs/heads/*:refs/remotes/origin/*", ...wanted];
  if ((await fetchAll(store, every)) === undefined) return [];
  const listed = await run(["ls-remote", "--heads", "--quiet", "origin"]);
  const heads = listed.toString("utf8").match(/(?<=\trefs\/heads\/).*$/gm) ?? [];
  const specOf = (name: string): string => `+refs/heads/${name}:refs/remotes/origin/${name}`;
  const needed = heads.filter((name) => store.needed.includes(name));
  const refused = await fetchAll(store, [...needed.map(specOf), ...wanted]);
  if (refused !== undefined) gitFailed(["fetch"], refused);
  const others = heads.filter((name) => !store.needed.includes(name));
  const left = new Set(await fetchSound(store, others.map(specOf)));
  return others.filter((name) => left.has(specOf(name))).map((name) => `refs/heads/${name}`);
}
