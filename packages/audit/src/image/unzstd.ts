/**
 * Zstandard as a stream (RFC 8878), in bounded memory. The frames are walked first, block by block: a decoder
 * sets aside as much as a frame asks for, and a frame may ask for gigabytes.
 */
import { Decompress } from "fzstd";
import { ArchiveRefused } from "./archive-refused.ts";

/** What `zstd` itself takes without being asked to take more: `--long=27`. */
const LARGEST_WINDOW = 128 * 1024 * 1024;
/** A block of 4 bytes may stand for 128 KiB, so a piece of this size for 64 MiB at most. */
const PIECE = 2048;

/** Gives the plain bytes. Several frames, one after another, and frames to be skipped are one stream. */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  const decoder = new Decompress((piece) => out.push(piece.slice()));
  const frames = new FrameWalk();
  for await (const whole of source)
    for (let at = 0; at < whole.length; at += PIECE) {
      const piece = whole.subarray(at, at + PIECE);
      frames.walk(piece);
      decoder.push(piece);
      yield* out.splice(0);
    }
  if (!frames.ended) throw new ArchiveRefused("UNSUPPORTED", "its zstd data break off");
  decoder.push(new Uint8Array(0), true);
  yield* out.splice(0);
}

/** Follows frames and blocks by their headers alone. */
class FrameWalk {
  #want: "magic" | "skip-size" | "frame" | "block" = "magic";
  #checksum = false;
  #skip = 0;
  #held = Buffer.alloc(0);

  /** True between two frames. */
  get ended(): boolean {
    return this.#want === "magic" && this.#held.length === 0 && this.#skip === 0;
  }

  walk(piece: Uint8Array): void {
    let rest = Buffer.concat([this.#held, piece]);
    for (;;) {
      const passed = Math.min(this.#skip, rest.length);
      this.#skip -= passed;
      rest = rest.subarray(passed);
      const used = this.#skip > 0 ? 0 : this.#step(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.#held = Buffer.from(rest);
  }

  /** Reads one header; gives how many bytes it took, 0 where more are needed. */
  #step(bytes: Buffer): number {
    if (this.#want === "magic" || this.#want === "skip-size") {
      if (bytes.length < 4) return 0;
      const word = bytes.readUInt32LE(0);
      if (this.#want === "skip-size") {
        this.#skip = word;
        this.#want = "magic";
      } else if (word >>> 4 === 0x184d2a5) this.#want = "skip-size";
      else if (word === 0xfd2fb528) this.#want = "frame";
      else throw new ArchiveRefused("UNSUPPORTED", "its zstd data hold what is no frame");
      return 4;
    }
    return this.#want === "frame" ? this.#frame(bytes) : this.#block(bytes);
  }

  #frame(bytes: Buffer): number {
    if (bytes.length === 0) return 0;
    const flags = bytes[0] ?? 0;
    const single = (flags & 0x20) !== 0;
    const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
    const wide = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
    const length = 1 + (single ? 0 : 1) + dictionary + wide;
    if (bytes.length < length) return 0;
    const sizeAt = length - wide;
    const size =
      wide === 8
        ? Number(bytes.readBigUInt64LE(sizeAt))
        : wide === 0
          ? 0
          : bytes.readUIntLE(sizeAt, wide);
    const exponent = 2 ** (10 + ((bytes[1] ?? 0) >> 3));
    const window = single
      ? size + (wide === 2 ? 256 : 0)
      : exponent + (exponent / 8) * ((bytes[1] ?? 0) & 7);
    if (window > LARGEST_WINDOW)
      throw new ArchiveRefused("BUDGET", "its zstd data ask for more memory than is given");
    this.#checksum = (flags & 4) !== 0;
    this.#want = "block";
    return length;
  }

  #block(bytes: Buffer): number {
    if (bytes.length < 3) return 0;
    const head = bytes.readUIntLE(0, 3);
    const last = (head & 1) === 1;
    // Of a block that repeats one byte, that byte alone is there.
    this.#skip = ((head >> 1) & 3) === 1 ? 1 : head >> 3;
    if (last) {
      this.#skip += this.#checksum ? 4 : 0;
      this.#want = "magic";
    }
    return 3;
  }
}
