/**
 * RFC 8785 (JSON Canonicalization Scheme) for the subset that records use: one value has exactly one
 * text, so a digest over it means the value. Refuses numbers that two readers could print differently.
 */
import { fault } from "./fault.ts";

const MAX_DEPTH = 200;

/**
 * The canonical text of a JSON value: keys ordered by UTF-16 units, no white space. Keys whose value
 * is undefined are left out, as JSON does.
 * @throws Fault `json/not-canonical` for numbers that are no integer within ±(2^53−1), lone
 * surrogates, values that JSON has no text for, and nesting over 200.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) return refuse("nesting over 200");
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      // Other numbers are decimal strings in our records: their text differs between languages.
      if (!Number.isSafeInteger(value)) return refuse(`the number ${value}`);
      return Object.is(value, -0) ? "0" : String(value);
    case "string":
      // A lone surrogate has no UTF-8; encoders replace it silently, and two texts would share a digest.
      if (/\p{Surrogate}/u.test(value)) return refuse("a lone surrogate");
      return JSON.stringify(value);
    case "object":
      return Array.isArray(value)
        ? `[${value.map((item: unknown) => write(item === undefined ? null : item, depth + 1)).join(",")}]`
        : members(value, depth);
    default:
      return refuse(`a ${typeof value}`);
  }
}

function members(value: object, depth: number): string {
  const fields = value as Readonly<Record<string, unknown>>;
  const texts: string[] = [];
  // The default sort compares UTF-16 code units: RFC 8785 section 3.2.3.
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) texts.push(`${write(key, depth)}:${write(field, depth + 1)}`);
  }
  return `{${texts.join(",")}}`;
}

function refuse(what: string): never {
  return fault(`cannot write ${what} as canonical JSON`, {
    code: "json/not-canonical",
    hint: "use integers within ±(2^53−1), decimal strings for other numbers, and well-formed text",
  });
}
