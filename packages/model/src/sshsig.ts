/**
 * SSH signatures (OpenSSH's PROTOCOL.sshsig), verified and made in process: starting ssh-keygen costs
 * some 10 ms a commit. Hostile bytes give a reason, never an exception; what has a second spelling
 * (armor, numbers, bytes after the end) is refused, so that one signature has one form.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { AllowedSigner } from "./allowed-signers.ts";
import { matchesPatterns } from "./allowed-signers.ts";
import type { Signature } from "./identity.ts";
import type { SshPrivateKey, SshPublicKey } from "./ssh-key.ts";
import { parseSshPublicKey, sshFingerprint, wrap } from "./ssh-key.ts";
import { SshReader, WireError, wireString, wireUint32 } from "./ssh-wire.ts";

/** The parts of an armored signature; `publicKey` and `sigBlob` are SSH wire blobs. */
export interface SshSignature {
  readonly publicKey: Buffer;
  readonly namespace: string;
  readonly hashAlg: "sha256" | "sha512";
  readonly sigType: string;
  readonly sigBlob: Buffer;
  /** Security keys: flags and counter, 5 bytes. Else empty. */
  readonly touch: Buffer;
}

/** A sound signature and its key, or why there is none. `unsupported`: a kind we do not verify. */
export type SshVerification =
  | { readonly ok: true; readonly key: Uint8Array; readonly fingerprint: string }
  | { readonly ok: false; readonly why: string; readonly unsupported?: true };

const BEGIN = "-----BEGIN SSH SIGNATURE-----\n";
const END = "\n-----END SSH SIGNATURE-----";
const MAGIC = Buffer.from("SSHSIG", "latin1");
// RSA of 16,384 bits needs some 6 KB; anything longer is no signature.
const MAX_ARMOR = 16_384;
const USER_PRESENT = 0x01;

/** Reads an armored signature: exact armor, version 1, no bytes left over. Never throws. */
export function parseSshSignature(armored: string): SshSignature | { readonly bad: string } {
  if (armored.length > MAX_ARMOR) return { bad: "the signature is too long" };
  const text = armored.endsWith("\n") ? armored.slice(0, -1) : armored;
  if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length <= BEGIN.length + END.length)
    return { bad: "the signature's armor is broken" };
  const body = text.slice(BEGIN.length, -END.length);
  if (!/^(?:[A-Za-z0-9+/=]+\n)*[A-Za-z0-9+/=]+$/.test(body))
    return { bad: "the signature's armor holds something that is not base64" };
  // ssh-keygen folds at 70 signs, other programs at 64 or 76; a fold anywhere else is a second spelling.
  const [first = "", ...others] = body.split("\n");
  const last = others.pop();
  if (others.some((line) => line.length !== first.length) || (last?.length ?? 0) > first.length)
    return { bad: "the signature's armor is folded unevenly" };
  const base64 = body.replaceAll("\n", "");
  const blob = Buffer.from(base64, "base64");
  // Buffer skips what it does not understand: only the way back proves that nothing was skipped.
  if (blob.toString("base64") !== base64) return { bad: "the signature's base64 is broken" };
  try {
    return readSignature(blob);
  } catch (error) {
    if (error instanceof WireError) return { bad: `the signature is broken: ${error.message}` };
    throw error;
  }
}

function readSignature(blob: Buffer): SshSignature | { readonly bad: string } {
  const reader = new SshReader(blob);
  if (!reader.take(6).equals(MAGIC)) return { bad: "the armor holds no SSH signature" };
  if (reader.uint32() !== 1) return { bad: "the signature's version is not 1" };
  const publicKey = reader.string();
  const namespace = reader.name();
  if (namespace === "") return { bad: "the signature has no namespace" };
  // No version 1 signer fills `reserved`; bytes there would be a free second spelling.
  if (reader.string().length > 0) return { bad: "the signature's reserved field is not empty" };
  const hashAlg = reader.name();
  if (hashAlg !== "sha256" && hashAlg !== "sha512")
    return { bad: "the signature's hash is neither sha256 nor sha512" };
  const inner = new SshReader(reader.string());
  reader.end();
  const sigType = inner.name();
  const sigBlob = inner.string();
  const touch = sigType.startsWith("sk-") ? inner.take(5) : Buffer.alloc(0);
  inner.end();
  return { publicKey, namespace, hashAlg, sigType, sigBlob, touch };
}

/** Verifies one armored signature over `message` in `namespace`. Says nothing of whose key it is. */
export function verifySshSignature(input: {
  readonly message: Uint8Array;
  readonly armored: string;
  readonly namespace: string;
}): SshVerification {
  const parsed = parseSshSignature(input.armored);
  if ("bad" in parsed) return { ok: false, why: parsed.bad };
  if (parsed.namespace !== input.namespace)
    return {
      ok: false,
      why: `it was made for ${JSON.stringify(parsed.namespace)}, not "${input.namespace}"`,
    };
  const key = parseSshPublicKey(parsed.publicKey);
  if ("bad" in key)
    return { ok: false, why: key.bad, ...(key.unsupported === true ? { unsupported: true } : {}) };
  const signed = toSign(input.message, parsed.namespace, parsed.hashAlg);
  try {
    const why = disproof(key, parsed, signed);
    if (why !== undefined) return { ok: false, why };
  } catch (error) {
    // OpenSSL refuses keys that only look like keys (a point off its curve) by throwing.
    return {
      ok: false,
      why: `the key is broken: ${error instanceof Error ? error.message : "unreadable"}`,
    };
  }
  return { ok: true, key: parsed.publicKey, fingerprint: sshFingerprint(parsed.publicKey) };
}

/** OpenSSL's form of a key, by its blob: a push of a thousand commits has two or three signers. */
const objects = new Map<string, KeyObject>();
const MOST_OBJECTS = 64;

function keyObject(key: SshPublicKey, blob: Buffer): KeyObject {
  const name = blob.toString("latin1");
  const known = objects.get(name);
  if (known !== undefined) return known;
  const object = createPublicKey({ key: key.jwk, format: "jwk" });
  if (objects.size === MOST_OBJECTS) objects.clear();
  objects.set(name, object);
  return object;
}

/** Why the signature does not hold, or undefined where it does. */
function disproof(key: SshPublicKey, sig: SshSignature, signed: Buffer): string | undefined {
  const rsa = key.type === "ssh-rsa";
  const hash = rsa ? RSA_HASHES[sig.sigType] : undefined;
  if (rsa && hash === undefined) return `${sig.sigType.slice(0, 60)} (SHA-1) is no proof any more`;
  if (!rsa && sig.sigType !== key.type) return "the signature's kind is not its key's";
  let data = signed;
  if (key.application !== undefined) {
    if (((sig.touch[0] ?? 0) & USER_PRESENT) === 0) return "nobody touched the security key";
    const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
    data = Buffer.concat([sha256(key.application), sig.touch, sha256(signed)]);
  }
  const object = keyObject(key, sig.publicKey);
  let good: boolean;
  if (rsa) {
    const size = Math.ceil(key.bits / 8);
    if (sig.sigBlob.length > size) return "the signature is longer than its key";
    // A signature that begins with zeros may come without them.
    const padded = Buffer.concat([Buffer.alloc(size - sig.sigBlob.length), sig.sigBlob]);
    good = verify(hash, data, object, padded);
  } else if (key.jwk.kty === "EC") {
    const fixed = ecdsaPair(sig.sigBlob, Math.ceil(key.bits / 8));
    if (typeof fixed === "string") return fixed;
    good = verify(ECDSA_HASHES[key.bits], data, { key: object, dsaEncoding: "ieee-p1363" }, fixed);
  } else {
    if (sig.sigBlob.length !== 64) return "an Ed25519 signature has 64 bytes";
    good = verify(null, data, object, sig.sigBlob);
  }
  return good ? undefined : "the signature does not match what it covers";
}

const RSA_HASHES: Readonly<Record<string, string>> = {
  "rsa-sha2-256": "sha256",
  "rsa-sha2-512": "sha512",
};
const ECDSA_HASHES: Readonly<Record<number, string>> = {
  256: "sha256",
  384: "sha384",
  521: "sha512",
};

/** Two mpints as the fixed-length pair that node takes, or why not. */
function ecdsaPair(blob: Buffer, size: number): Buffer | string {
  try {
    const reader = new SshReader(blob);
    const r = reader.mpint();
    const s = reader.mpint();
    reader.end();
    if (r.length > size || s.length > size) return "the signature is longer than its curve";
    const pair = Buffer.alloc(2 * size);
    r.copy(pair, size - r.length);
    s.copy(pair, 2 * size - s.length);
    return pair;
  } catch (error) {
    if (error instanceof WireError) return `the signature is broken: ${error.message}`;
    throw error;
  }
}

function toSign(message: Uint8Array, namespace: string, hashAlg: string): Buffer {
  const digest = createHash(hashAlg).update(message).digest();
  return Buffer.concat([
    MAGIC,
    wireString(namespace),
    wireString(""),
    wireString(hashAlg),
    wireString(digest),
  ]);
}

/** Signs with an Ed25519 key; gives the armored text, as `ssh-keygen -Y sign` would. */
export function signSsh(input: {
  readonly key: SshPrivateKey;
  readonly message: Uint8Array;
  readonly namespace: string;
}): string {
  const signature = sign(null, toSign(input.message, input.namespace, "sha512"), input.key.key);
  const blob = Buffer.concat([
    MAGIC,
    wireUint32(1),
    wireString(input.key.publicBlob),
    wireString(input.namespace),
    wireString(""),
    wireString("sha512"),
    wireString(Buffer.concat([wireString("ssh-ed25519"), wireString(signature)])),
  ]);
  return `${BEGIN}${wrap(blob.toString("base64"))}${END}\n`;
}

/**
 * What the signature shows, weighed with the trusted side's signers (TRUST.md §1). `at` is the time
 * of RECEIPT: by the commit's own date a revoked key could be used for ever.
 */
export function verifySignedText(input: {
  readonly message: Uint8Array;
  readonly armored: string;
  readonly namespace: string;
  readonly signers: readonly AllowedSigner[];
  readonly at: Date;
}): Signature {
  const { armored, signers } = input;
  if (/^-----BEGIN (PGP |SIGNED )/.test(armored))
    return {
      state: "unknown",
      why: "OpenPGP and X.509 signatures are not judged here, so they prove nobody",
    };
  const result = verifySshSignature(input);
  if (!result.ok)
    return result.unsupported === true
      ? { state: "unknown", why: result.why }
      : { state: "bad", why: result.why };
  const { fingerprint } = result;
  const at = input.at.getTime();
  const listed = signers.filter(
    (one) => !one.certAuthority && Buffer.compare(one.key, result.key) === 0,
  );
  if (listed.length === 0) return { state: "unknown", fingerprint, why: "nobody lists this key" };
  const named = listed.filter(
    (one) => one.namespaces.length === 0 || matchesPatterns(one.namespaces, input.namespace),
  );
  if (named.length === 0)
    return { state: "unknown", fingerprint, why: `the key is not listed for "${input.namespace}"` };
  const valid = named.filter(
    (one) => at >= (one.validAfter ?? at) && at <= (one.validBefore ?? at),
  );
  if (valid.length === 0) return { state: "unknown", fingerprint, why: "the key is not valid now" };
  const principals = [...new Set(valid.flatMap((one) => one.principals))];
  return {
    state: "good",
    principals: principals.filter((name) => !name.startsWith("!")),
    fingerprint,
  };
}

/**
 * What a commit's signature shows. `payload` is the raw commit without its signature header,
 * `armored` that header's text. More than one signature is the caller's to refuse.
 */
export function verifyCommitSignature(input: {
  readonly payload: Uint8Array;
  readonly armored: string;
  readonly signers: readonly AllowedSigner[];
  readonly at: Date;
}): Signature {
  const { payload: message, ...rest } = input;
  return verifySignedText({ ...rest, message, namespace: "git" });
}
