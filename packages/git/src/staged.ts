/**
 * What is staged, as a tree: the index that git handed to the hook, never files on disk. Works on a
 * copy, so that neither the index nor the object store is written and no lock is waited for.
 */
import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fault, type Tree } from "@wingman/model";
import { treeAt, treeOver } from "./git-tree.ts";
import { indexTrees } from "./index-file.ts";
import type { Repo } from "./repo.ts";

/**
 * The index as a tree; entries that are only intended to be added are not in it. Honours
 * `GIT_INDEX_FILE` (a partial commit's is a temporary one). Faults `git/unmerged`, and
 * `git/missing-object` where the index names a blob that the repository lacks.
 */
export async function stagedTree(repo: Repo): Promise<Tree> {
  return treeOfIndex(repo) ?? (await writtenTree(repo));
}

/**
 * The tree from the index's own bytes, for a hook's milliseconds. Undefined where git should look: an
 * index of another kind, a conflict, or a file or folder in it that the repository lacks.
 */
function treeOfIndex(repo: Repo): Tree | undefined {
  const bytes = indexBytes(repo);
  const trees = bytes === undefined ? undefined : indexTrees(bytes, repo.zero.length);
  if (trees === undefined) return undefined;
  repo.objects.hold(trees.built);
  return treeOver(repo.objects, trees.root);
}

function indexBytes(repo: Repo): Buffer | undefined {
  try {
    return readFileSync(indexPath(repo));
  } catch {
    return undefined; // None, or none to be read: git says which.
  }
}

async function writtenTree(repo: Repo): Promise<Tree> {
  const scratch = await repo.scratch();
  const folder = await mkdtemp(join(scratch.dir, "index-"));
  const copy = join(folder, "index");
  try {
    await copyFile(indexPath(repo), copy).catch((cause: unknown) => {
      // No index yet means that nothing is staged; git reads a missing one as empty.
      if (isAbsent(cause)) return;
      fault("the index cannot be read", {
        code: "git/index-unreadable",
        hint: "check the permissions of the repository's index file and of the temporary directory",
        cause,
      });
    });
    const env = { ...scratch.objectsHere, GIT_INDEX_FILE: copy };
    const { stdout } = await repo.run(["write-tree"], { env });
    return await treeAt(repo, stdout.toString("latin1").trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Git resolves a relative GIT_INDEX_FILE from the top of the work tree, where hooks also start.
function indexPath(repo: Repo): string {
  const named = repo.env["GIT_INDEX_FILE"];
  return named ? resolve(repo.workTree ?? repo.cwd, named) : join(repo.gitDir, "index");
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
