/**
 * The wire forms of SSH (RFC 4251 §5): strings and mpints. Reading is strict: a length that runs past
 * the end, a negative or padded mpint, or bytes left over make the whole blob unreadable.
 */

/** Thrown by {@link SshReader} on bytes that are no such form; callers turn it into a value. */
export class WireError extends Error {}

/** Reads one blob from its front to its end. Never reads outside of it. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `count` bytes as they are. */
  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new WireError("it ends too early");
    const piece = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return piece;
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0);
  }

  /** A length and that many bytes. */
  string(): Buffer {
    return this.take(this.uint32());
  }

  /** A string of printable ASCII, as names and types are; anything else is refused. */
  name(): string {
    const text = this.string().toString("latin1");
    if (!/^[\x20-\x7e]*$/.test(text)) throw new WireError("a name in it is not plain ASCII");
    return text;
  }

  /**
   * A positive integer in its one shortest form, without the sign byte. A second spelling of the
   * same number would be a second key blob, or a second signature, for the same thing.
   */
  mpint(): Buffer {
    const bytes = this.string();
    const first = bytes[0];
    if (first === undefined) throw new WireError("a number in it is zero");
    if (first >= 0x80) throw new WireError("a number in it is negative");
    if (first !== 0) return bytes;
    if ((bytes[1] ?? 0) < 0x80) throw new WireError("a number in it has a needless zero in front");
    return bytes.subarray(1);
  }

  /** Refuses bytes that nothing has read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new WireError("bytes follow its end");
  }

  rest(): Buffer {
    return this.take(this.#bytes.length - this.#at);
  }
}

/** A uint32 in network order. */
export function wireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A length and the bytes (or the text's UTF-8). */
export function wireString(value: Uint8Array | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return Buffer.concat([wireUint32(bytes.length), bytes]);
}
