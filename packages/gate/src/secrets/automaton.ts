/**
 * Aho-Corasick as a table of states: one look at each byte tells which of hundreds of keywords end
 * there. ASCII case is folded, and bytes that no keyword holds share one class, so the table stays
 * small enough for a processor's cache. Built when Wingman is built; it refuses keywords that are
 * not ASCII or would stand everywhere.
 */
import { endianness } from "node:os";

export interface Automaton {
  readonly keywords: readonly string[];
  /** Class of each byte; 0 for bytes that stand in no keyword. */
  readonly classes: Uint8Array;
  /** A state's row in `next` begins at `state << shift`. */
  readonly shift: number;
  readonly next: Uint16Array;
  /** States from here on end a keyword; `ends[state - accepting]` lists which. */
  readonly accepting: number;
  readonly ends: readonly (readonly number[])[];
}

const MOST_STATES = 0xffff;

/** Builds the automaton of some keywords. The same set gives the same table, in whatever order. */
export function buildAutomaton(given: Iterable<string>): Automaton {
  const keywords = [...new Set(given)].sort();
  for (const keyword of keywords) {
    if (!/^[\x21-\x40\x5b-\x7e](?:[\x20-\x40\x5b-\x7e]*[\x21-\x40\x5b-\x7e])$/.test(keyword))
      throw new Error(`keyword ${JSON.stringify(keyword)} is not lower-case ASCII of two or more`);
  }
  const { classes, count } = classesOf(keywords);
  const shift = Math.ceil(Math.log2(count));
  const trie = trieOf(keywords, classes);
  if (trie.length > MOST_STATES) throw new Error(`${trie.length} states are too many`);
  const order = linked(trie);
  // Accepting states get the highest numbers: one comparison per byte tells them.
  const number = new Map<Node, number>();
  const plain = order.filter((node) => node.ends.length === 0);
  const ending = order.filter((node) => node.ends.length > 0);
  for (const node of [...plain, ...ending]) number.set(node, number.size);
  const next = new Uint16Array(trie.length << shift);
  for (const node of order) {
    const row = (number.get(node) ?? 0) << shift;
    for (let at = 0; at < count; at += 1)
      next[row + at] = number.get(stepFrom(node, at) ?? node) ?? 0;
  }
  const ends = ending.map((node) => node.ends);
  return { keywords, classes, shift, next, accepting: plain.length, ends };
}

interface Node {
  readonly children: Map<number, Node>;
  ends: number[];
  fail: Node | undefined;
}

function classesOf(keywords: readonly string[]): { classes: Uint8Array; count: number } {
  const used = [...new Set(keywords.join(""))].sort();
  const classes = new Uint8Array(256);
  for (const [index, char] of used.entries()) {
    classes[char.charCodeAt(0)] = index + 1;
    classes[char.toUpperCase().charCodeAt(0)] = index + 1;
  }
  return { classes, count: used.length + 1 };
}

function trieOf(keywords: readonly string[], classes: Uint8Array): Node[] {
  const root: Node = { children: new Map(), ends: [], fail: undefined };
  const all = [root];
  for (const [index, keyword] of keywords.entries()) {
    let node = root;
    for (const char of keyword) {
      const sign = classes[char.charCodeAt(0)] ?? 0;
      let child = node.children.get(sign);
      if (child === undefined) {
        child = { children: new Map(), ends: [], fail: undefined };
        node.children.set(sign, child);
        all.push(child);
      }
      node = child;
    }
    node.ends.push(index);
  }
  return all;
}

/** Sets each node's longest proper suffix that is a node, breadth first; gives that order. */
function linked(all: readonly Node[]): Node[] {
  const order = all.slice(0, 1);
  for (let at = 0; at < order.length; at += 1) {
    const node = order[at] as Node;
    for (const [sign, child] of node.children) {
      child.fail = node.fail === undefined ? node : stepFrom(node.fail, sign);
      child.ends = [...child.ends, ...(child.fail?.ends ?? [])];
      order.push(child);
    }
  }
  return order;
}

/** Where a sign leads from a node: its child, else what its suffixes say, else the root. */
function stepFrom(from: Node, sign: number): Node {
  let node = from;
  for (;;) {
    const child = node.children.get(sign);
    if (child !== undefined) return child;
    if (node.fail === undefined) return node;
    node = node.fail;
  }
}

/** What stands beside the tables in {@link encodeAutomaton}'s bytes. */
interface Header {
  /** Of the sources that it was built from. */
  readonly digest: string;
  readonly keywords: readonly string[];
  readonly shift: number;
  readonly accepting: number;
  readonly ends: readonly (readonly number[])[];
}

/**
 * An automaton as bytes: the header's length in 8 digits, the header in JSON, filled up to an even
 * length, 256 classes, then the table in 16-bit words, lowest byte first.
 */
export function encodeAutomaton(automaton: Automaton, digest: string): Buffer {
  const { keywords, shift, accepting, ends, classes, next } = automaton;
  const header = JSON.stringify({ digest, keywords, shift, accepting, ends } satisfies Header);
  const even = header.length % 2 === 0 ? header : `${header} `;
  const head = Buffer.from(`${String(even.length).padStart(8, "0")}${even}`, "latin1");
  const words = Buffer.from(next.buffer, next.byteOffset, next.byteLength);
  return Buffer.concat([head, classes, isLittle ? words : Buffer.from(words).swap16()]);
}

/** The automaton of some bytes: no look at a single state, so that it costs a start nothing. */
export function decodeAutomaton(bytes: Buffer): { automaton: Automaton; digest: string } {
  const start = 8 + Number(bytes.toString("latin1", 0, 8));
  const { digest, ...header } = JSON.parse(bytes.toString("latin1", 8, start)) as Header;
  const classes = bytes.subarray(start, start + 256);
  // Words must begin at an even place of their memory. A file that was read has its own, and begins there.
  const given = bytes.subarray(start + 256);
  const words = given.byteOffset % 2 === 0 && isLittle ? given : new Uint8Array(given);
  if (!isLittle) Buffer.from(words.buffer).swap16();
  const next = new Uint16Array(words.buffer, words.byteOffset, words.length / 2);
  return { digest, automaton: { ...header, classes, next } };
}

const isLittle = endianness() === "LE";
