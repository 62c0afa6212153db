/** Runs the built automaton over bytes: which keywords stand where, in one pass. */
import * as built from "../generated/keywords.mjs";
import type { Automaton } from "./automaton.ts";

/** Keywords in the order in which they end. */
export interface KeywordHits {
  readonly count: number;
  /** Index into `AUTOMATON.keywords`. */
  readonly keyword: Int32Array;
  readonly start: Int32Array;
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
  const { classes, shift, next, accepting } = automaton;
  const found = new Found(automaton);
  const { length } = bytes;
  let state = 0;
  for (let at = 0; at < length; at += 1) {
    state = next[(state << shift) + (classes[bytes[at] as number] as number)] as number;
    if (state >= accepting) found.add(state, at + 1);
  }
  return found;
}

class Found implements KeywordHits {
  count = 0;
  keyword = new Int32Array(64);
  start = new Int32Array(64);
  readonly #automaton: Automaton;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  add(state: number, end: number): void {
    const { ends, accepting, keywords } = this.#automaton;
    for (const index of ends[state - accepting] ?? []) {
      if (this.count === this.keyword.length) this.#grow();
      this.keyword[this.count] = index;
      this.start[this.count] = end - (keywords[index]?.length ?? 0);
      this.count += 1;
    }
  }

  #grow(): void {
    const keyword = new Int32Array(this.count * 2);
    const start = new Int32Array(this.count * 2);
    keyword.set(this.keyword);
    start.set(this.start);
    this.keyword = keyword;
    this.start = start;
  }
}

/** 16-bit words, lowest byte first, on any machine. */
function wordsOf(bytes: Buffer): Uint16Array {
  const words = new Uint16Array(bytes.length / 2);
  for (let at = 0; at < words.length; at += 1) words[at] = bytes.readUInt16LE(at * 2);
  return words;
}
