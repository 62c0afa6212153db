/**
 * Porcelain through simple-git: branches, remotes, status, for commands that people run. Never in a
 * hook's way: there the other files of this room read objects themselves. It refuses a non-zero
 * exit, which simple-git alone would take for an empty answer.
 */
import { Fault, visible } from "@wingman/model";
import { type SimpleGit, simpleGit } from "simple-git";
import { QUARANTINE } from "./git-process.ts";
import type { Repo } from "./repo.ts";

export interface Remote {
  readonly name: string;
  readonly fetchUrl: string;
  readonly pushUrl: string;
}

export interface Porcelain {
  /** Local branches by name. */
  branches(): Promise<readonly { readonly name: string; readonly commit: string }[]>;
  remotes(): Promise<readonly Remote[]>;
  /** True where neither index nor work tree differs from HEAD; untracked files count. */
  isClean(): Promise<boolean>;
}

// simple-git strips every ambient GIT_* without a word: in a hook it would look at another index.
const KEPT = [
  ...["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"],
  ...["GIT_CONFIG_NOSYSTEM", "GIT_OPTIONAL_LOCKS", "GIT_NO_REPLACE_OBJECTS"],
  ...["GIT_TERMINAL_PROMPT"],
  ...QUARANTINE,
];

/** Porcelain of an open repository. Faults `git/porcelain` where git fails. */
export function porcelain(repo: Repo): Porcelain {
  const git = quietGit(repo);
  return {
    branches: () =>
      told(async () => {
        const { branches } = await git.branchLocal();
        return Object.values(branches).map(({ name, commit }) => ({ name, commit }));
      }),
    remotes: () =>
      told(async () =>
        (await git.getRemotes(true)).map(({ name, refs }) => ({
          name,
          fetchUrl: refs.fetch ?? "",
          pushUrl: refs.push ?? refs.fetch ?? "",
        })),
      ),
    isClean: () => told(async () => (await git.status()).isClean()),
  };
}

function quietGit(repo: Repo): SimpleGit {
  const env: Record<string, string> = {};
  // EDITOR, PAGER and the like are programs: simple-git refuses them, and nothing here opens one.
  for (const [name, value] of Object.entries(repo.env))
    if (value !== undefined && (KEPT.includes(name) || !PROGRAMS.test(name))) env[name] = value;
  const git = simpleGit({
    baseDir: repo.cwd,
    allowEnvironment: KEPT,
    config: ["core.quotePath=false", "core.fsmonitor=false"],
    // It refuses every word about fsmonitor; ours only turns the repository's own off.
    unsafe: { allowUnsafeFsMonitor: true },
    // A non-zero exit with an empty stderr would resolve to "".
    errors: (error, { exitCode, stdErr }) =>
      exitCode === 0
        ? undefined
        : (error ?? new Error(Buffer.concat(stdErr).toString("utf8") || `exit code ${exitCode}`)),
  });
  return git.env({ ...env, GIT_OPTIONAL_LOCKS: "0", GIT_NO_REPLACE_OBJECTS: "1" });
}

const PROGRAMS = /^(GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

async function told<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(`git failed: ${visible(said.split("\n")[0] ?? "").slice(0, 500)}`, {
      code: "git/porcelain",
      hint: "run the same git command by hand to see why",
      cause,
    });
  }
}
