/** A stream as it is without its compression: gzip, zstd or none, known by its first bytes. */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Gives the plain bytes; throws what the decoder throws. */
export async function* unpacked(source: Bytes): AsyncGenerator<Uint8Array> {
  const pieces = Readable.from(source)[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value as Uint8Array]);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
      yield next.value as Uint8Array;
  }
  const magic = head.toString("hex", 0, 4);
  if (magic.startsWith("1f8b")) {
    const gunzip = createGunzip();
    const from = Readable.from(whole());
    from.once("error", (error) => gunzip.destroy(error));
    yield* from.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } else if (magic === "28b52ffd" || /^5.2a4d18$/.test(magic)) {
    const { unzstd } = await import("./unzstd.ts");
    yield* unzstd(whole());
  } else yield* whole();
}
