/**
 * What an instruction itself claims: the items of its points that are typed. The gate asks what is wrong
 * with them, the auditor judges the same ones. Refuses types and arguments that no claim could have.
 */
import { closest } from "fastest-levenshtein";
import { claimTypes } from "./generated/validators.mjs";
import type { Instruction, Point, PointName } from "./instruction.ts";
import type { DocPath, YamlDoc } from "./located.ts";
import { keysOfPointer } from "./located.ts";
import { visible } from "./path.ts";
import type { ClaimText } from "./policy.ts";
import type { Problem } from "./problem.ts";
import { checkSchema } from "./schema-check.ts";

/** The points whose items may be claims, in the order in which they are judged. */
export const CLAIMING_POINTS = ["deliverables", "success_criteria", "quality_metrics"] as const;

/** The claims of one point, and how many of its items only say something in words. */
export function claimsOfPoint(
  instruction: Instruction,
  name: PointName,
): { readonly claims: readonly ClaimText[]; readonly inWords: number } {
  const point = instruction.points[name];
  const items = itemsOf(point);
  const claims = items.flatMap((item) => claimOf(name, item) ?? []);
  const words = items.length === 0 ? (point?.texts.length ?? 0) : items.length - claims.length;
  return { claims, inWords: words };
}

/** Claims of unknown types or with arguments that their types do not know, each where it stands. */
export function claimProblems(instruction: Instruction): Problem[] {
  return CLAIMING_POINTS.flatMap((name) => {
    const point = instruction.points[name];
    const { doc } = point ?? {};
    if (doc === undefined) return [];
    return itemsOf(point).flatMap((item, index) => {
      const claim = claimOf(name, item);
      return claim === undefined ? [] : problemsOf(claim, name, placed(claim, name, index, doc));
    });
  });
}

function problemsOf(claim: ClaimText, name: PointName, doc: YamlDoc): Problem[] {
  const { type } = claim;
  const types = typeSchemas();
  const known = Object.hasOwn(types, type) ? types[type] : undefined;
  if (known === undefined) {
    const short = visible(type.slice(0, 60));
    const message = `${name}: no claim type is named ${JSON.stringify(short)}`;
    const help = `did you mean ${closest(short, Object.keys(types))}? wingman explain lists all types`;
    return [{ code: "format/claim", message, ...doc.keyAt([type]), help }];
  }
  const example = `as in ${type}: ${JSON.stringify(known.examples[0])}`;
  return checkSchema(doc, claimTypes, `the claim in ${name}`).map((problem) => {
    const help = problem.help === undefined ? example : `${problem.help}; ${example}`;
    return { ...problem, code: "format/claim", help };
  });
}

/** The claim as a document of its own, whose parts stand where the instruction has them. */
function placed(claim: ClaimText, name: PointName, index: number, doc: YamlDoc): YamlDoc {
  const within = (path: DocPath): readonly (string | number)[] => {
    const keys = typeof path === "string" ? keysOfPointer(path) : path;
    if (name !== "quality_metrics") return [name, index, ...keys];
    // A metric `{name: TYPE, op, value}` has its arguments beside its type.
    return [name, index, ...(keys.length < 2 ? ["name"] : keys.slice(1))];
  };
  return {
    value: { [claim.type]: claim.args },
    at: (path) => doc.at(within(path)),
    keyAt: (path) => doc.keyAt(within(path)),
  };
}

function itemsOf(point: Point | undefined): readonly unknown[] {
  return Array.isArray(point?.value) ? point.value : [];
}

function claimOf(name: PointName, item: unknown): ClaimText | undefined {
  return name === "quality_metrics" ? metric(item) : claim(item);
}

function claim(item: unknown): ClaimText | undefined {
  const [pair, ...more] = isMap(item) ? Object.entries(item) : [];
  if (pair === undefined || more.length > 0 || !isMap(pair[1])) return undefined;
  return { type: pair[0], args: pair[1] };
}

/**
 * `{name: coverage.lines, op: ">=", value: 90}` is the claim `coverage.lines`. Any other name, as
 * `latency_p99` or `http.p99`, is a measure of its own; only one of a family that measures must be known.
 */
function metric(item: unknown): ClaimText | undefined {
  if (!isMap(item) || typeof item["name"] !== "string") return undefined;
  const type = item["name"];
  const family = type.slice(0, type.indexOf(".") + 1);
  const measures = ([known, { required = [], properties }]: [string, TypeSchema]): boolean =>
    known.startsWith(family) &&
    "value" in properties &&
    required.every((key) => key === "op" || key === "value");
  if (family === "" || !Object.entries(typeSchemas()).some(measures)) return undefined;
  const op = item["op"] === "=" ? "==" : item["op"];
  return { type, args: { op, value: item["value"] } };
}

interface TypeSchema {
  readonly properties: object;
  readonly required?: readonly string[];
  readonly examples: readonly [unknown];
}

/** Each claim type's schema of its arguments. */
function typeSchemas(): Readonly<Record<string, TypeSchema>> {
  return (claimTypes.schema as { properties: Record<string, TypeSchema> }).properties;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
