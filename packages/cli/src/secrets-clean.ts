/**
 * What a scan of the history found clean, by blob and path, under one digest of the rules: a scan
 * that was broken off goes on where it was. It lies in the git directory, where no push can write;
 * a file of other rules, or one that is cut in the middle of an entry, is worth what is whole in it.
 */
import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Bytes of a hash that stand for one blob at one path: nobody finds two that collide. */
const ENTRY = 16;

export class CleanBlobs {
  readonly #file: string;
  readonly #header: Buffer;
  readonly #known = new Set<string>();
  #unsaved: Buffer[] = [];
  #started = false;

  private constructor(file: string, digest: string) {
    this.#file = file;
    this.#header = Buffer.from(`wingman clean blobs 1 ${digest}\n`);
  }

  /** Reads what an earlier scan left, if it was made with the same rules. */
  static async open(file: string, digest: string): Promise<CleanBlobs> {
    const clean = new CleanBlobs(file, digest);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    const { length } = clean.#header;
    if (!bytes.subarray(0, length).equals(clean.#header)) return clean;
    // A last entry that was cut off would shift all that is appended behind it.
    clean.#started = (bytes.length - length) % ENTRY === 0;
    for (let at = length; at + ENTRY <= bytes.length; at += ENTRY)
      clean.#known.add(bytes.toString("latin1", at, at + ENTRY));
    if (!clean.#started)
      clean.#unsaved = [...clean.#known].map((key) => Buffer.from(key, "latin1"));
    return clean;
  }

  has(oid: string, path: string): boolean {
    return this.#known.has(keyOf(oid, path).toString("latin1"));
  }

  add(oid: string, path: string): void {
    const key = keyOf(oid, path);
    this.#known.add(key.toString("latin1"));
    this.#unsaved.push(key);
  }

  /** Writes down what was added. */
  async save(): Promise<void> {
    if (this.#unsaved.length === 0) return;
    const bytes = Buffer.concat(this.#unsaved);
    this.#unsaved = [];
    await mkdir(dirname(this.#file), { recursive: true });
    if (!this.#started) await rm(this.#file, { force: true });
    await appendFile(this.#file, this.#started ? bytes : Buffer.concat([this.#header, bytes]));
    this.#started = true;
  }
}

function keyOf(oid: string, path: string): Buffer {
  return createHash("sha256").update(`${oid}\0${path}`, "latin1").digest().subarray(0, ENTRY);
}
