/**
 * The claim types as JSON Schema (draft-07), one closed schema a type, made from the table: for editors,
 * for the reading of instructions, and for whoever writes claims without this program.
 */
import type { ArgumentKind, ArgumentKinds } from "./arguments.ts";
import { ABOUT } from "./arguments.ts";
import type { ClaimType } from "./claim-type.ts";
import { CLAIM_TYPES } from "./claim-types.ts";
import { OPERATORS } from "./comparison.ts";

type Schema = Readonly<Record<string, unknown>>;

const DIGITS = "^-?[0-9]+(\\.[0-9]+)?$";
const PATH: Schema = { $ref: "#/definitions/path" };

/** The whole file: `{type: {args}}`, as instructions and claims write a claim. */
export function claimTypesSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "claim-types.schema.json",
    title: "Wingman claim types",
    description: "One claim: {type: {args}}. Made from the table of packages/audit.",
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries(CLAIM_TYPES.map((row) => [row.type, argsSchema(row)])),
    definitions: {
      path: {
        description: "A path of the tree from its top, or its bytes",
        type: ["string", "object"],
        // The plainest of what claim-path.ts refuses: absolute, `..`, `.git`, backslashes.
        pattern: "^(?!/)(?!(?:[^/]*/)*(?:\\.\\.|\\.[gG][iI][tT])(?:/|$))[^\\\\]*$",
        minLength: 1,
        maxLength: 4096,
        properties: { b64: { type: "string", pattern: "^[A-Za-z0-9+/]+={0,2}$", maxLength: 8192 } },
        required: ["b64"],
        additionalProperties: false,
      },
    },
  };
}

function argsSchema(row: ClaimType): Schema {
  const all: ArgumentKinds = { ...row.args, ...ABOUT };
  const required = Object.keys(all).filter((name) => all[name]?.required === true);
  return {
    type: "object",
    description: row.title,
    properties: Object.fromEntries(
      Object.entries(all).map(([name, { kind }]) => [
        name,
        withExample(kindSchema(kind), row, name),
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    examples: [row.example.args],
  };
}

function withExample(schema: Schema, row: ClaimType, name: string): Schema {
  const example = row.example.args[name];
  // A $ref takes no sibling in draft-07.
  return example === undefined || "$ref" in schema ? schema : { ...schema, examples: [example] };
}

function kindSchema(kind: ArgumentKind): Schema {
  if (typeof kind !== "string") return { type: "string", enum: [...kind] };
  switch (kind) {
    case "path":
      return PATH;
    case "paths":
      return { type: "array", items: PATH, maxItems: 1000 };
    case "text":
      return { type: "string" };
    case "texts":
    case "globs":
      return { type: "array", items: { type: "string" }, maxItems: 1000 };
    case "number":
      return { type: ["number", "string"], pattern: DIGITS, maxLength: 60 };
    case "count":
      return { type: ["integer", "string"], minimum: 0, pattern: "^[0-9]+$", maxLength: 60 };
    case "operator":
      return { type: "string", enum: [...OPERATORS] };
    case "flag":
      return { type: ["boolean", "string"], enum: [true, false, "true", "false"] };
    case "sha256":
      return { type: "string", pattern: "^(sha256:)?[0-9a-fA-F]{64}$" };
    case "value":
      return { type: ["string", "number", "boolean", "null"] };
    case "pointer":
      return { type: "string", pattern: "^(/([^~]|~[01])*)?$" };
  }
}
