/**
 * What stands packed in a file: members of zip, gzip and tar, compressed texts of PNG and PDF. Formats
 * are told by their bytes, never by a name. A file that unpacks to more than the budget, is encrypted
 * or in a format that we cannot read says so: a bomb costs a bounded time and is never silent.
 */
import { constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** A file in a file, or why it cannot be read. */
export interface Member {
  /** As the archive names it; hostile text. */
  readonly name: string;
  /** Undefined where it could not be read: `why` says why. */
  readonly bytes?: Buffer;
  readonly why?: string;
  /** Where it stands as it is in the outer file: a scan of that has seen it. */
  readonly range?: readonly [from: number, to: number];
}

/** What all members of one file may come to. Shared by nested archives. */
export class Budget {
  bytes: number;
  members: number;

  constructor(bytes = 64 << 20, members = 20_000) {
    this.bytes = bytes;
    this.members = members;
  }

  /** Takes the size of one member; false where it is too much. */
  take(bytes: number): boolean {
    this.members -= 1;
    this.bytes -= bytes;
    return this.members >= 0 && this.bytes >= 0;
  }
}

const TOO_MUCH = "it unpacks to more than is read of one file (64 MiB, 20,000 members)";
const BROKEN = "it is packed, and broken";

/** Formats that are named, not read: the bytes that they begin with. */
const CLOSED: readonly (readonly [name: string, magic: string])[] = [
  ["an xz archive", "\xfd7zXZ\0"],
  ["a bzip2 archive", "BZh"],
  ["a 7-Zip archive", "7z\xbc\xaf\x27\x1c"],
  ["a RAR archive", "Rar!\x1a\x07"],
  ["a Zstandard archive", "\x28\xb5\x2f\xfd"],
  ["an LZ4 archive", "\x04\x22\x4d\x18"],
  ["a cabinet", "MSCF\0\0\0\0"],
  ["encrypted by git-crypt", "\0GITCRYPT\0"],
];

/** True where the first bytes are those of a format that unpacks, so that all of it must be held. */
export function isPacked(head: Buffer): boolean {
  return isGzip(head) || head.toString("latin1", 0, 2) === "PK" || isTar(head);
}

/** Members of a file, one at a time, so that only one is held. Throws on no content. */
export function* membersOf(bytes: Buffer, budget: Budget): Generator<Member> {
  const head = bytes.toString("latin1", 0, 16);
  const closed = CLOSED.find(([, magic]) => head.startsWith(magic));
  if (closed !== undefined && isClosed(closed[1], bytes))
    yield { name: "", why: `it is ${closed[0]}` };
  if (isGzip(bytes)) yield* gzipMembers(bytes, budget);
  else if (isTar(bytes)) {
    const end = yield* tarMembers(bytes, budget);
    yield* zipMembers(bytes.subarray(end), budget);
    return;
  } else if (head.startsWith("\x89PNG")) yield* pngTexts(bytes, budget);
  else if (head.includes("%PDF-")) yield* pdfStreams(bytes, budget);
  // A zip may begin anywhere: self-extracting programs, pictures with one behind them.
  if (head.startsWith("PK") || bytes.includes(0)) yield* zipMembers(bytes, budget);
}

/** `BZh` begins words, too. */
function isClosed(magic: string, bytes: Buffer): boolean {
  return magic !== "BZh" || bytes.toString("latin1", 4, 10) === "1AY&SY";
}

function isGzip(bytes: Buffer): boolean {
  return bytes.length > 18 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

function isTar(bytes: Buffer): boolean {
  return bytes.toString("latin1", 257, 262) === "ustar";
}

type Unpack = (bytes: Buffer, options: { maxOutputLength: number; finishFlush: number }) => Buffer;

/** What an unpacking that fails costs: the bytes that it may have made before, at least these. */
const FAILED = 256 << 10;
/** How much is unpacked at first, and then: one that fails has not cost much more than was taken for it. */
const TRIES = [1 << 20, 8 << 20, 64 << 20];

/**
 * Unpacks within the budget; of what was cut off, what is there. Failures cost, too: a file may be
 * full of beginnings that each unpack for long and then break.
 */
function unpacked(unpack: Unpack, packed: Buffer, budget: Budget): Buffer | string {
  let made = FAILED;
  for (const most of TRIES) {
    if (budget.bytes <= 0 || budget.members <= 0) return TOO_MUCH;
    const maxOutputLength = Math.min(most, budget.bytes);
    try {
      const bytes = unpack(packed, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
      return budget.take(bytes.length) ? bytes : TOO_MUCH;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") {
        budget.take(made);
        return BROKEN;
      }
      made = maxOutputLength;
    }
  }
  budget.bytes = 0;
  return TOO_MUCH;
}

function memberOf(name: string, result: Buffer | string): Member {
  return typeof result === "string" ? { name, why: result } : { name, bytes: result };
}

/** gunzip reads what has bytes behind it or a wrong checksum, and only warns: so do we. */
function* gzipMembers(bytes: Buffer, budget: Budget): Generator<Member> {
  const whole = unpacked(gunzipSync, bytes, budget);
  yield memberOf("", whole);
  if (whole !== BROKEN) return;
  const first = unpacked(inflateRawSync, bytes.subarray(gzipHeaderEnd(bytes)), budget);
  if (typeof first !== "string") yield { name: "", bytes: first };
}

/** RFC 1952, 2.3. */
function gzipHeaderEnd(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + bytes.readUInt16LE(at);
  for (const text of [8, 16]) if ((flags & text) !== 0) at = bytes.indexOf(0, at) + 1;
  return at + ((flags & 2) !== 0 ? 2 : 0);
}

/** Returns where the archive ends: something else may stand behind it. */
function* tarMembers(bytes: Buffer, budget: Budget): Generator<Member, number> {
  let at = 0;
  while (at + 512 <= bytes.length) {
    const header = bytes.subarray(at, at + 512);
    const size = tarNumber(header.subarray(124, 136));
    if (header[0] === 0 || size === undefined) break;
    const from = at + 512;
    const to = Math.min(bytes.length, from + size);
    const name = cString(header.subarray(0, 100));
    if (budget.members <= 0) {
      yield { name, why: TOO_MUCH };
      return bytes.length;
    }
    budget.members -= 1;
    if (size > 0) yield { name, bytes: bytes.subarray(from, to), range: [from, to] };
    at = from + Math.ceil(size / 512) * 512;
  }
  return Math.min(at, bytes.length);
}

/** Octal digits, or GNU's base 256 where the highest bit is set. */
function tarNumber(field: Buffer): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.readUIntBE(field.length - 6, 6);
  const digits = /^ *([0-7]*)[ \0]/.exec(field.toString("latin1"))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits || "0", 8);
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end === -1 ? bytes.length : end);
}

const LOCAL_HEADER = Buffer.from("PK\x03\x04", "latin1");

/**
 * By their local headers, each wherever it stands: the directory at a zip's end may leave some out,
 * and what it leaves out is still pushed.
 */
function* zipMembers(bytes: Buffer, budget: Budget): Generator<Member> {
  let at = bytes.indexOf(LOCAL_HEADER);
  while (at >= 0) {
    const { member, end } = zipMember(bytes, at, budget);
    if (member !== undefined) yield member;
    if (member?.why === TOO_MUCH) return;
    at = bytes.indexOf(LOCAL_HEADER, Math.max(end, at + 4));
  }
}

function zipMember(
  bytes: Buffer,
  at: number,
  budget: Budget,
): { readonly member: Member | undefined; readonly end: number } {
  const none = { member: undefined, end: at + 4 };
  if (at + 30 > bytes.length) return none;
  const [flags, method] = [bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8)];
  const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
  const from = nameEnd + bytes.readUInt16LE(at + 28);
  if (from > bytes.length) return none;
  const name = bytes.toString("latin1", at + 30, nameEnd);
  const written = bytes.readUInt32LE(at + 18);
  if ((flags & 1) !== 0) return { member: { name, why: "it is encrypted" }, end: from };
  if (method === 0) {
    const end =
      (flags & 8) === 0 && written !== 0xffffffff ? from + written : nextHeader(bytes, from);
    const to = Math.min(end, bytes.length);
    budget.members -= 1;
    if (budget.members < 0) return { member: { name, why: TOO_MUCH }, end: to };
    if (to === from) return { member: undefined, end: to };
    return { member: { name, bytes: bytes.subarray(from, to), range: [from, to] }, end: to };
  }
  if (method !== 8) {
    return { member: { name, why: `it is packed by method ${method}` }, end: from };
  }
  const member = memberOf(name, unpacked(inflateRawSync, bytes.subarray(from), budget));
  // Not where the sizes say: those may lie. Packed bytes hold another header by chance only.
  return { member, end: from };
}

function nextHeader(bytes: Buffer, from: number): number {
  const at = bytes.indexOf("PK", from, "latin1");
  return at === -1 ? bytes.length : at;
}

/** Texts of a picture that are compressed: zTXt and iTXt. Plain ones are seen as they stand. */
function* pngTexts(bytes: Buffer, budget: Budget): Generator<Member> {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const from = at + 8;
    const to = Math.min(bytes.length, from + bytes.readUInt32BE(at));
    const type = bytes.toString("latin1", at + 4, from);
    const keyword = bytes.indexOf(0, from);
    if ((type === "zTXt" || type === "iTXt") && keyword >= 0 && keyword < to) {
      // iTXt: compression flag and method, then language and translated keyword, each up to a NUL.
      const start =
        type === "zTXt" ? keyword + 2 : bytes.indexOf(0, bytes.indexOf(0, keyword + 3) + 1) + 1;
      if (type === "zTXt" || bytes[keyword + 1] === 1)
        yield memberOf(type, unpacked(inflateSync, bytes.subarray(start, to), budget));
    }
    at = to + 4;
  }
}

/** Compressed streams of a PDF. Those that are no deflate (pictures, fonts) are let go. */
function* pdfStreams(bytes: Buffer, budget: Budget): Generator<Member> {
  for (let at = bytes.indexOf("stream"); at >= 0; at = bytes.indexOf("stream", at + 6)) {
    const from = at + (bytes[at + 6] === 13 ? 8 : 7);
    // RFC 1950: method 8, and a checksum over the two bytes.
    const header = from + 1 < bytes.length ? bytes.readUInt16BE(from) : 0;
    if ((header & 0x0f00) !== 0x0800 || header % 31 !== 0) continue;
    const result = unpacked(inflateSync, bytes.subarray(from), budget);
    if (result === TOO_MUCH) {
      yield { name: "stream", why: TOO_MUCH };
      return;
    }
    if (typeof result !== "string") yield { name: "stream", bytes: result };
  }
}
