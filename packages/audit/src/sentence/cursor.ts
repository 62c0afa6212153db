/** Cursor: a place in the tokens of a sentence. What is not taken is left over, and then nothing is judged. */
import { Unaccounted } from "./clause.ts";
import type { Deed } from "./deeds.ts";
import type { Name } from "./names.ts";
import type { Token } from "./tokens.ts";

const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
/** What the clauses before said. */
interface Heard {
  /** What was said to be done to which names. */
  readonly names: Name[];
  /** The verb of this clause, and that of the one before. */
  deed?: Deed | undefined;
  isExisting?: boolean | undefined;
  before?: { readonly deed: Deed | undefined; readonly isExisting: boolean | undefined };
  /** How many names there were where `nothing else` was said. */
  others?: number;
  isNow?: boolean;
}

export class Cursor {
  readonly tokens: readonly Token[];
  /** What the clauses before said of names, for `nothing else` and `but not b.ts`. */
  readonly heard: Heard = { names: [] };
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

  since(mark: number): readonly Token[] {
    return this.tokens.slice(mark, this.#at);
  }

  token(ahead = 0): Token | undefined {
    return this.tokens[this.#at + ahead];
  }

  get before(): Token | undefined {
    return this.tokens[this.#at - 1];
  }

  /** What was taken last, small. */
  get wordBefore(): string {
    return this.before?.text.toLowerCase() ?? "";
  }

  /** A clause ends: what it said is now what was said before. */
  next(): void {
    const { deed, isExisting } = this.heard;
    this.heard.before = { deed, isExisting };
    this.heard.deed = undefined;
    this.heard.isExisting = undefined;
  }

  /** Behind a full stop. */
  get endsHere(): boolean {
    return this.before?.stop === true;
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

  /** A whole number, in digits or as a word to twenty. */
  number(): number | undefined {
    const here = this.peek();
    if (here === undefined) return undefined;
    const named = NUMBERS.indexOf(here);
    const value = /^\d{1,9}$/.test(here) ? Number(here) : named < 0 ? undefined : named;
    if (value !== undefined) this.#at += 1;
    return value;
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
