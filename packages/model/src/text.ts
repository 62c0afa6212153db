/**
 * Bytes to text, once, for every parser. Refuses what is too big, no UTF-8, or holds a NUL, before
 * anything else looks at it: a 50 MB file is answered by its size alone.
 */
import { isUtf8 } from "node:buffer";
import type { Parsed, Problem } from "./problem.ts";

/** What a parser accepts. */
export interface TextBounds {
  /** In bytes. */
  readonly maxBytes: number;
  /** What the text is, for people: `the policy`. */
  readonly what: string;
}

/**
 * The text of a file's bytes. A byte order mark stays in it: only the caller knows whether its
 * format allows one. Text that comes in as a string is only measured and looked at for NUL.
 */
export function textOf(input: Uint8Array | string, bounds: TextBounds): Parsed<string> {
  const size = typeof input === "string" ? Buffer.byteLength(input) : input.length;
  if (size > bounds.maxBytes) {
    return refuse(
      "format/size",
      `${bounds.what} has ${size} bytes; at most ${bounds.maxBytes} are read`,
    );
  }
  // A NUL first: a binary file shall be called binary, not "no UTF-8".
  const nul = typeof input === "string" ? input.indexOf("\0") : input.indexOf(0);
  if (nul !== -1) {
    const before = typeof input === "string" ? input.slice(0, nul) : latin1(input).slice(0, nul);
    return refuse("format/nul", `${bounds.what} holds a NUL byte: it is no text`, before);
  }
  if (typeof input === "string") return { ok: true, value: input };
  if (!isUtf8(input)) {
    const message = `${bounds.what} is not valid UTF-8`;
    return refuse("format/encoding", message, goodStart(input), "save the file as UTF-8");
  }
  return {
    ok: true,
    value: Buffer.from(input.buffer, input.byteOffset, input.length).toString("utf8"),
  };
}

/** Where an offset of a text stands, from 1. Columns count UTF-16 units, as editors do. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at !== -1; at = before.indexOf("\n", at + 1)) line += 1;
  return { line, column: before.length - start + 1 };
}

function refuse(code: string, message: string, before = "", help?: string): Parsed<never> {
  const problem: Problem = { code, message, ...positionAt(before, before.length) };
  return { ok: false, problems: [help === undefined ? problem : { ...problem, help }] };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** The text before the first byte that is no UTF-8. A U+FFFD that the file really holds is none. */
function goodStart(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf("\ufffd"); at !== -1; at = text.indexOf("\ufffd", from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) {
      return text.slice(0, at);
    }
    offset += 3;
    from = at + 1;
  }
  return text;
}
