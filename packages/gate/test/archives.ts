/** Archives made by hand, for tests: also such as no archiver would write. */
import { deflateRawSync } from "node:zlib";

export interface ZipMember {
  readonly name: string;
  readonly bytes?: Buffer;
  /** Deflated already. */
  readonly packed?: Buffer;
  readonly stored?: boolean;
  /** Sizes stand behind the data instead of before it. */
  readonly streamed?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
}

/** PKWARE's APPNOTE, 4.3; checksums are left out, since nobody here asks for them. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, bytes = Buffer.alloc(0), stored, streamed, encrypted } = member;
    const data = member.packed ?? (stored ? bytes : deflateRawSync(bytes));
    const flags = (encrypted ? 1 : 0) | (streamed ? 8 : 0);
    const method = member.method ?? (stored ? 0 : 8);
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(streamed ? 0 : data.length, 18);
    local.writeUInt32LE(streamed ? 0 : bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.write("PK\x01\x02", "latin1");
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    const behind = streamed ? Buffer.concat([Buffer.from("PK\x07\x08"), Buffer.alloc(12)]) : "";
    const part = Buffer.concat([local, Buffer.from(name), data, Buffer.from(behind)]);
    offset += part.length;
    parts.push(part);
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length, 10);
  return Buffer.concat([...parts, ...directory, end]);
}

/** POSIX ustar. */
export function tarOf(members: readonly { name: string; bytes: Buffer }[]): Buffer {
  const parts = members.flatMap(({ name, bytes }) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(bytes.length.toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    header.write("ustar\x0000", 257, "latin1");
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A picture of nothing with some chunks in it. */
export function pngWith(chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const all = [["IHDR", Buffer.alloc(13)] as const, ...chunks, ["IEND", Buffer.alloc(0)] as const];
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...all.flatMap(([type, data]) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(data.length);
      head.write(type, 4);
      return [head, data, Buffer.alloc(4)];
    }),
  ]);
}
