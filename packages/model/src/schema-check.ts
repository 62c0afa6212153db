/**
 * A schema's verdict in words: each error of a compiled validator becomes a problem with its line,
 * what would pass, and the key that was probably meant. Values are never shown: one may be a secret.
 */
import { distance } from "fastest-levenshtein";
import type { SchemaError, Validator } from "./generated/validators.mjs";
import type { Position, YamlDoc } from "./located.ts";
import { keysOfPointer } from "./located.ts";
import { visible } from "./path.ts";
import type { Problem } from "./problem.ts";

const MAX_SHOWN = 50;
type Schema = Readonly<Record<string, unknown>>;

/** All that the schema finds wrong, in the order of the text. Empty where it holds. */
export function checkSchema(doc: YamlDoc, validator: Validator, what: string): Problem[] {
  if (validator(doc.value)) return [];
  const errors = outermost(validator.errors ?? []);
  const problems = errors.slice(0, MAX_SHOWN).map((error) => {
    const schema = parentOf(validator.schema, error.schemaPath);
    return toProblem(doc, error, schema, what);
  });
  return distinct(problems).sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Drops what only says "a part of me failed" (if), and the branches under a failed anyOf or oneOf. */
function outermost(errors: readonly SchemaError[]): SchemaError[] {
  const kept: SchemaError[] = [];
  for (const error of errors) {
    if (error.keyword === "if") continue;
    if (error.keyword === "anyOf" || error.keyword === "oneOf") {
      // ajv lists the branches' errors right before it, at its place or below.
      while (isBelow(kept.at(-1)?.instancePath, error.instancePath)) kept.pop();
    }
    if (error.keyword === "propertyNames") kept.pop();
    kept.push(error);
  }
  return kept;
}

function isBelow(path: string | undefined, parent: string): boolean {
  return path !== undefined && (path === parent || path.startsWith(`${parent}/`));
}

function toProblem(doc: YamlDoc, error: SchemaError, schema: Schema, what: string): Problem {
  const { keyword, params, instancePath } = error;
  const name = nameOf(instancePath);
  const subject = name === "" ? what : `"${name}" of ${what}`;
  const make = (code: string, message: string, at: Position, help?: string): Problem =>
    help === undefined ? { code, message, ...at } : { code, message, ...at, help };
  const value = doc.at(instancePath);

  if (keyword === "additionalProperties") {
    const key = String(params["additionalProperty"]);
    const at = doc.keyAt([...keysOfPointer(instancePath), key]);
    const message = `${subject} has an unknown key "${short(key)}"`;
    return make("format/unknown-key", message, at, knownKeys(key, schema));
  }
  if (keyword === "required") {
    const key = String(params["missingProperty"]);
    const message = `${subject} lacks the key "${key}"`;
    const at = instancePath === "" ? value : doc.keyAt(instancePath);
    return make("format/missing-key", message, at, wouldPass(key, propertyOf(schema, key)));
  }
  if (keyword === "propertyNames") {
    const key = String(params["propertyName"]);
    const at = doc.keyAt([...keysOfPointer(instancePath), key]);
    const rule = asSchema(schema["propertyNames"]);
    return make(
      "format/key",
      `${subject} has a key that does not fit: "${short(key)}"`,
      at,
      ruleText(rule),
    );
  }
  const last = keysOfPointer(instancePath).at(-1);
  const help = describe(last, schema);
  if (keyword === "type") {
    const seen = kindOf(valueAt(doc.value, instancePath));
    const wanted = typesOf(schema).map((type) => KINDS[type] ?? type);
    const message = `${subject} must be ${orList(wanted)}, not ${seen}`;
    const quote = wanted.includes("text") && /number|true or false/.test(seen);
    return make("format/type", message, value, quote ? "put the value in quotes" : help);
  }
  if (keyword === "enum" || keyword === "const") {
    const allowed = (
      keyword === "enum" ? params["allowedValues"] : [params["allowedValue"]]
    ) as unknown[];
    const message = `${subject} must be ${orList(allowed.map(String))}`;
    return make(
      "format/value",
      message,
      value,
      nearest(valueAt(doc.value, instancePath), allowed) ?? help,
    );
  }
  return make("format/value", `${subject} ${boundText(error)}`, value, help);
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
  array: "a list",
  object: "a map",
};

function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : "a number";
  return KINDS[typeof value] ?? "something else";
}

function boundText(error: SchemaError): string {
  const limit = String(error.params["limit"]);
  switch (error.keyword) {
    case "minLength":
      return limit === "1" ? "is empty" : `has less than ${limit} characters`;
    case "maxLength":
      return `has more than ${limit} characters`;
    case "minItems":
      return limit === "1" ? "is empty" : `has less than ${limit} entries`;
    case "maxItems":
    case "maxProperties":
      return `has more than ${limit} entries`;
    case "minProperties":
      return limit === "1" ? "is empty" : `needs at least ${limit} keys`;
    case "minimum":
      return `is less than ${limit}`;
    case "maximum":
      return `is more than ${limit}`;
    case "uniqueItems":
      return `lists one entry twice (${Number(error.params["j"]) + 1} and ${Number(error.params["i"]) + 1})`;
    case "pattern":
      return "does not have the right form";
    case "anyOf":
    case "oneOf":
      return "has none of the shapes that are allowed here";
    default:
      return error.message ?? "is not allowed";
  }
}

function knownKeys(key: string, schema: Schema): string {
  const known = Object.keys(asSchema(schema["properties"]));
  const meant = known
    .map((one) => [distance(key.slice(0, 60).toLowerCase(), one), one] as const)
    .sort((a, b) => a[0] - b[0])[0];
  const list = known.length === 0 ? "no keys are known here" : `known keys: ${known.join(", ")}`;
  const near = meant !== undefined && meant[0] <= Math.max(1, Math.floor(meant[1].length / 3));
  return near ? `did you mean "${meant[1]}"? ${list}` : list;
}

function nearest(value: unknown, allowed: readonly unknown[]): string | undefined {
  if (typeof value !== "string" || value.length > 40) return undefined;
  const near = allowed.find(
    (one) => typeof one === "string" && distance(value.toLowerCase(), one) <= 2,
  );
  return near === undefined ? undefined : `did you mean "${String(near)}"?`;
}

function wouldPass(key: string, schema: Schema): string {
  const example = exampleOf(schema);
  const text = typeof schema["description"] === "string" ? ` (${schema["description"]})` : "";
  return example === undefined ? `add "${key}"${text}` : `add ${key}: ${example}${text}`;
}

function describe(key: string | undefined, schema: Schema): string | undefined {
  const example = exampleOf(schema);
  const text = schema["description"];
  if (typeof text !== "string") return undefined;
  if (example === undefined) return text;
  return /^\d+$/.test(key ?? "0")
    ? `${text}; for example ${example}`
    : `${text}; for example ${key}: ${example}`;
}

/** A schema's first example as YAML would take it in a flow. */
function exampleOf(schema: Schema): string | undefined {
  const examples =
    schema["examples"] ?? (schema["const"] === undefined ? schema["enum"] : [schema["const"]]);
  const first: unknown = Array.isArray(examples) ? examples[0] : undefined;
  if (first === undefined) return undefined;
  return typeof first === "string" ? first : JSON.stringify(first);
}

function ruleText(rule: Schema): string | undefined {
  return typeof rule["description"] === "string" ? rule["description"] : undefined;
}

function propertyOf(schema: Schema, key: string): Schema {
  return asSchema(asSchema(schema["properties"])[key]);
}

/** The schema object that holds the failed keyword: `#/properties/mode/enum` → the one of `mode`. */
function parentOf(root: unknown, schemaPath: string): Schema {
  let at: unknown = root;
  for (const key of keysOfPointer(schemaPath.slice(schemaPath.indexOf("#") + 1)).slice(0, -1)) {
    at = asSchema(at)[decodeURIComponent(key)];
  }
  return asSchema(at);
}

function typesOf(schema: Schema): string[] {
  const type = schema["type"];
  return Array.isArray(type) ? type.map(String) : [String(type)];
}

function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const key of keysOfPointer(pointer)) {
    at =
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  }
  return at;
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null ? (value as Schema) : {};
}

/** `/workers/a~1b/logins/0` → `workers.a/b.logins[0]`. */
function nameOf(pointer: string): string {
  const keys = keysOfPointer(pointer).map((key) =>
    /^\d+$/.test(key) ? `[${key}]` : `.${short(key)}`,
  );
  return keys.join("").replace(/^\./, "");
}

function short(key: string): string {
  return visible(key.length > 60 ? `${key.slice(0, 60)}…` : key);
}

function orList(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? "")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((one) => {
    const key = `${one.code} ${one.line} ${one.column} ${one.message}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
