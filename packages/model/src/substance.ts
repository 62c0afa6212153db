/**
 * Substance: the ten points say something, all of them, or nothing gets in. There is no score and no
 * partial credit; each problem names its point, its line and a text that would pass.
 */
import type { Instruction, Point, PointName } from "./instruction.ts";
import { POINTS } from "./instruction.ts";
import { RESULT_FORMATS } from "./instruction-points.ts";
import { EXAMPLES, SCAFFOLD } from "./instruction-scaffold.ts";
import { folded, isBlank, isLabel, saysNothing } from "./placeholder.ts";
import { plainText } from "./plain-text.ts";
import type { Problem } from "./problem.ts";

/** A problem of one point. Codes are `points/…`. */
export interface SubstanceProblem extends Problem {
  readonly point: PointName;
  /** `point 5 of 10: mitigation` */
  readonly why: string;
}

/** Every code that {@link substanceProblems} gives. */
export const SUBSTANCE_CODES = [
  "points/missing",
  "points/empty",
  "points/placeholder",
  "points/scaffold",
  "points/thin",
  "points/same",
  "points/boundless",
  "points/untyped",
  "points/vague",
] as const;

export interface SubstanceOptions {
  /** Names of the policy's commands; a test process may be one of them. Undefined: not known here. */
  readonly commands?: readonly string[];
}

/**
 * What keeps an instruction's points from being good, in the order of the points. Empty means that
 * all ten stand with content. Drafts are not asked: that is the caller's to know.
 */
export function substanceProblems(
  instruction: Instruction,
  options: SubstanceOptions = {},
): SubstanceProblem[] {
  const judge = new Substance(instruction, options);
  const problems = POINTS.flatMap((name) => judge.problems(name));
  return problems.length > 0 ? problems : vague(instruction);
}

/** `point 5 of 10: mitigation` */
export function pointTitle(name: PointName): string {
  return `point ${POINTS.indexOf(name) + 1} of ${POINTS.length}: ${name}`;
}

class Substance {
  readonly #instruction: Instruction;
  readonly #commands: readonly string[] | undefined;
  /** Where each point's words were seen first. */
  readonly #said = new Map<string, PointName>();

  constructor(instruction: Instruction, options: SubstanceOptions) {
    this.#instruction = instruction;
    this.#commands = options.commands;
  }

  problems(name: PointName): SubstanceProblem[] {
    const point = this.#instruction.points[name];
    if (point === undefined) return [this.#missing(name)];
    // A glob is signs: as Markdown, `**` would be emphasis of nothing.
    const globs = name === "boundaries" && point.typed;
    const texts = globs ? point.texts : point.texts.filter((piece) => !isBlank(piece.text));
    if (texts.length === 0) return [problem(point, "empty", `${name} is empty`)];
    const found = emptyPieces(point, texts);
    if (found.length > 0) return found;
    if (
      this.#isThin(
        point,
        texts.filter((piece) => saysNothing(piece.text) === undefined),
      )
    ) {
      const message = `${name} says too little: under three words, with no number, path or command`;
      return [problem(point, "thin", message)];
    }
    const other = this.#sameAs(name, texts);
    if (other !== undefined) return [problem(point, "same", `${name} says the same as ${other}`)];
    return [...this.#boundless(point), ...this.#untyped(point)];
  }

  #missing(name: PointName): SubstanceProblem {
    const { bodyLine, form } = this.#instruction;
    // The line that closes the front matter: the point belongs in front of it.
    const line = form === "typed" ? Math.max(bodyLine - 1, 1) : 1;
    const help =
      form === "typed" ? EXAMPLES[name] : `${EXAMPLES[name]}   (or a heading: ## ${heading(name)})`;
    const message = `${name} is missing`;
    return {
      code: "points/missing",
      message,
      line,
      column: 1,
      point: name,
      why: pointTitle(name),
      help,
    };
  }

  #isThin(point: Point, texts: Point["texts"]): boolean {
    const { name, typed, value } = point;
    if (typed && name === "test_process" && Array.isArray(value)) {
      // A name alone is enough where the policy knows it.
      const unknown = value.map(String).filter((one) => this.#commands?.includes(one) === false);
      return unknown.some((one) => isThin(one));
    }
    // Their shape is the content: a glob, an instruction's id, a format.
    if (
      typed &&
      ["boundaries", "deliverables", "test_results_format", "quality_metrics"].includes(name)
    )
      return false;
    if (name === "risk_assessment" && typed) {
      const why = texts.map((piece) => piece.text).join(" ");
      return isThin(why);
    }
    return isThin(texts.map((piece) => piece.text).join("\n"));
  }

  /** The earlier point that says the same, the points' own names left out of both. */
  #sameAs(name: PointName, texts: Point["texts"]): PointName | undefined {
    const said = withoutNames(texts.map((piece) => folded(piece.text)).join(" "));
    const other = this.#said.get(said);
    if (other === undefined) this.#said.set(said, name);
    return other;
  }

  #boundless(point: Point): SubstanceProblem[] {
    const { boundaries } = this.#instruction;
    if (point.name !== "boundaries" || boundaries === undefined) return [];
    if (boundaries.allow.length === 0)
      return [problem(point, "empty", "boundaries.allow is empty: nothing may change")];
    const index = boundaries.allow.findIndex((glob) => isEverything(glob));
    // A deny list bounds as well: `allow: ["**"], deny: ["infra/**"]` says something.
    if (index === -1 || boundaries.deny.some((glob) => !isEverything(glob))) return [];
    const at = point.texts[index] ?? point;
    const message = `boundaries allow everything (${boundaries.allow[index]}) and deny nothing`;
    return [{ ...problem(point, "boundless", message), line: at.line, column: at.column }];
  }

  #untyped(point: Point): SubstanceProblem[] {
    if (this.#instruction.environment !== "prd") return [];
    const loose =
      (point.name === "boundaries" && this.#instruction.boundaries === undefined) ||
      (point.name === "deliverables" && !point.typed);
    const kind = point.name === "boundaries" ? "as allow and deny" : "as claims";
    return loose
      ? [problem(point, "untyped", `environment prd asks for ${point.name} ${kind}`)]
      : [];
  }
}

/**
 * The pieces that keep a point from saying something. What is put off (`TBD`) does so wherever it
 * stands; `None` and a label (`**Optional:**`) only where all the rest is no better.
 */
function emptyPieces(point: Point, texts: Point["texts"]): SubstanceProblem[] {
  const pieces = texts.map((piece) => ({
    piece,
    fills: fillsAPlace(point.name, piece.text, point),
  }));
  const full =
    !point.typed && pieces.some(({ piece, fills }) => fills === undefined && !isLabel(piece.text));
  const found = pieces.filter(({ fills }) => fills !== undefined && !(full && fills.weak));
  // Labels alone: as empty as a heading without a text.
  const labels = !point.typed && found.length === 0 && !full;
  return (labels ? pieces : found).map(({ piece, fills }) => {
    const message = `${point.name} says only ${JSON.stringify(plainText(piece.text).slice(0, 40))}`;
    const at = { line: piece.line, column: piece.column };
    return { ...problem(point, fills?.code ?? "empty", message), ...at };
  });
}

interface Filled {
  readonly code: "scaffold" | "placeholder";
  /** True where it does no harm beside something that is said. */
  readonly weak: boolean;
}

/** How a text only holds a place, or undefined where it says something. */
function fillsAPlace(name: PointName, text: string, point: Point): Filled | undefined {
  const words = folded(text);
  if (words === folded(SCAFFOLD[name]) || /^REQUIRED: /u.test(plainText(text)))
    return { code: "scaffold", weak: false };
  // `cost: none` is an answer, `dependencies: none` is not: it asks for the reason.
  if (name === "resource_requirements" && point.typed && words === "none") return undefined;
  if (name === "test_results_format" && (RESULT_FORMATS as readonly string[]).includes(words))
    return undefined;
  // A policy's command may be called `test`; its name is looked up, not read.
  if (
    name === "test_process" &&
    point.typed &&
    /^(?:test|testing|example|sample|default|standard)$/.test(words)
  ) {
    return undefined;
  }
  if (name === "boundaries" && point.typed && isFolderOrSigns(text)) return undefined;
  const nothing = saysNothing(text);
  if (nothing !== undefined) return { code: "placeholder", weak: nothing === "empty answer" };
  return point.typed && leaves(point, text).some((leaf) => saysNothing(leaf) !== undefined)
    ? { code: "placeholder", weak: false }
    : undefined;
}

/** A glob that is no word: `*`, `**\/*`, and `test/**` or `content/`, whose folders are called as empty words are. */
function isFolderOrSigns(glob: string): boolean {
  return !/[\p{L}\p{N}]/u.test(glob) || /\/$|\*/.test(glob) || GLOB_NAMES.test(glob);
}

// Folders at the top of a repository, without a slash.
const GLOB_NAMES = /^\/?(?:test|testing|examples?|samples?|content|text|standard|defaults?|items)$/;

/** The strings inside the claim, metric or field that this text was made of. */
function leaves(point: Point, text: string): string[] {
  const items = Array.isArray(point.value) ? point.value : [];
  const at = point.texts.findIndex((piece) => piece.text === text);
  const item: unknown = items[at];
  const found: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === "string" && !AS_IT_STANDS.has(key) && !/^[\W_]*$/u.test(value))
      found.push(value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
    }
  };
  if (typeof item === "object") walk(item, "");
  // Only words that cannot be a value: a file may be called `test`, a pattern may be `none`.
  return found.filter(
    (leaf) =>
      /^\W*(?:tbd|tba|tbc|todo|fixme|n\/a|x|xxx+|placeholder|required\b.*|to be \w+)\W*$/iu.test(
        leaf,
      ) || /^<[^<>]*>$/u.test(leaf),
  );
}

/** Values that are no words: comparisons, and texts of a file, where `<main>` is a tag and `TODO` unwanted. */
const AS_IT_STANDS: ReadonlySet<string> = new Set([
  "op",
  "about",
  "literal",
  "pattern",
  "contains",
]);

/** Under three words and no number, path or command in it. */
function isThin(text: string): boolean {
  const plain = plainText(text);
  const count = countWords(plain);
  if (count >= 3) return false;
  if (plain.length > 500) return false;
  const hasNumber = /\p{N}/u.test(plain) && /\p{L}|[%€$£°<>=]/u.test(plain);
  // `ci/**` has lost its stars by now.
  const hasPath =
    /[\p{L}\p{N}_*.-]+\/[\p{L}\p{N}_*.-]|[\p{L}\p{N}_.-]{2,}\/(?=\s|$)|^\/?[\w@*-]+\.[a-z]\w{0,7}\b/iu.test(
      plain,
    );
  return !hasNumber && !hasPath && !COMMAND.test(plain);
}

/**
 * Ten points in words of which none names a thing: `Deliverables: specific files to create`. That says
 * what belongs in a point, as a guide or an old template does, and orders nothing.
 */
function vague(instruction: Instruction): SubstanceProblem[] {
  const points = POINTS.flatMap((name) => instruction.points[name] ?? []);
  const [first] = points;
  const said = points.map((point) => point.texts.map((piece) => piece.text).join("\n"));
  if (first === undefined || points.some((point) => point.typed) || said.some(namesAThing))
    return [];
  const message =
    "the ten points name no file, number, command or name: they describe, and ask for nothing";
  return [problem(first, "vague", message)];
}

/** A number, a file, a command, an option, a name of code, an address, quoted words. */
function namesAThing(text: string): boolean {
  return (
    /\p{N}|:\/\/|\S@\S|["“”„«»]|(?:^|\s)--?[a-z]/u.test(text) ||
    // `src/`, `a.ts`, `.env`, `rotateKeys`, `rotate_keys`, `rotate()`; not `files/functions`.
    /(?:^|\s)\.?\/?[\w@-]+\/(?=\s|$)|(?:^|[\s/(])[\w-]*\.[A-Za-z]\w{0,9}\b|\p{Ll}\p{Lu}|\p{Ll}_\p{Ll}|\w\(\)/u.test(
      text,
    ) ||
    text.split("\n").some((line) => COMMAND.test(line.trim()))
  );
}

/** Two words that are a command line. */
const COMMAND =
  /^(?:npm|npx|pnpm|yarn|bun|deno|node|git|make|just|cargo|go|python3?|pytest|tox|uv|ruff|vitest|jest|mvn|gradle|\.\/gradlew|dotnet|docker|bundle|rake|rspec|phpunit|composer|ctest|bazel|terraform|kubectl|helm|bash|sh|curl)\s+\S/u;

// Made when first asked for: it reads tables for some 10 ms, which no hook shall pay for nothing.
let segmenter: Intl.Segmenter | undefined;

/** Words as a reader counts them: Chinese and Thai write no spaces between theirs. */
function countWords(plain: string): number {
  const start = plain.slice(0, 2000);
  if (/^[\x20-\x7e]*$/.test(start)) return start.match(/[A-Za-z][A-Za-z'-]*/g)?.length ?? 0;
  segmenter ??= new Intl.Segmenter("en", { granularity: "word" });
  let count = 0;
  for (const part of segmenter.segment(start))
    if (part.isWordLike === true && /\p{L}/u.test(part.segment)) count += 1;
  return count;
}

/** Globs that match every path. */
function isEverything(glob: string): boolean {
  return /^\/?(?:\.\/)?(?:\*+\/?)+$/.test(glob) || glob === "." || glob === "/" || glob === "./";
}

function withoutNames(text: string): string {
  const names = POINTS.map((name) => name.replaceAll("_", " ")).join("|");
  return text.replace(new RegExp(`\\b(?:${names})\\b`, "g"), "…").replace(/\b(?:is|are)\b/g, "be");
}

function heading(name: PointName): string {
  return name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

function problem(point: Point, kind: string, message: string): SubstanceProblem {
  const { name, line, column } = point;
  return {
    code: `points/${kind}`,
    message,
    line,
    column,
    point: name,
    why: pointTitle(name),
    help: EXAMPLES[name],
  };
}
