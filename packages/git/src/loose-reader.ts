/**
 * Reads the loose objects of a scratch straight from their files: what `write-tree` or an automatic
 * merge has just written there is a few small trees, and a second batch process would cost a hook more
 * than all of them. Only for objects that git itself wrote a moment ago.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, inflateSync } from "node:zlib";
import { fault } from "@wingman/model";
import type { Answer, ObjectReader } from "./batch-reader.ts";

const NOTHING = Buffer.alloc(0);
/** `commit 12345\0` at the longest, and then some. */
const HEADER = 64;

/** Reads `<objects>/ab/cdef…`; `limit` as {@link ObjectReader}s have it. */
export function looseReader(objects: string, limit: number): ObjectReader {
  return {
    ask: async (oid, content) => {
      let packed: Buffer;
      try {
        packed = await readFile(join(objects, oid.slice(0, 2), oid.slice(2)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
      return unpacked(oid, packed, content, limit);
    },
    close: async () => {},
  };
}

function unpacked(oid: string, packed: Buffer, content: boolean, limit: number): Answer {
  // The first bytes say the size; a large object is then never unfolded.
  const start = inflateSync(packed.subarray(0, 4 * HEADER), {
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const end = start.indexOf(0);
  const [, type = "", digits = ""] =
    /^(blob|tree|commit|tag) (\d+)$/.exec(start.toString("latin1", 0, Math.max(end, 0))) ?? [];
  const size = Number(digits);
  if (type === "") return broken(oid);
  if (!content) return { type, size, bytes: NOTHING, tooLarge: false };
  if (size > limit) return { type, size, bytes: NOTHING, tooLarge: true };
  const bytes = inflateSync(packed).subarray(end + 1);
  return bytes.length === size ? { type, size, bytes, tooLarge: false } : broken(oid);
}

function broken(oid: string): never {
  return fault(`object ${oid} was just written and cannot be read`, {
    code: "git/missing-object",
    hint: "check the disk that holds the temporary directory, then try again",
  });
}
