/** A blob that no tree holds (a tag or ref names it directly) as a tree with that one file. */
import { type Entry, emptyTree, type Tree } from "@wingman/model";
import type { Repo } from "./repo.ts";

/** The tree `tag of blob <oid>` → the blob's bytes, read through the store. */
export function blobTree(repo: Repo, oid: string): Tree {
  const entry: Entry = { path: `tag of blob ${oid}`, mode: "100644", oid };
  return {
    ...emptyTree,
    id: `memory:blob-${oid}`,
    entry: async (path) => (path === entry.path ? entry : undefined),
    entries: async (folder = "") => (folder === "" ? [entry] : []),
    hasFolder: async (folder) => folder === "",
    read: async (one) => (await repo.objects.read(one.oid)).bytes,
    stream: (one) => repo.objects.stream(one.oid),
    size: async (one) => await repo.objects.size(one.oid),
  };
}
