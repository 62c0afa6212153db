/**
 * SSH keys: reading public key blobs of the kinds that Wingman verifies, and making and reading
 * unencrypted Ed25519 private keys in OpenSSH's own format (PROTOCOL.key). It refuses every other
 * private key with a word on what to use instead.
 */
import type { JsonWebKey, KeyObject } from "node:crypto";
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
} from "node:crypto";
import { SshReader, WireError, wireString, wireUint32 } from "./ssh-wire.ts";

/** A public key that signatures can be verified with. */
export interface SshPublicKey {
  /** As the blob says: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, `sk-ssh-ed25519@openssh.com`, … */
  readonly type: string;
  readonly jwk: JsonWebKey;
  /** RSA: length of the modulus in bits. ECDSA: length of one coordinate in bits. */
  readonly bits: number;
  /** Security keys: the application (`ssh:`) that each of their signatures covers. */
  readonly application?: Buffer;
}

/** An Ed25519 key that can sign. */
export interface SshPrivateKey {
  readonly key: KeyObject;
  readonly publicBlob: Buffer;
  readonly comment: string;
}

/** A new key: what to keep secret, what to show. */
export interface NewSshKey extends SshPrivateKey {
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicLine: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** The text of an OpenSSH private key file. */
  readonly privateText: string;
}

const CURVES: Readonly<
  Record<string, { readonly crv: string; readonly bytes: number; readonly bits: number }>
> = {
  nistp256: { crv: "P-256", bytes: 32, bits: 256 },
  nistp384: { crv: "P-384", bytes: 48, bits: 384 },
  nistp521: { crv: "P-521", bytes: 66, bits: 521 },
};
// Larger numbers only cost the judge time; OpenSSH's own limit is the same.
const MAX_RSA_BITS = 16_384;
const MAX_BLOB = 8_192;
const BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END = "-----END OPENSSH PRIVATE KEY-----";

/** `SHA256:…` as ssh-keygen -l prints it: base64 of the blob's SHA-256 without padding. */
export function sshFingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Reads a public key blob. `unsupported` marks kinds that exist but that Wingman does not verify
 * (certificates, DSA, WebAuthn): no proof, and no lie either. Never throws.
 */
export function parseSshPublicKey(
  blob: Uint8Array,
): SshPublicKey | { readonly bad: string; readonly unsupported?: true } {
  if (blob.length > MAX_BLOB) return { bad: `the key is longer than ${MAX_BLOB} bytes` };
  try {
    return readPublicKey(blob);
  } catch (error) {
    if (error instanceof WireError) return { bad: `the key is broken: ${error.message}` };
    throw error;
  }
}

function readPublicKey(blob: Uint8Array): SshPublicKey | { bad: string; unsupported?: true } {
  const reader = new SshReader(blob);
  const type = reader.name();
  const ecdsa = /^(sk-)?ecdsa-sha2-(nistp\d+)(@openssh\.com)?$/.exec(type);
  let key: SshPublicKey;
  if (type === "ssh-ed25519" || type === "sk-ssh-ed25519@openssh.com") {
    const raw = reader.string();
    if (raw.length !== 32) return { bad: "an Ed25519 key has 32 bytes" };
    key = { type, jwk: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, bits: 256 };
  } else if (type === "ssh-rsa") {
    const e = reader.mpint();
    const n = reader.mpint();
    const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
    if (bits < 2048) return { bad: `an RSA key of ${bits} bits is too short: 2048 at least` };
    if (bits > MAX_RSA_BITS) return { bad: `an RSA key of ${bits} bits is too long` };
    // An even exponent or 1 is no RSA key (with 1 anybody can sign); a huge one only costs time.
    if (e.length > 8 || (e.at(-1) ?? 0) % 2 === 0 || (e.length === 1 && (e[0] ?? 0) < 3))
      return { bad: "the RSA exponent is not an odd number from 3 to 2^64" };
    const jwk = { kty: "RSA", n: n.toString("base64url"), e: e.toString("base64url") };
    key = { type, jwk, bits };
  } else if (ecdsa !== null && (ecdsa[1] === undefined) === (ecdsa[3] === undefined)) {
    const name = reader.name();
    const curve = CURVES[name];
    if (curve === undefined || name !== ecdsa[2]) return { bad: "the curve is not the key type's" };
    if (ecdsa[1] !== undefined && name !== "nistp256") return { bad: `${type} is no key type` };
    const point = reader.string();
    if (point.length !== 1 + 2 * curve.bytes || point[0] !== 4)
      return { bad: "the point is not an uncompressed one of its curve" };
    const x = point.subarray(1, 1 + curve.bytes).toString("base64url");
    const y = point.subarray(1 + curve.bytes).toString("base64url");
    key = { type, jwk: { kty: "EC", crv: curve.crv, x, y }, bits: curve.bits };
  } else {
    return { bad: `keys of type ${type.slice(0, 60)} are not verified here`, unsupported: true };
  }
  const application = type.startsWith("sk-") ? reader.string() : undefined;
  reader.end();
  return application === undefined ? key : { ...key, application };
}

/** A new Ed25519 key, made in process. The comment is one line of text. */
export function generateSshKey(comment: string): NewSshKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const line = comment.replace(/[\r\n\0]+/g, " ");
  const jwk = privateKey.export({ format: "jwk" });
  const pub = Buffer.from(jwk.x ?? "", "base64url");
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const publicBlob = Buffer.concat([wireString("ssh-ed25519"), wireString(pub)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    publicBlob,
    wireString(Buffer.concat([seed, pub])),
    wireString(line),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1),
  );
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0", "latin1"),
    wireString("none"),
    wireString("none"),
    wireString(""),
    wireUint32(1),
    wireString(publicBlob),
    wireString(Buffer.concat([secret, padding])),
  ]);
  return {
    key: privateKey,
    publicBlob,
    comment: line,
    publicLine: `ssh-ed25519 ${publicBlob.toString("base64")}${line === "" ? "" : ` ${line}`}`,
    fingerprint: sshFingerprint(publicBlob),
    privateText: `${BEGIN}\n${wrap(body.toString("base64"))}\n${END}\n`,
  };
}

/**
 * Reads an unencrypted Ed25519 private key in OpenSSH's format. Encrypted keys, other kinds and
 * other formats give `bad` with what to do. Never throws.
 */
export function parseOpensshPrivateKey(text: string): SshPrivateKey | { readonly bad: string } {
  const lines = text.replaceAll("\r\n", "\n").trim().split("\n");
  if (text.length > 65_536 || lines[0] !== BEGIN || lines.at(-1) !== END)
    return { bad: "this is no OpenSSH private key file; make one with ssh-keygen -t ed25519" };
  try {
    return readPrivateKey(Buffer.from(lines.slice(1, -1).join(""), "base64"));
  } catch (error) {
    if (error instanceof WireError) return { bad: `the private key is broken: ${error.message}` };
    throw error;
  }
}

function readPrivateKey(body: Buffer): SshPrivateKey | { readonly bad: string } {
  const outer = new SshReader(body);
  if (outer.take(15).toString("latin1") !== "openssh-key-v1\0")
    return { bad: "this is no OpenSSH private key" };
  const cipher = outer.name();
  const kdf = outer.name();
  outer.string();
  if (cipher !== "none" || kdf !== "none")
    return { bad: "the private key is encrypted; use ssh-agent, or a key without a passphrase" };
  if (outer.uint32() !== 1) return { bad: "the file holds more than one key" };
  const publicBlob = outer.string();
  const inner = new SshReader(outer.string());
  outer.end();
  if (!inner.take(4).equals(inner.take(4))) return { bad: "the private key is broken" };
  const type = inner.name();
  if (type !== "ssh-ed25519")
    return { bad: `a key of type ${type.slice(0, 60)} cannot sign here; use an Ed25519 key` };
  const pub = inner.string();
  const pair = inner.string();
  const comment = inner.string().toString("utf8");
  const whole = Buffer.concat([wireString(type), wireString(pub)]);
  if (
    pub.length !== 32 ||
    pair.length !== 64 ||
    !pair.subarray(32).equals(pub) ||
    !whole.equals(publicBlob)
  )
    return { bad: "the private key does not belong to its public half" };
  if (inner.rest().some((byte, at) => byte !== at + 1)) return { bad: "the private key is broken" };
  const d = pair.subarray(0, 32).toString("base64url");
  const jwk = { kty: "OKP", crv: "Ed25519", x: pub.toString("base64url"), d };
  const key = privateKeyOf(jwk);
  if (key === undefined) return { bad: "the private key does not belong to its public half" };
  return { key, publicBlob: Buffer.from(publicBlob), comment };
}

/**
 * Undefined where the seed makes another public key: node 26 throws then, and older ones take it and
 * would sign what nobody can verify.
 */
function privateKeyOf(jwk: { kty: string; crv: string; x: string; d: string }) {
  try {
    const key = createPrivateKey({ key: jwk, format: "jwk" });
    return createPublicKey(key).export({ format: "jwk" }).x === jwk.x ? key : undefined;
  } catch {
    return undefined;
  }
}

/** OpenSSH's line length for base64. */
export function wrap(base64: string): string {
  return (base64.match(/.{1,70}/g) ?? []).join("\n");
}
