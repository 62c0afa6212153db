/**
 * An instruction's text as blocks that are read alike: prose, and code. Markers of lists, quotes and
 * fences are blanked, never cut, so that every offset stays the file's own.
 */
import { forbidsBelow } from "./negation.ts";

/** One paragraph, list item, table cell or code block. */
export interface TextBlock {
  readonly kind: "prose" | "code";
  /** The offset of its first character in the whole text. */
  readonly at: number;
  readonly text: string;
  /** True where a heading, table head or the sentence above forbids what stands in it. */
  readonly forbidden: boolean;
}

interface Line {
  readonly text: string;
  readonly at: number;
}

const FENCE = /^((?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])(?=[ \t]))*[ \t>]*)(`{3,}|~{3,})(.*)$/;
const ITEM = /^([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)/;
const HEADING = /^[ \t>]{0,8}(#{1,6})[ \t]+(\S.*)$/;

/** A fence further in than this is prose to us, and read as that. */
const MAX_LEAD = 200;

function fenceOf(line: string): RegExpExecArray | null {
  const at = line.search(/`{3}|~{3}/);
  return at === -1 || at > MAX_LEAD ? null : FENCE.exec(line);
}

/** Cuts a Markdown text into blocks. Linear; never throws. */
export function blocksOf(text: string): TextBlock[] {
  return new Blocks(text).read();
}

class Blocks {
  readonly #lines: Line[];
  readonly #blocks: TextBlock[] = [];
  #open: { at: number; text: string; item: boolean } | undefined;
  /** The heading's depth that forbids what follows, or 0. */
  #heading = 0;
  /** The sentence above a list or a fence forbids it. */
  #intro = false;
  #inList = false;
  #head: readonly boolean[] | undefined;

  constructor(text: string) {
    this.#lines = [];
    let at = 0;
    for (const line of text.split("\n")) {
      this.#lines.push({ text: line.replace(/\r$/, " "), at });
      at += line.length + 1;
    }
  }

  read(): TextBlock[] {
    for (let index = 0; index < this.#lines.length; index += 1) {
      const line = this.#lines[index] as Line;
      const fence = fenceOf(line.text);
      if (fence !== null && !(fence[2]?.startsWith("`") && fence[3]?.includes("`")))
        index = this.#fence(index, fence[2] ?? "");
      else this.#line(line);
    }
    this.#close();
    return this.#blocks;
  }

  #line(line: Line): void {
    if (/^[\s>]*$/.test(line.text)) return this.#close();
    const heading = HEADING.exec(line.text);
    if (heading !== null) {
      this.#close();
      const depth = heading[1]?.length ?? 1;
      if (this.#heading === 0 || depth <= this.#heading)
        this.#heading = forbidsBelow(heading[2] ?? "") ? depth : 0;
      this.#intro = false;
      this.#inList = false;
      this.#push({ kind: "prose", at: line.at, text: line.text, forbidden: false });
      return;
    }
    if (/^[ \t>]*\|/.test(line.text)) return this.#row(line);
    this.#head = undefined;
    const item = ITEM.exec(line.text);
    if (item !== null) {
      this.#close();
      const mark = item[0].length;
      this.#inList = true;
      this.#open = { at: line.at, text: " ".repeat(mark) + line.text.slice(mark), item: true };
      return;
    }
    const words = line.text.replace(/^[ \t>]+/, (lead) => " ".repeat(lead.length));
    if (this.#open !== undefined) {
      this.#open.text += `\n${words}`;
      return;
    }
    // Words at the margin after a list end it, and what governed it.
    const item_ = this.#inList && /^[ \t]/.test(line.text);
    if (!item_) {
      this.#inList = false;
      this.#intro = false;
    }
    this.#open = { at: line.at, text: words, item: item_ };
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const governed = open.item && (this.#heading > 0 || this.#intro);
    this.#push({ kind: "prose", at: open.at, text: open.text, forbidden: governed });
    if (!open.item)
      this.#intro = /:\s*[*_]*\s*$/.test(open.text) && forbidsBelow(lastSentence(open.text));
    else if (/:\s*[*_]*\s*$/.test(open.text) && forbidsBelow(lastSentence(open.text)))
      this.#intro = true;
  }

  /** A fenced block; gives the index of its last line. An open fence runs to the end. */
  #fence(index: number, mark: string): number {
    // A paragraph right above is its introduction: closing it decides `#intro`.
    this.#close();
    const closer = new RegExp(
      `^[ \\t>]*${mark.startsWith("`") ? "`" : "~"}{${mark.length},}[ \\t]*$`,
    );
    let end = index + 1;
    while (end < this.#lines.length && !closer.test(this.#lines[end]?.text ?? "")) end += 1;
    const first = this.#lines[index + 1];
    if (first !== undefined && end > index + 1) {
      const body = this.#lines.slice(index + 1, end).map((line) => line.text);
      this.#push({
        kind: "code",
        at: first.at,
        text: body.join("\n"),
        forbidden: this.#heading > 0 || this.#intro,
      });
    }
    return end;
  }

  /** A table row: each cell for itself; the head's cells say which columns forbid. */
  #row(line: Line): void {
    this.#close();
    const cells: Line[] = [];
    let from = line.text.indexOf("|") + 1;
    for (let at = from; at <= line.text.length; at += 1) {
      if (at === line.text.length || (line.text[at] === "|" && line.text[at - 1] !== "\\")) {
        cells.push({ at: line.at + from, text: line.text.slice(from, at) });
        from = at + 1;
      }
    }
    const head = this.#head;
    this.#head ??= cells.map((cell) => forbidsBelow(cell.text));
    const rowForbids = cells.some((cell) =>
      /^\W*(?:forbidden|never|not allowed|prohibited|banned|no)\W*$/i.test(cell.text),
    );
    for (const [index, cell] of cells.entries()) {
      const forbidden = this.#heading > 0 || this.#intro || rowForbids || head?.[index] === true;
      this.#push({ kind: "prose", at: cell.at, text: cell.text, forbidden });
    }
  }

  #push(block: TextBlock): void {
    if (block.text.trim() !== "") this.#blocks.push(block);
  }
}

function lastSentence(text: string): string {
  const tail = text.slice(-400);
  const cut = Math.max(
    tail.lastIndexOf(". "),
    tail.lastIndexOf("! "),
    tail.lastIndexOf("? "),
    tail.lastIndexOf(".\n"),
  );
  return tail.slice(cut + 1);
}
