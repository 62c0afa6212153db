/**
 * What a row's cases are; every row has some. They are templates that are filled at run time: no
 * secret-shaped text stands in a file. `<w36>` is 36 letters and digits, `<h32>` hex digits, and so on.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { base62, crc16 } from "../../src/secrets/checksums.ts";

export interface RowCases {
  /** Each makes a text that holds one secret, which the row finds at its best confidence. */
  readonly bad: readonly (() => string)[];
  /** Each makes a text that looks like it, and in which the row finds nothing at all. */
  readonly ok: readonly (() => string)[];
}

/** By row id. */
export type FamilyCases = Readonly<Record<string, RowCases>>;

interface Templates {
  readonly bad: readonly string[];
  readonly ok: readonly string[];
}

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const BASE32 = `${UPPER}234567`;
const ALPHABETS: Readonly<Record<string, string>> = {
  w: UPPER + LOWER + DIGITS,
  u: `${UPPER}${LOWER}${DIGITS}_-`,
  p: `${UPPER}${LOWER}${DIGITS}+/`,
  a: LOWER + DIGITS,
  A: UPPER + DIGITS,
  h: `${DIGITS}abcdef`,
  X: `${DIGITS}ABCDEF`,
  d: "123456789",
  L: UPPER + LOWER,
  B: BASE32,
  b: BASE32.toLowerCase(),
  k: LOWER + DIGITS,
  G: "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
};

/** The same text for the same template and seed: a miss can be found again. */
export function fill(template: string, seed: string): string {
  const pick = picker(`${seed} ${template}`);
  return template.replace(/<(\w[\w:]{0,20}?)(\d*)>/g, (whole, kind: string, count: string) => {
    const alphabet = ALPHABETS[kind];
    if (alphabet !== undefined && count !== "") return pick(Number(count), alphabet);
    return SPECIAL[kind]?.(pick, Number(count)) ?? whole;
  });
}

/** Templates as cases. */
export function casesOf(templates: Readonly<Record<string, Templates>>): FamilyCases {
  const made = (id: string) => (template: string) => () => `${fill(template, id)}\n`;
  return Object.fromEntries(
    Object.entries(templates).map(([id, { bad, ok }]) => [
      id,
      { bad: bad.map(made(id)), ok: ok.map(made(id)) },
    ]),
  );
}

type Pick = (count: number, alphabet: string) => string;

const UUID = (pick: Pick): string =>
  [8, 4, 4, 4, 12].map((count) => pick(count, ALPHABETS["h"] ?? "")).join("-");

const SPECIAL: Readonly<Record<string, (pick: Pick, count: number) => string>> = {
  uuid: UUID,
  // Version 4, as random ones are.
  uuid_v: (pick) => UUID(pick).replace(/^(.{14}).(.{4})./, "$14$2a"),
  // A bot's number in base64url.
  discord: (pick) => Buffer.from(`1${pick(18, "123456789")}`).toString("base64url"),
  // `user:password` in base64.
  basic: (pick, count) =>
    Buffer.from(`acme:${pick(count, ALPHABETS["w"] ?? "")}`).toString("base64"),
  // Signs and their CRC-32 in base 62, as GitHub and npm make them.
  crc: (pick, count) => {
    const body = pick(count - 6, ALPHABETS["w"] ?? "");
    return body + base62(crc32(body));
  },
  // A private key: its lines, a header that nothing follows, one behind a passphrase.
  pem: (pick) => pem(pick, "RSA PRIVATE KEY"),
  pgp: (pick) => pem(pick, "PGP PRIVATE KEY BLOCK"),
  locked: (pick) => pem(pick, "ENCRYPTED PRIVATE KEY"),
  // A key of 1,024 bits without its header: length, version, the modulus' own length.
  der: (pick) =>
    Buffer.concat([
      Buffer.from([0x30, 0x82, 0x02, 0x5c, 0x02, 0x01, 0x00, 0x02, 0x81, 0x81, 0x00]),
      Buffer.from(pick(597, ALPHABETS["w"] ?? ""), "latin1"),
    ]).toString("base64"),
  header: () => [DASHES, "BEGIN RSA PRIVATE", " KEY", DASHES].join(""),
  // A web token with a subject, one that says nothing, one without a signature.
  jwt: (pick) =>
    `${jwtPart({ alg: "HS256" })}.${jwtPart({ sub: pick(9, "abc1") })}.${pick(43, ALPHABETS["w"] ?? "")}`,
  jwe: (pick) =>
    `${jwtPart({ alg: "dir", enc: "A128GCM" })}..${pick(16, "abc1")}.${pick(40, "abc1")}.${pick(22, "abc1")}`,
  unsigned: (pick) => `${jwtPart({ alg: "none" })}.${jwtPart({ sub: pick(9, "abc1") })}.`,
  nkey: (pick) => nkey(pick(43, ALPHABETS["w"] ?? "")),
};

const DASHES = "-".repeat(5);

function jwtPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A key as long as its own length says, of random bytes. */
function pem(pick: Pick, words: string): string {
  const inside = Buffer.from(`\0\0\0\0${pick(600, ALPHABETS["w"] ?? "")}`, "latin1");
  const der = Buffer.concat([Buffer.from([0x30, 0x82, 0x02, 0x5c, 0x02]), inside]).toString(
    "base64",
  );
  const lines = der.match(/.{1,64}/g) ?? [];
  return [`${DASHES}BEGIN ${words}${DASHES}`, ...lines, `${DASHES}END ${words}${DASHES}`].join(
    "\n",
  );
}

/** A seed of a NATS user: two bytes of prefix, 32 of seed, its CRC-16. */
function nkey(from: string): string {
  const raw = createHash("sha256").update(from).digest();
  const body = Buffer.concat([
    Buffer.from([(18 << 3) | ((20 << 3) >> 5), ((20 << 3) & 31) << 3]),
    raw,
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc16(body));
  return toBase32(Buffer.concat([body, sum]));
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[Number.parseInt(five.padEnd(5, "0"), 2)])
    .join("");
}

function picker(seed: string): Pick {
  let block = createHash("sha256").update(seed).digest();
  let at = 0;
  const next = (): number => {
    if (at === block.length) {
      block = createHash("sha256").update(block).digest();
      at = 0;
    }
    at += 1;
    return block[at - 1] ?? 0;
  };
  return (count, alphabet) => {
    const signs = Array.from({ length: count }, () => alphabet[next() % alphabet.length] ?? "");
    // Vendors' keys of any length hold digits; a short one made here may happen to have none.
    if (count > 5 && alphabet.includes("7") && !/\d/.test(signs.join(""))) signs[2] = "7";
    return signs.join("");
  };
}
