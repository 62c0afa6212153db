/**
 * YAML from people and workers: one document of plain maps, lists and scalars, with the line and
 * column of everything in it. Refuses what makes YAML mean two things or end the process: deep
 * nesting, anchors, merge keys, tags, directives, doubled keys, several documents.
 */

import type { Document, Node } from "yaml";
import { Composer, Lexer, LineCounter, Parser } from "yaml";
import type { Position, YamlDoc } from "./located.ts";
import { locatedDoc } from "./located.ts";
import { visible } from "./path.ts";
import type { Parsed, Problem } from "./problem.ts";
import { positionAt, textOf } from "./text.ts";
import { indicatorRun, MAX_YAML_DEPTH } from "./yaml-nesting.ts";
import { MAX_PROBLEMS, YamlValues } from "./yaml-values.ts";

export type { DocPath, Position, YamlDoc } from "./located.ts";

export interface YamlOptions {
  /** In bytes; 256 KiB unless told. */
  readonly maxBytes?: number;
  /** For messages: `the policy`. */
  readonly what: string;
  /** Lines before the text in its file: front matter begins on line 2, so 1. */
  readonly lineOffset?: number;
}

/** Reads one YAML document. Never throws on any input: what is wrong with it comes as problems. */
export function parseYaml(input: Uint8Array | string, options: YamlOptions): Parsed<YamlDoc> {
  const { what, lineOffset = 0, maxBytes = 256 * 1024 } = options;
  const shift = (problems: readonly Problem[]): Parsed<never> => ({
    ok: false,
    problems: problems.map((one) => ({ ...one, line: one.line + lineOffset })),
  });
  const read = textOf(input, { maxBytes, what });
  if (!read.ok) return shift(read.problems);
  // YAML 1.2 section 5.2 allows one byte order mark; editors on Windows write it. It is no content.
  const text = read.value.startsWith("\ufeff") ? read.value.slice(1) : read.value;
  const run = indicatorRun(text);
  if (run !== undefined) return shift([tooDeep(what, positionAt(text, run))]);
  try {
    return compose(text, what, lineOffset);
  } catch (error) {
    // The library promises to collect its errors; whatever still escapes says only "not readable".
    const why = firstLine(error instanceof Error ? error.message : String(error));
    const message = `${what} cannot be read as YAML: ${why}`;
    return shift([{ code: "format/yaml", message, line: 1, column: 1 }]);
  }
}

/** The nodes of a file that other tools read too: anchors, merge keys, custom tags and several documents. */
export interface YamlNodes {
  readonly documents: readonly (Node | null)[];
  /** The line and column of an offset. */
  readonly where: (offset: number) => Position;
}

/**
 * Reads YAML of any honest kind within the same bounds, as nodes that nobody has expanded. Never
 * throws; a file that the library cannot read whole is refused, not half read.
 */
export function parseYamlNodes(input: Uint8Array, options: YamlOptions): Parsed<YamlNodes> {
  const { what, maxBytes = 256 * 1024 } = options;
  const read = textOf(input, { maxBytes, what });
  if (!read.ok) return read;
  const text = read.value.startsWith("\ufeff") ? read.value.slice(1) : read.value;
  const run = indicatorRun(text);
  if (run !== undefined) return { ok: false, problems: [tooDeep(what, positionAt(text, run))] };
  try {
    const { where, tokens } = tokensAndPlaces(text, what, 0);
    if (!tokens.ok) return tokens;
    const composer = new Composer({ uniqueKeys: false, merge: false, strict: true });
    const documents = [...composer.compose(tokens.value, true, text.length)];
    const [error] = documents.flatMap((doc) => doc.errors);
    if (error !== undefined)
      return refuse("format/yaml", firstLine(error.message), where(error.pos[0]));
    return { ok: true, value: { documents: documents.map((doc) => doc.contents), where } };
  } catch (error) {
    const why = firstLine(error instanceof Error ? error.message : String(error));
    return refuse("format/yaml", why, { line: 1, column: 1 });
  }
}

type Where = (offset: number) => Position;

function tokensAndPlaces(
  text: string,
  what: string,
  lineOffset: number,
): { where: Where; tokens: Parsed<Token[]> } {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const where: Where = (offset) => {
    const { line, col } = lines.linePos(Math.min(Math.max(offset, 0), text.length));
    return { line: Math.max(line, 1) + lineOffset, column: Math.max(col, 1) };
  };
  return { where, tokens: tokensOf(text, new Parser(lines.addNewLine), what, where) };
}

function compose(text: string, what: string, lineOffset: number): Parsed<YamlDoc> {
  const { where, tokens } = tokensAndPlaces(text, what, lineOffset);
  if (!tokens.ok) return tokens;
  const directive = tokens.value.find((token) => token.type === "directive");
  if (directive !== undefined) {
    // `%YAML 1.1` would turn `no` into false and 012 into ten.
    const message = `${what} has a YAML directive; only YAML 1.2 without directives is read`;
    return refuse("format/directive", message, where(directive.offset), "remove the line");
  }
  // uniqueKeys compares each key with each other one: quadratic. YamlValues finds doubled keys.
  const composer = new Composer({ uniqueKeys: false, merge: false, strict: true, version: "1.2" });
  const [doc, second] = [...composer.compose(tokens.value, true, text.length)];
  if (doc === undefined) return refuse("format/yaml", `${what} is empty`, where(0));
  if (second !== undefined) {
    const message = `${what} holds more than one YAML document`;
    return refuse("format/documents", message, where(second.range[0]), "keep one document");
  }
  const problems = libraryProblems(doc, what, where);
  if (problems.length > 0) return { ok: false, problems };
  const values = new YamlValues(what, where);
  const { value, place } = values.node(doc.contents as Node | null, 0, 0);
  if (values.problems.length > 0) return { ok: false, problems: values.problems };
  return { ok: true, value: locatedDoc(value, place, where) };
}

type Token = Parser["stack"][number];

/** The parser's tokens, or why they shall not be composed. */
function tokensOf(text: string, parser: Parser, what: string, where: Where): Parsed<Token[]> {
  const tokens: Token[] = [];
  let offset = 0;
  let broken = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error") broken += 1;
    }
    // The parser keeps its own stack; the composer recurses. So depth is counted here, on the true
    // structure, before anything recursive sees it. One entry is the document's.
    if (parser.stack.length > MAX_YAML_DEPTH + 2) {
      return { ok: false, problems: [tooDeep(what, where(offset))] };
    }
    offset = parser.offset;
    // Each error costs a stack trace: 240 KB of `[]{}` would take seconds.
    if (broken > MAX_PROBLEMS) break;
  }
  tokens.push(...parser.end());
  return { ok: true, value: tokens };
}

function libraryProblems(doc: Document, what: string, where: Where): Problem[] {
  // An unknown tag is only a warning there, and its value passes as a string: an error here.
  const problems = [...doc.errors, ...doc.warnings].slice(0, MAX_PROBLEMS).map((one) => {
    const code = one.code === "TAG_RESOLVE_FAILED" ? "format/tag" : "format/yaml";
    return { code, message: `${what}: ${firstLine(one.message)}`, ...where(one.pos[0]) };
  });
  // The first error of a line explains it; the others are its echo.
  const lines = new Set<number>();
  return problems.filter(({ line }) => !lines.has(line) && lines.add(line) !== undefined);
}

function tooDeep(what: string, at: Position): Problem {
  const message = `${what} is nested more than ${MAX_YAML_DEPTH} levels deep`;
  return { code: "format/depth", message, ...at, help: "flatten the structure" };
}

function refuse(code: string, message: string, at: Position, help?: string): Parsed<never> {
  const problem = { code, message, ...at };
  return { ok: false, problems: [help === undefined ? problem : { ...problem, help }] };
}

function firstLine(message: string): string {
  return visible((message.split("\n", 1)[0] ?? "").slice(0, 200));
}
