/** Digests as records write them: `sha256:` and 64 hex digits. */
import { createHash } from "node:crypto";

/** The SHA-256 of bytes (or of a text's UTF-8), as 64 hex digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The SHA-256 of bytes, as `sha256:<hex>`. */
export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${sha256Hex(bytes)}`;
}
