/**
 * Points that stand in Markdown as headings or labels. Read with a real Markdown parser, so that a
 * heading in a code fence, a comment, a quote or indented code is none; and bounded before it.
 */
import { fromMarkdown } from "mdast-util-from-markdown";
import type { PointName } from "./instruction.ts";
import type { Label } from "./instruction-names.ts";
import { headingLabel, lineLabel } from "./instruction-names.ts";
import { plainText, withoutComments } from "./plain-text.ts";
import type { Problem } from "./problem.ts";

export interface TextPiece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A point as a heading or label gives it. */
export interface MarkdownPoint {
  readonly name: PointName;
  readonly line: number;
  readonly column: number;
  readonly heading: boolean;
  readonly texts: TextPiece[];
}

export interface MarkdownPoints {
  /** The first heading that is no point. */
  readonly title: string | undefined;
  readonly points: readonly MarkdownPoint[];
  readonly problems: readonly Problem[];
}

// The parser is quadratic, and worse, in blocks: 16 KB of "a\n=\n" take it 4 s (measured). Within
// these bounds its worst case stays below a second; an honest instruction has some hundred lines.
const MAX_BYTES = 64 * 1024;
const MAX_LINES = 1200;
const MAX_UNDERLINES = 120;
const MAX_CONTAINERS = 12;
const MAX_INDENT = 100;
const CONTAINERS = new RegExp(
  `^(?:[ \\t]*(?:>|[-*+](?=\\s)|\\d{1,9}[.)](?=\\s))){${MAX_CONTAINERS + 1}}`,
);

/** Only blocks matter here: every inline construct is off, which also takes away its worst cases. */
const BLOCKS_ONLY = {
  disable: {
    null: [
      "attention",
      "autolink",
      "characterEscape",
      "characterReference",
      "codeText",
      "definition",
      "hardBreakEscape",
      "htmlText",
      "labelEnd",
      "labelStartImage",
      "labelStartLink",
    ],
  },
};

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root["children"][number];

/**
 * The points of a Markdown text. `taken` are points that the front matter gives; `lineOffset` is the
 * number of lines before the text in its file. A body without anything that looks like a point and
 * whose title is known is not parsed at all.
 */
export function markdownPoints(
  text: string,
  options: { readonly lineOffset: number; readonly wantTitle: boolean },
): MarkdownPoints {
  const lines = withUnderlinedNumbers(text.split(/\r\n|\n|\r/));
  const nothing = { title: undefined, points: [], problems: [] };
  const speaks = lines.some((line) => looksLikePoint(line));
  if (!speaks && (!options.wantTitle || exceeded(text, lines) !== undefined)) return nothing;
  const excess = exceeded(text, lines);
  if (excess !== undefined) {
    const help = "write the ten points as front matter: then the body is not read for points";
    const { line, message } = excess;
    const problem = {
      code: "format/markdown",
      message,
      line: line + options.lineOffset,
      column: 1,
      help,
    };
    return { ...nothing, problems: [problem] };
  }
  const root = fromMarkdown(lines.join("\n"), { extensions: [BLOCKS_ONLY] });
  return new Reader(lines, options.lineOffset, root).read();
}

/**
 * `3. Boundaries` with a line of dashes below is a heading to whoever writes it, and a list with a
 * ruler to Markdown. Its sign is taken for a colon, so that every column stays.
 */
function withUnderlinedNumbers(lines: string[]): string[] {
  return lines.map((line, index) => {
    const match = /^ {0,3}\d{1,2}([.)])[ \t]+(\S.{0,80})$/.exec(line);
    if (match === null || !/^ {0,3}(?:-{3,200}|={3,200})\s{0,20}$/.test(lines[index + 1] ?? ""))
      return line;
    const begins = (lines[index - 1] ?? "").trim() === "" && headingLabel(match[2] ?? "");
    return begins ? line.replace(/[.)]/, ":") : line;
  });
}

function looksLikePoint(line: string): boolean {
  if (!/[a-z]{5}|[^\0-\x7f]/i.test(line)) return false;
  const bare = line.slice(0, 200).replace(/^[\s#>*+-]+(?=\s|\S)/u, "");
  const marked = line.slice(0, 200).trim();
  return (
    headingLabel(bare) !== undefined ||
    lineLabel(marked) !== undefined ||
    lineLabel(bare) !== undefined
  );
}

function exceeded(
  text: string,
  lines: readonly string[],
): { line: number; message: string } | undefined {
  if (text.length > MAX_BYTES)
    return { line: 1, message: `the text form is read up to ${MAX_BYTES} characters` };
  if (lines.length > MAX_LINES)
    return { line: MAX_LINES + 1, message: `the text form is read up to ${MAX_LINES} lines` };
  let underlines = 0;
  for (const [index, line] of lines.entries()) {
    if (/^[\s>]*(?:=+|-+|(?:[-*_]\s*){3,200})\s*$/.test(line.slice(0, 1000))) underlines += 1;
    if (underlines > MAX_UNDERLINES)
      return { line: index + 1, message: `more than ${MAX_UNDERLINES} underlines` };
    const deep =
      CONTAINERS.test(line) || (/^\s{101}/.test(line) && /^\s*(?:[-*+>]|\d{1,9}[.)])/.test(line));
    if (deep) {
      return {
        line: index + 1,
        message: `lists and quotes are read up to ${MAX_CONTAINERS} levels or column ${MAX_INDENT}`,
      };
    }
  }
  return undefined;
}

/** Walks the top blocks once, handing each piece of text to the point that is open. */
class Reader {
  readonly #lines: readonly string[];
  readonly #offset: number;
  readonly #root: Root;
  readonly #points: MarkdownPoint[] = [];
  readonly #headed: ReadonlySet<PointName>;
  #open: { point: MarkdownPoint; depth: number } | undefined;
  #title: string | undefined;

  constructor(lines: readonly string[], offset: number, root: Root) {
    this.#lines = lines;
    this.#offset = offset;
    this.#root = root;
    const names = new Set<PointName>();
    for (const block of root.children) {
      const label = block.type === "heading" ? headingLabel(this.#headingText(block)) : undefined;
      if (label !== undefined) names.add(label.name);
    }
    this.#headed = names;
  }

  read(): MarkdownPoints {
    for (const block of this.#root.children) this.#block(block);
    return { title: this.#title, points: this.#points, problems: [] };
  }

  #block(block: Block): void {
    if (block.type === "heading") this.#heading(block);
    else if (block.type === "paragraph") this.#labelled(this.#paragraph(block), false);
    else if (block.type === "list") {
      for (const item of block.children) {
        const [first, ...others] = item.children;
        if (first?.type === "paragraph") this.#labelled(this.#paragraph(first), true);
        else if (first !== undefined) this.#content(first);
        for (const one of others) this.#content(one);
      }
    } else this.#content(block);
  }

  #heading(block: Block & { type: "heading" }): void {
    const text = this.#headingText(block);
    const label = headingLabel(text);
    if (label !== undefined) {
      const line = (block.position?.start.line ?? 1) - 1;
      const column = block.position?.start.column ?? 1;
      this.#start(label, { line, column, heading: true, depth: block.depth });
      return;
    }
    this.#title ??= plainText(text);
    // A deeper heading only divides the point; its words are no content of it.
    if (this.#open !== undefined && block.depth <= this.#open.depth) this.#open = undefined;
  }

  /** Lines of which some may begin a point. A label never takes over a point that has a heading. */
  #labelled(pieces: readonly TextPiece[], inList: boolean): void {
    for (const [index, piece] of pieces.entries()) {
      const label = inList && index > 0 ? undefined : lineLabel(piece.text);
      const inside = this.#open?.point.heading === true;
      const may =
        label !== undefined &&
        !this.#headed.has(label.name) &&
        (!inside || (!inList && label.style !== "plain" && (label.rest === "" || index === 0)));
      if (label !== undefined && may) {
        const { line, column } = piece;
        this.#start(label, { line: line - this.#offset - 1, column, heading: false, depth: 7 });
      } else this.#add(piece);
    }
  }

  #start(
    label: Label,
    at: { line: number; column: number; heading: boolean; depth: number },
  ): void {
    const line = at.line + 1 + this.#offset;
    const point = {
      name: label.name,
      line,
      column: at.column,
      heading: at.heading,
      texts: [] as TextPiece[],
    };
    this.#points.push(point);
    // A label under another point's heading ends with the section that it stands in.
    this.#open = { point, depth: at.heading ? at.depth : 6 };
    const raw = this.#lines[at.line] ?? "";
    const column = Math.max(raw.indexOf(label.rest.split("\n", 1)[0] ?? ""), 0) + 1;
    this.#add({ text: label.rest, line, column });
  }

  #content(node: {
    type: string;
    position?: Block["position"];
    children?: unknown;
    value?: unknown;
  }): void {
    if (node.type === "heading") return;
    if (node.type === "paragraph") {
      for (const piece of this.#paragraph(node)) this.#add(piece);
    } else if (node.type === "code" || node.type === "html") {
      const text = typeof node.value === "string" ? node.value : "";
      const line = node.position?.start.line ?? 1;
      const shown = node.type === "html" ? withoutComments(text).replace(/<[^<>]*>/g, " ") : text;
      this.#add({
        text: shown,
        line: line + this.#offset,
        column: node.position?.start.column ?? 1,
      });
    } else if (Array.isArray(node.children)) {
      for (const child of node.children) this.#content(child as Block);
    }
  }

  #add(piece: TextPiece): void {
    const text = plainText(piece.text);
    if (text !== "") this.#open?.point.texts.push({ ...piece, text });
  }

  #headingText(block: Block & { type: "heading" }): string {
    const text = block.children.map((child) => ("value" in child ? child.value : "\n")).join("");
    return withoutComments(text);
  }

  /** A paragraph's lines as they stand in the file, without quote marks and comments. */
  #paragraph(node: { position?: Block["position"] }): TextPiece[] {
    const start = node.position?.start ?? { line: 1, column: 1 };
    const end = node.position?.end.line ?? start.line;
    const raw: string[] = [];
    for (let line = start.line; line <= end; line += 1) {
      const whole = this.#lines[line - 1] ?? "";
      raw.push(line === start.line ? whole.slice(start.column - 1) : whole.replace(/^[\s>]+/, ""));
    }
    const kept = withoutComments(raw.join("\n")).split("\n");
    return kept.map((text, index) => {
      const column =
        Math.max((this.#lines[start.line + index - 1] ?? "").indexOf(raw[index] ?? ""), 0) + 1;
      return { text, line: start.line + index + this.#offset, column };
    });
  }
}
