/**
 * Looks through bytes that come in pieces, so that a file of any size needs one piece of memory: digests,
 * line ends, occurrences of a text. A match over the edge of two pieces is one match.
 */
import { createHash } from "node:crypto";

export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Line ends as they stand, all LF, or all CRLF. */
export type LineEnds = "as-is" | "lf" | "crlf";

/** SHA-256 (hex) of the bytes in one of the three forms. */
export async function sha256OfChunks(chunks: Chunks, form: LineEnds = "as-is"): Promise<string> {
  const hash = createHash("sha256");
  if (form === "as-is") for await (const chunk of chunks) hash.update(chunk);
  else {
    let held = "";
    for await (const chunk of chunks) {
      const text = held + latin1(chunk);
      // A CR at the end may belong to an LF that is still to come.
      held = text.endsWith("\r") ? "\r" : "";
      hash.update(inForm(held === "" ? text : text.slice(0, -1), form), "latin1");
    }
    hash.update(held, "latin1");
  }
  return hash.digest("hex");
}

export interface ByteCounts {
  readonly bytes: number;
  /** Line feeds, those behind a carriage return among them. */
  readonly lf: number;
  readonly crlf: number;
  /** Carriage returns, those before a line feed among them. */
  readonly cr: number;
  /** The last byte; undefined in an empty file. */
  readonly last: number | undefined;
  /** True where a NUL was seen: no text. */
  readonly nul: boolean;
}

/** Counts what line ends and sizes need. */
export async function countBytes(chunks: Chunks): Promise<ByteCounts> {
  let [bytes, lf, crlf, cr] = [0, 0, 0, 0];
  let last: number | undefined;
  let nul = false;
  for await (const chunk of chunks) {
    const piece = asBuffer(chunk);
    nul ||= piece.includes(0);
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) {
      lf += 1;
      if ((at === 0 ? last : piece[at - 1]) === 13) crlf += 1;
    }
    for (let at = piece.indexOf(13); at >= 0; at = piece.indexOf(13, at + 1)) cr += 1;
    bytes += piece.length;
    last = piece.at(-1) ?? last;
  }
  return { bytes, lf, crlf, cr, last, nul };
}

/** Occurrences that do not overlap, and the line (from 1) of the first one; 0 where there is none. */
export async function countNeedle(
  chunks: Chunks,
  needle: Buffer,
): Promise<{ readonly count: number; readonly line: number }> {
  let held = Buffer.alloc(0);
  let [count, line, lines] = [0, 0, 0];
  for await (const chunk of chunks) {
    const piece = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, asBuffer(chunk)]);
    let from = 0;
    for (let at = piece.indexOf(needle); at >= 0; at = piece.indexOf(needle, from)) {
      if (count === 0) line = lines + lineFeeds(piece, at) + 1;
      count += 1;
      from = at + needle.length;
    }
    const keep = Math.max(from, piece.length - needle.length + 1);
    if (count === 0) lines += lineFeeds(piece, keep);
    held = Buffer.from(piece.subarray(keep));
  }
  return { count, line };
}

function lineFeeds(bytes: Buffer, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0 && at < end; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function inForm(text: string, form: LineEnds): string {
  const lf = text.replaceAll("\r\n", "\n");
  return form === "lf" ? lf : lf.replaceAll("\n", "\r\n");
}

function latin1(chunk: Uint8Array): string {
  return asBuffer(chunk).toString("latin1");
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
