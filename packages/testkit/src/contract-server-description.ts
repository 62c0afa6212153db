/**
 * GitHub's published description, as far as Wingman calls it: which operation a request is, what is
 * wrong with its parameters and body, whether an answer has the published shape. Validators are
 * compiled when an operation is first called, so that a test pays for what it uses.
 */
import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: SchemaNode;
  readonly "x-multi-segment"?: boolean;
}
interface Content {
  readonly $ref?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, { readonly schema?: SchemaNode }>>;
}
interface OperationNode {
  readonly operationId: string;
  readonly externalDocs: { readonly url: string };
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationNode>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One place of a request or an answer that the description does not allow. */
export interface Misfit {
  /** `output.annotations.0.path`; empty for the whole body. */
  readonly field: string;
  readonly code: "missing_field" | "invalid" | "ignored";
  readonly message: string;
}

/** One operation of the description, ready to judge requests. */
export interface Operation {
  readonly id: string;
  readonly documentation: string;
  readonly takesBody: boolean;
  readonly bodyRequired: boolean;
  /** Path and query by name, numbers and booleans made of their text in place. */
  readonly parameters: (where: "path" | "query", values: JsonObject) => readonly Misfit[];
  readonly body: (value: Json) => readonly Misfit[];
  /** `undefined` where the description has no such status or no JSON for it. */
  readonly answer: (status: number, value: Json | undefined) => readonly Misfit[] | undefined;
}

export interface Description {
  readonly operations: readonly string[];
  readonly match: (
    method: string,
    path: string,
  ) => { readonly operation: Operation; readonly names: Record<string, string> } | undefined;
  /** A value of the named schema: `known`, and something neutral for what else is required. */
  readonly shaped: (
    /** What neutral addresses begin with. */
    base: string,
    schema: string,
    known: Readonly<Record<string, unknown>>,
  ) => JsonObject;
}

const FILE = new URL("../openapi/github.json", import.meta.url);
const LOCAL = "#/components/schemas/";

let read: Description | undefined;

/** The description. Read once a process, since its validators cost more than a test does. */
export function description(): Description {
  read ??= readDescription();
  return read;
}

function readDescription(): Description {
  // Schemas get names of their own, since ajv resolves `#/…` against the schema it compiles.
  const text = readFileSync(FILE, "utf8").replaceAll(`"${LOCAL}`, '"github:');
  const document = JSON.parse(text) as Document;
  const schemas = document.components["schemas"] as Readonly<Record<string, SchemaNode>>;
  const strict = compiler(schemas, false);
  const coercing = compiler(schemas, true);
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, node]) => {
      const parameters = node.parameters.map((one) => named<Parameter>(document, one));
      const operation = operationOf({ document, node, parameters, strict, coercing });
      return { method: method.toUpperCase(), pattern: patternOf(path, parameters), operation };
    }),
  );
  return {
    operations: routes.map((route) => route.operation.id).sort(),
    match: (method, path) => {
      for (const route of routes) {
        const found = route.method === method ? route.pattern.exec(path) : null;
        if (found) return { operation: route.operation, names: decoded(found.groups ?? {}) };
      }
      return undefined;
    },
    shaped: (base, schema, known) =>
      fill({ $ref: `github:${schema}` }, known, schemas, base) as JsonObject,
  };
}

function compiler(schemas: Readonly<Record<string, SchemaNode>>, coerceTypes: boolean): Ajv {
  const ajv = new Ajv({
    // OpenAPI 3.0 has keywords that JSON Schema has not.
    strict: false,
    // Judging the description itself, and tidying what is compiled, took two thirds of the time (measured).
    validateSchema: false,
    meta: false,
    inlineRefs: false,
    code: { optimize: false },
    allErrors: true,
    coerceTypes,
    useDefaults: coerceTypes,
  });
  addFormats.default(ajv);
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, `github:${name}`);
  return ajv;
}

function named<T>(document: Document, node: { readonly $ref?: string }): T {
  if (node.$ref === undefined) return node as T;
  const [, , kind = "", name = ""] = node.$ref.split("/");
  return document.components[kind]?.[name] as T;
}

/** `/repos/{owner}/…` as an expression; GitHub takes slashes in refs and paths unescaped as well. */
function patternOf(path: string, parameters: readonly Parameter[]): RegExp {
  const many = new Set(parameters.filter((one) => one["x-multi-segment"]).map((one) => one.name));
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    many.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${source}$`);
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    try {
      names[name] = decodeURIComponent(value);
    } catch {
      names[name] = value;
    }
  }
  return names;
}

function operationOf(from: {
  readonly document: Document;
  readonly node: OperationNode;
  readonly parameters: readonly Parameter[];
  readonly strict: Ajv;
  readonly coercing: Ajv;
}): Operation {
  const { document, node, parameters, strict, coercing } = from;
  const compiled = new Map<string, ValidateFunction>();
  const judge = (key: string, ajv: Ajv, schema: SchemaNode, value: unknown): readonly Misfit[] => {
    const validate = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, validate);
    return validate(value) ? [] : misfits(validate.errors ?? []);
  };
  const bodySchema = node.requestBody?.content?.["application/json"]?.schema;
  return {
    id: node.operationId,
    documentation: node.externalDocs.url,
    takesBody: bodySchema !== undefined,
    bodyRequired: node.requestBody?.required === true,
    parameters: (where, values) => {
      const schema = parametersSchema(parameters.filter((one) => one.in === where));
      return judge(where, coercing, schema, values);
    },
    body: (value) => {
      if (bodySchema === undefined) return [];
      const wrong = judge("body", strict, bodySchema, value);
      return wrong.length > 0 ? wrong : unknownKeys(bodySchema, value);
    },
    answer: (status, value) => {
      const response = node.responses[status];
      if (response === undefined) return undefined;
      const schema = named<Content>(document, response).content?.["application/json"]?.schema;
      if (schema === undefined || value === undefined) return undefined;
      return judge(String(status), strict, schema, value);
    },
  };
}

function parametersSchema(parameters: readonly Parameter[]): SchemaNode {
  return {
    type: "object",
    properties: Object.fromEntries(parameters.map((one) => [one.name, one.schema])),
    required: parameters.filter((one) => one.required).map((one) => one.name),
    additionalProperties: false,
  };
}

/** GitHub ignores a key that it does not know, and so hides a misspelt one. */
function unknownKeys(schema: SchemaNode, value: Json): readonly Misfit[] {
  const { properties, additionalProperties } = schema;
  if (properties === undefined || additionalProperties === true) return [];
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.keys(value)
    .filter((key) => !(key in properties))
    .map((field) => ({ field, code: "ignored", message: "is not in the description" }) as const);
}

/**
 * ajv's errors as places: a choice (`oneOf`) is left out where one of its ways says more, and where two
 * of its ways fit: GitHub's errors are described as one of two that overlap.
 */
function misfits(all: readonly ErrorObject[]): readonly Misfit[] {
  const errors = all.filter((error) => !Array.isArray(error.params["passingSchemas"]));
  const found = new Map<string, Misfit>();
  const says = errors.filter((error) => !["oneOf", "anyOf", "if"].includes(error.keyword));
  for (const error of says.length > 0 ? says : errors) {
    const parameters = error.params as Readonly<Record<string, string>>;
    const steps = error.instancePath.split("/").slice(1).map(unescaped);
    const missing = error.keyword === "required" ? parameters["missingProperty"] : undefined;
    const extra =
      error.keyword === "additionalProperties" ? parameters["additionalProperty"] : undefined;
    const last = missing ?? extra;
    const field = (last === undefined ? steps : [...steps, last]).join(".");
    const code =
      missing !== undefined ? "missing_field" : extra !== undefined ? "ignored" : "invalid";
    if (!found.has(field))
      found.set(field, { field, code, message: error.message ?? error.keyword });
  }
  return [...found.values()];
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/**
 * GitHub's answers carry dozens of addresses that nobody here reads. `known` is laid over a neutral
 * value for every other required key, so that an answer always has the published shape.
 */
function fill(
  node: SchemaNode,
  known: unknown,
  schemas: Readonly<Record<string, SchemaNode>>,
  base: string,
  name = "",
): Json {
  if (node.$ref !== undefined) {
    const target = schemas[node.$ref.slice("github:".length)];
    if (target === undefined) throw new Error(`the description has no schema ${node.$ref}`);
    return fill(target, known, schemas, base, name);
  }
  const plainObject = known !== null && typeof known === "object" && !Array.isArray(known);
  if (known !== undefined && !plainObject) return known as Json;
  if (known === undefined && (node.nullable || node.enum?.includes(null))) return null;
  const parts = [node, ...(node.allOf ?? []).map((one) => resolved(one, schemas))];
  const properties = Object.assign({}, ...parts.map((one) => one.properties ?? {})) as Readonly<
    Record<string, SchemaNode>
  >;
  if (plainObject || node.type === "object" || node.allOf !== undefined) {
    const given = (known ?? {}) as Readonly<Record<string, unknown>>;
    const keys = new Set([...parts.flatMap((one) => one.required ?? []), ...Object.keys(given)]);
    const filled: JsonObject = {};
    for (const key of keys) {
      const property = properties[key];
      if (property !== undefined) filled[key] = fill(property, given[key], schemas, base, key);
      else if (given[key] !== undefined) filled[key] = given[key] as Json;
    }
    return filled;
  }
  const choice = node.anyOf?.[0] ?? node.oneOf?.[0];
  if (choice !== undefined) return fill(choice, known, schemas, base, name);
  if (node.enum?.[0] !== undefined) return node.enum[0];
  return neutral(node, base, name);
}

function resolved(node: SchemaNode, schemas: Readonly<Record<string, SchemaNode>>): SchemaNode {
  return node.$ref === undefined ? node : (schemas[node.$ref.slice("github:".length)] ?? {});
}

function neutral(node: SchemaNode, base: string, name: string): Json {
  if (node.type === "array") return [];
  if (node.type === "integer" || node.type === "number") return 0;
  if (node.type === "boolean") return false;
  if (node.format === "date-time") return "2020-01-01T00:00:00Z";
  if (node.format === "uri" || name === "url" || name.endsWith("_url")) return `${base}/-/${name}`;
  if (name === "node_id") return "MDA6";
  return "";
}
