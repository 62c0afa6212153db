/**
 * RFC 6962 §2.1: one hash over a growing list, and short proofs about it. A leaf is a record's line
 * without its LF. Proofs from strangers are judged without throwing.
 */
import { hash } from "node:crypto";

const LEAF = 0x00;
const NODE = 0x01;
const leafScratch = Buffer.alloc(65_536);
leafScratch[0] = LEAF;
const nodeScratch = Buffer.alloc(65);
nodeScratch[0] = NODE;

/** SHA-256 of `0x00 ‖ line`. The first byte parts leaves from nodes (second preimages). */
export function leafHash(line: Uint8Array): Buffer {
  if (line.length >= leafScratch.length)
    return hash("sha256", Buffer.concat([Buffer.of(LEAF), line]), "buffer");
  leafScratch.set(line, 1);
  return hash("sha256", leafScratch.subarray(0, line.length + 1), "buffer");
}

/** SHA-256 of `0x01 ‖ left ‖ right`. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 33);
  return hash("sha256", nodeScratch, "buffer");
}

/** The root of the empty list. */
export const EMPTY_ROOT = hash("sha256", "", "hex");

/**
 * The compact range [0, size): one hash for each power of two in `size`, largest first. All that is
 * needed to append and to give the root, in memory that grows with log2(size).
 */
export class Frontier {
  size: number;
  readonly hashes: Buffer[];

  constructor(size = 0, hashes: readonly Buffer[] = []) {
    this.size = size;
    this.hashes = [...hashes];
  }

  append(leaf: Buffer): void {
    let joined = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.hashes.pop();
      if (left === undefined) throw new RangeError("a frontier's hashes do not fit its size");
      joined = nodeHash(left, joined);
    }
    this.hashes.push(joined);
    this.size += 1;
  }

  /** The RFC 6962 root, hex. */
  root(): string {
    let joined = this.hashes.at(-1);
    if (joined === undefined) return EMPTY_ROOT;
    for (let at = this.hashes.length - 2; at >= 0; at -= 1) {
      const left = this.hashes[at];
      if (left !== undefined) joined = nodeHash(left, joined);
    }
    return joined.toString("hex");
  }

  clone(): Frontier {
    return new Frontier(this.size, this.hashes);
  }

  /** True where the number of hashes is the one that this size has. */
  fits(): boolean {
    let ones = 0;
    for (let rest = this.size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
    return Number.isSafeInteger(this.size) && this.size >= 0 && ones === this.hashes.length;
  }
}

/** The root over leaf hashes, hex. */
export function rootOf(leaves: readonly Buffer[]): string {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier.root();
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function subtree(leaves: readonly Buffer[], from: number, to: number): Buffer {
  return Buffer.from(rootOf(leaves.slice(from, to)), "hex");
}

/** The audit path of leaf `index` in the list of these leaves (RFC 6962 §2.1.1), leaf end first. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError("no such leaf");
  const path: Buffer[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from);
    if (index < middle) {
      path.push(subtree(leaves, middle, to));
      to = middle;
    } else {
      path.push(subtree(leaves, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** The proof that the list of the first `size` leaves is a prefix of this one (RFC 6962 §2.1.2). */
export function consistencyProof(leaves: readonly Buffer[], size: number): Buffer[] {
  if (!(size >= 1 && size <= leaves.length)) throw new RangeError("no such size");
  const proof = (first: number, from: number, to: number, whole: boolean): Buffer[] => {
    if (first === to - from) return whole ? [] : [subtree(leaves, from, to)];
    const power = largestPowerBelow(to - from);
    const middle = from + power;
    return first <= power
      ? [...proof(first, from, middle, whole), subtree(leaves, middle, to)]
      : [...proof(first - power, middle, to, false), subtree(leaves, from, middle)];
  };
  return proof(size, 0, leaves.length, true);
}

/** True where the path leads from the leaf to the root (RFC 9162 §2.1.3.2). Never throws. */
export function verifyInclusion(input: {
  readonly leaf: Buffer;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Buffer[];
  readonly root: string;
}): boolean {
  if (!isSize(input.index) || !isSize(input.size) || input.index >= input.size) return false;
  let fn = input.index;
  let sn = input.size - 1;
  let joined = input.leaf;
  for (const step of input.proof) {
    if (sn === 0 || step.length !== 32) return false;
    if (fn % 2 === 1 || fn === sn) {
      joined = nodeHash(step, joined);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else joined = nodeHash(joined, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && joined.toString("hex") === input.root;
}

/** True where the first root's list is a prefix of the second's (RFC 9162 §2.1.4.2). Never throws. */
export function verifyConsistency(input: {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: string;
  readonly secondRoot: string;
  readonly proof: readonly Buffer[];
}): boolean {
  const { first, second, firstRoot, secondRoot } = input;
  if (!isSize(first) || !isSize(second) || first < 1 || first > second) return false;
  if (first === second) return input.proof.length === 0 && firstRoot === secondRoot;
  const steps = [...input.proof];
  if (Number.isInteger(Math.log2(first))) steps.unshift(Buffer.from(firstRoot, "hex"));
  const start = steps.shift();
  if (start === undefined || start.length !== 32) return false;
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let old = start;
  let now = start;
  for (const step of steps) {
    if (sn === 0 || step.length !== 32) return false;
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(step, old);
      now = nodeHash(step, now);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else now = nodeHash(now, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && old.toString("hex") === firstRoot && now.toString("hex") === secondRoot;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
