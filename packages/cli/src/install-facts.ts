/**
 * What stands in a repository before init changes anything: hooks, husky, files, configuration.
 * It reads only, and refuses a hooks folder that it could not use without speaking for others.
 */
import { lstat, readFile, stat } from "node:fs/promises";
import { platform, userInfo } from "node:os";
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
import { CLONE_HOOKS, isShim, SERVER_HOOKS, TRIPWIRE } from "./hook-shims.ts";
import type { HookPlace } from "./install-plan.ts";

/** Where this repository's hooks go. */
export interface HookFolders {
  /** Absolute: shims are written here. */
  readonly folders: readonly string[];
  /** Absolute: a folder of the work tree whose hooks call the shims, as husky's; undefined without one. */
  readonly committed: string | undefined;
  /** Absolute: husky's own folder, in which only the tripwire stands; undefined without one. */
  readonly tripwire?: string;
}

/**
 * Finds the hook folders. `managed`: a hook manager's configuration calls the shims, which then stand
 * apart from its own files as well. Throws `init/hooks-path` where a folder of others is in the way.
 */
export async function hookFolders(repo: Repo, managed = false): Promise<HookFolders> {
  const own = join(repo.commonDir, "hooks");
  const ours = join(repo.commonDir, "wingman", "hooks");
  const told = await hooksPath(repo);
  if (told === undefined) {
    // GitLab's Gitaly looks for a repository's own hooks here, and never into hooks/.
    const gitaly = join(repo.commonDir, "custom_hooks");
    if (repo.bare && (await isFolder(gitaly))) return { folders: [gitaly], committed: undefined };
    // A manager that is not installed yet takes the hooks over at its install: be in both places.
    const husky = await uninstalledHusky(repo);
    const folders = husky !== undefined || managed ? [own, ours] : [own];
    return { folders, committed: husky };
  }
  const folder = isAbsolute(told.path)
    ? told.path
    : resolvePath(repo.workTree ?? repo.gitDir, told.path);
  if (folder === own) return { folders: managed ? [own, ours] : [own], committed: undefined };
  if (isInside(repo.commonDir, folder)) return { folders: [folder], committed: undefined };
  // Husky 9 names its folder `_`, which it writes anew; what people write stands beside it.
  if (repo.workTree !== undefined && isInside(repo.workTree, folder))
    return basename(folder) === "_"
      ? { folders: [ours], committed: dirname(folder), tripwire: folder }
      : { folders: [ours], committed: folder };
  return fault(
    `core.hooksPath is ${JSON.stringify(told.path)} (${told.scope} configuration), which is not this repository's own; nothing there is touched`,
    { code: "init/hooks-path", hint: hooksPathHint(told.scope, own) },
  );
}

function hooksPathHint(scope: string, own: string): string {
  const calls =
    "or let that folder's pre-commit, prepare-commit-msg, commit-msg, pre-merge-commit, pre-push and reference-transaction " +
    'call `node "$(git rev-parse --git-common-dir)/wingman/program/wingman.mjs" hook <name> "$@"`';
  if (scope === "local" || scope === "worktree")
    return `unset it (git config --${scope} --unset core.hooksPath) and run wingman init again, ${calls}`;
  return (
    `give this repository its own (git config --local core.hooksPath ${JSON.stringify(own)}) and run wingman init again: ` +
    `the hooks of that folder then no longer run here, ${calls}`
  );
}

/** A committed `.husky`, at the root or in one package of a monorepo, that no install has switched on. */
async function uninstalledHusky(repo: Repo): Promise<string | undefined> {
  if (repo.workTree === undefined) return undefined;
  const root = join(repo.workTree, ".husky");
  if (await isFolder(root)) return root;
  const { stdout } = await repo.run([
    "ls-files",
    "-z",
    "--full-name",
    "--",
    ":(top,glob)**/.husky/*",
  ]);
  const paths = stdout.toString("utf8").split("\0").filter(Boolean);
  const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/"))))];
  const [only] = folders;
  // Of several one is switched on some day, and which is not ours to say.
  return only === undefined || folders.length > 1 ? undefined : join(repo.workTree, only);
}

/** The user's core.hooksPath, which our own git commands override on the command line. */
export async function hooksPath(repo: Repo): Promise<{ path: string; scope: string } | undefined> {
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

/** What is known of who else writes hooks here. */
export interface HookWriters {
  readonly shim: string;
  /** True where a hook manager wrote this text for this hook and its configuration calls us. */
  managed(hook: string, text: string): boolean;
}

/** Each hook's place in each folder. A forge's `<hook>.d` folder is where the forge wants it. */
export async function hookPlaces(
  repo: Repo,
  { folders, tripwire }: HookFolders,
  writers: HookWriters,
): Promise<HookPlace[]> {
  const places: HookPlace[] = [];
  if (tripwire !== undefined)
    places.push(await hookPlace(repo, TRIPWIRE, join(tripwire, TRIPWIRE), writers));
  for (const folder of folders) {
    for (const hook of repo.bare ? SERVER_HOOKS : CLONE_HOOKS) {
      const many = repo.bare && (await isFolder(join(folder, `${hook}.d`)));
      const path = many ? join(folder, `${hook}.d`, "wingman") : join(folder, hook);
      places.push(await hookPlace(repo, hook, path, writers));
    }
  }
  return places;
}

async function hookPlace(
  repo: Repo,
  hook: string,
  path: string,
  writers: HookWriters,
): Promise<HookPlace> {
  const text = await textAt(path);
  // pre-commit moves what it finds to `<hook>.legacy` and runs that first, with git's own input.
  const kept = await textAt(`${path}.legacy`);
  if (text !== undefined && !isShim(text) && kept !== undefined && isShim(kept))
    return await hookPlace(repo, hook, `${path}.legacy`, writers);
  const shown = relative(repo.workTree ?? repo.commonDir, path)
    .split(sep)
    .join("/");
  const beside = await textAt(`${path}.chained`);
  return {
    hook,
    path,
    shown,
    state: (await isSkipped(path, text)) ? "old" : stateOf(hook, text, writers),
    chained: chainedOf(beside, text),
  };
}

/** A shim of ours that git skips, since it may not be executed: to be written anew. */
async function isSkipped(path: string, text: string | undefined): Promise<boolean> {
  // Windows has no such mode, and git asks for none there.
  if (text === undefined || !isShim(text) || platform() === "win32") return false;
  return ((await stat(path)).mode & 0o111) === 0;
}

// Words that a tool writes into each of its hook files.
const GENERATED = /SKIP_SIMPLE_GIT_HOOKS|File generated by pre-commit|call_lefthook/;

/** What the chained file is to the hook: an older one that the same tool wrote is no hook of its own. */
function chainedOf(beside: string | undefined, text: string | undefined): HookPlace["chained"] {
  if (beside === undefined) return "absent";
  if (beside === text) return "equal";
  const writer = GENERATED.exec(text ?? "")?.[0];
  return writer !== undefined && beside.includes(writer) ? "absent" : "other";
}

function stateOf(
  hook: string,
  text: string | undefined,
  { shim, managed }: HookWriters,
): HookPlace["state"] {
  if (text === undefined) return "absent";
  if (text === shim) return "current";
  if (isShim(text)) return "old";
  return managed(hook, text) ? "managed" : "foreign";
}

/** Other tools that live beside us, and what a person should know of each. */
export async function neighbours(workTree: string): Promise<string[]> {
  const found: string[] = [];
  const has = async (...names: string[]): Promise<boolean> =>
    (await Promise.all(names.map((name) => exists(join(workTree, name))))).includes(true);
  found.push(...packageHooks(await textAt(join(workTree, "package.json"))));
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

/** Managers that package.json configures: both write `.git/hooks` anew, and neither chains. */
function packageHooks(text: string | undefined): string[] {
  if (text === undefined) return [];
  let manifest: { readonly "simple-git-hooks"?: unknown; readonly config?: unknown } | null;
  try {
    manifest = JSON.parse(text);
  } catch {
    return []; // A package.json that cannot be read is npm's to complain of.
  }
  const ghooks = Object(manifest?.config).ghooks !== undefined;
  const name = manifest?.["simple-git-hooks"] !== undefined ? "simple-git-hooks" : "ghooks";
  if (name === "ghooks" && !ghooks) return [];
  return [
    `package.json configures ${name}, which writes .git/hooks anew at each of its installs: run wingman init again after one. Its hooks are chained, none is lost`,
  ];
}

/**
 * Faults where a folder or file that init writes is a symbolic link: a cloned repository could bring one
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
