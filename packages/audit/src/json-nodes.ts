/**
 * JSON (RFC 8259) into nodes. Strict: a doubled key, which JSON.parse hides, means two things to two
 * readers and is AMBIGUOUS; comments pass only where the file's own tools read them. Depth is bounded.
 */
import type { Node } from "./parsed-node.ts";
import { Unparsed } from "./parsed-node.ts";

const DEEPEST = 256;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads a text; throws {@link Unparsed}. `comments`: comments and trailing commas are read over. */
export function jsonNodes(text: string, options: { readonly comments?: boolean } = {}): Node {
  const reader = new Reader(text, options.comments === true);
  return reader.whole();
}

class Reader {
  readonly #text: string;
  readonly #comments: boolean;
  #at: number;

  constructor(text: string, comments: boolean) {
    this.#text = text;
    this.#comments = comments;
    this.#at = text.startsWith("\ufeff") ? 1 : 0;
  }

  whole(): Node {
    const node = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail();
    return node;
  }

  #value(depth: number): Node {
    if (depth > DEEPEST) throw new Unparsed("BUDGET", `nested more than ${DEEPEST} levels deep`);
    this.#space();
    const char = this.#text.charAt(this.#at);
    if (char === "{") return this.#map(depth);
    if (char === "[") return this.#list(depth);
    if (char === '"') return { is: "text", text: this.#string() };
    for (const [word, node] of WORDS)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return node;
      }
    return { is: "number", text: this.#match(NUMBER) };
  }

  #map(depth: number): Node {
    const entries = new Map<string, Node>();
    this.#at += 1;
    for (let first = true; !this.#ends("}", first); first = false) {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"') this.#fail();
      const key = this.#string();
      if (entries.has(key))
        throw new Unparsed("AMBIGUOUS", `line ${this.#line()}: a key stands there twice`);
      this.#space();
      if (this.#text.charAt(this.#at) !== ":") this.#fail();
      this.#at += 1;
      entries.set(key, this.#value(depth + 1));
    }
    return { is: "map", entries };
  }

  #list(depth: number): Node {
    const items: Node[] = [];
    this.#at += 1;
    for (let first = true; !this.#ends("]", first); first = false)
      items.push(this.#value(depth + 1));
    return { is: "list", items };
  }

  /** True at the closing bracket; else takes the comma that must stand between two entries. */
  #ends(bracket: string, first: boolean): boolean {
    this.#space();
    if (this.#text.charAt(this.#at) === bracket) {
      this.#at += 1;
      return true;
    }
    if (first) return false;
    if (this.#text.charAt(this.#at) !== ",") this.#fail();
    this.#at += 1;
    this.#space();
    if (this.#text.charAt(this.#at) !== bracket) return false;
    if (!this.#comments) this.#fail();
    this.#at += 1;
    return true;
  }

  /** To the quote that no odd number of backslashes escapes; JSON.parse then says what is in it. */
  #string(): string {
    let end = this.#text.indexOf('"', this.#at + 1);
    for (; end >= 0; end = this.#text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.#text.charAt(end - 1 - slashes) === "\\") slashes += 1;
      if (slashes % 2 === 0) break;
    }
    if (end < 0) return this.#fail();
    try {
      const text = JSON.parse(this.#text.slice(this.#at, end + 1)) as string;
      this.#at = end + 1;
      return text;
    } catch {
      return this.#fail();
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === "") return this.#fail();
    this.#at += found.length;
    return found;
  }

  #space(): void {
    for (;;) {
      SPACE.lastIndex = this.#at;
      this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
      if (!this.#comments) return;
      const line = this.#text.startsWith("//", this.#at);
      if (!line && !this.#text.startsWith("/*", this.#at)) return;
      const end = this.#text.indexOf(line ? "\n" : "*/", this.#at + 2);
      if (end < 0 && !line) this.#fail();
      this.#at = end < 0 ? this.#text.length : end + (line ? 1 : 2);
    }
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  #fail(): never {
    throw new Unparsed("UNSUPPORTED", `line ${this.#line()}: no JSON`);
  }
}

const WORDS: readonly (readonly [string, Node])[] = [
  ["true", { is: "flag", value: true }],
  ["false", { is: "flag", value: false }],
  ["null", { is: "null" }],
];
