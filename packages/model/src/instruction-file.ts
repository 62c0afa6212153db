/**
 * Reads an instruction's bytes in any of its forms: Markdown with front matter, YAML, or Markdown
 * whose points are headings. Refuses what is too big, no text, or means two things.
 */

import { distance } from "fastest-levenshtein";
import { isWorkerId } from "./claim.ts";
import { digestOf } from "./digest.ts";
import type { Instruction, Point, PointName } from "./instruction.ts";
import { POINTS } from "./instruction.ts";
import type { MarkdownPoint } from "./instruction-markdown.ts";
import { markdownPoints } from "./instruction-markdown.ts";
import type { TypedPoints } from "./instruction-points.ts";
import { INSTRUCTION_ID, idsIn, riskIn, typedPoints } from "./instruction-points.ts";
import type { RepoPath } from "./path.ts";
import { visible } from "./path.ts";
import { plainText } from "./plain-text.ts";
import type { Environment } from "./policy.ts";
import type { Parsed, Problem } from "./problem.ts";
import { textOf } from "./text.ts";
import type { YamlDoc } from "./yaml.ts";
import { parseYaml } from "./yaml.ts";

/** Larger files are refused before anything reads them. */
export const MAX_INSTRUCTION_BYTES = 1024 * 1024;
export const KEYS = ["id", "title", "environment", "worker", "draft", ...POINTS];
const ENVIRONMENTS: readonly string[] = ["dev", "test", "prd"];
const MAX_PROBLEMS = 50;

/**
 * The instruction in a file. `path` decides the form (`.md`, `.yaml`) and the id, which is the
 * file's name. All that is wrong with the text comes as problems; a point that is absent is none:
 * that is for the rules about substance.
 */
export function parseInstruction(path: RepoPath, bytes: Uint8Array): Parsed<Instruction> {
  const named = nameOf(path);
  if (!named.ok) return named;
  const decoded = textOf(bytes, { maxBytes: MAX_INSTRUCTION_BYTES, what: "the instruction" });
  if (!decoded.ok) return decoded;
  const text = decoded.value.startsWith("\ufeff") ? decoded.value.slice(1) : decoded.value;
  const parts = named.value.yaml ? wholeYaml(text) : splitFrontMatter(text);
  if (!parts.ok) return parts;
  const head = readHead(parts.value, named.value.id);
  if (!head.ok) return head;
  const wantTitle = head.value.title === undefined;
  const { body, bodyLine } = parts.value;
  const found = markdownPoints(body, { lineOffset: bodyLine - 1, wantTitle });
  const merged = mergePoints(head.value.typed, found.points);
  const problems = [...found.problems, ...merged.problems];
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
  const { typed, worker } = head.value;
  const risk = typed.risk ?? riskIn(merged.points.risk_assessment?.texts[0]?.text ?? "");
  const needs = neededIds(merged.points.dependencies, named.value.id);
  return {
    ok: true,
    value: {
      id: named.value.id,
      title: head.value.title ?? (found.title || named.value.id),
      path,
      form: Object.keys(typed.points).length > 0 || named.value.yaml ? "typed" : "text",
      draft: head.value.draft,
      environment: head.value.environment,
      ...(worker === undefined ? {} : { worker }),
      points: merged.points,
      claims: typed.claims,
      ...(typed.boundaries === undefined ? {} : { boundaries: typed.boundaries }),
      needs,
      ...(risk === undefined ? {} : { risk }),
      body,
      bodyLine,
      digest: digestOf(bytes),
    },
  };
}

/**
 * The instructions that point 4 names. `none: INS-0006 has landed already` needs none, and a sentence
 * that names its own instruction speaks of it; an item that is nothing but an id is always meant.
 */
function neededIds(point: Point | undefined, own: string): string[] {
  const { value } = point ?? {};
  if (point === undefined || (typeof value === "object" && value !== null && "none" in value))
    return [];
  const found = point.texts.flatMap(({ text }) => {
    const bare = text.trim();
    return INSTRUCTION_ID.test(bare) ? [bare] : idsIn(text).filter((id) => id !== own);
  });
  return [...new Set(found)];
}

/** The id and form that a path gives, or what is wrong with its name. */
function nameOf(path: RepoPath): Parsed<{ id: string; yaml: boolean }> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const match = /^(.*)\.(md|yaml)$/.exec(name);
  const id = match?.[1];
  if (match === null || id === undefined) {
    return refuse(
      "format/extension",
      `${visible(name)} is neither .md nor .yaml`,
      "name it INS-0001.md",
    );
  }
  if (!INSTRUCTION_ID.test(id)) {
    const message = `${visible(name)} is not named after an id`;
    return refuse("format/id", message, "an instruction's file is its id: INS-0001.md");
  }
  return { ok: true, value: { id, yaml: match[2] === "yaml" } };
}

export interface Parts {
  readonly front: string | undefined;
  /** Lines before the front matter's first line. */
  readonly frontOffset: number;
  readonly body: string;
  readonly bodyLine: number;
  readonly whole: boolean;
}

function wholeYaml(text: string): Parsed<Parts> {
  const lines = text.split("\n").length;
  return {
    ok: true,
    value: { front: text, frontOffset: 0, body: "", bodyLine: lines, whole: true },
  };
}

/** Cuts the first `---` block off. Without one, or without its end, all is body. */
export function splitFrontMatter(text: string): Parsed<Parts> {
  const none = { front: undefined, frontOffset: 0, body: text, bodyLine: 1, whole: false };
  const first = /^---[ \t]*(?:\r\n|\n|\r)/.exec(text);
  if (first === null) return { ok: true, value: none };
  const rest = text.slice(first[0].length);
  const end = /^---[ \t]*(?:\r\n|\n|\r|$(?![^]))/m.exec(rest);
  if (end === null) {
    return refuse(
      "format/front-matter",
      "the front matter that begins in line 1 has no end",
      "close it with a line ---",
    );
  }
  const front = rest.slice(0, end.index);
  const body = rest.slice(end.index + end[0].length);
  const bodyLine = 3 + (front.match(/\r\n|\n|\r/g)?.length ?? 0);
  return { ok: true, value: { front, frontOffset: 1, body, bodyLine, whole: false } };
}

interface Head {
  readonly title: string | undefined;
  readonly draft: boolean;
  readonly environment: Environment;
  readonly worker: string | undefined;
  readonly typed: TypedPoints;
}

function readHead(parts: Parts, id: string): Parsed<Head> {
  const typed: TypedPoints = { points: {}, claims: [], problems: [] };
  const empty: Head = {
    title: undefined,
    draft: false,
    environment: "dev",
    worker: undefined,
    typed,
  };
  if (parts.front === undefined || (plainText(parts.front) === "" && !parts.whole))
    return { ok: true, value: empty };
  const what = parts.whole ? "the instruction" : "the front matter";
  const doc = parseYaml(parts.front.replace(/\r\n?/g, "\n"), {
    what,
    lineOffset: parts.frontOffset,
  });
  if (!doc.ok) return doc;
  const fields = doc.value.value;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return refuse(
      "format/shape",
      `${what} is no map of keys`,
      "begin with `id: INS-0001`",
      parts.frontOffset + 1,
    );
  }
  const head = headFields(doc.value, fields as Record<string, unknown>, id);
  return head.problems.length > 0
    ? { ok: false, problems: head.problems.slice(0, MAX_PROBLEMS) }
    : { ok: true, value: head };
}

function headFields(
  doc: YamlDoc,
  fields: Record<string, unknown>,
  id: string,
): Head & { problems: Problem[] } {
  const typed = typedPoints(doc, fields);
  const problems = [...unknownKeys(doc, fields), ...typed.problems];
  const text = (key: string): string | undefined => {
    const value = fields[key];
    if (value === undefined) return undefined;
    if (typeof value === "string" && plainText(value) !== "" && !/[\r\n]/.test(value.trim()))
      return value;
    problems.push({
      code: "format/value",
      message: `${key} is one line of text`,
      ...doc.at([key]),
    });
    return undefined;
  };
  const said = text("id");
  if (said !== undefined && said !== id) {
    const message = `id is ${visible(said.slice(0, 60))}, the file is named ${id}`;
    problems.push({ code: "format/id", message, ...doc.at(["id"]), help: `id: ${id}` });
  }
  const environment = text("environment") ?? "dev";
  if (!ENVIRONMENTS.includes(environment)) {
    const message = `environment is one of ${ENVIRONMENTS.join(", ")}`;
    problems.push({
      code: "format/value",
      message,
      ...doc.at(["environment"]),
      help: "environment: test",
    });
  }
  const { draft } = fields;
  if (draft !== undefined && typeof draft !== "boolean") {
    // `draft: "true"` or `yes` must not quietly be a draft, nor quietly none.
    problems.push({
      code: "format/value",
      message: "draft is true or false",
      ...doc.at(["draft"]),
      help: "draft: true",
    });
  }
  const title = text("title");
  const worker = text("worker");
  if (worker !== undefined && !isWorkerId(worker)) {
    const message = `${visible(worker.slice(0, 60))} is no worker's id`;
    problems.push({
      code: "format/value",
      message,
      ...doc.at(["worker"]),
      help: "worker: claude-code/alice",
    });
  }
  // Only where points stand as keys: a text may carry `draft: true` and nothing else.
  if (Object.keys(typed.points).length > 0) {
    const missing = ["id", "title", "environment"].filter((key) => !Object.hasOwn(fields, key));
    for (const key of missing) problems.push(missingKey(key, id, doc.at([])));
  }
  return {
    title,
    draft: draft === true,
    environment: environment as Environment,
    worker,
    typed,
    problems,
  };
}

function missingKey(key: string, id: string, at: { line: number; column: number }): Problem {
  const example = { id, title: "What this is for, in one line", environment: "dev" }[key] ?? "";
  return {
    code: "format/missing-key",
    message: `${key} is missing`,
    ...at,
    help: `${key}: ${example}`,
  };
}

function unknownKeys(doc: YamlDoc, fields: Record<string, unknown>): Problem[] {
  const problems: Problem[] = [];
  for (const key of Object.keys(fields)) {
    if (KEYS.includes(key)) continue;
    const short = key
      .slice(0, 60)
      .toLowerCase()
      .replace(/[\s-]+/g, "_");
    const near = KEYS.find((known) => distance(known, short) <= 2);
    const message = `an instruction knows no key ${JSON.stringify(visible(key.slice(0, 60)))}`;
    const help = near === undefined ? `known keys: ${KEYS.join(", ")}` : `did you mean ${near}?`;
    problems.push({ code: "format/unknown-key", message, ...doc.keyAt([key]), help });
  }
  return problems;
}

/** Both forms count; the same point twice means two things. */
function mergePoints(
  typed: TypedPoints,
  marked: readonly MarkdownPoint[],
): { points: Partial<Record<PointName, Point>>; problems: Problem[] } {
  const points: Partial<Record<PointName, Point>> = { ...typed.points };
  const problems: Problem[] = [];
  for (const one of marked) {
    const first = points[one.name];
    // A label in the body of an instruction whose front matter has the point is text about it.
    if (first !== undefined && !one.heading && typed.points[one.name] !== undefined) continue;
    if (first !== undefined) {
      const message = `${one.name} stands twice: first in line ${first.line}`;
      const help = "keep one of them, or rename the heading";
      problems.push({
        code: "format/duplicate-point",
        message,
        line: one.line,
        column: one.column,
        help,
      });
      continue;
    }
    const value = one.texts.map((piece) => piece.text).join("\n");
    const { name, line, column, texts } = one;
    points[one.name] = { name, line, column, texts, value, typed: false };
  }
  return { points, problems };
}

function refuse(code: string, message: string, help: string, line = 1): Parsed<never> {
  return { ok: false, problems: [{ code, message, line, column: 1, help }] };
}
