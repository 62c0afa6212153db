/**
 * Scans a version of a file of which another version was scanned before: only what differs, and
 * enough around it that a secret which stands half in old text and half in new is seen whole. A
 * history of many versions then costs what it adds, though every blob is read.
 */
import type { ScannedFile } from "./scan-file.ts";
import { scanFile } from "./scan-file.ts";
import { type ScanOptions, scanRegion } from "./scanner.ts";
import { encodingOf } from "./text-views.ts";
import { isPacked } from "./unpack.ts";

/** Bytes around a difference that are looked at again: more than a key's body or a table of names. */
const AROUND = 4096;
/** A token without any white space may be longer; its beginning is looked for this far. */
const LONGEST_TOKEN = 16 << 10;

/**
 * Hits in what `bytes` has and `before` has not, or near it. Hits in what both share were told of
 * `before`. Takes both whole; `before` undefined scans all.
 */
export async function scanVersion(
  bytes: Buffer,
  before: Buffer | undefined,
  options: ScanOptions,
): Promise<ScannedFile> {
  const whole = before === undefined || encodingOf(bytes) !== encodingOf(before);
  if (whole || isPacked(bytes) || bytes.includes(0))
    return await scanFile({ size: bytes.length, read: async () => bytes }, options);
  const start = commonStart(bytes, before);
  if (start === bytes.length && start === before.length) return { hits: [], unread: [] };
  const shared = Math.min(bytes.length, before.length) - start;
  const end = bytes.length - commonEnd(bytes, before, shared);
  const from = regionStart(bytes, start);
  const to = Math.min(bytes.length, end + AROUND);
  return { hits: await scanRegion(bytes, { from: from & ~1, to }, options), unread: [] };
}

function regionStart(bytes: Buffer, start: number): number {
  let at = Math.max(0, start - AROUND);
  const least = Math.max(0, start - LONGEST_TOKEN);
  if (/\s/.test(bytes.toString("latin1", at, start))) return at;
  while (at > least && (bytes[at] ?? 0) > 32) at -= 1;
  return at;
}

/** How many bytes two buffers begin with in common: few comparisons of large pieces. */
function commonStart(a: Buffer, b: Buffer): number {
  let same = 0;
  let step = Math.min(a.length, b.length);
  for (; step > 0; ) {
    const equal = same + step <= Math.min(a.length, b.length) && equalAt(a, same, b, same, step);
    if (equal) same += step;
    else step >>= 1;
  }
  return same;
}

function commonEnd(a: Buffer, b: Buffer, most: number): number {
  let same = 0;
  let step = most;
  for (; step > 0; ) {
    const next = same + step;
    if (next <= most && equalAt(a, a.length - next, b, b.length - next, step)) same = next;
    else step >>= 1;
  }
  return same;
}

function equalAt(a: Buffer, atA: number, b: Buffer, atB: number, length: number): boolean {
  return a.compare(b, atB, atB + length, atA, atA + length) === 0;
}
