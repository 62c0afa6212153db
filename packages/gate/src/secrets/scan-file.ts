/**
 * Scans one file as git hands it over: small ones whole and with what is packed in them, large ones
 * as a stream. What could not be read is part of the answer, never silence.
 */
import { type ScanOptions, type SecretHit, scanBytes, scanStream } from "./scanner.ts";
import { Budget, isPacked, membersOf } from "./unpack.ts";

/** A file's content, not read yet. */
export interface Content {
  readonly size: number;
  read(): Promise<Uint8Array>;
  /** Absent: it is never too large to be read. */
  stream?(): AsyncIterable<Uint8Array>;
}

/** What stands in it, and what of it nobody has looked at. */
export interface ScannedFile {
  readonly hits: readonly SecretHit[];
  readonly unread: readonly Unread[];
}

export interface Unread {
  /** As `it is encrypted`. */
  readonly why: string;
  /** The member of an archive; hostile text. */
  readonly inside?: string;
}

/** Files up to here are held whole; archives up to {@link HELD_ARCHIVE}. Bytes. */
const HELD = 8 << 20;
const HELD_ARCHIVE = 64 << 20;
/** An archive in an archive in an archive: deeper ones are said to be unread. */
const DEPTH = 4;

/** Scans a file of any size in bounded memory and time. Throws only what reading throws. */
export async function scanFile(content: Content, options: ScanOptions): Promise<ScannedFile> {
  if (content.size <= HELD || content.stream === undefined)
    return await scanHeld(Buffer.from(await content.read()), options, new Budget(), 0);
  const head = await headOf(content.stream());
  if (isPacked(head) && content.size <= HELD_ARCHIVE)
    return await scanHeld(Buffer.from(await content.read()), options, new Budget(), 0);
  const hits = await scanStream(content.stream(), options);
  const why = `it is packed, and larger than ${HELD_ARCHIVE >> 20} MiB`;
  return { hits, unread: isPacked(head) ? [{ why }] : [] };
}

async function headOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const piece of pieces) {
    head = Buffer.concat([head, piece]);
    if (head.length >= 512) break;
  }
  return head;
}

async function scanHeld(
  bytes: Buffer,
  options: ScanOptions,
  budget: Budget,
  depth: number,
): Promise<ScannedFile> {
  const own = await scanBytes(bytes, options);
  const seen: (readonly [number, number])[] = [];
  const inner: SecretHit[] = [];
  const unread: Unread[] = isPointer(bytes) ? [{ why: POINTER }] : [];
  for (const member of membersOf(bytes, budget)) {
    const { name, why, range } = member;
    if (member.bytes === undefined) unread.push({ why: why ?? "", ...insideOf(name) });
    else if (depth === DEPTH) unread.push({ why: "it is packed too deep", ...insideOf(name) });
    else {
      if (range !== undefined) seen.push(range);
      const path = `${options.path ?? ""}!/${name}`;
      const found = await scanHeld(member.bytes, { ...options, path }, budget, depth + 1);
      inner.push(...found.hits.map((hit) => ({ ...hit, inside: joined(name, hit.inside) })));
      unread.push(...found.unread.map((one) => ({ ...one, ...insideOf(name, one.inside) })));
    }
  }
  // Stored members were seen from outside too: the answer that names the member is the better one.
  const outer = own.filter((hit) => !seen.some(([a, b]) => hit.offset >= a && hit.offset < b));
  return { hits: [...outer, ...inner], unread };
}

function joined(name: string, inside: string | undefined): string {
  return [name, inside].filter((part) => part !== undefined && part !== "").join("!/");
}

function insideOf(name: string, inside?: string): { inside?: string } {
  const path = joined(name, inside);
  return path === "" ? {} : { inside: path };
}

const POINTER = "it is a pointer of Git LFS; the file itself is not in the repository";

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function isPointer(bytes: Buffer): boolean {
  if (bytes.length > 1024) return false;
  return /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\//.test(
    bytes.toString("latin1"),
  );
}
