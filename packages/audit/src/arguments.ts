/**
 * A claim type's arguments: a closed description, and the reading of what a claim wrote. An unknown
 * argument, a missing one or one of another kind is a complaint (MALFORMED), never a guess.
 */
import type { ClaimPath } from "./claim-path.ts";
import { readClaimPath } from "./claim-path.ts";
import type { Decimal, Operator } from "./comparison.ts";
import { OPERATORS, readDecimal } from "./comparison.ts";
import { didYouMean } from "./did-you-mean.ts";
import { quoted } from "./observation.ts";

/**
 * What an argument holds. `count` is a whole number from 0; `value` any scalar of JSON; `pointer` an
 * RFC 6901 one; `globs` as the policy's.
 */
export type ArgumentKind =
  | "path"
  | "paths"
  | "text"
  | "texts"
  | "number"
  | "count"
  | "operator"
  | "flag"
  | "sha256"
  | "value"
  | "pointer"
  | "globs"
  | readonly string[];

/** A scalar of JSON, as `data.path` compares it. */
export type Scalar = string | number | boolean | null;

export interface ArgumentKinds {
  readonly [name: string]: { readonly kind: ArgumentKind; readonly required?: boolean };
}

/** What a claim wrote, read. Asking for another kind than described gives undefined. */
export interface Arguments {
  path(name: string): ClaimPath | undefined;
  paths(name: string): readonly ClaimPath[] | undefined;
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  value(name: string): Scalar | undefined;
  number(name: string): Decimal | undefined;
  operator(name: string): Operator | undefined;
  flag(name: string): boolean | undefined;
  /** True where the claim wrote it. */
  has(name: string): boolean;
}

type Read =
  | { readonly kind: "path"; readonly value: ClaimPath }
  | { readonly kind: "paths"; readonly value: readonly ClaimPath[] }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "texts"; readonly value: readonly string[] }
  | { readonly kind: "value"; readonly value: Scalar }
  | { readonly kind: "number"; readonly value: Decimal }
  | { readonly kind: "operator"; readonly value: Operator }
  | { readonly kind: "flag"; readonly value: boolean };

/** Every type takes it: `about: host` marks what only the machine of the auditor can show. */
export const ABOUT = { about: { kind: ["tree", "worktree", "host"] } } as const;
const MOST_PATHS = 1_000;

/** Reads a claim's arguments against the description, or says what is wrong with them. */
export function checkArguments(
  kinds: ArgumentKinds,
  args: Readonly<Record<string, unknown>>,
): Arguments | { readonly why: string } {
  const all: ArgumentKinds = { ...kinds, ...ABOUT };
  const known = Object.keys(all);
  const values = new Map<string, Read>();
  for (const name of Object.keys(args)) {
    const described = Object.hasOwn(all, name) ? all[name] : undefined;
    if (described === undefined) {
      const near = didYouMean(name, known);
      return { why: `unknown argument ${quoted(name)}${near}; known: ${known.join(", ")}` };
    }
    const read = readOne(described.kind, args[name]);
    if ("why" in read) return { why: `argument \`${name}\`: ${read.why}` };
    values.set(name, read);
  }
  const missing = known.filter((name) => all[name]?.required === true && !values.has(name));
  if (missing.length > 0) return { why: `missing argument: ${missing.join(", ")}` };
  return view(values);
}

function view(values: ReadonlyMap<string, Read>): Arguments {
  const get = <K extends Read["kind"]>(name: string, kind: K) => {
    const read = values.get(name);
    return read?.kind === kind ? (read.value as Extract<Read, { kind: K }>["value"]) : undefined;
  };
  return {
    path: (name) => get(name, "path"),
    paths: (name) => get(name, "paths"),
    text: (name) => get(name, "text"),
    texts: (name) => get(name, "texts"),
    value: (name) => get(name, "value"),
    number: (name) => get(name, "number"),
    operator: (name) => get(name, "operator"),
    flag: (name) => get(name, "flag"),
    has: (name) => values.has(name),
  };
}

function readOne(kind: ArgumentKind, value: unknown): Read | { readonly why: string } {
  if (typeof kind !== "string") {
    if (typeof value === "string" && kind.includes(value)) return { kind: "text", value };
    const near = typeof value === "string" ? didYouMean(value, kind) : "";
    return { why: `one of ${kind.join(", ")}${near}` };
  }
  switch (kind) {
    case "path": {
      const read = readClaimPath(value);
      return "why" in read ? read : { kind, value: read };
    }
    case "paths":
      return readPaths(value);
    case "text":
      return typeof value === "string" ? { kind, value } : { why: "text is expected" };
    case "texts":
    case "globs":
      if (!Array.isArray(value) || !value.every((one) => typeof one === "string"))
        return { why: "a list of texts is expected" };
      return value.length > MOST_PATHS
        ? { why: `more than ${MOST_PATHS} entries` }
        : { kind: "texts", value };
    case "value":
      return value === null || ["string", "number", "boolean"].includes(typeof value)
        ? { kind, value: value as Scalar }
        : { why: "a text, a number, true, false or null is expected" };
    case "pointer":
      // RFC 6901: empty for the whole document, else every key behind a slash; ~0 and ~1 are escapes.
      return typeof value === "string" && /^(?:\/(?:[^~]|~[01])*)?$/.test(value)
        ? { kind: "text", value }
        : { why: "a JSON Pointer is expected, as /scripts/test" };
    case "number":
    case "count": {
      const read = readDecimal(value);
      const fits =
        read !== undefined && (kind === "number" || (read.scale === 0 && read.digits >= 0n));
      if (fits) return { kind: "number", value: read };
      return {
        why:
          kind === "count" ? "a whole number is expected" : "an exact decimal number is expected",
      };
    }
    case "operator": {
      const op = OPERATORS.find((one) => one === value);
      return op === undefined ? { why: `one of ${OPERATORS.join(" ")}` } : { kind, value: op };
    }
    case "flag": {
      // `wingman claim … only=true` gives text.
      const flag = value === "true" ? true : value === "false" ? false : value;
      return typeof flag === "boolean"
        ? { kind, value: flag }
        : { why: "true or false is expected" };
    }
    case "sha256": {
      const hex =
        typeof value === "string" ? /^(?:sha256:)?([0-9a-f]{64})$/i.exec(value)?.[1] : undefined;
      if (hex === undefined) return { why: "64 hexadecimal digits are expected" };
      return { kind: "text", value: hex.toLowerCase() };
    }
  }
}

function readPaths(value: unknown): Read | { readonly why: string } {
  if (!Array.isArray(value)) return { why: "a list of paths is expected" };
  if (value.length > MOST_PATHS) return { why: `more than ${MOST_PATHS} paths` };
  const paths: ClaimPath[] = [];
  for (const one of value) {
    const read = readClaimPath(one);
    if ("why" in read) return read;
    paths.push(read);
  }
  return { kind: "paths", value: paths };
}
