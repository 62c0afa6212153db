/**
 * Objects straight out of pack files: index lookup, deltas, no process. It refuses nothing and knows
 * little: where anything is other than expected it gives undefined, and git is asked. Its caller holds
 * what comes out against the id that was asked for, so that a mistake here can only cost time.
 * Formats: https://git-scm.com/docs/gitformat-pack (index version 2, pack version 2).
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

export interface PackedObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Objects above this are git's: a hook reads small ones. */
export const MOST_BYTES = 1 << 20;
const TYPES: Readonly<Record<number, string>> = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" };
const OFS_DELTA = 6;
const REF_DELTA = 7;
/** Git makes chains of 50, at the utmost of 4095. */
const LONGEST_CHAIN = 200;
/** Magic, version, 256 counts. */
const FANOUT = 8;
const NAMES = FANOUT + 1024;
/** A header of an entry, and the start of most small ones' data. */
const FIRST_READ = 4096;

interface Pack {
  readonly index: number;
  readonly data: number;
  readonly dataBytes: number;
  readonly fanout: Buffer;
  readonly count: number;
}

/** The packs of one `objects` directory; opened at the first question. */
export class PackFiles {
  readonly #folder: string;
  readonly #idBytes: number;
  #packs: Pack[] | undefined;

  constructor(objects: string, hexLength: number) {
    this.#folder = join(objects, "pack");
    this.#idBytes = hexLength / 2;
  }

  /** Undefined where no pack has it, or none that can be read here. */
  find(oid: string): PackedObject | undefined {
    try {
      this.#packs ??= this.#open();
      return this.#find(Buffer.from(oid, "hex"), 0);
    } catch {
      return undefined;
    }
  }

  close(): void {
    for (const { index, data } of this.#packs ?? []) for (const fd of [index, data]) closeSync(fd);
    this.#packs = [];
  }

  #open(): Pack[] {
    const packs: Pack[] = [];
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(".idx")) continue;
      const index = openSync(join(this.#folder, name), "r");
      const data = openSync(join(this.#folder, `${name.slice(0, -4)}.pack`), "r");
      const fanout = read(index, 0, NAMES);
      if (fanout.readUInt32BE(0) !== 0xff744f63 || fanout.readUInt32BE(4) !== 2) continue;
      const count = fanout.readUInt32BE(NAMES - 4);
      packs.push({ index, data, dataBytes: fstatSync(data).size, fanout, count });
    }
    return packs;
  }

  #find(id: Buffer, chain: number): PackedObject | undefined {
    for (const pack of this.#packs ?? []) {
      const offset = this.#offsetOf(pack, id);
      if (offset !== undefined) return this.#at(pack, offset, chain);
    }
    return undefined;
  }

  #offsetOf(pack: Pack, id: Buffer): number | undefined {
    const first = id[0] ?? 0;
    const low = first === 0 ? 0 : pack.fanout.readUInt32BE(FANOUT + 4 * (first - 1));
    const high = pack.fanout.readUInt32BE(FANOUT + 4 * first);
    const width = this.#idBytes;
    const names = read(pack.index, NAMES + low * width, (high - low) * width);
    let [from, to] = [0, high - low];
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = names.compare(id, 0, width, middle * width, (middle + 1) * width);
      if (order === 0) return this.#offsetAt(pack, low + middle);
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    return undefined;
  }

  #offsetAt({ index, count }: Pack, at: number): number {
    // Behind the names: a CRC of 4 bytes each, then offsets of 4 bytes, then those of 8.
    const small = NAMES + count * (this.#idBytes + 4);
    const offset = read(index, small + 4 * at, 4).readUInt32BE(0);
    if (offset < 0x80000000) return offset;
    return Number(read(index, small + 4 * count + 8 * (offset - 0x80000000), 8).readBigUInt64BE(0));
  }

  #at(pack: Pack, offset: number, chain: number): PackedObject | undefined {
    if (chain > LONGEST_CHAIN) return undefined;
    const start = read(pack.data, offset, Math.min(FIRST_READ, pack.dataBytes - offset));
    let at = 0;
    const byte = (): number => start.readUInt8(at++);
    let value = byte();
    const type = (value >> 4) & 7;
    let size = value & 15;
    for (let shift = 4; value >= 128; shift += 7) {
      value = byte();
      size += (value & 127) * 2 ** shift;
    }
    if (size > MOST_BYTES) return undefined;
    let base: PackedObject | undefined;
    if (type === OFS_DELTA) {
      value = byte();
      let back = value & 127;
      while (value >= 128) {
        value = byte();
        back = (back + 1) * 128 + (value & 127);
      }
      base = this.#at(pack, offset - back, chain + 1);
    } else if (type === REF_DELTA) {
      base = this.#find(start.subarray(at, at + this.#idBytes), chain + 1);
      at += this.#idBytes;
    }
    const named = TYPES[type];
    if (named === undefined && base === undefined) return undefined;
    const bytes = this.#inflated(pack, { start, at, offset, size });
    if (bytes.length !== size) return undefined;
    if (base === undefined) return { type: named ?? "", bytes };
    const whole = applyDelta(base.bytes, bytes);
    return whole === undefined ? undefined : { type: base.type, bytes: whole };
  }

  #inflated(
    pack: Pack,
    entry: { start: Buffer; at: number; offset: number; size: number },
  ): Buffer {
    const { start, at, offset, size } = entry;
    // What deflate makes of the worst is 5 bytes longer for every 16 KiB; inflate stops at its end.
    const most = size + 5 * Math.ceil(size / 16_000) + 64;
    if (at + most <= start.length) return inflateSync(start.subarray(at));
    return inflateSync(read(pack.data, offset + at, Math.min(most, pack.dataBytes - offset - at)));
  }
}

function read(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const got = readSync(file, bytes, 0, length, position);
  if (got !== length) throw new Error("cut off");
  return bytes;
}

/** Copies from the base and inserts, as a delta says; undefined where it does not fit. */
function applyDelta(base: Buffer, delta: Buffer): Buffer | undefined {
  let at = 0;
  const byte = (): number => delta.readUInt8(at++);
  const number = (): number => {
    let value = 0;
    let last = 128;
    for (let shift = 0; last >= 128; shift += 7) {
      last = byte();
      value += (last & 127) * 2 ** shift;
    }
    return value;
  };
  if (number() !== base.length) return undefined;
  const size = number();
  if (size > MOST_BYTES) return undefined;
  const whole = Buffer.allocUnsafe(size);
  let filled = 0;
  while (at < delta.length) {
    const code = byte();
    let from = delta;
    let [start, length] = [at, code];
    if (code >= 128) {
      [from, start, length] = [base, 0, 0];
      for (let bit = 0; bit < 4; bit += 1) if (code & (1 << bit)) start += byte() * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit += 1)
        if (code & (16 << bit)) length += byte() * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
    } else {
      at += length;
    }
    if (length === 0 || start + length > from.length || filled + length > size) return undefined;
    filled += from.copy(whole, filled, start, start + length);
  }
  return filled === size ? whole : undefined;
}
