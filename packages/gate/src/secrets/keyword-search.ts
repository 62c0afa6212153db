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

/**
 * A keyword of one character (`AAAAAAAAAA`) stands at every byte of a long run of it, and a gigabyte of
 * those would be a gigabyte of places: of a run its first place is told and then one in this many, which
 * is less than such a keyword's length. Windows reach that much further (verify.ts); a pattern that is
 * tried at the places alone begins with a boundary, which only a run's first place has.
 */
export const RUN_STEP = 8;

/**
 * Finds every keyword in some bytes, but in runs of one character (see RUN_STEP); ASCII case is not told
 * apart. Time follows length alone.
 */
export function findKeywords(bytes: Uint8Array, automaton: Automaton = AUTOMATON): KeywordHits {
  const { classes, shift, next, accepting, ends, keywords } = automaton;
  const { length } = bytes;
  const runs = runsOf(automaton);
  const told = new Map<number, number>();
  let count = 0;
  let state = 0;
  for (let at = 0; at < length; at += 1) {
    state = next[(state << shift) + (classes[bytes[at] as number] as number)] as number;
    if (state < accepting) continue;
    for (const index of ends[state - accepting] as readonly number[]) {
      const start = at + 1 - (keywords[index] as string).length;
      if (runs.has(index)) {
        if (start - (told.get(index) ?? Number.NEGATIVE_INFINITY) < RUN_STEP) continue;
        told.set(index, start);
      }
      if (2 * count === room.length) room = grown(room);
      room[2 * count] = index;
      room[2 * count + 1] = start;
      count += 1;
    }
  }
  // A copy of what was found: the room is used again by whoever asks next.
  return { count, pairs: room.slice(0, 2 * count) };
}

const runsKnown = new WeakMap<Automaton, ReadonlySet<number>>();

/** Which keywords are one character over and over, by their index. */
export function runsOf(automaton: Automaton): ReadonlySet<number> {
  const known = runsKnown.get(automaton);
  if (known !== undefined) return known;
  const runs = new Set<number>();
  for (const [index, keyword] of automaton.keywords.entries())
    if (keyword === (keyword[0] ?? "").repeat(keyword.length)) runs.add(index);
  runsKnown.set(automaton, runs);
  return runs;
}

/** Where hits are gathered: grown once, not for each file anew. */
let room = new Int32Array(1024);

function grown(full: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(full.length * 2);
  larger.set(full);
  return larger;
}
