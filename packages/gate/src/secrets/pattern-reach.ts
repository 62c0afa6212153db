/**
 * How far a pattern can reach, read from its source: the longest match, and how far it looks behind
 * and ahead of it. It tells the engine how large a window must be, and refuses a pattern without
 * bound, which would cost the square of hostile text.
 */

export interface Reach {
  /** Characters of the longest match. */
  readonly match: number;
  /** Characters before the match that the pattern may ask for. */
  readonly behind: number;
  readonly ahead: number;
}

const known = new WeakMap<RegExp, Reach>();

/** The reach of a pattern; throws an Error where `*`, `+` or `{n,}` leave it without bound. */
export function reachOf(pattern: RegExp): Reach {
  let reach = known.get(pattern);
  if (reach === undefined) {
    reach = new PatternReader(pattern.source).read();
    known.set(pattern, reach);
  }
  return reach;
}

class PatternReader {
  readonly #source: string;
  #at = 0;
  #behind = 0;
  #ahead = 0;
  readonly #groups: number[] = [0];

  constructor(source: string) {
    this.#source = source;
  }

  read(): Reach {
    const match = this.#alternatives();
    if (this.#at < this.#source.length) this.#refuse("a ) without (");
    return { match, behind: this.#behind, ahead: this.#ahead };
  }

  #alternatives(): number {
    let longest = 0;
    let length = 0;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#source[this.#at] === "|") {
        this.#at += 1;
        longest = Math.max(longest, length);
        length = 0;
      } else length += this.#piece();
    }
    return Math.max(longest, length);
  }

  #piece(): number {
    const length = this.#atom();
    const quantifier = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (quantifier === null) return length;
    this.#at += quantifier[0].length;
    const [text, least = "0", range, most] = quantifier;
    if (text[0] === "?") return length;
    if (text[0] === "*" || text[0] === "+" || (range !== undefined && most === ""))
      return length === 0 ? 0 : this.#refuse(`${text} without an upper bound`);
    return length * Number(range === undefined ? least : most);
  }

  #atom(): number {
    const sign = this.#source[this.#at];
    if (sign === "(") return this.#group();
    if (sign === "[") return this.#class();
    this.#at += 1;
    if (sign === "^" || sign === "$") return this.#assertion();
    return sign === "\\" ? this.#escape() : 1;
  }

  #assertion(): number {
    this.#behind = Math.max(this.#behind, 1);
    this.#ahead = Math.max(this.#ahead, 1);
    return 0;
  }

  #escape(): number {
    const rest = this.#source.slice(this.#at);
    const [text = ""] = /^(?:[1-9]\d?|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/s.exec(rest) ?? [];
    this.#at += text.length;
    if (text === "b" || text === "B") return this.#assertion();
    return /^[1-9]/.test(text) ? (this.#groups[Number(text)] ?? 0) : 1;
  }

  #class(): number {
    for (this.#at += 1; this.#source[this.#at] !== "]"; this.#at += 1) {
      if (this.#at >= this.#source.length) this.#refuse("a [ without ]");
      if (this.#source[this.#at] === "\\") this.#at += 1;
    }
    this.#at += 1;
    return 1;
  }

  #group(): number {
    const [head = "("] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += head.length;
    const number = head === "(" || head.endsWith(">") ? this.#groups.push(0) - 1 : 0;
    const length = this.#alternatives();
    if (this.#source[this.#at] !== ")") this.#refuse("a ( without )");
    this.#at += 1;
    if (number > 0) this.#groups[number] = length;
    if (/[=!]$/.test(head)) {
      if (head.startsWith("(?<")) this.#behind = Math.max(this.#behind, length);
      else this.#ahead = Math.max(this.#ahead, length);
      return 0;
    }
    return length;
  }

  #refuse(why: string): never {
    throw new Error(`/${this.#source.slice(0, 200)}/: ${why}`);
  }
}
