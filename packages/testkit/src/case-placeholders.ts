/**
 * Placeholders of cases: secrets are put together here at run time, so that no file of this
 * repository holds anything that has a secret's shape. None of them is real.
 */

const LETTERS = "Ab3dE6gHjK8mNpQ2sTuV5xYz7cF9wL4rB1nM0oPqRs";

/** Text of an alphabet that looks random and is always the same. */
export function fill(length: number, alphabet: string = LETTERS, step = 7): string {
  return Array.from(
    { length },
    (_, at) => alphabet[(at * step + Math.floor(at / 5) * 3) % alphabet.length],
  ).join("");
}

const HEX = "0f3a9c7e1b5d2846";
const BASE32 = "K7QX3MZT5WRA2NVD6JPH4LYB";
const SMALL = "k3f9x7m2q8w5t1z6";

const MAKERS: Readonly<Record<string, () => string>> = {
  github: () => ["gh", "p_", fill(36)].join(""),
  "github-fine": () => ["github", "_pat_", fill(22), "_", fill(59)].join(""),
  gitlab: () => ["gl", "pat-", fill(20)].join(""),
  slack: () => ["xo", "xb-", fill(12, "1234567890"), "-", fill(24)].join(""),
  "slack-webhook": () =>
    [
      "https://hooks.",
      "slack.com/services/T",
      fill(9, BASE32),
      "/B",
      fill(9, BASE32),
      "/",
      fill(24),
    ].join(""),
  stripe: () => ["sk", "_live_", fill(24)].join(""),
  "aws-id": () => ["AK", "IA", fill(16, BASE32)].join(""),
  "aws-secret": () => fill(40, `${LETTERS}/+`),
  google: () => ["AI", "za", fill(35)].join(""),
  jwt: () =>
    [
      Buffer.from(JSON.stringify({ alg: "HS256", typ: "JWT" })).toString("base64url"),
      Buffer.from(JSON.stringify({ sub: fill(12), iat: 1 })).toString("base64url"),
      fill(43),
    ].join("."),
  telegram: () => [fill(10, "8172635490"), ":", "AA", fill(33)].join(""),
  npm: () => ["np", "m_", fill(36)].join(""),
  openai: () => ["sk", "-proj-", fill(64)].join(""),
  anthropic: () => ["sk", "-ant-", "api03-", fill(93), "AA"].join(""),
  sendgrid: () => ["S", "G.", fill(22), ".", fill(43)].join(""),
  huggingface: () => ["h", "f_", fill(34, "aBcDeFgHiJkLmNoPqRsTuVwXyZ", 11)].join(""),
  hex40: () => fill(40, HEX),
  random: () => fill(32, `${LETTERS}${SMALL}`),
  "pem-begin": () => ["-----BEGIN", "PRIVATE KEY-----"].join(" "),
  "pem-end": () => ["-----END", "PRIVATE KEY-----"].join(" "),
  "pem-rsa-begin": () => ["-----BEGIN", "RSA", "PRIVATE KEY-----"].join(" "),
  "openssh-begin": () => ["-----BEGIN", "OPENSSH", "PRIVATE KEY-----"].join(" "),
  "pgp-begin": () => ["-----BEGIN", "PGP", "PRIVATE KEY", "BLOCK-----"].join(" "),
  "pem-body": () => fill(64, `${LETTERS}+/`),
};

/** Every kind of secret that a placeholder can name. */
export const SECRET_KINDS: readonly string[] = Object.keys(MAKERS);

/** A secret of a kind, put together now; none is real. Throws on a kind that is not there. */
export function secretOf(kind: string): string {
  const make = Object.hasOwn(MAKERS, kind) ? MAKERS[kind] : undefined;
  if (make === undefined)
    throw new Error(`no secret of kind ${kind}; there are ${SECRET_KINDS.join(", ")}`);
  return make();
}

/**
 * Expands `{{secret:KIND}}`, `{{base64:KIND}}` (a secret, wrapped), `{{bytes:ff 00}}` (raw bytes, in
 * a text read as Latin-1) and `{{repeat:N:TEXT}}`.
 */
export function expandPlaceholders(text: string): string {
  return text
    .replace(/\{\{secret:([a-z0-9-]+)\}\}/g, (_, kind: string) => secretOf(kind))
    .replace(/\{\{base64:([a-z0-9-]+)\}\}/g, (_, kind: string) =>
      Buffer.from(`${secretOf(kind)}\n`).toString("base64"),
    )
    .replace(/\{\{bytes:([0-9a-f ]+)\}\}/g, (_, hex: string) =>
      Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1"),
    )
    .replace(/\{\{repeat:(\d+):([^}]*)\}\}/g, (_, count: string, one: string) =>
      one.repeat(Number(count)),
    );
}
