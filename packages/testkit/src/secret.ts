/**
 * Secrets for tests, put together at run time: a secret-shaped string in a file would stop this
 * repository's own scanner and everybody else's.
 */
import { randomBytes } from "node:crypto";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** Random letters and digits: a repeated letter is what a scanner takes for a placeholder. */
function random(length: number, alphabet = LETTERS): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

const KINDS = {
  github: () => ["gh", "p_", random(36)].join(""),
  slack: () =>
    ["xo", "xb-", random(12, "123456789"), "-", random(12, "123456789"), "-", random(24)].join(""),
  npm: () => ["np", "m_", random(36)].join(""),
  anthropic: () => ["sk-", "ant-", "api03-", random(93), "AA"].join(""),
  telegram: () => [random(10, "123456789"), ":", "AA", random(33)].join(""),
  aws: () => ["AK", "IA", random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")].join(""),
  google: () => ["AI", "za", random(35)].join(""),
  postgres: () => ["postgres", "://app:", random(20), "@db.acme.example/shop"].join(""),
  privateKey: () => {
    const words = ["RSA", "PRIVATE", "KEY"].join(" ");
    const lines = Array.from({ length: 12 }, () => random(64)).join("\n");
    return `-----BEGIN ${words}-----\n${lines}\n-----END ${words}-----`;
  },
} as const;

export type SecretKind = keyof typeof KINDS;
export const SECRET_KINDS = Object.keys(KINDS) as readonly SecretKind[];

/** A new secret of a kind, shaped as the service makes them and valid nowhere. */
export function secret(kind: SecretKind): string {
  return KINDS[kind]();
}
