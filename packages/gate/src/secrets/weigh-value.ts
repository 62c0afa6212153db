/**
 * Weighs a value that stands where a secret would: how random it is, and whether its name or its
 * shape says that it is none. Sure only where that is clear: a false alarm here teaches people to
 * walk past the gate.
 */
import type { Confidence } from "./confidence.ts";
import { entropy, isPlaceholder, isReference } from "./confidence.ts";
import { isPublished } from "./filler.ts";

/** Weighs a value: long and random is high, shorter with letters and digits is medium. */
export function weighValue(value: string): Confidence | undefined {
  if (isPlaceholder(value) || isReference(value) || /\s/.test(value)) return undefined;
  if (isPublished(value) || isPattern(value) || isIdentifierLike(value)) return undefined;
  // A JSON web token is weighed by what it says, in its own row.
  if (/^eyJ[\w-]{8,}\.[\w-]{2,}\./.test(value)) return undefined;
  const inner = wrappedText(value);
  if (inner !== undefined) return weighValue(inner) ?? "low";
  const bits = entropy(value);
  // Hashes and ids: 32, 40 or 64 hex digits and UUIDs are mostly public; only suspected.
  if (/^[0-9a-f]+$/i.test(value) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) {
    return value.length >= 32 && bits > 3 ? "medium" : "low";
  }
  const mixed = /[a-z]/i.test(value) && (/\d/.test(value) || !isWordy(value));
  if (mixed && value.length >= 20 && bits >= 3.7) return "high";
  if (value.length >= 20 && bits >= 3.4 && mixed && !isWordy(value)) return "high";
  if (value.length >= 16 && bits >= 3.4 && isManifold(value)) return "high";
  if (mixed && value.length >= 12 && bits >= 2.9) return "medium";
  return "low";
}

/** A bare value must be even clearer: code, type names and prose stand in this place too. */
export function weighBare(value: string): Confidence | undefined {
  const weighed = weighValue(value);
  if (weighed === undefined) return undefined;
  const strong = /[A-Z]/.test(value) && /[a-z]/.test(value) && !isWordy(value);
  if (!strong || !/^[\w+/=~!@#$%^&*.:?|-]+$/.test(value)) return "low";
  return weighed === "medium" && !/\d/.test(value) ? "low" : weighed;
}

/** A value whose name, right in front of it, says that it is public or no value at all: suspected. */
export function named(
  weigh: (value: string) => Confidence | undefined,
): (value: string, text: string, at: number) => Confidence | undefined {
  return (value, text, at) => {
    const weighed = weigh(value);
    if (weighed !== "high") return weighed;
    if (/^django-insecure-/.test(value)) return "medium";
    return isHarmlessName(text.slice(Math.max(0, at - 80), at)) ? "medium" : weighed;
  };
}

const HARMLESS =
  /(?:(?:next|page|paging|continuation|sync|resume|public|publishable|csrf|xsrf|sitemap|recaptcha_site)[\w-]{0,20}|[\w-]{0,40}(?:_id|Id|[_-]?(?:name|type|url|uri|path|file|regexp?|pattern|prefix|hint|label|header|hash|digest|fingerprint|sha\d{1,3})))["'\]\\]{0,3}[\s:=>(,]{1,12}["'`\\]{0,2}$/i;

function isHarmlessName(before: string): boolean {
  const match = HARMLESS.exec(before);
  return match !== null && /token|key|credential|secret|passw/i.test(match[0]);
}

/** A regular expression: `ntn_[0-9]{11}`. */
function isPattern(value: string): boolean {
  return /\[(?:\^|\\?[\w]-[\w])|\\[dwsb]|\(\?[:=!<]|\]\{\d/.test(value);
}

/** Words joined by dots, dashes or slashes are names, paths and messages, not secrets. */
function isIdentifierLike(value: string): boolean {
  const joined =
    /^(?:[A-Za-z]{2,}\d{0,3}|\d{1,4})(?:[._/:-](?:[A-Za-z]{2,}\d{0,3}|\d{1,4}))+$/.test(value);
  return (joined || /^[A-Za-z]+$/.test(value) || /^[./~]/.test(value)) && isWordy(value);
}

/** True where letters stand in runs as words do, camel case or not: random ones change kind each second. */
function isWordy(value: string): boolean {
  const pieces = value.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const signs = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return pieces.length > 0 && signs / pieces.length >= 3.5;
}

/** Upper case, lower case and digits, none of it in words: what a password generator makes. */
function isManifold(value: string): boolean {
  return [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(value)) && !isWordy(value);
}

/** The text that a value is base64 of, or undefined: a Kubernetes secret wraps words as well. */
function wrappedText(value: string): string | undefined {
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) return undefined;
  const inner = Buffer.from(value, "base64").toString("latin1");
  return /^[\x20-\x7e]+[\r\n]?$/.test(inner) ? inner.trimEnd() : undefined;
}
