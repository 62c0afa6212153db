/**
 * The index file as the trees that git would write of it, without git: the folders that `git add` or
 * `git commit` left valid in it are taken by their ids, the others are built from their entries. It gives
 * undefined for whatever git alone should judge: conflicts, split and sparse indexes, version 4.
 * Format: https://git-scm.com/docs/index-format.
 */
import { createHash } from "node:crypto";

export interface IndexTrees {
  /** The root tree's id. */
  readonly root: string;
  /** Trees that may stand in no store yet, by id. */
  readonly built: ReadonlyMap<string, Buffer>;
}

const NUL = Buffer.from([0]);
const STAT_BYTES = 40;
const EXTENDED = 0x4000;
const STAGE = 0x3000;
const NAME_LENGTH = 0xfff;
const INTENT_TO_ADD = 0x2000;
const MODES = new Map([
  [0o100644, "100644"],
  [0o100755, "100755"],
  [0o120000, "120000"],
  [0o160000, "160000"],
]);

/** A folder that the index remembers: how many entries lie below it, and its tree. */
interface Known {
  readonly entries: number;
  readonly id: Buffer | undefined;
  readonly folders: ReadonlyMap<string, Known>;
}

/** The trees of an index's bytes; `hexLength` is 40 or 64. */
export function indexTrees(bytes: Buffer, hexLength: number): IndexTrees | undefined {
  try {
    return new IndexFile(bytes, hexLength).trees();
  } catch (error) {
    // Cut off, or not as the format has it: git says what is wrong with it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class IndexFile {
  readonly #bytes: Buffer;
  readonly #idBytes: number;
  readonly #algorithm: string;
  readonly #built = new Map<string, Buffer>();
  /** Where each entry begins: numbers alone, for there may be 50,000. */
  #starts = new Int32Array(0);

  constructor(bytes: Buffer, hexLength: number) {
    this.#bytes = bytes;
    this.#idBytes = hexLength / 2;
    this.#algorithm = hexLength === 64 ? "sha256" : "sha1";
  }

  trees(): IndexTrees | undefined {
    const bytes = this.#bytes;
    const version = bytes.readUInt32BE(4);
    if (bytes.toString("latin1", 0, 4) !== "DIRC" || (version !== 2 && version !== 3))
      return undefined;
    const end = this.#readEntries(bytes.readUInt32BE(8));
    const known = end === undefined ? undefined : this.#extensions(end);
    if (known === undefined) return undefined;
    const root = this.#treeOf(known, 0, this.#starts.length, 0);
    return root === undefined ? undefined : { root: root.toString("hex"), built: this.#built };
  }

  /** Finds every entry; gives where they end, or undefined where one is in conflict. */
  #readEntries(count: number): number | undefined {
    const bytes = this.#bytes;
    if (count > bytes.length / STAT_BYTES) return undefined;
    this.#starts = new Int32Array(count);
    let at = 12;
    for (let entry = 0; entry < count; entry += 1) {
      this.#starts[entry] = at;
      // By hand: 50,000 entries with three calls each are most of a hook's time.
      const flagsAt = at + STAT_BYTES + this.#idBytes;
      const flags = ((bytes[flagsAt] ?? STAGE) << 8) | (bytes[flagsAt + 1] ?? 0);
      if ((flags & STAGE) !== 0) return undefined;
      const nameAt = flagsAt + ((flags & EXTENDED) === 0 ? 2 : 4);
      const told = flags & NAME_LENGTH;
      const end = told < NAME_LENGTH ? nameAt + told : bytes.indexOf(0, nameAt);
      if (bytes[end] !== 0) return undefined;
      // Padded with one to eight NULs, so that an entry's length is a multiple of eight.
      at += (end - at + 8) & ~7;
    }
    return at;
  }

  #flagsAt(entry: number): number {
    return (this.#starts[entry] ?? this.#bytes.length) + STAT_BYTES + this.#idBytes;
  }

  #nameAt(entry: number): number {
    const at = this.#flagsAt(entry);
    return at + ((this.#bytes.readUInt16BE(at) & EXTENDED) === 0 ? 2 : 4);
  }

  #nameEnd(entry: number): number {
    const told = this.#bytes.readUInt16BE(this.#flagsAt(entry)) & NAME_LENGTH;
    const at = this.#nameAt(entry);
    return told < NAME_LENGTH ? at + told : this.#bytes.indexOf(0, at);
  }

  #isIntention(entry: number): boolean {
    const at = this.#flagsAt(entry);
    const extended = (this.#bytes.readUInt16BE(at) & EXTENDED) !== 0;
    return extended && (this.#bytes.readUInt16BE(at + 2) & INTENT_TO_ADD) !== 0;
  }

  #extensions(start: number): Known | undefined {
    const bytes = this.#bytes;
    const end = bytes.length - this.#idBytes;
    let known: Known = { entries: -1, id: undefined, folders: new Map() };
    let at = start;
    while (at < end) {
      const name = bytes.toString("latin1", at, at + 4);
      const length = bytes.readUInt32BE(at + 4);
      // Split (link) and sparse (sdir) indexes hold their entries elsewhere; an unknown extension in
      // lower case must be understood by whoever reads the file.
      if (!/^[A-Z]/.test(name)) return undefined;
      if (name === "TREE" && length > 0) known = this.#known(at + 8).known;
      at += 8 + length;
    }
    return at === end ? known : undefined;
  }

  #idAt(at: number): Buffer {
    const id = this.#bytes.subarray(at, at + this.#idBytes);
    if (id.length !== this.#idBytes) throw new RangeError("cut off");
    return id;
  }

  #known(start: number): { known: Known; name: string; end: number } {
    const bytes = this.#bytes;
    const nameEnd = bytes.indexOf(0, start);
    const lineEnd = bytes.indexOf(10, nameEnd);
    const name = bytes.toString("latin1", start, nameEnd);
    const counts = bytes
      .toString("latin1", nameEnd + 1, lineEnd)
      .split(" ")
      .map(Number);
    const [entries = -1, folderCount = 0] = counts;
    let at = lineEnd + 1;
    const id = entries < 0 ? undefined : this.#idAt(at);
    if (id !== undefined) at += this.#idBytes;
    const folders = new Map<string, Known>();
    for (let folder = 0; folder < folderCount; folder += 1) {
      const below = this.#known(at);
      folders.set(below.name, below.known);
      at = below.end;
    }
    return { known: { entries, id, folders }, name, end: at };
  }

  /** The tree over entries `from` to `to`, whose names share their first `prefix` bytes. */
  #treeOf(known: Known | undefined, from: number, to: number, prefix: number): Buffer | undefined {
    if (known?.id !== undefined && known.entries === to - from) return known.id;
    const bytes = this.#bytes;
    const pieces: Buffer[] = [];
    for (let at = from; at < to; ) {
      const nameAt = this.#nameAt(at) + prefix;
      const nameEnd = this.#nameEnd(at);
      const name = bytes.subarray(nameAt, nameEnd);
      const slash = name.indexOf(47);
      if (slash === -1) {
        // What is only intended to be added git writes into no tree.
        if (!this.#isIntention(at)) {
          const start = this.#starts[at] ?? bytes.length;
          const mode = MODES.get(bytes.readUInt32BE(start + 24));
          if (mode === undefined) return undefined;
          pieces.push(Buffer.from(`${mode} `), name, NUL, this.#idAt(start + STAT_BYTES));
        }
        at += 1;
        continue;
      }
      const folder = name.subarray(0, slash + 1);
      const below = known?.folders.get(name.toString("latin1", 0, slash));
      const end = this.#endOf(folder, at, to, { prefix, guess: at + (below?.entries ?? -1) });
      const id = this.#treeOf(below, at, end, prefix + folder.length);
      if (id === undefined) return undefined;
      at = end;
      // Nor does it write a folder of nothing but intentions.
      if (this.#built.get(id.toString("hex"))?.length === 0) continue;
      pieces.push(Buffer.from("40000 "), name.subarray(0, slash), NUL, id);
    }
    const tree = Buffer.concat(pieces);
    const id = createHash(this.#algorithm).update(`tree ${tree.length}\0`).update(tree).digest();
    this.#built.set(id.toString("hex"), tree);
    return id;
  }

  /** The first entry from `at` on that is not below the folder; `guess` is where it may be. */
  #endOf(
    folder: Buffer,
    at: number,
    to: number,
    { prefix, guess }: { prefix: number; guess: number },
  ): number {
    const isBelow = (entry: number): boolean => {
      const start = this.#nameAt(entry) + prefix;
      const end = start + folder.length;
      return (
        end < this.#nameEnd(entry) &&
        this.#bytes.compare(folder, 0, folder.length, start, end) === 0
      );
    };
    if (guess > at && guess <= to && isBelow(guess - 1) && (guess === to || !isBelow(guess)))
      return guess;
    let end = at + 1;
    while (end < to && isBelow(end)) end += 1;
    return end;
  }
}
