/**
 * The secret scanner: bytes in, places out. It reads a file in every encoding that hides nothing,
 * in overlapping windows so that memory stays bounded, and says what kind of secret stands where,
 * never the secret.
 */
import type { Confidence } from "./confidence.ts";
import { scanText } from "./scan-text.ts";
import type { TextView } from "./text-views.ts";
import { columnOf, viewsOf } from "./text-views.ts";

/** One secret, or what looks like one. */
export interface SecretHit {
  readonly kind: string;
  readonly confidence: Confidence;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** Bytes looked at in one go: keeps a 60 MB file at some MB of text. Even, so UTF-16 stays aligned. */
const WINDOW = 1 << 20;
/** Bytes that two windows share: longer than a token, and a key's header with its body's start. */
const OVERLAP = 16 << 10;

/** Finds secrets in a file's bytes. Never throws on any content; time grows with length. */
export async function scanBytes(bytes: Uint8Array): Promise<SecretHit[]> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hits = new Map<string, SecretHit>();
  for (let start = 0; ; start += WINDOW - OVERLAP) {
    const window = all.subarray(start, start + WINDOW);
    for (const view of viewsOf(window, all)) {
      for (const hit of await scanView(view, all, start)) {
        const key = `${hit.line}:${hit.kind}`;
        // A place seen by two views or in two windows is one; the first window knows its column.
        if (!hits.has(key)) hits.set(key, hit);
      }
    }
    if (start + WINDOW >= all.length) break;
  }
  return [...hits.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

async function scanView(view: TextView, all: Buffer, start: number): Promise<SecretHit[]> {
  const found = await scanText(view.text);
  if (found.length === 0) return [];
  // Lines before this window, and where its first line began, so that columns stay true in long lines.
  let line = 1 + countLines(all, start);
  const lineStartByte = start === 0 ? 0 : all.lastIndexOf(10, start - 1) + 1;
  const units = view.encoding === "utf16" ? 2 : 1;
  const carried =
    view.encoding === "utf8"
      ? utf8Units(all, lineStartByte, start)
      : Math.floor((start - lineStartByte) / units);
  let lineStart = 0;
  let first = true;
  const hits: SecretHit[] = [];
  for (const hit of found) {
    for (let next = view.text.indexOf("\n", lineStart); next >= 0 && next < hit.index; ) {
      line += 1;
      lineStart = next + 1;
      first = false;
      next = view.text.indexOf("\n", lineStart);
    }
    const column = columnOf(view, lineStart, hit.index) + (first ? carried : 0);
    hits.push({ kind: hit.kind, confidence: hit.confidence, line, column });
  }
  return hits;
}

function countLines(bytes: Buffer, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0 && at < end; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** UTF-16 units of the UTF-8 between two offsets, without holding its text. */
function utf8Units(bytes: Buffer, from: number, to: number): number {
  let units = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
