/**
 * Writes objects: all of one append in one git process. They are put into a pack in memory that
 * `git unpack-objects` takes apart again; git itself checks and stores each. Ids are computed here.
 */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { fault, pathToBytes, type RepoPath, visible } from "@wingman/model";
import type { ObjectType } from "./object-store.ts";
import type { Repo } from "./repo.ts";
import { type TreeItem, wrongName } from "./tree-object.ts";

/** An object that is to be written. */
export interface NewObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

const PACK_TYPE: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
// What is recorded must outlast a power cut: objects and refs are flushed to the disk.
export const DURABLE = ["-c", "core.fsync=committed"] as const;

/** An object with its id. Pure. */
export function newObject(repo: Repo, type: ObjectType, bytes: Uint8Array): NewObject {
  const hash = createHash(repo.format).update(`${type} ${bytes.length}\0`).update(bytes);
  return { oid: hash.digest("hex"), type, bytes };
}

/** Stores objects durably. Those that are there already are left alone. */
export async function writeObjects(repo: Repo, objects: readonly NewObject[]): Promise<void> {
  if (objects.length === 0) return;
  const head = Buffer.alloc(12);
  head.write("PACK", 0, "latin1");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [head];
  for (const { type, bytes } of objects)
    parts.push(packHeader(PACK_TYPE[type], bytes.length), deflateSync(bytes, { level: 1 }));
  const pack = Buffer.concat(parts);
  const trailer = createHash(repo.format).update(pack).digest();
  await repo.run([...DURABLE, "unpack-objects", "-q"], { input: Buffer.concat([pack, trailer]) });
}

/** gitformat-pack(5): 4 bits of size with the type, then 7 at a time, low ones first. */
function packHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let now = (type << 4) | (size & 15);
  let rest = Math.floor(size / 16);
  while (rest > 0) {
    bytes.push(now | 0x80);
    now = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  bytes.push(now);
  return Buffer.from(bytes);
}

/**
 * A tree with files laid over it: `base` is a tree object's id. Gives the new tree's id and the
 * objects that make it. A file in a folder's way replaces it, and the other way round.
 */
export async function layFiles(
  repo: Repo,
  base: string | undefined,
  files: ReadonlyMap<RepoPath, Uint8Array>,
): Promise<{ tree: string; objects: NewObject[] }> {
  const here = new Map<string, TreeItem>(base === undefined ? [] : await repo.objects.tree(base));
  const below = new Map<string, Map<RepoPath, Uint8Array>>();
  const objects: NewObject[] = [];
  for (const [path, bytes] of files) {
    const slash = path.indexOf("/");
    const name = slash === -1 ? path : path.slice(0, slash);
    const wrong = wrongName(name);
    if (wrong !== undefined)
      fault(`cannot write ${visible(path)}: ${wrong}`, {
        code: "git/bad-path",
        hint: "name files by plain relative paths",
      });
    if (slash === -1) {
      const blob = newObject(repo, "blob", bytes);
      objects.push(blob);
      here.set(name, item(name, "100644", blob.oid));
    } else {
      const folder = below.get(name) ?? new Map<RepoPath, Uint8Array>();
      below.set(name, folder.set(path.slice(slash + 1), bytes));
    }
  }
  for (const [name, inside] of below) {
    const old = here.get(name);
    const made = await layFiles(repo, old?.mode === "040000" ? old.oid : undefined, inside);
    objects.push(...made.objects);
    here.set(name, item(name, "040000", made.tree));
  }
  const tree = newObject(repo, "tree", treeBytes([...here.values()]));
  return { tree: tree.oid, objects: [...objects, tree] };
}

function item(name: RepoPath, mode: TreeItem["mode"], oid: string): TreeItem {
  const latin = pathToBytes(name).toString("latin1");
  return { name, mode, oid, key: mode === "040000" ? `${latin}/` : latin };
}

/** A tree object's bytes. Pure. */
export function treeBytes(items: readonly TreeItem[]): Buffer {
  const sorted = [...items].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode.replace(/^0/, "")} `, "latin1"),
      pathToBytes(name),
      Buffer.from([0]),
      Buffer.from(oid, "hex"),
    ]),
  );
}
