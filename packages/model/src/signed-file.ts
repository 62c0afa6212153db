/**
 * What approvals and orders have in common: a small YAML file whose fields an SSH signature covers.
 * Refuses a file whose name is not the one that its content gives it.
 */
import { stringify } from "yaml";
import type { Validator } from "./generated/validators.mjs";
import type { YamlDoc } from "./located.ts";
import type { RepoPath } from "./path.ts";
import { quotePath } from "./path.ts";
import type { Parsed, Problem } from "./problem.ts";
import { checkSchema } from "./schema-check.ts";
import { isTimestamp } from "./timestamp.ts";
import { parseYaml } from "./yaml.ts";

const MAX_BYTES = 64 * 1024;

/** What kind of signed file is read. */
export interface SignedKind<T> {
  /** For messages: `the order`. */
  readonly what: string;
  readonly validator: Validator;
  /** Keys whose values are times. */
  readonly times: readonly (keyof T & string)[];
  /** Where a file with this content stands. */
  path(value: T): RepoPath;
}

/** Reads one: YAML, schema, times that exist, and the path that its content gives it. */
export function parseSigned<T>(path: RepoPath, bytes: Uint8Array, kind: SignedKind<T>): Parsed<T> {
  const { what } = kind;
  const yaml = parseYaml(bytes, { what, maxBytes: MAX_BYTES });
  if (!yaml.ok) return yaml;
  const problems = checkSchema(yaml.value, kind.validator, what);
  if (problems.length > 0) return { ok: false, problems };
  const value = yaml.value.value as T;
  const wrong = [
    ...timeProblems(yaml.value, value, kind),
    ...pathProblems(path, kind.path(value), what),
  ];
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, value };
}

/** Its YAML text, keys in the order given; a signature as a block of lines. */
export function signedText(fields: Readonly<Record<string, unknown>>): string {
  return stringify(fields, { lineWidth: 0, blockQuote: "literal", version: "1.2" });
}

function timeProblems<T>(doc: YamlDoc, value: T, kind: SignedKind<T>): Problem[] {
  return kind.times.flatMap((key) => {
    const text: unknown = value[key];
    if (text === undefined || (typeof text === "string" && isTimestamp(text))) return [];
    const message = `"${key}" of ${kind.what} is no day or time that exists`;
    return [{ code: "format/value", message, ...doc.at([key]) }];
  });
}

function pathProblems(path: RepoPath, expected: RepoPath, what: string): Problem[] {
  if (path === expected) return [];
  const message = `${what} stands in ${quotePath(path)}; what it says belongs in ${quotePath(expected)}`;
  return [
    {
      code: "format/path",
      message,
      line: 1,
      column: 1,
      help: `rename it to ${quotePath(expected)}`,
    },
  ];
}
