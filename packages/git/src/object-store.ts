/**
 * ObjectStore: git objects by id, through one batch process. What is absent is a fault, never an
 * empty blob; ids are checked before they are asked for.
 */
import { fault } from "@wingman/model";
import type { Answer, Beginning, ObjectReader } from "./batch-reader.ts";
import { blobStream } from "./blob-stream.ts";
import { BoundedCache } from "./bounded-cache.ts";
import type { Start } from "./git-process.ts";
import { type ParsedTree, parseTree } from "./tree-object.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/** Objects of one repository. Many calls at once share one process. */
export interface ObjectStore {
  /** Faults `git/missing-object` where absent, `git/object-too-large` above {@link OBJECT_LIMIT}. */
  read(oid: string): Promise<GitObject>;
  has(oid: string): Promise<boolean>;
  /** The object whose id begins so, as git itself would find it: a ref of that name comes first. */
  beginning(prefix: string): Promise<Beginning>;
  /** Type and size in bytes without reading. Faults where absent. */
  header(oid: string): Promise<{ readonly type: ObjectType; readonly size: number }>;
  size(oid: string): Promise<number>;
  /** A blob in pieces, however large it is. Faults where absent. */
  stream(oid: string): AsyncIterable<Uint8Array>;
  /** A tree object, parsed and cached. Faults `git/hostile-tree`. */
  tree(oid: string): Promise<ParsedTree>;
  /** Trees that stand in no store yet: the index's. Ids must be their digests. */
  hold(trees: ReadonlyMap<string, Buffer>): void;
  /** Has small blobs read soon, so that whoever reads them next finds them here. Never fails. */
  expect(oids: readonly string[]): void;
  close(): Promise<void>;
}

/** Bytes. A few KiB of a pack can unfold to gigabytes of zeros: nobody gets more than this at once. */
export const OBJECT_LIMIT = 256 * 1024 * 1024;

const RAW_CACHE = 8 * 1024 * 1024;
const TREE_CACHE = 32 * 1024 * 1024;
const SMALL_BLOB = 16 * 1024;
/** Blobs of one call that are read ahead: what is ahead must never push out what is in use. */
const MOST_EXPECTED = 32;

/**
 * The store over a reader. `second` gives the scratch's reader once there is one: objects that only
 * an automatic merge or the index made stand there. `start`: how a git of one's own is started.
 */
export function objectStore(
  reader: ObjectReader,
  hexLength: number,
  second: () => ObjectReader | undefined,
  start: Start,
): ObjectStore {
  const raw = new BoundedCache<GitObject>(RAW_CACHE);
  const trees = new BoundedCache<ParsedTree>(TREE_CACHE);
  const underway = new Map<string, Promise<ParsedTree>>();
  const expected = new Set<string>();
  const held = new Map<string, Buffer>();
  const id = new RegExp(`^[0-9a-f]{${hexLength}}$`);

  async function ask(oid: string, content: boolean): Promise<Answer | undefined> {
    // Ids come out of hostile files too: only a whole id may enter the line protocol.
    if (!id.test(oid)) missing(oid, "is no object id of this repository");
    const tree = held.get(oid);
    if (tree !== undefined)
      return { type: "tree", size: tree.length, bytes: tree, tooLarge: false };
    return (await reader.ask(oid, content)) ?? (await second()?.ask(oid, content));
  }

  async function read(oid: string): Promise<GitObject> {
    const cached = raw.get(oid);
    if (cached !== undefined) return cached;
    const answer = (await ask(oid, true)) ?? missing(oid);
    if (answer.tooLarge)
      fault(`object ${oid} has ${answer.size} bytes; the limit is ${OBJECT_LIMIT}`, {
        code: "git/object-too-large",
        hint: "keep files of that size outside the repository (Git LFS)",
      });
    const object = { type: answer.type as ObjectType, bytes: answer.bytes };
    if (object.type !== "tree" && (object.type !== "blob" || answer.size <= SMALL_BLOB))
      raw.set(oid, object, answer.size + 200);
    return object;
  }

  async function readTree(oid: string): Promise<ParsedTree> {
    const { type, bytes } = await read(oid);
    if (type !== "tree") missing(oid, `is a ${type} where a tree should stand`);
    const parsed = parseTree(oid, bytes, hexLength);
    // Measured: an item takes some 250 bytes of heap besides its text.
    trees.set(oid, parsed, bytes.length * 2 + parsed.size * 250);
    return parsed;
  }

  async function header(oid: string): Promise<{ type: ObjectType; size: number }> {
    const cached = raw.get(oid);
    if (cached !== undefined) return { type: cached.type, size: cached.bytes.length };
    const { type, size } = (await ask(oid, false)) ?? missing(oid);
    return { type: type as ObjectType, size };
  }

  return {
    read,
    header,
    has: async (oid) => id.test(oid) && (await ask(oid, false)) !== undefined,
    beginning: async (prefix) => (await reader.beginning?.(prefix)) ?? "odd",
    size: async (oid) => (await header(oid)).size,
    stream: (oid) => {
      if (!id.test(oid)) missing(oid, "is no object id of this repository");
      return blobStream(oid, start);
    },
    tree: (oid) => {
      const cached = trees.get(oid);
      if (cached !== undefined) return Promise.resolve(cached);
      const known = underway.get(oid);
      if (known !== undefined) return known;
      const reading = readTree(oid).finally(() => underway.delete(oid));
      underway.set(oid, reading);
      return reading;
    },
    hold: (made) => {
      for (const [oid, bytes] of made) held.set(oid, bytes);
    },
    expect: (oids) => {
      for (const oid of oids.slice(0, MOST_EXPECTED)) {
        if (raw.get(oid) !== undefined || expected.has(oid)) continue;
        expected.add(oid);
        // The size first: a large file would be read twice. A failure is told to who reads it.
        header(oid)
          .then(({ type, size }) => (type === "blob" && size <= SMALL_BLOB ? read(oid) : undefined))
          .catch(() => undefined)
          .finally(() => expected.delete(oid));
      }
    },
    close: async () => {
      await Promise.all([reader.close(), second()?.close()]);
    },
  };
}

function missing(oid: string, how = "is not in this repository"): never {
  return fault(`object ${JSON.stringify(oid.slice(0, 80))} ${how}`, {
    code: "git/missing-object",
    hint: "fetch what is missing (git fetch --unshallow; a partial clone: git fetch --refetch --no-filter), or check with git fsck",
  });
}
