/**
 * What stands in a repository before init changes anything: hooks, husky, files, configuration.
 * It reads only, and refuses a hooks folder that it could not use without speaking for others.
 */
import { lstat, readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve as resolvePath,
  sep,
} from "node:path";
import type { Repo } from "@wingman/git";
import { fault } from "@wingman/model";
import { CLONE_HOOKS, hasHuskyLine, isShim, SERVER_HOOKS } from "./hook-shims.ts";
import type { HookPlace, HuskyPlace } from "./install-plan.ts";

/** Where this repository's hooks go. */
export interface HookFolders {
  /** Absolute: shims are written here. */
  readonly folders: readonly string[];
  /** Absolute: husky's own folder, whose files call the shims; undefined without husky. */
  readonly husky: string | undefined;
}

/** Finds the hook folders. Throws `init/hooks-path` where another tool's folder is in the way. */
export async function hookFolders(repo: Repo): Promise<HookFolders> {
  const own = join(repo.commonDir, "hooks");
  const ours = join(repo.commonDir, "wingman", "hooks");
  const told = await hooksPath(repo);
  const committed = repo.workTree === undefined ? undefined : join(repo.workTree, ".husky");
  const hasHusky = committed !== undefined && (await isFolder(committed));
  if (told === undefined) {
    // Husky that is not installed yet takes the hooks over at its install: be in both places.
    return hasHusky
      ? { folders: [own, ours], husky: committed }
      : { folders: [own], husky: undefined };
  }
  const folder = isAbsolute(told.path)
    ? told.path
    : resolvePath(repo.workTree ?? repo.gitDir, told.path);
  if (folder === own || isInside(repo.commonDir, folder))
    return { folders: [folder], husky: undefined };
  if (repo.workTree !== undefined && isInside(repo.workTree, folder) && basename(folder) === "_")
    return { folders: [ours], husky: dirname(folder) };
  return fault(
    `core.hooksPath is ${JSON.stringify(told.path)} (${told.scope} configuration), which is not this repository's own`,
    {
      code: "init/hooks-path",
      hint:
        `unset it (git config --${told.scope === "worktree" ? "worktree" : told.scope} --unset core.hooksPath) and run wingman init again, ` +
        "or let that folder's pre-commit, prepare-commit-msg, commit-msg, pre-merge-commit and pre-push " +
        'call `node "$(git rev-parse --git-common-dir)/wingman/program/wingman.mjs" hook <name> "$@"`',
    },
  );
}

/** The user's core.hooksPath, which our own git commands override on the command line. */
async function hooksPath(repo: Repo): Promise<{ path: string; scope: string } | undefined> {
  const { stdout } = await repo.run(
    ["config", "-z", "--show-scope", "--type=path", "--get-all", "core.hooksPath"],
    { okCodes: [0, 1], plainConfig: true },
  );
  const fields = stdout.toString("utf8").split("\0");
  let last: { path: string; scope: string } | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const scope = fields[at] ?? "";
    if (scope !== "command") last = { scope, path: fields[at + 1] ?? "" };
  }
  return last === undefined || last.path === "" ? undefined : last;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Each hook's place in each folder. A forge's `<hook>.d` folder is where the forge wants it. */
export async function hookPlaces(
  repo: Repo,
  folders: readonly string[],
  shim: string,
): Promise<HookPlace[]> {
  const places: HookPlace[] = [];
  for (const folder of folders) {
    for (const hook of repo.bare ? SERVER_HOOKS : CLONE_HOOKS) {
      const many = repo.bare && (await isFolder(join(folder, `${hook}.d`)));
      const path = many ? join(folder, `${hook}.d`, "wingman") : join(folder, hook);
      places.push(await hookPlace(repo, hook, path, shim));
    }
  }
  return places;
}

async function hookPlace(repo: Repo, hook: string, path: string, shim: string): Promise<HookPlace> {
  const shown = relative(repo.workTree ?? repo.commonDir, path)
    .split(sep)
    .join("/");
  const text = await textAt(path);
  const beside = await textAt(`${path}.chained`);
  const state =
    text === undefined ? "absent" : text === shim ? "current" : isShim(text) ? "old" : "foreign";
  const chained = beside === undefined ? "absent" : beside === text ? "equal" : "other";
  return { hook, path, shown, state, chained };
}

/** Husky's files for the hooks of a clone. */
export async function huskyPlaces(repo: Repo, husky: string | undefined): Promise<HuskyPlace[]> {
  if (husky === undefined) return [];
  return await Promise.all(
    CLONE_HOOKS.map(async (hook) => {
      const path = join(husky, hook);
      const text = await textAt(path);
      const shown = relative(repo.workTree ?? husky, path)
        .split(sep)
        .join("/");
      return { hook, path, shown, text, calls: text !== undefined && hasHuskyLine(text) };
    }),
  );
}

/** Other tools that live beside us, and what a person should know of each. */
export async function neighbours(workTree: string): Promise<string[]> {
  const found: string[] = [];
  const has = async (...names: string[]): Promise<boolean> =>
    (await Promise.all(names.map((name) => exists(join(workTree, name))))).includes(true);
  if (
    await has(
      "lefthook.yml",
      "lefthook.yaml",
      ".lefthook.yml",
      ".lefthook.yaml",
      "lefthook.toml",
      "lefthook.json",
    )
  )
    found.push(
      "lefthook is used here: its hooks are chained. After `lefthook install` run wingman init again: it moves foreign hooks aside",
    );
  if (await has(".pre-commit-config.yaml"))
    found.push(
      "pre-commit is used here: its hooks are chained. After `pre-commit install` run wingman init again",
    );
  if (await has(".github/workflows"))
    found.push(
      "GitHub workflows stand here: hooks are a courtesy, a required check is what blocks a merge",
    );
  else if (await has(".gitlab-ci.yml"))
    found.push(
      "GitLab CI is used here: hooks are a courtesy, a job with `wingman check` is what blocks a merge",
    );
  return found;
}

/**
 * Faults where a folder that init writes into is a symbolic link: a cloned repository could bring one
 * that leads out of itself.
 */
export async function refuseLinks(workTree: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const path = join(workTree, folder);
    if (!(await exists(path)) || !(await lstat(path)).isSymbolicLink()) continue;
    fault(`${folder} is a symbolic link, and init writes through none`, {
      code: "init/link",
      hint: `look where ${folder} leads, remove the link, and run wingman init again`,
    });
  }
}

/** Faults where another account owns a server's repository: its hooks could not read our key. */
export async function refuseOtherAccount(commonDir: string): Promise<void> {
  const { uid: owner } = await stat(commonDir);
  const { uid } = userInfo();
  // Windows has no such ids and says -1.
  if (uid === -1 || uid === owner) return;
  fault("this repository belongs to another account, whose hooks could not read what init makes", {
    code: "init/other-account",
    hint: `run it as the account that owns the repository: sudo -u '#${owner}' wingman init …`,
  });
}

/** A file's text; undefined where there is none. A link to nowhere stands and is empty. */
export async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return (await exists(path)) ? "" : undefined;
}

/** True where anything stands at the path, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
