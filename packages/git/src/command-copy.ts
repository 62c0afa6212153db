/**
 * A clean copy of a tree for a command to run in: blobs as they are stored, so no filter, hook, LFS,
 * smudge, export-ignore or line-end rule has a say. It refuses names that leave the folder, and says
 * what a checkout would have had and the copy has not.
 */
import { chmod, mkdir, open, symlink } from "node:fs/promises";
import { dirname } from "node:path/posix";
import { type Entry, pathToBytes, type RepoPath, type Tree } from "@wingman/model";

/** What may be laid over a tree first; undefined takes a file away. */
export type Overlay = ReadonlyMap<RepoPath, Entry | undefined>;

const MOST_FILES = 200_000;
const MOST_BYTES = 2 * 1024 * 1024 * 1024;
const LFS = "version https://git-lfs.github.com/spec/v1\n";

/** Gives what the copy lacks (for people), or why there is none. */
export async function writeCopy(
  tree: Tree,
  folder: string,
  over: Overlay = new Map(),
): Promise<{ readonly lacks: readonly string[] } | { readonly why: string }> {
  const entries = new Map<RepoPath, Entry>();
  for (const entry of await tree.entries()) entries.set(entry.path, entry);
  for (const [path, entry] of over) {
    if (entry === undefined) entries.delete(path);
    else entries.set(path, entry);
  }
  if (entries.size > MOST_FILES) return { why: `the tree has more than ${MOST_FILES} files` };
  const lacks: string[] = [];
  const links: Entry[] = [];
  const made = new Set<string>();
  let bytes = 0;
  for (const entry of entries.values()) {
    if (isHostile(entry.path)) return { why: "the tree holds a name that would leave the copy" };
    if (entry.mode === "160000") lacks.push(`the submodule ${entry.path}`);
    else if (entry.mode === "120000") links.push(entry);
    else {
      bytes += await tree.size(entry);
      if (bytes > MOST_BYTES) return { why: `the tree has more than ${MOST_BYTES} bytes` };
      await makeFolder(folder, dirname(entry.path), made);
      if (await writeFile(tree, entry, at(folder, entry.path)))
        lacks.push(`the LFS file ${entry.path}`);
    }
  }
  // Links last: nothing above was written through one.
  for (const entry of links) {
    const target = Buffer.from(await tree.read(entry));
    if (leaves(entry.path, target.toString("latin1"))) {
      lacks.push(`the link ${entry.path}, which leads outside`);
      continue;
    }
    await makeFolder(folder, dirname(entry.path), made);
    await symlink(target, at(folder, entry.path));
  }
  return { lacks };
}

/** True where it is an LFS pointer. Fails where something stands there already (a folding disk). */
async function writeFile(tree: Tree, entry: Entry, path: Buffer): Promise<boolean> {
  const file = await open(path, "wx", entry.mode === "100755" ? 0o755 : 0o644);
  let head = "";
  try {
    const pieces = tree.stream?.(entry) ?? [await tree.read(entry)];
    for await (const piece of pieces) {
      if (head.length < LFS.length) head += Buffer.from(piece).toString("latin1", 0, LFS.length);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return head.startsWith(LFS);
}

async function makeFolder(root: string, path: string, made: Set<string>): Promise<void> {
  if (path === "." || made.has(path)) return;
  await mkdir(at(root, path), { recursive: true });
  await chmod(at(root, path), 0o755);
  made.add(path);
}

function at(root: string, path: RepoPath): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), pathToBytes(path)]);
}

function isHostile(path: RepoPath): boolean {
  return path.split("/").some((name) => /^(?:|\.{1,2}|\.git)$/i.test(name) || name.includes("\0"));
}

/** True where a link's target is absolute or climbs above the copy. */
function leaves(path: RepoPath, target: string): boolean {
  if (target.startsWith("/")) return true;
  let depth = path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
