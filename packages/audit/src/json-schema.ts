/**
 * One value by one JSON Schema, both text of the judged side: it names nothing outside itself, its
 * patterns run in linear time, time is bounded. Refuses what readers of the standard take differently.
 */
import { runInNewContext } from "node:vm";
import type { Ajv } from "ajv";
import { compare } from "./comparison.ts";
import { quoted } from "./observation.ts";
import type { Node } from "./parsed-node.ts";
import { decimalOf, plainOf, Unparsed } from "./parsed-node.ts";
import { compilePattern } from "./pattern/program.ts";
import { search } from "./pattern/search.ts";
import { PatternRefused } from "./pattern/syntax.ts";

/** Milliseconds of compiling and validating; a schema can ask for 2^30 steps in a kilobyte. */
const TIME = 2_000;
/** `uniqueItems` compares each with each other one. */
const LONGEST_LIST = 5_000;
const STEPS = 20_000_000;
const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
/** What asserts nothing by itself. */
const NOTES =
  /^(?:\$schema|\$id|\$comment|\$defs|\$anchor|\$vocabulary|definitions|title|description|default|examples|deprecated|readOnly|writeOnly|format)$/;

export interface SchemaAnswer {
  /** The first error, or undefined where the value is valid. */
  readonly errors: string | undefined;
  /** What of the schema was not judged. */
  readonly unread: readonly string[];
}

/** True of a schema that accepts every value: `true`, `{}`, notes alone. */
export function saysNothing(schema: Node): boolean {
  if (schema.is === "flag") return schema.value;
  return schema.is === "map" && [...schema.entries.keys()].every((key) => NOTES.test(key));
}

/** Validates; throws {@link Unparsed} and {@link PatternRefused} for what cannot be judged. */
export async function errorsOf(schema: Node, data: Node): Promise<SchemaAnswer> {
  refuseForeign(schema, data);
  const { dialect, Ajv } = await dialectOf(schema);
  const work = (plain: unknown): string | undefined => {
    const ajv = new Ajv({
      strict: false,
      logger: false,
      validateFormats: false,
      code: { regExp: Object.assign(linear, { code: "" }) },
    });
    exactMultiples(ajv);
    const validate = ajv.compile(plain as object);
    if (validate(plainOf(data)) === true) return undefined;
    const [first] = validate.errors ?? [];
    return `at ${quoted(first?.instancePath || "/")}: ${first?.message ?? "not valid"}`;
  };
  // The time-out of a context ends work of this one too, whatever it is busy with.
  const bounded = (plain: unknown) =>
    runInNewContext("work(plain)", { work, plain }, { timeout: TIME }) as string | undefined;
  const errors = bounded(inDialect(plainOf(schema), dialect));
  const alone = refsAlone(schema);
  if (/^$|draft-0[67]/.test(dialect) && alone !== schema) {
    const other = bounded(inDialect(plainOf(alone), dialect));
    if ((errors === undefined) !== (other === undefined))
      throw new Unparsed("AMBIGUOUS", "readers differ about what stands beside a $ref");
  }
  return { errors, unread: hasKey(schema, "format") ? ["formats are not judged"] : [] };
}

function linear(pattern: string): { test(text: string): boolean } {
  const program = compilePattern(pattern);
  return {
    test: (text) => {
      const found = search(program, text, 0, { left: STEPS }, true);
      if (found === "over") throw new PatternRefused("BUDGET", "a pattern takes too many steps");
      return found !== "none";
    },
  };
}

/** Ajv divides floats, for which 0.07 is no multiple of 0.01. */
function exactMultiples(ajv: Ajv): void {
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    error: { message: "must be a multiple" },
    validate: (of: number, value: number): boolean => {
      const [divisor, seen] = [decimalOf(String(of)), decimalOf(String(value))];
      if (divisor === undefined || seen === undefined || divisor.digits === 0n)
        throw new Unparsed("UNSUPPORTED", "a multiple of what no decimal writes");
      const scale = Math.max(divisor.scale, seen.scale);
      const [a, b] = [seen, divisor].map((one) => one.digits * 10n ** BigInt(scale - one.scale));
      return (a ?? 0n) % (b ?? 1n) === 0n;
    },
  });
}

/** `default` is what the program's bundle gives of a CommonJS package; names alone are undefined there. */
async function dialectOf(schema: Node) {
  const said = schema.is === "map" ? schema.entries.get("$schema") : undefined;
  const dialect = said?.is === "text" ? said.text : "";
  if (dialect.includes("2020-12"))
    return { dialect, Ajv: (await import("ajv/dist/2020.js")).default.Ajv2020 };
  if (dialect.includes("2019-09"))
    return { dialect, Ajv: (await import("ajv/dist/2019.js")).default.Ajv2019 };
  if (dialect === "" || dialect.includes("draft-07") || dialect.includes("draft-06"))
    return { dialect, Ajv: (await import("ajv")).default.Ajv };
  throw new Unparsed("UNSUPPORTED", `no dialect that is known: ${quoted(dialect)}`);
}

/** Draft-07 is draft-06 and more. */
function inDialect(plain: unknown, dialect: string): unknown {
  if (!dialect.includes("draft-06")) return plain;
  return Object.assign(Object.create(null), plain, { $schema: DRAFT_07 });
}

/** The schema as drafts up to 07 read it: beside a `$ref` nothing counts. The same node if nothing stands there. */
function refsAlone(node: Node): Node {
  if (node.is === "list") {
    const items = node.items.map(refsAlone);
    return items.every((one, index) => one === node.items[index]) ? node : { is: "list", items };
  }
  if (node.is !== "map") return node;
  const isRef = node.entries.get("$ref")?.is === "text";
  const kept = [...node.entries].filter(([key]) => !isRef || key === "$ref" || NOTES.test(key));
  const entries = new Map(kept.map(([key, one]) => [key, refsAlone(one)]));
  const same =
    entries.size === node.entries.size &&
    [...entries].every(([key, one]) => one === node.entries.get(key));
  return same ? node : { is: "map", entries };
}

/** References to anywhere else, what is no JSON Schema, and what costs more than linear time on this data. */
function refuseForeign(schema: Node, data: Node): void {
  let unique = false;
  walk(schema, (key, node) => {
    if (
      /^\$(?:ref|dynamicRef|recursiveRef)$/.test(key) &&
      node.is === "text" &&
      !node.text.startsWith("#")
    )
      throw new Unparsed("UNSUPPORTED", `it refers to ${quoted(node.text)}, outside of itself`);
    // A validator's own words: a promise for an answer, and null where the standard refuses it.
    if ((key === "$async" || key === "nullable") && node.is === "flag")
      throw new Unparsed("UNSUPPORTED", `${quoted(key)} is no word of JSON Schema`);
    if (key === "uniqueItems") unique = true;
    refuseInexact(node);
  });
  walk(data, (_key, node) => {
    refuseInexact(node);
    if (unique && node.is === "list" && node.items.length > LONGEST_LIST)
      throw new Unparsed("BUDGET", "uniqueItems over a list that is too long");
  });
}

/** The validator counts in floats: 2^53 + 1 would be 2^53. */
function refuseInexact(node: Node): void {
  if (node.is !== "number") return;
  const [exact, held] = [decimalOf(node.text), decimalOf(String(Number(node.text)))];
  if (exact === undefined || held === undefined || !compare(exact, "==", held))
    throw new Unparsed("UNSUPPORTED", `the number ${quoted(node.text)} is not held exactly`);
}

function walk(node: Node, see: (key: string, node: Node) => void, key = ""): void {
  see(key, node);
  if (node.is === "map") for (const [name, one] of node.entries) walk(one, see, name);
  if (node.is === "list") for (const one of node.items) walk(one, see);
}

function hasKey(schema: Node, wanted: string): boolean {
  let found = false;
  walk(schema, (key) => {
    if (key === wanted) found = true;
  });
  return found;
}
