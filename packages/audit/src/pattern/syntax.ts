/**
 * The patterns of `file.contains`: a documented subset of the usual syntax that a linear-time
 * matcher can run. Back-references, look-around and flags are refused, not approximated.
 *
 * Literals, `.` (all but a line feed), classes `[a-z]` `[^a-z]`, `\d \w \s \D \W \S` (ASCII), `\b \B`,
 * `^ $` (at every line), groups, `|`, `* + ? {m} {m,} {m,n}` up to 1,000 and their lazy forms,
 * `\n \r \t \f \v`, `\xHH`, `\uHHHH`, `\u{H…}`.
 */

/** Inclusive ranges of code points, ascending. */
export type Ranges = readonly (readonly [number, number])[];

export type Node =
  | { readonly is: "set"; readonly ranges: Ranges }
  | { readonly is: "edge"; readonly edge: "line-start" | "line-end" | "word" | "no-word" }
  | { readonly is: "chain"; readonly parts: readonly Node[] }
  | { readonly is: "choice"; readonly parts: readonly Node[] }
  | {
      readonly is: "repeat";
      readonly part: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

/** Why a pattern is not run: bad syntax, or a construct outside the subset. */
export class PatternRefused extends Error {
  readonly reason: "MALFORMED" | "UNSUPPORTED" | "BUDGET";
  constructor(reason: PatternRefused["reason"], why: string) {
    super(why);
    this.name = "PatternRefused";
    this.reason = reason;
  }
}

const LAST = 0x10ffff;
const MOST_REPEATS = 1_000;
const LONGEST = 2_000;
const DEEPEST = 50;
const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
// ECMAScript's \s.
const SPACE: Ranges = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** Parses a pattern; throws {@link PatternRefused}. */
export function parsePattern(pattern: string): Node {
  if (pattern.length > LONGEST)
    throw new PatternRefused("BUDGET", `longer than ${LONGEST} characters`);
  const parser = new Parser([...pattern]);
  return parser.whole();
}

class Parser {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  whole(): Node {
    const node = this.#choice();
    if (this.#at < this.#chars.length) this.#malformed("`)` without `(`");
    return node;
  }

  #choice(): Node {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new PatternRefused("BUDGET", `groups deeper than ${DEEPEST}`);
    const parts = [this.#chain()];
    while (this.#take("|")) parts.push(this.#chain());
    this.#depth -= 1;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { is: "choice", parts };
  }

  #chain(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#chars.length && this.#next() !== "|" && this.#next() !== ")") {
      parts.push(this.#repeated(this.#atom()));
    }
    return { is: "chain", parts };
  }

  #repeated(part: Node): Node {
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    if (part.is === "edge") this.#malformed("a repeat behind `^`, `$` or `\\b`");
    const lazy = this.#take("?");
    if (this.#next() === "+") throw new PatternRefused("UNSUPPORTED", "possessive repeats");
    if (this.#next() === "*" || this.#next() === "?") this.#malformed("a repeat of a repeat");
    return { is: "repeat", part, ...bounds, lazy };
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take("?")) return { min: 0, max: 1 };
    if (this.#next() !== "{") return undefined;
    const text = this.#chars.slice(this.#at, this.#at + 14).join("");
    const match = /^\{(\d{1,5})(?:(,)(\d{1,5})?)?\}/.exec(text);
    // `foo{bar}`: a brace that is no repeat is a letter, as in the usual engines.
    if (match === null) return undefined;
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max =
      match[2] === undefined
        ? min
        : match[3] === undefined
          ? Number.POSITIVE_INFINITY
          : Number(match[3]);
    if (min > max) this.#malformed("a repeat whose bounds are the wrong way round");
    if (min > MOST_REPEATS || (Number.isFinite(max) && max > MOST_REPEATS))
      throw new PatternRefused("BUDGET", `more than ${MOST_REPEATS} repeats`);
    return { min, max };
  }

  #atom(): Node {
    const char = this.#step();
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return { is: "set", ranges: this.#class() };
      case ".":
        return { is: "set", ranges: invert([[10, 10]]) };
      case "^":
        return { is: "edge", edge: "line-start" };
      case "$":
        return { is: "edge", edge: "line-end" };
      case "*":
      case "+":
      case "?":
        return this.#malformed("a repeat of nothing");
      case "\\":
        if (this.#take("b")) return { is: "edge", edge: "word" };
        if (this.#take("B")) return { is: "edge", edge: "no-word" };
        return { is: "set", ranges: this.#escape() };
      default:
        return { is: "set", ranges: one(char) };
    }
  }

  #group(): Node {
    if (this.#take("?")) {
      const named = this.#next() === "<" && !["=", "!"].includes(this.#chars[this.#at + 1] ?? "");
      if (named) {
        while (this.#next() !== ">" && this.#at < this.#chars.length) this.#at += 1;
        if (!this.#take(">")) this.#malformed("an unclosed group name");
      } else if (!this.#take(":")) {
        throw new PatternRefused("UNSUPPORTED", "look-around and flags");
      }
    }
    const node = this.#choice();
    if (!this.#take(")")) this.#malformed("`(` without `)`");
    return node;
  }

  #class(): Ranges {
    const negated = this.#take("^");
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.#chars.length) this.#malformed("`[` without `]`");
      // `[]` and `[^]` mean different things in different engines.
      if (this.#take("]")) {
        if (first) throw new PatternRefused("UNSUPPORTED", "an empty class");
        break;
      }
      const low = this.#member();
      const dashed = this.#next() === "-" && ![undefined, "]"].includes(this.#chars[this.#at + 1]);
      if (!dashed) {
        ranges.push(...low);
        continue;
      }
      this.#at += 1;
      const high = this.#member();
      const from = low.length === 1 && low[0]?.[0] === low[0]?.[1] ? low[0]?.[0] : undefined;
      const to = high.length === 1 && high[0]?.[0] === high[0]?.[1] ? high[0]?.[0] : undefined;
      if (from === undefined || to === undefined || from > to)
        this.#malformed("a bad range in a class");
      else ranges.push([from, to]);
    }
    const sorted = normal(ranges);
    return negated ? invert(sorted) : sorted;
  }

  #member(): Ranges {
    const char = this.#step();
    if (char === "[" && [":", ".", "="].includes(this.#next() ?? ""))
      throw new PatternRefused("UNSUPPORTED", "POSIX classes as [[:alpha:]]");
    if (char !== "\\") return one(char);
    if (this.#take("b")) return [[8, 8]];
    if (this.#take("-")) return one("-");
    return this.#escape();
  }

  #escape(): Ranges {
    const char = this.#step();
    const simple: Readonly<Record<string, Ranges>> = {
      d: DIGIT,
      w: WORD,
      s: SPACE,
      D: invert(DIGIT),
      W: invert(WORD),
      S: invert(SPACE),
      n: one("\n"),
      r: one("\r"),
      t: one("\t"),
      f: one("\f"),
      v: one("\v"),
    };
    const known = Object.hasOwn(simple, char) ? simple[char] : undefined;
    if (known !== undefined) return known;
    if (char === "x" || char === "u") return this.#hex(char);
    if (/[A-Za-z0-9]/.test(char)) throw new PatternRefused("UNSUPPORTED", `the escape \\${char}`);
    return one(char);
  }

  #hex(kind: "x" | "u"): Ranges {
    const text = this.#chars.slice(this.#at, this.#at + 10).join("");
    const match = (
      kind === "x" ? /^([0-9a-f]{2})/i : /^(?:([0-9a-f]{4})|\{([0-9a-f]{1,6})\})/i
    ).exec(text);
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? "", 16);
    if (match === null || code > LAST) this.#malformed(`\\${kind} without its digits`);
    else this.#at += match[0].length;
    return [[code, code]];
  }

  #next(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(char: string): boolean {
    if (this.#next() !== char) return false;
    this.#at += 1;
    return true;
  }

  #step(): string {
    const char = this.#chars[this.#at];
    if (char === undefined) return this.#malformed("the pattern ends too early");
    this.#at += 1;
    return char;
  }

  #malformed(why: string): never {
    throw new PatternRefused("MALFORMED", `${why}, at character ${this.#at}`);
  }
}

function one(char: string): Ranges {
  const code = char.codePointAt(0) ?? 0;
  return [[code, code]];
}

/** Sorted and merged. */
function normal(ranges: readonly (readonly [number, number])[]): Ranges {
  const merged: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

function invert(ranges: Ranges): Ranges {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [low, high] of ranges) {
    if (low > from) rest.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}
