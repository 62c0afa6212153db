/** Runs the built automaton over bytes: which keywords stand where, in one pass. */
import { readFileSync } from "node:fs";
import { type Automaton, decodeAutomaton } from "./automaton.ts";

/** Keywords in the order in which they end. */
export interface KeywordHits {
  readonly count: number;
  /** For each: index into `AUTOMATON.keywords`, and where it starts. */
  readonly pairs: Int32Array;
}

// Made by scripts/keywords.mjs; it lies beside this file, built or not.
const built = decodeAutomaton(readFileSync(new URL("keywords.bin", import.meta.url)));

export const AUTOMATON: Automaton = built.automaton;

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
