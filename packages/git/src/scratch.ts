/**
 * Scratch: a throw-away bare repository whose objects lie on top of the real ones. Automatic merges
 * and the staged tree are written here, so that looking at a repository never writes to it and works
 * where it cannot be written. It carries no configuration, attributes or refs of the judged side.
 */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fault } from "@wingman/model";
import type { Environment, Repo, Scratch } from "./repo.ts";

/** Makes the scratch of a repository below the system's temporary directory, for its owner only. */
export async function makeScratch(repo: Repo): Promise<Scratch> {
  const dir = await mkdtemp(join(tmpdir(), "wingman-git-")).catch((cause: unknown) =>
    fault(`no temporary directory can be made in ${tmpdir()}`, {
      code: "git/disk-full",
      hint: "free some space there, or name another one in TMPDIR",
      cause,
    }),
  );
  const objects = join(dir, "objects");
  const sha256 = repo.format === "sha256";
  await Promise.all([mkdir(objects), mkdir(join(dir, "refs"))]);
  await writeFile(join(dir, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(
    join(dir, "config"),
    `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tbare = true\n${
      sha256 ? "[extensions]\n\tobjectFormat = sha256\n" : ""
    }`,
  );
  const objectsHere: Environment = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: realObjects(repo),
    // Git refuses some writes while this is set; these go nowhere near the quarantine.
    GIT_QUARANTINE_PATH: undefined,
  };
  const alone: Environment = {
    ...objectsHere,
    GIT_DIR: dir,
    GIT_COMMON_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
    GIT_NAMESPACE: undefined,
    // Parents that a shallow clone lacks are cut off here as well.
    GIT_SHALLOW_FILE: resolve(
      repo.cwd,
      repo.env["GIT_SHALLOW_FILE"] || join(repo.commonDir, "shallow"),
    ),
    // The same answer on every surface: no merge driver, rename limit or attribute of anyone's.
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: undefined,
    GIT_CONFIG_PARAMETERS: undefined,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_ATTR_SOURCE: undefined,
    XDG_CONFIG_HOME: dir,
  };
  return { dir, objects, objectsHere, alone };
}

/** The directories that hold the repository's objects, quarantine first, as git's list variable. */
function realObjects(repo: Repo): string {
  const named = repo.env["GIT_OBJECT_DIRECTORY"];
  const own = [join(repo.commonDir, "objects")];
  if (named) own.unshift(resolve(repo.cwd, named));
  const list = own.map((path) =>
    // Git unquotes C-style where an entry begins with a quote; a separator inside needs it.
    path.includes(delimiter) || path.startsWith('"')
      ? `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`
      : path,
  );
  const others = repo.env["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
  if (others) list.push(others);
  return list.join(delimiter);
}
