/** Cursor: a place in the tokens of a sentence. What is not taken is left over, and then nothing is judged. */
import { Unaccounted } from "./clause.ts";
import { type Name, type NameKind, nameOf } from "./names.ts";
import type { Token } from "./tokens.ts";

const KINDS: Readonly<Record<string, NameKind>> = {
  file: "file",
  files: "file",
  folder: "folder",
  folders: "folder",
  directory: "folder",
  directories: "folder",
  symlink: "symlink",
  symlinks: "symlink",
};
const NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
/** Behind a name they begin a clause of its own; `were`, `exist` and `contain` speak of a whole list. */
const SINGULAR = new Set([
  "exists",
  "contains",
  "lacks",
  "includes",
  "does",
  "doesn't",
  "was",
  "wasn't",
  "has",
  "hasn't",
  "is",
  "isn't",
  "no",
  "links",
]);

export interface Names {
  readonly names: readonly Name[];
  readonly kind: NameKind | undefined;
}

export class Cursor {
  readonly tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.tokens.length;
  }

  get mark(): number {
    return this.#at;
  }

  back(mark: number): void {
    this.#at = mark;
  }

  token(ahead = 0): Token | undefined {
    return this.tokens[this.#at + ahead];
  }

  get before(): Token | undefined {
    return this.tokens[this.#at - 1];
  }

  take(): Token {
    const token = this.token() ?? this.left();
    this.#at += 1;
    return token;
  }

  /** The word here, small, or undefined at a quoted name and at the end. */
  peek(ahead = 0): string | undefined {
    const token = this.token(ahead);
    return token === undefined || token.quoted ? undefined : token.text.toLowerCase();
  }

  /** Takes one of these words. */
  word(...words: readonly string[]): string | undefined {
    const here = this.peek();
    if (here === undefined || !words.includes(here)) return undefined;
    this.#at += 1;
    return here;
  }

  /** Takes one of these phrases whole, the first that fits. */
  phrase(...phrases: readonly string[]): string | undefined {
    for (const phrase of phrases) {
      const words = phrase.split(" ");
      // A full stop within it makes it another phrase.
      const fits = words.every(
        (word, index) =>
          this.peek(index) === word &&
          (index === words.length - 1 || this.token(index)?.stop === false),
      );
      if (!fits) continue;
      this.#at += words.length;
      return phrase;
    }
    return undefined;
  }

  /** A whole number, in digits or as a word to twelve. */
  number(): number | undefined {
    const here = this.peek();
    if (here === undefined) return undefined;
    const named = NUMBERS.indexOf(here);
    const value = /^\d{1,9}$/.test(here) ? Number(here) : named < 0 ? undefined : named;
    if (value !== undefined) this.#at += 1;
    return value;
  }

  /** `the new files a.ts, "b c.md" and src/`; a count before them must be theirs. */
  names(joints: readonly string[] = ["and", "nor"]): Names {
    this.word("the", "a", "an", "both", "all", "my", "our", "these", "this");
    const mark = this.mark;
    let count = this.number();
    this.word("new", "empty", "following");
    const word = this.peek();
    const kind = word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
    if (kind !== undefined) this.#at += 1;
    else if (count !== undefined) {
      this.back(mark);
      count = undefined;
    }
    if (kind !== undefined) this.word("named", "called", "at");
    const names = [this.name(kind)];
    while (this.#another(kind, joints)) names.push(this.name(kind));
    if (count !== undefined && count !== names.length)
      throw new Unaccounted(`it says ${count} and names ${names.length}`);
    return { names, kind };
  }

  /** A comma or `and` belongs to the names only where a name follows, and no verb of its own. */
  #another(kind: NameKind | undefined, joints: readonly string[]): boolean {
    const mark = this.mark;
    if (this.before?.stop === true) return false;
    const comma = this.before?.comma === true;
    const and = this.word(...joints);
    if (comma || and !== undefined) {
      this.word("the");
      const next = this.token();
      const behind = this.peek(1);
      const own = and !== "nor" && behind !== undefined && SINGULAR.has(behind);
      if (next !== undefined && !own && nameOf(next, next.quoted ? kind : undefined) !== undefined)
        return true;
    }
    this.back(mark);
    return false;
  }

  name(kind?: NameKind): Name {
    const token = this.token();
    const name = token && nameOf(token, kind);
    if (name === undefined) return this.left();
    this.#at += 1;
    // `the old.ts file`
    if (!this.before?.comma && !this.before?.stop)
      this.word("file", "files", "folder", "directory");
    return name;
  }

  /** `"x"`, `"x" and "y"`: what files hold; `or` where it is denied. */
  literals(joints: readonly string[]): string[] {
    const all = [this.literal()];
    for (;;) {
      const mark = this.mark;
      const comma = this.before?.comma === true && !this.before.stop;
      const joined = this.word(...joints) !== undefined || comma;
      const behind = this.peek(1);
      const own =
        behind !== undefined &&
        (SINGULAR.has(behind) || /^(?:exist|contain|were|are)$/.test(behind));
      if (joined && this.token()?.quoted === true && !own) all.push(this.literal());
      else {
        this.back(mark);
        return all;
      }
    }
  }

  /** A quoted text: what a file holds. */
  literal(): string {
    this.word("the");
    this.word("text", "line", "string", "word", "phrase", "words", "heading");
    const token = this.token();
    if (token?.quoted !== true)
      throw new Unaccounted("put the text that the file contains in quotes");
    this.#at += 1;
    return token.text;
  }

  left(): never {
    const token = this.token();
    throw new Unaccounted(
      token === undefined
        ? "the sentence ends too early"
        : `\`${token.text.slice(0, 40)}\` has no place in a claim`,
    );
  }
}
