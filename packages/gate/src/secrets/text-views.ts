/**
 * The texts that a file's bytes can be read as. Latin-1 shows every ASCII secret in ASCII, Latin-1
 * and UTF-8 files, NUL bytes and all; UTF-16 is decoded. It refuses to believe that a NUL ends a
 * file: git calls such a file binary, and naive scanners then skip it.
 */

/** One way to read some bytes. */
export interface TextView {
  readonly text: string;
  /** Columns of an index: UTF-8 views count characters, not bytes. */
  readonly encoding: "utf8" | "utf16" | "stripped";
}

/** All views of one window of bytes; `firstBytes` are the file's own first ones, for its mark. */
export function viewsOf(window: Buffer, firstBytes: Uint8Array): TextView[] {
  const views: TextView[] = [{ text: window.toString("latin1"), encoding: "utf8" }];
  if (!window.includes(0)) return views;
  const order = utf16Order(window, firstBytes);
  if (order !== undefined) views.push({ text: decodeUtf16(window, order), encoding: "utf16" });
  // Without its NULs, UTF-16 and UTF-32 of any order and alignment reads as ASCII again, and so
  // does a token that someone broke up with them.
  views.push({ text: withoutNuls(window), encoding: "stripped" });
  return views;
}

function utf16Order(window: Buffer, firstBytes: Uint8Array): "le" | "be" | undefined {
  if (firstBytes[0] === 0xff && firstBytes[1] === 0xfe) return "le";
  if (firstBytes[0] === 0xfe && firstBytes[1] === 0xff) return "be";
  const zeros = [0, 0];
  const length = Math.min(window.length, 4096);
  for (let at = 0; at < length; at += 1) {
    if (window[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (odd > length / 6 && even < odd / 8) return "le";
  if (even > length / 6 && odd < even / 8) return "be";
  return undefined;
}

function decodeUtf16(window: Buffer, order: "le" | "be"): string {
  const whole = window.subarray(0, window.length - (window.length % 2));
  return order === "le"
    ? whole.toString("utf16le")
    : Buffer.from(whole).swap16().toString("utf16le");
}

function withoutNuls(window: Buffer): string {
  const kept = Buffer.allocUnsafe(window.length);
  let length = 0;
  for (const byte of window) {
    if (byte !== 0) {
      kept[length] = byte;
      length += 1;
    }
  }
  return kept.toString("latin1", 0, length);
}

/** Column of an index in its line, from 1, in UTF-16 units as editors count. */
export function columnOf(view: TextView, lineStart: number, index: number): number {
  const before = view.text.slice(lineStart, index);
  // Latin-1 holds one character per byte; an editor shows the UTF-8 that those bytes are, and no mark.
  const shown = view.encoding === "utf8" ? Buffer.from(before, "latin1").toString("utf8") : before;
  return 1 + shown.replace(/^\ufeff/, "").length;
}
