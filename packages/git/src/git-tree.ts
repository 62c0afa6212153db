/**
 * Tree over tree objects: a look at one path reads only the folders on it. It refuses hostile trees,
 * and trees that unfold to more files than anyone has.
 */
import { type Entry, fault, type RepoPath, type Tree, type TreeName } from "@wingman/model";
import { peel } from "./commit-object.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Repo } from "./repo.ts";
import { hostileTree, LONGEST_PATH, type ParsedTree, type TreeItem } from "./tree-object.ts";

/** Twelve tree objects can name ten thousand million files: stop long before memory does. */
export const MOST_ENTRIES = 1_000_000;

/**
 * The files of a tree or commit (or an annotated tag of one), read on demand; `id` is the tree's.
 * Faults `git/missing-object`, `git/hostile-tree`; `git/no-tree` where the object is a blob.
 */
export async function treeAt(repo: Repo, oid: string): Promise<Tree> {
  return treeOver(repo.objects, await treeIdOf(repo, oid));
}

/** The id of the tree that a commit, tag or tree id means. */
export async function treeIdOf(repo: Repo, oid: string): Promise<string> {
  const { type, oid: end } = await peel(repo, oid);
  if (type === "tree") return end;
  if (type === "blob")
    fault(`object ${oid} is a file, not a tree`, {
      code: "git/no-tree",
      hint: "name a commit or a tree",
    });
  const { bytes } = await repo.objects.read(end);
  const tree = /^tree ([0-9a-f]+)\n/.exec(bytes.toString("latin1", 0, 80))?.[1];
  return (
    tree ??
    fault(`commit ${end} names no tree`, {
      code: "git/hostile-commit",
      hint: "git would not write such a commit; make it again with git itself",
    })
  );
}

/** A tree that is known by its tree object's id. */
export function treeOver(objects: ObjectStore, id: string): Tree {
  const read = async (entry: Entry): Promise<Uint8Array> => {
    refuseSubmodule(entry);
    const { type, bytes } = await objects.read(entry.oid);
    if (type !== "blob") hostileTree(id, `${entry.path} is a ${type} where a file should stand`);
    return bytes;
  };
  return {
    id,
    entry: async (path) => {
      const item = await itemAt(objects, id, path);
      return item === undefined || item.mode === "040000" ? undefined : entryOf(item, path);
    },
    entries: async (folder = "") => {
      const top = folder === "" ? id : await folderAt(objects, id, folder);
      const found: Entry[] = [];
      if (top !== undefined)
        await walk(objects, top, folder === "" ? "" : `${folder}/`, (entry) => found.push(entry));
      return found;
    },
    hasFolder: async (path) => {
      const top = path === "" ? id : await folderAt(objects, id, path);
      return top !== undefined && (await holdsFile(objects, top));
    },
    names: async (folders) => {
      const found = new Map<RepoPath, readonly TreeName[]>();
      await namesBelow(objects, { id, folder: "" }, folders, found);
      return found;
    },
    read,
    stream: (entry) => {
      refuseSubmodule(entry);
      return objects.stream(entry.oid);
    },
    size: async (entry) => {
      refuseSubmodule(entry);
      return objects.size(entry.oid);
    },
  };
}

/** An item of a tree object as a file at its whole path. */
export function entryOf(item: TreeItem, path: RepoPath): Entry {
  // A folder is never handed out as a file: callers ask for its mode first.
  const mode = item.mode === "040000" ? "160000" : item.mode;
  return { path, mode, oid: item.oid };
}

/** Counts what a walk has seen and refuses a tree that never ends. */
export function bounded(root: string): (path: RepoPath) => void {
  let seen = 0;
  return (path) => {
    seen += 1;
    if (seen > MOST_ENTRIES) hostileTree(root, `it unfolds to more than ${MOST_ENTRIES} entries`);
    if (path.length > LONGEST_PATH)
      hostileTree(root, `a path is longer than ${LONGEST_PATH} bytes`);
  };
}

/** Reads all folders of a tree object ahead, so that the batch process is never idle. */
export function readAhead(objects: ObjectStore, items: Iterable<TreeItem>): void {
  let ahead = 0;
  for (const item of items) {
    if (item.mode !== "040000") continue;
    // Whoever awaits it later hears of the failure; here it must not end the program.
    objects.tree(item.oid).catch(() => {});
    ahead += 1;
    if (ahead === 64) break;
  }
}

/** Every file below a tree object, in git's order, with `prefix` before each path. */
export async function walk(
  objects: ObjectStore,
  top: string,
  prefix: RepoPath,
  found: (entry: Entry) => void,
  count: (path: RepoPath) => void = bounded(top),
): Promise<void> {
  const items = await objects.tree(top);
  readAhead(objects, items.values());
  for (const item of items.values()) {
    const path = `${prefix}${item.name}`;
    count(path);
    if (item.mode === "040000") await walk(objects, item.oid, `${path}/`, found, count);
    else found(entryOf(item, path));
  }
}

/** Descends only into the wanted folders, each once: never from the top again for each of them. */
async function namesBelow(
  objects: ObjectStore,
  { id, folder }: { id: string; folder: RepoPath },
  wanted: ReadonlySet<RepoPath>,
  found: Map<RepoPath, readonly TreeName[]>,
): Promise<void> {
  const items = await objects.tree(id);
  const names = [...items.values()].map(({ name, mode }) => ({ name, folder: mode === "040000" }));
  if (wanted.has(folder)) found.set(folder, names);
  for (const item of items.values()) {
    if (item.mode !== "040000") continue;
    const path = folder === "" ? item.name : `${folder}/${item.name}`;
    if (wanted.has(path)) await namesBelow(objects, { id: item.oid, folder: path }, wanted, found);
  }
}

async function itemAt(objects: ObjectStore, top: string, path: RepoPath) {
  let items: ParsedTree = await objects.tree(top);
  const names = path.split("/");
  const last = names.pop() ?? "";
  for (const name of names) {
    const folder = items.get(name);
    if (folder?.mode !== "040000") return undefined;
    items = await objects.tree(folder.oid);
  }
  return items.get(last);
}

async function folderAt(objects: ObjectStore, top: string, path: RepoPath) {
  const item = await itemAt(objects, top, path);
  return item?.mode === "040000" ? item.oid : undefined;
}

// Git writes no empty folders, but a hostile tree may hold one, and that is no folder with a file.
async function holdsFile(
  objects: ObjectStore,
  top: string,
  count = bounded(top),
): Promise<boolean> {
  for (const item of (await objects.tree(top)).values()) {
    count("");
    if (item.mode !== "040000" || (await holdsFile(objects, item.oid, count))) return true;
  }
  return false;
}

function refuseSubmodule(entry: Entry): void {
  if (entry.mode === "160000")
    fault(`${entry.path} is a submodule: its commit is in another repository`, {
      code: "git/missing-object",
      hint: "ask about a file of this repository",
    });
}
