/**
 * The texts that a file's bytes can be read as, one character a byte. Latin-1 shows every ASCII secret
 * in ASCII, Latin-1 and UTF-8 files, NUL bytes and all; UTF-16 is folded to it. It refuses to believe
 * that a NUL ends a file: git calls such a file binary, and naive scanners then skip it.
 */

export type Encoding = "utf8" | "utf16le" | "utf16be";

/** One way to read some bytes. */
export interface TextView {
  readonly bytes: Buffer;
  /** Index in the block of a character of this view. */
  rawOf(index: number): number;
}

/** Stands for a unit that is no Latin-1 character: no secret holds it. */
const OTHER = 0xff;

/** All views of one block of a file that is written in `encoding`. */
export function viewsOf(block: Buffer, encoding: Encoding): TextView[] {
  const views: TextView[] = [{ bytes: block, rawOf: (index) => index }];
  if (encoding !== "utf8") views.push(utf16View(block, encoding));
  // Without its NULs, UTF-16 and UTF-32 of any order and alignment reads as ASCII again, and so
  // does a token that someone broke up with them.
  if (block.includes(0)) views.push(strippedView(block));
  return views;
}

/** UTF-16 by its mark or by where its first NULs stand; everything else is read as UTF-8. */
export function encodingOf(first: Buffer): Encoding {
  if (first[0] === 0xff && first[1] === 0xfe) return "utf16le";
  if (first[0] === 0xfe && first[1] === 0xff) return "utf16be";
  const zeros = [0, 0];
  const length = Math.min(first.length, 4096);
  for (let at = first.indexOf(0); at >= 0 && at < length; at = first.indexOf(0, at + 1))
    zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > length / 6 && even < odd / 8) return "utf16le";
  if (even > length / 6 && odd < even / 8) return "utf16be";
  return "utf8";
}

function utf16View(block: Buffer, encoding: "utf16le" | "utf16be"): TextView {
  const [low, high] = encoding === "utf16le" ? [0, 1] : [1, 0];
  const bytes = Buffer.allocUnsafe(block.length >> 1);
  for (let at = 0; at < bytes.length; at += 1)
    bytes[at] = block[2 * at + high] === 0 ? (block[2 * at + low] as number) : OTHER;
  return { bytes, rawOf: (index) => 2 * index };
}

function strippedView(block: Buffer): TextView {
  const bytes = Buffer.allocUnsafe(block.length);
  let length = 0;
  for (let at = 0; at < block.length; at += 1) {
    const byte = block[at] as number;
    bytes[length] = byte;
    length += byte === 0 ? 0 : 1;
  }
  return { bytes: bytes.subarray(0, length), rawOf: (index) => rawIndex(block, index) };
}

/** Where the byte stands that is number `index` among those that are not NUL. Only hits ask. */
function rawIndex(block: Buffer, index: number): number {
  let left = index;
  for (let at = 0; at < block.length; at += 1) {
    if (block[at] === 0) continue;
    if (left === 0) return at;
    left -= 1;
  }
  return block.length;
}
