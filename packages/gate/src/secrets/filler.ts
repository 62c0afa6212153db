/**
 * What stands in a token's place without being one: examples of documents and filler. Stricter than
 * a placeholder of prose: random text holds short words by chance.
 */
import { entropy } from "./confidence.ts";
import type { Filter } from "./row.ts";

// Half a token each, so that this table is none: the examples of RFC 6749, RFC 6750 and AWS.
const PUBLISHED: readonly string[] = [
  ["2YotnFZFEjr", "1zCsicMWpAA"],
  ["tGzv3JOkF0X", "G5Qx2TlKWIA"],
  ["SplxlOBeZQQ", "YbYS6WxSbIA"],
  ["gX1fBat3bV"],
  ["7Fjfp0ZBr1K", "tDRbnfVdmIw"],
  ["wJalrXUtnFEMI", "/K7MDENG/bPxRfiCY"],
].map((halves) => halves.join(""));

/** True where a token's shape is filled with no token: `AKIAXXXXXXXX`, an alphabet, RFC 6749's own. */
export function isFiller(secret: string): boolean {
  const tail = secret.slice(-24);
  return (
    /example|x{6}|\*{3}|\.{3}|placeholder|your[-_]|abcdefghij|0123456789|1234567890/i.test(
      secret,
    ) ||
    new Set(tail).size < 6 ||
    entropy(tail) < 2.2 ||
    isPublished(secret)
  );
}

/** True where the value is printed in a standard or a vendor's manual for everybody to copy. */
export function isPublished(secret: string): boolean {
  return PUBLISHED.some((known) => secret.includes(known));
}

/** {@link isFiller} as a row's filter: the default one. */
export const FILLER: Filter = { id: "filler", clears: ({ secret }) => isFiller(secret) };
