/**
 * Is this text the canonical JSON of what it parses to? Asked of every line of the ledger, so the
 * usual answer must cost little: writing each line anew took half of the time of verifying.
 */
import { canonicalJson } from "@wingman/model";

/** `value` is what `text` parses to. */
export function isCanonical(value: object, text: string): boolean {
  // JSON.stringify writes strings and integers as RFC 8785 does and keeps the order that it read, so
  // equal text leaves only that order, other numbers and lone surrogates (`\ud…`) to look at.
  if (JSON.stringify(value) === text && isOrdered(value) && !text.includes("\\ud")) return true;
  try {
    // Keys like "10" are read in another order than they stand in: only the full way tells.
    return canonicalJson(value) === text;
  } catch {
    // canonicalJson refuses what has no canonical form (1.5, a lone surrogate): then the line has none.
    return false;
  }
}

function isOrdered(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  const fields = value as Readonly<Record<string, unknown>>;
  let before: string | undefined;
  for (const name in fields) {
    if (before !== undefined && before >= name) return false;
    if (!isOrdered(fields[name])) return false;
    before = name;
  }
  return true;
}
