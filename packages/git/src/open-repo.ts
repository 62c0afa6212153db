/**
 * Opens a repository: bare or not, worktree, subdirectory, hook with `GIT_DIR=.`, SHA-1 or SHA-256.
 * Refuses what is none, a git that is missing or too old, and a repository of dubious ownership.
 */
import { rm } from "node:fs/promises";
import { fault } from "@wingman/model";
import { BatchReader } from "./batch-reader.ts";
import { gitFailed } from "./git-failure.ts";
import { callGit, outOfQuarantine, type Start } from "./git-process.ts";
import { OBJECT_LIMIT, objectStore } from "./object-store.ts";
import type { Environment, Repo, RunOptions, RunResult, Scratch } from "./repo.ts";
import { makeScratch } from "./scratch.ts";

interface Layout {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string | undefined;
  readonly bare: boolean;
  readonly format: "sha1" | "sha256";
}

/** `merge-tree --write-tree` came with 2.38. */
const OLDEST: readonly [number, number] = [2, 38];

/**
 * Opens the repository that git itself would use at `cwd`: `GIT_DIR` in `env` beats it. Faults
 * `git/no-repository`, `git/not-installed`, `git/too-old`, `git/dubious-ownership`.
 */
export async function openRepo(where: { cwd: string; env: Environment }): Promise<Repo> {
  const [layout] = await Promise.all([findLayout(where), refuseOldGit(where)]);
  return repoOf(where, layout);
}

function repoOf(start: Start, layout: Layout): Repo {
  const hexLength = layout.format === "sha256" ? 64 : 40;
  let scratch: Promise<Scratch> | undefined;
  let scratchReader: BatchReader | undefined;
  let outside: Repo | undefined;
  const reader = new BatchReader(start, OBJECT_LIMIT);
  const objects = objectStore(reader, hexLength, () => scratchReader);

  async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const base = options.withoutQuarantine ? outOfQuarantine(start.env) : start.env;
    const env = { ...base, ...options.env };
    const plainConfig = options.plainConfig === true;
    const result = await callGit(args, { cwd: start.cwd, env, plainConfig }, options.input);
    if (!(options.okCodes ?? [0]).includes(result.code)) gitFailed(args, result);
    return result;
  }

  const repo: Repo = {
    cwd: start.cwd,
    ...layout,
    zero: "0".repeat(hexLength),
    env: start.env,
    objects,
    run,
    shallow: async () => {
      const { stdout } = await run(["rev-parse", "--is-shallow-repository"]);
      return stdout.toString("latin1").trim() === "true";
    },
    outsideQuarantine: async () => {
      outside ??= repoOf({ cwd: start.cwd, env: outOfQuarantine(start.env) }, layout);
      return outside;
    },
    scratch: () => {
      scratch ??= makeScratch(repo).then((made) => {
        const env = { ...start.env, ...made.alone };
        scratchReader = new BatchReader({ cwd: start.cwd, env }, OBJECT_LIMIT);
        return made;
      });
      return scratch;
    },
    close: async () => {
      await outside?.close();
      const made = await scratch?.catch(() => undefined);
      await objects.close();
      if (made !== undefined) await rm(made.dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return repo;
}

async function findLayout(start: Start): Promise<Layout> {
  // The work tree comes last: git dies there in a bare repository, after it told the rest.
  const args = [
    ...["rev-parse", "--path-format=absolute", "--is-bare-repository", "--show-object-format"],
    ...["--git-dir", "--git-common-dir", "--show-toplevel"],
  ];
  const result = await callGit(args, start);
  const lines = result.stdout.toString("utf8").split("\n");
  const [bare, format = "", gitDir, commonDir, workTree] = lines;
  if (result.code !== 0 && lines.length !== 5) gitFailed(args, result);
  // An older git repeats options that it does not know; a directory's name may hold a line end.
  if (!/^sha(1|256)$/.test(format) || lines.length > 6 || !gitDir || !commonDir)
    fault("git's answer about this repository cannot be read", {
      code: "git/no-repository",
      hint: "use Git 2.38 or newer, and a path without line ends",
    });
  return {
    bare: bare === "true",
    format: format === "sha256" ? "sha256" : "sha1",
    gitDir,
    commonDir,
    workTree: result.code === 0 && workTree ? workTree : undefined,
  };
}

async function refuseOldGit(start: Start): Promise<void> {
  const { stdout } = await callGit(["version"], start);
  const text = stdout.toString("latin1").trim();
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const [oldMajor, oldMinor] = OLDEST;
  if (Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor)) return;
  fault(`this git is too old: ${text || "no version"}`, {
    code: "git/too-old",
    hint: "install Git 2.38 or newer",
  });
}
