/**
 * Checksums that vendors put into their tokens: seen offline, they tell a token from what only looks
 * like one. A wrong one proves that a token opens nothing; it may still be a real one mistyped.
 */
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * GitHub's and npm's: the last six signs are the CRC-32 of what stands between prefix and them, in
 * base 62. Source: github.blog "Behind GitHub's new authentication token formats".
 */
export function hasBase62Checksum(token: string): boolean {
  const body = token.slice(token.indexOf("_") + 1);
  return base62(crc32(Buffer.from(body.slice(0, -6), "latin1"))) === body.slice(-6);
}

/** Grafana's: the last eight hex digits are the CRC-32 of all before the last `_`. */
export function hasHexChecksum(token: string): boolean {
  const end = token.lastIndexOf("_");
  const sum = crc32(Buffer.from(token.slice(0, end), "latin1"));
  return sum.toString(16).padStart(8, "0") === token.slice(end + 1);
}

/** An NKey's last two bytes are the CRC-16 (XModem) of all before them, little-endian. */
export function hasNkeyChecksum(seed: string): boolean {
  const bytes = fromBase32(seed);
  if (bytes === undefined || bytes.length < 4) return false;
  const body = bytes.subarray(0, -2);
  return crc16(body) === bytes.readUInt16LE(bytes.length - 2);
}

/** A CRC-32 in six signs of base 62. */
export function base62(sum: number): string {
  let text = "";
  for (let rest = sum; text.length < 6; rest = Math.floor(rest / 62)) {
    text = (BASE62[rest % 62] ?? "0") + text;
  }
  return text;
}

/** CRC-16 with polynomial 0x1021, as XModem and NKeys use it. */
export function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1;
    sum &= 0xffff;
  }
  return sum;
}

function fromBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const sign of text) {
    const value = BASE32.indexOf(sign);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}
