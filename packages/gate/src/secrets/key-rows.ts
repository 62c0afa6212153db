/**
 * Private keys of every kind: PEM, OpenSSH, PGP, SSH2, PuTTY; over lines or in one with `\n`. A
 * header with a body blocks; a header alone (documents, code that looks for one) is only suspected.
 */
import { entropy } from "./confidence.ts";
import type { FormerRow } from "./former-rows.ts";

/** Characters after the header in which the body must begin; PGP and PEM headers fit. */
const REACH = 800;

export const KEY_ROWS: readonly FormerRow[] = [
  {
    kind: "private key",
    keywords: ["private key"],
    pattern: /-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g,
    weigh: (header, text, at) =>
      hasBody(text.slice(at + header.length, at + header.length + REACH)) ? "high" : "medium",
  },
  {
    kind: "PuTTY private key",
    keywords: ["putty-user-key-file-"],
    pattern: /PuTTY-User-Key-File-\d: ?[a-z0-9-]{3,40}/g,
    weigh: (_header, text, at) =>
      /Private-Lines/.test(text.slice(at, at + 8000)) ? "high" : "medium",
  },
];

/** A run of base64 with the entropy of a key. Quotes, `\n` and indentation between lines are fine. */
function hasBody(after: string): boolean {
  const end = after.indexOf("-----END");
  for (const [run] of (end < 0 ? after : after.slice(0, end)).matchAll(/[A-Za-z0-9+/]{32,}/g)) {
    if (entropy(run) > 3) return true;
  }
  return false;
}
