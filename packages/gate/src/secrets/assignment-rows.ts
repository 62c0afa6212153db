/**
 * Secrets without a shape of their own: a long random value given to a name that says `password`,
 * in code, YAML, JSON or .env; a header that authenticates; a password in a URL. Sure only where
 * length and entropy are clear: a false alarm here teaches people to walk past the gate.
 */
import type { Confidence } from "./confidence.ts";
import { entropy, isPlaceholder, isReference } from "./confidence.ts";
import type { SecretRow } from "./row.ts";

const NAME =
  "(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|auth[_-]?key|credentials?)";
const NAMES: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "token",
  "api_key",
  "api-key",
  "apikey",
  "access_key",
  "access-key",
  "accesskey",
  "private_key",
  "private-key",
  "privatekey",
  "auth_key",
  "auth-key",
  "authkey",
  "credential",
];

export const ASSIGNMENT_ROWS: readonly SecretRow[] = [
  {
    kind: "hard-coded secret",
    keywords: NAMES,
    pattern: new RegExp(
      `${NAME}[\\w-]{0,40}["'\\]]{0,2}\\s{0,8}(?::=|=>|={1,3}|:)\\s{0,8}["'\`]([^"'\`\\r\\n]{8,300})["'\`]`,
      "gi",
    ),
    weigh: weighQuoted,
  },
  {
    kind: "hard-coded secret",
    keywords: NAMES,
    // Bare values as .env, YAML and ini files write them: to the end of the line, nothing after.
    pattern: new RegExp(
      `${NAME}[\\w-]{0,40}[ \\t]{0,8}[=:][ \\t]{0,8}([^\\s"'\`,;(){}\\[\\]<>]{16,300})(?=[ \\t]{0,8}(?:#|\\r?$))`,
      "gim",
    ),
    weigh: (value) => (weighQuoted(value) === undefined ? undefined : lowered(value)),
  },
  {
    kind: "bearer token",
    keywords: ["bearer"],
    pattern: /authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?bearer\s{1,3}([\w.~+/=-]{20,2000})/gi,
    weigh: weighQuoted,
  },
  {
    kind: "basic credentials",
    keywords: ["basic"],
    pattern:
      /authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?basic\s{1,3}([A-Za-z0-9+/]{12,400}={0,2})/gi,
    weigh: weighBasic,
  },
  {
    kind: "password in a URL",
    keywords: ["://"],
    pattern: /:\/\/[^\s:/@"'`<>]{0,100}:([^\s/@"'`<>]{6,200})@[A-Za-z0-9[]/g,
    weigh: (value) => {
      if (isPlaceholder(value) || isReference(value)) return undefined;
      return weighQuoted(value) === "high" ? "high" : "medium";
    },
  },
];

/** Weighs a value: long and random is high, shorter with letters and digits is medium. */
export function weighQuoted(value: string): Confidence | undefined {
  if (isPlaceholder(value) || isReference(value) || /\s/.test(value)) return undefined;
  if (isIdentifierLike(value)) return undefined;
  const bits = entropy(value);
  // Hashes and ids: 32, 40 or 64 hex digits and UUIDs are mostly public; only suspected.
  if (/^[0-9a-f]+$/i.test(value) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) {
    return value.length >= 32 && bits > 3 ? "medium" : "low";
  }
  const mixed = /[a-z]/i.test(value) && /\d/.test(value);
  if (mixed && value.length >= 20 && bits >= 3.7) return "high";
  if (mixed && value.length >= 12 && bits >= 3.1) return "medium";
  return "low";
}

/** Words joined by dots, dashes or slashes are names, paths and messages, not secrets. */
function isIdentifierLike(value: string): boolean {
  return (
    /^[A-Za-z]+$/.test(value) ||
    /^(?:[A-Za-z]{2,}\d{0,3}|\d{1,4})(?:[._/:-](?:[A-Za-z]{2,}\d{0,3}|\d{1,4}))+$/.test(value) ||
    /^[./~]/.test(value)
  );
}

/** A bare value must be even clearer: code, type names and prose stand in this place too. */
function lowered(value: string): Confidence {
  const weighed = weighQuoted(value);
  if (weighed === "high" && /^[\w+/=~!@#$%^&*.-]+$/.test(value)) {
    return /[A-Z]/.test(value) && /[a-z]/.test(value) ? "high" : "medium";
  }
  return "low";
}

function weighBasic(value: string): Confidence | undefined {
  const decoded = Buffer.from(value, "base64").toString("latin1");
  const match = /^[\x20-\x7e]{1,200}?:([\x20-\x7e]{4,300})$/.exec(decoded);
  if (match?.[1] === undefined) return undefined;
  return isPlaceholder(match[1]) || isReference(match[1]) ? undefined : "high";
}
