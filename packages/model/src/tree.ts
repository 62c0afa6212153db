/**
 * Tree: read-only files at one id. The index, a commit and a test's literal all become one, and
 * nothing that reads a tree can tell them apart. A path is a name, never something to open.
 */
import { createHash } from "node:crypto";
import { Fault } from "./fault.ts";
import type { RepoPath } from "./path.ts";
import { pathToBytes } from "./path.ts";

/** Git's own modes: file, executable file, symbolic link, submodule. */
export type Mode = "100644" | "100755" | "120000" | "160000";

/** One file of a tree. */
export interface Entry {
  readonly path: RepoPath;
  readonly mode: Mode;
  /** The object's id: 40 or 64 hex digits. A submodule's is a commit of another repository. */
  readonly oid: string;
}

/** A file or folder by its name alone. */
export interface TreeName {
  readonly name: string;
  readonly folder: boolean;
}

/** Read-only files at one id. */
export interface Tree {
  /** The tree object's id, or `memory:…` for one that no repository holds. */
  readonly id: string;
  /** The file at exactly this path; undefined where there is none or a folder stands there. */
  entry(path: RepoPath): Promise<Entry | undefined>;
  /** All files below a folder (without trailing slash), or all for "", in git's order. */
  entries(folder?: RepoPath): Promise<readonly Entry[]>;
  /** True where a folder with at least one file stands at this path. */
  hasFolder(path: RepoPath): Promise<boolean>;
  /**
   * What stands directly in each of these folders, in git's order; a folder that is not there has
   * nothing. The set holds every folder above each of its own, and "" for the top.
   */
  names(folders: ReadonlySet<RepoPath>): Promise<ReadonlyMap<RepoPath, readonly TreeName[]>>;
  /** The bytes of a file, or a symlink's target. Faults (`git/missing-object`) where absent. */
  read(entry: Entry): Promise<Uint8Array>;
  /** The same in pieces, for files that are too large to hold. Absent: read whole. */
  stream?(entry: Entry): AsyncIterable<Uint8Array>;
  /** The size in bytes without reading it. */
  size(entry: Entry): Promise<number>;
}

/** One path that differs between two trees. A rename is a path that went and one that came. */
export interface PathChange {
  readonly path: RepoPath;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** What a test may write for one file: text, bytes, or bytes with a mode. */
export type FileLiteral =
  | string
  | Uint8Array
  | { readonly mode: Mode; readonly content: string | Uint8Array };

/** A tree in memory, for cases: `treeOf({"a/b.txt": "text"})`. Ids are git's SHA-1 blob ids. */
export function treeOf(files: Readonly<Record<RepoPath, FileLiteral>>): Tree {
  const blobs = new Map<string, Uint8Array>();
  const byPath = new Map<RepoPath, Entry>();
  const whole = createHash("sha1");
  for (const path of Object.keys(files).sort(compareBytes)) {
    const literal = files[path] ?? "";
    const mode = typeof literal === "object" && "mode" in literal ? literal.mode : "100644";
    const content = typeof literal === "object" && "mode" in literal ? literal.content : literal;
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const oid = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    blobs.set(oid, bytes);
    byPath.set(path, { path, mode, oid });
    whole.update(`${mode} ${oid} ${path}\0`);
  }
  const all = [...byPath.values()];
  const blob = (entry: Entry): Uint8Array => {
    const bytes = blobs.get(entry.oid);
    if (bytes === undefined || entry.mode === "160000") {
      throw new Fault(`no object ${entry.oid}`, {
        code: "git/missing-object",
        hint: "fetch the missing history (git fetch --unshallow)",
      });
    }
    return bytes;
  };
  const below = (folder: RepoPath): Entry[] =>
    folder === "" ? all : all.filter((entry) => entry.path.startsWith(`${folder}/`));
  return {
    id: all.length === 0 ? "memory:empty" : `memory:${whole.digest("hex")}`,
    entry: async (path) => byPath.get(path),
    entries: async (folder = "") => below(folder),
    hasFolder: async (path) => below(path).length > 0,
    names: async (folders) => new Map([...folders].map((one) => [one, namesIn(one, below(one))])),
    read: async (entry) => blob(entry),
    size: async (entry) => blob(entry).length,
  };
}

function namesIn(folder: RepoPath, below: readonly Entry[]): TreeName[] {
  const start = folder === "" ? 0 : folder.length + 1;
  const names = new Map<string, boolean>();
  for (const { path } of below) {
    const slash = path.indexOf("/", start);
    names.set(path.slice(start, slash === -1 ? undefined : slash), slash !== -1);
  }
  return [...names].map(([name, isFolder]) => ({ name, folder: isFolder }));
}

/** The tree with nothing in it: before a root commit, after a deletion. */
export const emptyTree: Tree = treeOf({});

/** What differs between two trees, by whole listing. The git door has a quick one of its own. */
export async function differences(before: Tree, after: Tree): Promise<PathChange[]> {
  const old = new Map((await before.entries()).map((entry) => [entry.path, entry]));
  const changes: PathChange[] = [];
  for (const entry of await after.entries()) {
    const was = old.get(entry.path);
    old.delete(entry.path);
    if (was === undefined) changes.push({ path: entry.path, after: entry });
    else if (was.oid !== entry.oid || was.mode !== entry.mode)
      changes.push({ path: entry.path, before: was, after: entry });
  }
  for (const was of old.values()) changes.push({ path: was.path, before: was });
  return changes.sort((a, b) => compareBytes(a.path, b.path));
}

/** Orders paths as git does, by their bytes. */
export function compareBytes(a: RepoPath, b: RepoPath): number {
  return a === b ? 0 : Buffer.compare(pathToBytes(a), pathToBytes(b));
}
