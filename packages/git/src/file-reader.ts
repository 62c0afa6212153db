/**
 * Reads a clone's objects from their files, loose or packed, before a process is started for them:
 * forking node for git and hearing back costs a hook more than all that it reads. Each object is held
 * against its id, so that whatever is mistaken, torn or forged here is no answer; then, and for what it
 * does not know (alternates, promised objects, large ones), git is asked.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import type { Answer, ObjectReader } from "./batch-reader.ts";
import { MOST_BYTES, type PackedObject, PackFiles } from "./pack-files.ts";

/** A push or a long range is git's: it remembers the bases of deltas, and shares the work. */
const MOST_OBJECTS = 500;
/** Answers that are kept for who asks again: the store in front of this one keeps contents, not sizes. */
const MOST_LAST = 16;
const LARGEST_LAST = 64 * 1024;

/** The reader of an `objects` directory, in front of one that knows all. */
export function fileReader(objects: string, hexLength: number, git: ObjectReader): ObjectReader {
  let asked = 0;
  // The size is asked first and the content next, and a branch's commit by whoever looks at the branch.
  const last = new Map<string, Answer>();
  const packs = new PackFiles(objects, hexLength);
  const algorithm = hexLength === 64 ? "sha256" : "sha1";
  const isWhole = (oid: string, { type, bytes }: PackedObject): boolean =>
    createHash(algorithm).update(`${type} ${bytes.length}\0`).update(bytes).digest("hex") === oid;
  return {
    ask: async (oid, content) => {
      const known = last.get(oid);
      if (known !== undefined) return known;
      asked += 1;
      if (asked > MOST_OBJECTS) return await git.ask(oid, content);
      const found = looseAt(objects, oid) ?? packs.find(oid);
      if (found === undefined || !isWhole(oid, found)) return await git.ask(oid, content);
      const { type, bytes } = found;
      const answer: Answer = { type, size: bytes.length, bytes, tooLarge: false };
      if (last.size === MOST_LAST) last.clear();
      if (bytes.length <= LARGEST_LAST) last.set(oid, answer);
      return answer;
    },
    beginning: async (prefix) => (await git.beginning?.(prefix)) ?? "odd",
    close: async () => {
      packs.close();
      await git.close();
    },
  };
}

function looseAt(objects: string, oid: string): PackedObject | undefined {
  try {
    const packed = readFileSync(join(objects, oid.slice(0, 2), oid.slice(2)));
    if (packed.length > MOST_BYTES) return undefined;
    // A few KiB can unfold to gigabytes: what is larger throws, and is git's.
    const whole = inflateSync(packed, { maxOutputLength: MOST_BYTES });
    const end = whole.indexOf(0);
    const [type = "", size = ""] = whole.toString("latin1", 0, Math.max(end, 0)).split(" ");
    const bytes = whole.subarray(end + 1);
    return size === String(bytes.length) ? { type, bytes } : undefined;
  } catch {
    return undefined;
  }
}
