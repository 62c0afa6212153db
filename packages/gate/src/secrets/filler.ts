/**
 * What stands in a token's place without being one: examples of documents and filler. Stricter than
 * a placeholder of prose: random text holds short words by chance.
 */
import { entropy } from "./confidence.ts";
import type { Filter } from "./row.ts";

// Half a token each, so that this table is none: the examples of RFC 6749, RFC 6750, RFC 7515 and AWS,
// the key of every Vagrant box, the pair on the front page of jwt.io.
const PUBLISHED: readonly string[] = [
  ["2YotnFZFEjr", "1zCsicMWpAA"],
  ["tGzv3JOkF0X", "G5Qx2TlKWIA"],
  ["SplxlOBeZQQ", "YbYS6WxSbIA"],
  ["gX1fBat3bV"],
  ["7Fjfp0ZBr1K", "tDRbnfVdmIw"],
  ["wJalrXUtnFEMI", "/K7MDENG/bPxRfiCY"],
  ["je7MtGbClwBF", "/2Zp9Utk/h3yCo8nvb"],
  ["AyM1SysPpbyDfgZld3um", "j1qzKObwVMkoqQ"],
  ["6NF8iallvQVp22WDkTky", "rtvp9eWW6A8YVr"],
  ["7VJTUt9Us8cKjMzEfYyj", "iWA4R4/M2bS1GB4t7"],
].map((halves) => halves.join(""));

/** True where a token's shape is filled with no token: `AKIAXXXXXXXX`, one sign, RFC 6749's own. */
export function isFiller(secret: string): boolean {
  const tail = secret.slice(-24);
  return (
    /example|x{6}|\*{3}|\.{3}|placeholder|your[-_]|0{8}|redacted|dummy/i.test(secret) ||
    new Set(tail).size < 6 ||
    entropy(tail) < 2.2 ||
    isPublished(secret)
  );
}

const ROWS_OF_SIGNS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890123456789",
  "98765432109876543210",
  "zyxwvutsrqponmlkjihgfedcba",
  "qwertyuiopasdfghjklzxcvbnm",
];

/** True where ten signs, or so many, stand as on a keyboard or in an alphabet. */
export function isSequence(secret: string, length = 10): boolean {
  const text = secret.toLowerCase();
  return ROWS_OF_SIGNS.some((row) => runs(text, row, length));
}

/**
 * True for alphabets and digits as long and as mixed as a key: outside of tests and documents nobody
 * gives one to a name that opens something but to try it.
 */
export function isKeyOfFiller(secret: string): boolean {
  return (
    secret.length >= 20 &&
    new Set(secret.toLowerCase()).size >= 12 &&
    /[a-z]/i.test(secret) &&
    /\d/.test(secret)
  );
}

/** True where letters or digits, taken alone, stand so: `a1b2c3d4e5f6g7h8i9j0`. */
export function isWovenSequence(secret: string): boolean {
  const text = secret.toLowerCase();
  const letters = text.replace(/[^a-z]/g, "");
  const digits = text.replace(/\D/g, "");
  return ROWS_OF_SIGNS.some((row) => runs(letters, row, 10) || runs(digits, row, 8));
}

function runs(text: string, row: string, length: number): boolean {
  for (let at = 0; at + length <= row.length; at += 1) {
    if (text.includes(row.slice(at, at + length))) return true;
  }
  return false;
}

/** True where the value is printed in a standard or a vendor's manual for everybody to copy. */
export function isPublished(secret: string): boolean {
  return PUBLISHED.some((known) => secret.includes(known));
}

/** {@link isFiller} as a row's filter: the default one. */
export const FILLER: Filter = { id: "filler", clears: ({ secret }) => isFiller(secret) };
