/**
 * A parsed data file as nodes: numbers keep their text, so that 2^53 + 1 and 1.10 are compared as they
 * stand. One shape for JSON, YAML, TOML and .env.
 */
import type { Decimal } from "./comparison.ts";
import { readDecimal } from "./comparison.ts";

export type Node =
  | { readonly is: "map"; readonly entries: ReadonlyMap<string, Node> }
  | { readonly is: "list"; readonly items: readonly Node[] }
  /** `unsure`: why readers of this format may see another number, or text. */
  | { readonly is: "number"; readonly text: string; readonly unsure?: string }
  | { readonly is: "text"; readonly text: string; readonly unsure?: string }
  | { readonly is: "flag"; readonly value: boolean }
  | { readonly is: "null" };

/** Why a file is not judged: it does not parse, or means two things. */
export class Unparsed extends Error {
  readonly reason: "UNSUPPORTED" | "AMBIGUOUS" | "BUDGET";
  constructor(reason: Unparsed["reason"], why: string) {
    super(why);
    this.name = "Unparsed";
    this.reason = reason;
  }
}

/** The node of a plain value, as the YAML and TOML readers give them. */
export function nodeOf(value: unknown): Node {
  if (value === null || value === undefined) return { is: "null" };
  if (typeof value === "boolean") return { is: "flag", value };
  if (typeof value === "number" || typeof value === "bigint")
    return { is: "number", text: String(value) };
  if (typeof value === "string") return { is: "text", text: value };
  if (Array.isArray(value)) return { is: "list", items: value.map(nodeOf) };
  if (value instanceof Date) return dateNode(value.toISOString());
  return {
    is: "map",
    entries: new Map(Object.entries(value).map(([key, one]) => [key, nodeOf(one)])),
  };
}

/** TOML's days and times, which have several spellings (a fraction, a zone, `t` or a blank). */
function dateNode(written: string): Node {
  const text = written.replace(/\.000(?=$|Z|[+-])/, "");
  return { is: "text", text, unsure: "a date, which has several spellings" };
}

/** The plain value of a node, for a schema's validator. */
export function plainOf(node: Node): unknown {
  switch (node.is) {
    case "map":
      return Object.assign(
        Object.create(null),
        Object.fromEntries([...node.entries].map(([key, one]) => [key, plainOf(one)])),
      );
    case "list":
      return node.items.map(plainOf);
    case "number":
      return Number(node.text);
    case "flag":
      return node.value;
    case "null":
      return null;
    case "text":
      return node.text;
  }
}

/** A number's exact value; undefined for what no decimal writes (NaN, an exponent out of bounds). */
export function decimalOf(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", part = "", power = "0"] = match;
  const shift = Number(power);
  if (Math.abs(shift) > 60 || whole.length + part.length > 400) return undefined;
  const digits = `${whole}${part}`;
  const point = whole.length + shift;
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), "0");
  const at = Math.max(point, 1);
  const all = padded.padEnd(at, "0");
  const text10 = `${sign === "-" ? "-" : ""}${all.slice(0, at)}${all.length > at ? `.${all.slice(at)}` : ""}`;
  return text10.length <= 60 ? readDecimal(text10) : undefined;
}
