/**
 * The secret scanner: bytes in, places out. It reads a file in every encoding that hides nothing, in
 * overlapping blocks so that memory stays bounded however large file and line are, and says what
 * kind of secret stands where, never the secret.
 */
import { type Allowance, allowanceAt } from "./allowance.ts";
import type { Confidence } from "./confidence.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { TextHit } from "./hit.ts";
import { Locator } from "./locator.ts";
import type { Harm } from "./row.ts";
import { scanText, withoutOverlaps } from "./scan-text.ts";
import { type Encoding, encodingOf, viewsOf } from "./text-views.ts";

/** One secret, or what looks like one. */
export interface SecretHit {
  /** Id of its row, as `github-token`. */
  readonly rule: string;
  readonly kind: string;
  readonly harm: Harm;
  readonly confidence: Confidence;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Bytes of the file before it. */
  readonly offset: number;
  /** Names it in a baseline; confirms no guess. */
  readonly fingerprint: string;
  /** What is written beside it; whether that counts is not for the scanner to say. */
  readonly allowance?: Allowance;
  /** The member of an archive in which it stands; hostile text. "": what the file unpacks to. */
  readonly inside?: string;
}

/** What is known of the bytes beside themselves. */
export interface ScanOptions {
  /** Where they stand; filters of weak rows ask. Default "": they are no file. */
  readonly path?: string;
  /** The repository's name, for fingerprints. Default "". */
  readonly origin?: string;
}

/** Bytes looked at in one go. Even, so that UTF-16 stays aligned. */
const BLOCK = 1 << 20;
/** Bytes that a row may need on either side of a hit: twice the longest match, for UTF-16. */
export const MARGIN = 32 << 10;

/** Finds secrets in bytes. Never throws on any content; time grows with length. */
export async function scanBytes(
  bytes: Uint8Array,
  options: ScanOptions = {},
): Promise<SecretHit[]> {
  return await scanRegion(bytes, { from: 0, to: bytes.length }, options);
}

/** The same for a part of a file; lines are counted from its beginning. `from` must be even. */
export async function scanRegion(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  options: ScanOptions,
): Promise<SecretHit[]> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scan = new Scan(encodingOf(all), options);
  for (let start = from; ; start += BLOCK - 2 * MARGIN) {
    const block = all.subarray(start, Math.min(start + BLOCK, to));
    const last = start + BLOCK >= to;
    await scan.take(block, start, { first: start === from, last, held: all, heldAt: 0 });
    if (last) return scan.hits;
  }
}

/** The same for bytes that come in pieces: never more than two blocks are held. */
export async function scanStream(
  pieces: AsyncIterable<Uint8Array>,
  options: ScanOptions = {},
): Promise<SecretHit[]> {
  let scan: Scan | undefined;
  let held = Buffer.alloc(0);
  let start = 0;
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (held.length + length <= BLOCK) continue;
    held = Buffer.concat([held, ...waiting]);
    waiting = [];
    length = 0;
    scan ??= new Scan(encodingOf(held), options);
    // More than a block is there, so this one is not the last.
    for (; held.length > BLOCK; held = held.subarray(BLOCK - 2 * MARGIN)) {
      const block = held.subarray(0, BLOCK);
      await scan.take(block, start, {
        first: start === 0,
        last: false,
        held: block,
        heldAt: start,
      });
      scan.passed(block, start);
      start += BLOCK - 2 * MARGIN;
    }
  }
  held = Buffer.concat([held, ...waiting]);
  scan ??= new Scan(encodingOf(held), options);
  await scan.take(held, start, { first: start === 0, last: true, held, heldAt: start });
  return scan.hits;
}

/** Where a block stands: first or last of them, and the bytes in which lines are counted. */
interface Standing {
  readonly first: boolean;
  readonly last: boolean;
  readonly held: Buffer;
  /** The held bytes' offset in the file. */
  readonly heldAt: number;
}

/** One file's scan, block by block. */
class Scan {
  readonly hits: SecretHit[] = [];
  readonly #path: string;
  readonly #origin: string;
  readonly #encoding: Encoding;
  readonly #locator: Locator;

  constructor(encoding: Encoding, { path = "", origin = "" }: ScanOptions) {
    this.#path = path;
    this.#origin = origin;
    this.#encoding = encoding;
    this.#locator = new Locator(encoding);
  }

  /**
   * Scans a block that begins at `base`. A hit belongs to the one block that shows enough on both
   * sides of it: in the margins it belongs to the neighbour.
   */
  async take(block: Buffer, base: number, standing: Standing): Promise<void> {
    const { first, last, held, heldAt } = standing;
    const from = first ? 0 : MARGIN;
    const to = last ? Number.POSITIVE_INFINITY : block.length - MARGIN;
    const found: (TextHit & { readonly allowance: Allowance | undefined })[] = [];
    for (const view of viewsOf(block, this.#encoding)) {
      for (const hit of await scanText(view.bytes, { path: this.#path })) {
        const index = view.rawOf(hit.index);
        if (index < from || index >= to) continue;
        const length = view.rawOf(hit.index + hit.length) - index;
        const allowance = allowanceAt(view.bytes, hit.index, hit.rule.id);
        found.push({ ...hit, index, length, allowance });
      }
    }
    for (const hit of withoutOverlaps(found)) {
      const { id: rule, kind, harm } = hit.rule;
      const { secret, allowance } = hit;
      const place = this.#locator.locate(held, heldAt, base + hit.index);
      this.hits.push({
        rule,
        kind: hit.through === undefined ? kind : `${kind} in ${hit.through}`,
        harm,
        confidence: hit.confidence,
        ...place,
        offset: base + hit.index,
        fingerprint: fingerprintOf({ origin: this.#origin, rule, path: this.#path, secret }),
        ...(allowance === undefined ? {} : { allowance }),
      });
    }
  }

  /** Counts the lines of a block that will not be there when the next hit is placed. */
  passed(block: Buffer, base: number): void {
    this.#locator.locate(block, base, base + block.length - 2 * MARGIN);
  }
}
