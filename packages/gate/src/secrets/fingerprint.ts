/**
 * A name for one secret at one place, by which a baseline knows it again. It must confirm no guess:
 * what it keeps of the secret is 20 bits of a keyed hash, so that a list of a thousand million
 * passwords leaves a thousand that fit. Another secret of the same rule in the same file has the same
 * name once in a million times.
 */
import { createHmac } from "node:crypto";

/** What a fingerprint is made of. */
export interface Fingerprinted {
  /** The repository's name: the same secret elsewhere has another fingerprint. */
  readonly origin: string;
  readonly rule: string;
  /** "" for a message or another text that is no file. */
  readonly path: string;
  readonly secret: string;
}

const HEX_OF_SECRET = 5;

/** As `github-token:1f0c9a4d27b3:5be01`: rule, place, secret. The same on every surface. */
export function fingerprintOf({ origin, rule, path, secret }: Fingerprinted): string {
  const key = JSON.stringify(["wingman secrets 1", origin, rule, path]);
  const hash = (text: string, length: number): string =>
    createHmac("sha256", key).update(text, "latin1").digest("hex").slice(0, length);
  return `${rule}:${hash("", 12)}:${hash(secret, HEX_OF_SECRET)}`;
}
