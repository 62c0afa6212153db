/**
 * Lines of JSON in a file, each sealed over itself and all before it: a line that was changed, moved,
 * left out, doubled or cut off ends what can be read. With a secret nobody else can make a seal;
 * without one it tells accidents only, for who can write the file can seal it too.
 */
import { createHmac } from "node:crypto";
import { fstatSync, ftruncateSync, readSync, writeSync } from "node:fs";

/** A place in the file: up to here everything is sealed. */
export interface Sealed {
  readonly offset: number;
  /** Of the last line; empty at the file's begin. */
  readonly seal: string;
}

export const BEGIN: Sealed = { offset: 0, seal: "" };

export interface SealedLine extends Sealed {
  /** The JSON object as it was written, its seal taken out. */
  readonly text: string;
}

/** `{"seal":"…64…",` and the object goes on. */
const HEAD = /^\{"seal":"([0-9a-f]{64})",/;
const HEAD_LENGTH = '{"seal":"",'.length + 64;
const PIECE = 1 << 16;
/** Nobody writes such a line: a batch of verdicts takes some hundred KiB. */
const LONGEST = 64 * 1024 * 1024;

/** The sound lines from a place on, in order; ends at the first that is none. */
export function* sealedLines(
  file: number,
  secret: string,
  from: Sealed = BEGIN,
): Generator<SealedLine> {
  let { offset, seal } = from;
  for (const bytes of rawLines(file, offset)) {
    const line = bytes.toString("utf8");
    const told = HEAD.exec(line)?.[1];
    if (told === undefined) return;
    const text = `{${line.slice(HEAD_LENGTH)}`;
    if (told !== sealOf(secret, seal, text)) return;
    offset += bytes.length + 1;
    seal = told;
    yield { text, offset, seal };
  }
}

/** Writes one object behind a place, in one call, and gives the place behind it. */
export function addSealed(file: number, secret: string, at: Sealed, value: object): Sealed {
  const text = JSON.stringify(value);
  const seal = sealOf(secret, at.seal, text);
  const bytes = Buffer.from(`{"seal":"${seal}",${text.slice(1)}\n`, "utf8");
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, at.offset + done);
  return { offset: at.offset + bytes.length, seal };
}

/** Lets go of what stands behind a place: a line that was cut off, and what followed. */
export function cutBehind(file: number, { offset }: Sealed): void {
  if (fstatSync(file).size > offset) ftruncateSync(file, offset);
}

/** True where nothing was written yet, or the very first line was cut off while it was. */
export function isBlank(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  if (size >= PIECE) return false;
  const bytes = Buffer.alloc(size);
  readSync(file, bytes, 0, size, 0);
  const begins = '{"seal":"';
  return (
    !bytes.includes(10) && bytes.toString("latin1", 0, begins.length) === begins.slice(0, size)
  );
}

function sealOf(secret: string, before: string, text: string): string {
  return createHmac("sha256", secret).update(`${before}\n${text}`).digest("hex");
}

/** Lines that end in LF; what stands behind the last LF is none. */
function* rawLines(file: number, from: number): Generator<Buffer> {
  let rest: Buffer[] = [];
  let held = 0;
  for (let offset = from; held <= LONGEST; ) {
    const piece = Buffer.allocUnsafe(PIECE);
    const length = readSync(file, piece, 0, PIECE, offset);
    if (length === 0) return;
    offset += length;
    let at = 0;
    for (let end = piece.indexOf(10); end >= 0 && end < length; end = piece.indexOf(10, at)) {
      yield Buffer.concat([...rest, piece.subarray(at, end)]);
      rest = [];
      held = 0;
      at = end + 1;
    }
    rest.push(piece.subarray(at, length));
    held += length - at;
  }
}
