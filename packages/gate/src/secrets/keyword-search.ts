/** Runs the built automaton over bytes: which keywords stand where, in one pass. */
import * as built from "../generated/keywords.mjs";
import type { Automaton } from "./automaton.ts";

/** Keywords in the order in which they end. */
export interface KeywordHits {
  readonly count: number;
  /** For each: index into `AUTOMATON.keywords`, and where it starts. */
  readonly pairs: Int32Array;
}

export const AUTOMATON: Automaton = {
  keywords: built.keywords,
  classes: Buffer.from(built.classes, "base64"),
  shift: built.shift,
  next: wordsOf(Buffer.from(built.next, "base64")),
  accepting: built.accepting,
  ends: built.ends,
};

/** Names the rows and filters that this build scans by: SHA-256 of their sources. */
export const SCANNER_DIGEST: string = built.digest;

/** Finds every keyword in some bytes; ASCII case is not told apart. Time follows length alone. */
export function findKeywords(bytes: Uint8Array, automaton: Automaton = AUTOMATON): KeywordHits {
  const { classes, shift, next, accepting, ends, keywords } = automaton;
  const { length } = bytes;
  let count = 0;
  let state = 0;
  for (let at = 0; at < length; at += 1) {
    state = next[(state << shift) + (classes[bytes[at] as number] as number)] as number;
    if (state < accepting) continue;
    for (const index of ends[state - accepting] as readonly number[]) {
      if (2 * count === room.length) room = grown(room);
      room[2 * count] = index;
      room[2 * count + 1] = at + 1 - (keywords[index] as string).length;
      count += 1;
    }
  }
  // A copy of what was found: the room is used again by whoever asks next.
  return { count, pairs: room.slice(0, 2 * count) };
}

/** Where hits are gathered: grown once, not for each file anew. */
let room = new Int32Array(1024);

function grown(full: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(full.length * 2);
  larger.set(full);
  return larger;
}

/** 16-bit words, lowest byte first, on any machine. All at once: 50,000 calls are milliseconds of a hook. */
function wordsOf(bytes: Buffer): Uint16Array {
  const lowFirst = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const own = new Uint8Array(lowFirst ? bytes : Buffer.from(bytes).swap16());
  return new Uint16Array(own.buffer, 0, own.length / 2);
}
