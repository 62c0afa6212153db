/**
 * The part file of an audit: verdicts as they are made, so that memory holds one run at a time, an audit
 * that was stopped goes on where it was, and the parts of a CI matrix are joined to the bytes that one
 * machine would have given. An audit without `--part` keeps one that has no name.
 */
import { closeSync, constants, fstatSync, openSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finding, fault, type Verdict } from "@wingman/model";
import type { PartRecord } from "./part-records.ts";
import { addSealed, BEGIN, cutBehind, type Sealed, sealedLines } from "./sealed-lines.ts";

/** A part that is written to, and read back. */
export class AuditPart {
  readonly #file: number;
  readonly #secret: string;
  readonly #close: () => void;
  #at: Sealed;

  constructor(file: number, secret: string, at: Sealed, close: () => void = () => closeSync(file)) {
    this.#file = file;
    this.#secret = secret;
    this.#at = at;
    this.#close = close;
  }

  add(record: PartRecord): void {
    this.#at = addSealed(this.#file, this.#secret, this.#at, record);
  }

  /** Goes on from a place: what stands behind it is let go. */
  goOnFrom(at: Sealed): void {
    cutBehind(this.#file, at);
    this.#at = at;
  }

  /** All verdicts, in their order; may be walked again and again. */
  get verdicts(): Iterable<Verdict> {
    return this.#walk<Verdict>("verdicts");
  }

  get findings(): Iterable<Finding> {
    return this.#walk<Finding>("findings");
  }

  /** What each run got, in their order: one run's verdicts in memory at a time. */
  get runs(): Iterable<{ readonly verdicts: readonly Verdict[] }> {
    const { verdicts } = this;
    return {
      *[Symbol.iterator]() {
        let run: Verdict[] = [];
        for (const one of verdicts) {
          if (run[0] !== undefined && (run[0].run !== one.run || run[0].commit !== one.commit)) {
            yield { verdicts: run };
            run = [];
          }
          run.push(one);
        }
        if (run.length > 0) yield { verdicts: run };
      },
    };
  }

  close(): void {
    this.#close();
  }

  #walk<T>(list: "verdicts" | "findings"): Iterable<T> {
    const [file, secret, end] = [this.#file, this.#secret, this.#at.offset];
    return {
      *[Symbol.iterator]() {
        let offset = 0;
        for (const line of sealedLines(file, secret)) {
          offset = line.offset;
          // The list comes first in its record: lines of the other kind are not parsed.
          if (line.text.startsWith(`{"${list}":`))
            yield* (JSON.parse(line.text) as Record<typeof list, readonly T[]>)[list];
          if (offset >= end) break;
        }
        if (offset !== end) changed();
      },
    };
  }
}

function changed(): never {
  return fault("the part was changed while it was read", {
    code: "audit/part",
    hint: "let nobody else write to it, and audit again",
  });
}

/** A part without a name, for the time of one audit: a kill leaves nothing of it behind. */
export async function passingPart(): Promise<AuditPart> {
  const folder = await mkdtemp(join(tmpdir(), "wingman-audit-"));
  const file = openSync(join(folder, "part"), "wx+", 0o600);
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    // An open file is written and read without its name.
    remove();
  } catch {
    // Not on every system: it goes when it is closed.
  }
  return new AuditPart(file, "", BEGIN, () => {
    closeSync(file);
    remove();
  });
}

/** Opens a part that is there, or undefined. Refuses what is no plain file: a link leads elsewhere. */
export function openPartFile(path: string, how: "read" | "write"): number | undefined {
  const { O_RDONLY, O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const flags = (how === "read" ? O_RDONLY : O_RDWR | O_CREAT) | O_NOFOLLOW | O_NONBLOCK;
  let file: number;
  try {
    file = openSync(path, flags, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && how === "read") return undefined;
    if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO") return notPlain(path);
    throw error;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  return notPlain(path);
}

function notPlain(path: string): never {
  return fault(`${path} is no plain file`, {
    code: "audit/part",
    hint: "name a file of your own; a link or a pipe may lead anywhere",
  });
}

/** `2/8` → [2, 8]. */
export function readShard(text: string): readonly [number, number] {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [at, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || at < 1 || at > of)
    return fault(`${JSON.stringify(text)} is no shard`, {
      code: "usage/option",
      hint: "--shard 2/8 is the second of eight",
    });
  return [at, of];
}
