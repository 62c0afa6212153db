/**
 * The entries of a tar as a stream: ustar, PAX and GNU long names, as container engines read them. Whatever
 * two readers could read in two ways it refuses: a claim must not be judged by another file than is unpacked.
 */
import { ArchiveRefused, type Meter } from "./archive-refused.ts";
import { ByteQueue } from "./byte-queue.ts";
import { type Bytes, unpacked } from "./unpacked.ts";

/** One file of a tar: its plain name, kind, and its bytes. */
export interface TarEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "link" | "device";
  readonly size: number;
  /** Where a link leads, as it is written. */
  readonly leads: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
/** Long names and PAX records: longer than any path that a kernel takes. */
const LARGEST_EXTRA = 1024 * 1024;

const KINDS: Readonly<Record<string, TarEntry["type"]>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "link",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "device",
};

/** What headers before an entry's own say of it. */
interface Extra {
  path?: string;
  link?: string;
  size?: number;
  pax?: true;
}

/** Every entry of a tar, compressed or not. `seen` gets all its bytes, those behind its end as well. */
export async function* tarEntries(
  source: Bytes,
  meter: Meter,
  seen?: (piece: Uint8Array) => void,
): AsyncGenerator<TarEntry> {
  async function* metered(): AsyncGenerator<Uint8Array> {
    for await (const piece of unpacked(source)) {
      meter.bytes(piece.length);
      seen?.(piece);
      yield piece;
    }
  }
  const queue = new ByteQueue(metered());
  let extra: Extra = {};
  try {
    for (let head = await header(queue); head !== undefined; head = await header(queue)) {
      meter.entry();
      const flag = head.toString("latin1", 156, 157);
      const size = numberIn(head, 124, 12);
      if ("xgLK".includes(flag)) {
        extra = note(extra, flag, await content(queue, size));
        continue;
      }
      const entry = entryOf(head, flag, { ...extra, size: extra.size ?? size });
      extra = {};
      const body = bodyOf(queue, entry.size);
      yield { ...entry, bytes: body.bytes() };
      await body.skip();
    }
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    throw odd((error as Error).message);
  } finally {
    await queue.end();
  }
}

/** The next header; undefined at the end, after which whatever stands there is passed over. */
async function header(queue: ByteQueue): Promise<Buffer | undefined> {
  const head = await queue.exactly(BLOCK);
  if (head.length === 0) return undefined;
  if (head.length < BLOCK) throw odd("it breaks off");
  if (head.every((byte) => byte === 0)) {
    const second = await queue.exactly(BLOCK);
    if (second.some((byte) => byte !== 0)) throw odd("an empty block stands in its middle");
    while ((await queue.some(1 << 20)) !== undefined);
    return undefined;
  }
  let sum = 8 * 32;
  for (const [at, byte] of head.entries()) if (at < 148 || at > 155) sum += byte;
  if (numberIn(head, 148, 8) !== sum) throw odd("a header's checksum is wrong");
  return head;
}

function entryOf(head: Buffer, flag: string, extra: Extra): Omit<TarEntry, "bytes"> {
  const kind = KINDS[flag];
  if (kind === undefined) throw odd(`an entry of the kind ${JSON.stringify(flag)}`);
  const written = extra.path ?? nameIn(head);
  const size = extra.size ?? 0;
  const type = flag === "\0" && written.endsWith("/") ? "directory" : kind;
  // Some readers pass over content here, others take it for the next header.
  if (type !== "file" && size > 0) throw twice("an entry without content that has some");
  return {
    name: plainName(written),
    type,
    size,
    leads: extra.link ?? textIn(head, 157, 100),
  };
}

/** `ustar\0`: the name may go on in front; GNU keeps times there, and star more. */
function nameIn(head: Buffer): string {
  const name = textIn(head, 0, 100);
  const magic = head.toString("latin1", 257, 265);
  if (magic.startsWith("ustar\0")) {
    const front = textIn(head, 345, 155);
    if (front !== "" && head.toString("latin1", 508, 512) === "tar\0") throw twice("a star header");
    return front === "" ? name : `${front}/${name}`;
  }
  if (magic === "ustar  \0" && !/^[\0 0-7\x80\xff]/.test(head.toString("latin1", 345, 346)))
    throw twice("a GNU header with a name in front");
  return name;
}

function note(extra: Extra, flag: string, bytes: Buffer): Extra {
  if (flag === "L" || flag === "K") {
    const text = bytes.toString("utf8").replace(/\0[^]*$/, "");
    const key = flag === "L" ? "path" : "link";
    if (extra[key] !== undefined) throw twice("an entry with two names");
    return { ...extra, [key]: text };
  }
  const said = paxOf(bytes);
  if ([...said.keys()].some((key) => key.startsWith("GNU.sparse"))) throw odd("a sparse file");
  const [path, link, size] = ["path", "linkpath", "size"].map((key) => said.get(key));
  const names = path !== undefined || link !== undefined || size !== undefined;
  // What holds for all that follows is heard by some readers only.
  if (flag === "g" && names) throw twice("a name for all entries");
  if (flag === "g") return extra;
  if (extra.pax === true || (path !== undefined && extra.path !== undefined))
    throw twice("an entry with two names");
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw odd("a size that is none");
  return {
    ...extra,
    pax: true,
    ...(path === undefined || path === "" ? {} : { path }),
    ...(link === undefined || link === "" ? {} : { link }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

/** `27 path=a/b\n`, each with its own length in bytes in front. */
function paxOf(bytes: Buffer): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const count = Number(/^(\d{1,7}) /.exec(bytes.toString("latin1", at, at + 8))?.[1] ?? 0);
    const record = bytes.toString("utf8", at, at + count);
    const [, key, value] = /^\d+ ([^=]+)=([^]*)\n$/.exec(record) ?? [];
    if (key === undefined || value === undefined || at + count > bytes.length)
      throw odd("a PAX record that is none");
    if (said.has(key) || value.includes("\0")) throw twice("a PAX record that two readers read");
    said.set(key, value);
    at += count;
  }
  return said;
}

function bodyOf(queue: ByteQueue, size: number) {
  let left = size;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const piece = await queue.some(left);
      if (piece === undefined) throw odd("it breaks off");
      left -= piece.length;
      yield piece;
    }
  }
  return {
    bytes,
    skip: async (): Promise<void> => {
      for await (const _ of bytes());
      const rest = (BLOCK - (size % BLOCK)) % BLOCK;
      if ((await queue.exactly(rest)).length < rest) throw odd("it breaks off");
    },
  };
}

async function content(queue: ByteQueue, size: number): Promise<Buffer> {
  if (size > LARGEST_EXTRA) throw odd("a name that is too long");
  const bytes = await queue.exactly(size);
  await queue.exactly((BLOCK - (size % BLOCK)) % BLOCK);
  if (bytes.length < size) throw odd("it breaks off");
  return bytes;
}

/** Octal, or from a first byte of 0x80 on a number of base 256. */
function numberIn(head: Buffer, at: number, size: number): number {
  if (((head[at] ?? 0) & 0x80) !== 0) {
    const big = head[at] === 0x80 ? BigInt(`0x${head.toString("hex", at + 1, at + size)}`) : -1n;
    if (big < 0n || big > BigInt(Number.MAX_SAFE_INTEGER)) throw odd("a number out of range");
    return Number(big);
  }
  const text = head.toString("latin1", at, at + size).replace(/^[ \0]+|[ \0]+$/g, "");
  if (!/^[0-7]*$/.test(text)) throw odd("a number that is none");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function textIn(head: Buffer, at: number, size: number): string {
  return head.toString("utf8", at, at + size).replace(/\0[^]*$/, "");
}

/** `./a//b/` and `/a/b` are `a/b`, `a/../b` is `b`; what climbs out is refused by some and placed by others. */
export function plainName(name: string): string {
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw twice("a name that climbs out of it");
  }
  return parts.join("/");
}

function odd(what: string): ArchiveRefused {
  return new ArchiveRefused("UNSUPPORTED", `no archive that can be read: ${what}`);
}

function twice(what: string): ArchiveRefused {
  return new ArchiveRefused("AMBIGUOUS", `readers differ on it: ${what}`);
}
