/**
 * The auditor's Ed25519 key: the one secret that appends to the ledger. A PEM text (PKCS #8) that the
 * cli keeps where no worker can read it; here it only comes in and goes out as a value.
 */
import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { fault } from "@wingman/model";

export interface AuditorKey {
  readonly key: KeyObject;
  /** Base64 of the 32 raw bytes. */
  readonly publicKey: string;
}

/** A new key: its PEM text and its public half (base64 of 32 raw bytes). */
export function generateAuditorKey(): { readonly pem: string; readonly publicKey: string } {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  return { pem, publicKey: auditorKeyOf(pem).publicKey };
}

/**
 * Reads the PEM text.
 * @throws Fault `ledger/bad-key` where it is no unencrypted Ed25519 key; never with the text in it.
 */
export function auditorKeyOf(pem: string): AuditorKey {
  const hint = "restore the auditor's key from its backup; wingman init makes one where none is";
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is left out: OpenSSL's text may quote what it read.
    return fault("the auditor's key cannot be read", { code: "ledger/bad-key", hint });
  }
  if (key.asymmetricKeyType !== "ed25519")
    return fault("the auditor's key is no Ed25519 key", { code: "ledger/bad-key", hint });
  const raw = createPublicKey(key).export({ format: "jwk" }).x ?? "";
  return { key, publicKey: Buffer.from(raw, "base64url").toString("base64") };
}

/** The public key as node takes it, or undefined where the text is no base64 of 32 bytes. */
export function publicKeyOf(publicKey: string): KeyObject | undefined {
  const raw = Buffer.from(publicKey, "base64");
  if (raw.length !== 32 || raw.toString("base64") !== publicKey) return undefined;
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") },
    format: "jwk",
  });
}
