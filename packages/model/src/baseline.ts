/**
 * Baseline: old findings and the tips at adoption (TRUST.md §5). Law: only an administrator adds an
 * entry, with an owner, a reason and an expiry.
 */
import { baseline as validator } from "./generated/validators.mjs";
import type { YamlDoc } from "./located.ts";
import { oneLine } from "./located.ts";
import type { RepoPath } from "./path.ts";
import { pathOfRecord, recordPath } from "./path.ts";
import type { Parsed, Problem } from "./problem.ts";
import { checkSchema } from "./schema-check.ts";
import { textOf } from "./text.ts";
import { isTimestamp } from "./timestamp.ts";
import { parseYaml } from "./yaml.ts";

/** One old finding that is let through until it expires. */
export interface BaselineFinding {
  readonly fingerprint: string;
  readonly code: string;
  readonly path: RepoPath;
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

export interface Baseline {
  readonly v: 1;
  /** Commits at adoption: what they reach is not judged. */
  readonly tips: readonly string[];
  readonly findings: readonly BaselineFinding[];
}

export const BASELINE_PATH = ".wingman/baseline.json";
const MAX_BYTES = 4 * 1024 * 1024;
const what = "the baseline";
type WrittenFinding = Omit<BaselineFinding, "path"> & {
  readonly path: string | { readonly b64: string };
};

/** Reads `.wingman/baseline.json`. Never throws. */
export function parseBaseline(bytes: Uint8Array): Parsed<Baseline> {
  const read = textOf(bytes, { maxBytes: MAX_BYTES, what });
  if (!read.ok) return read;
  const doc = locate(read.value);
  if (!doc.ok) return doc;
  const problems = checkSchema(doc.value, validator, what);
  if (problems.length > 0) return { ok: false, problems };
  const written = doc.value.value as Omit<Baseline, "findings"> & {
    findings: readonly WrittenFinding[];
  };
  const wrong = written.findings.findIndex((one) => !isTimestamp(one.expires));
  if (wrong !== -1) return { ok: false, problems: [expiryProblem(read.value, wrong)] };
  const findings = written.findings.map((one) => ({ ...one, path: pathOfRecord(one.path) }));
  return { ok: true, value: { v: 1, tips: written.tips, findings } };
}

/** Its file's text: the form that {@link parseBaseline} reads quickest. */
export function serializeBaseline(baseline: Baseline): string {
  const findings = baseline.findings.map((one) => ({ ...one, path: recordPath(one.path) }));
  return written({ v: 1, tips: baseline.tips, findings });
}

function expiryProblem(text: string, index: number): Problem {
  const doc = parseYaml(text, { what, maxBytes: MAX_BYTES });
  const at = doc.ok ? doc.value.at(["findings", index, "expires"]) : { line: 1, column: 1 };
  const message = `"findings[${index}].expires" of ${what} is no day or time that exists`;
  return { code: "format/value", message, ...at };
}

function locate(text: string): Parsed<YamlDoc> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `${what} is no JSON: ${(error as Error).message.slice(0, 200)}`;
    return { ok: false, problems: [{ code: "format/json", message, line: 1, column: 1 }] };
  }
  // Text that is what we would write ourselves holds no key twice, and needs no slow second look.
  if (text === written(value) && validator(value)) return { ok: true, value: oneLine(value, 1) };
  // JSON is YAML: this reading has positions, and finds doubled keys, which JSON.parse hides.
  return parseYaml(text, { what, maxBytes: MAX_BYTES });
}

function written(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
