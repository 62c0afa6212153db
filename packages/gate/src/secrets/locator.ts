/**
 * Line and column of places in a file that is seen once, from its beginning to its end: memory stays
 * the same however long a line is.
 */
import type { Encoding } from "./text-views.ts";

/** From 1; columns in UTF-16 units as editors count, a byte order mark not among them. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** Bytes that are made text in one go: a line may be a gigabyte. */
const PIECE = 1 << 20;

export class Locator {
  readonly #encoding: Encoding;
  #line = 1;
  /** Units between the line's beginning and `#at`. */
  #units = 0;
  /** Offset in the file. */
  #at = 0;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Moves on to an offset of the file. `block` holds what lies between, from offset `base` on. */
  locate(block: Buffer, base: number, offset: number): Location {
    const from = this.#at - base;
    const to = Math.max(from, characterEnd(block, offset - base));
    const step = this.#encoding === "utf8" ? 1 : 2;
    let lineStart = from;
    let at = this.#lineEnd(block, from, to);
    for (; at >= 0; at = this.#lineEnd(block, lineStart, to)) {
      this.#line += 1;
      this.#units = 0;
      lineStart = at + step;
    }
    this.#units += this.#unitsIn(block.subarray(lineStart, to), base + lineStart === 0);
    this.#at = base + to;
    return { line: this.#line, column: this.#units + 1 };
  }

  #lineEnd(block: Buffer, from: number, to: number): number {
    if (this.#encoding === "utf8") {
      const at = block.indexOf(10, from);
      return at < to ? at : -1;
    }
    const [low, high] = this.#encoding === "utf16le" ? [0, 1] : [1, 0];
    for (let at = from; at + 1 < to; at += 2)
      if (block[at + low] === 10 && block[at + high] === 0) return at;
    return -1;
  }

  #unitsIn(bytes: Buffer, first: boolean): number {
    if (this.#encoding !== "utf8") {
      return (bytes.length >> 1) - (first && isMark(bytes) ? 1 : 0);
    }
    let units = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = characterEnd(bytes, at + PIECE);
      const text = bytes.toString("utf8", at, end);
      units += text.length - (first && at === 0 && text.startsWith("\ufeff") ? 1 : 0);
      at = end;
    }
    return units;
  }
}

/** The index, or the end of the UTF-8 character that it would cut. */
function characterEnd(bytes: Buffer, index: number): number {
  let end = Math.min(index, bytes.length);
  for (let more = 0; more < 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80; more += 1) end += 1;
  return Math.min(end, bytes.length);
}

function isMark(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
