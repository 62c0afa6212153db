/**
 * A thin grammar for `wingman verify "sentence"`. Every word must be accounted for: each clause with
 * its own verb becomes one typed claim a name, and anything left over means that nothing is judged.
 */
import type { Answer, ClaimText } from "@wingman/model";

/** The claims that a sentence makes, or why it makes none, with claims that could be meant. */
export type SentenceClaims =
  | ClaimText[]
  | { readonly why: string; readonly couldClaim: readonly string[] };

/** A word or a quoted name (quotes taken off). `comma`: a comma follows it. */
interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly comma: boolean;
}

const LONGEST = 2_000;
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "‘": "’",
  "«": "»",
};
/** Names without a dot or a slash that are files all the same. */
const BARE =
  /^(?:Makefile|Dockerfile|Containerfile|Jenkinsfile|Gemfile|Rakefile|Procfile|Vagrantfile|README|LICENSE|LICENCE|CHANGELOG|NOTICE|AUTHORS|CODEOWNERS)$/;
const VERBS: Readonly<Record<string, string>> = {
  created: "file.created",
  added: "file.created",
  modified: "file.modified",
  updated: "file.modified",
  changed: "file.modified",
  edited: "file.modified",
  deleted: "file.deleted",
  removed: "file.deleted",
};
const KINDS: Readonly<Record<string, string>> = {
  file: "file",
  files: "file",
  folder: "folder",
  folders: "folder",
  directory: "folder",
  directories: "folder",
};

/** Reads a sentence. Pure; no tree is asked, so a word is a name by its form only. */
export function claimsOfSentence(text: string): SentenceClaims {
  const give = (why: string): SentenceClaims => ({ why, couldClaim: suggestions(text) });
  if (text.length > LONGEST) return { why: `longer than ${LONGEST} characters`, couldClaim: [] };
  if (/\?\s*$/.test(text)) return give("a question claims nothing");
  const tokens = tokenize(text);
  if (typeof tokens === "string") return give(tokens);
  if (tokens.length === 0) return give("nothing is said");
  try {
    return new Reader(tokens).sentence();
  } catch (error) {
    if (error instanceof Unaccounted) return give(error.message);
    throw error;
  }
}

/** The answer of a sentence from its claims' answers: any FALSE wins, then any UNVERIFIABLE. */
export function answerOfAll(answers: readonly Answer[]): Answer {
  if (answers.includes("FALSE")) return "FALSE";
  return answers.length === 0 || answers.includes("UNVERIFIABLE") ? "UNVERIFIABLE" : "TRUE";
}

/** Something in the sentence has no place in the grammar. */
class Unaccounted extends Error {}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  sentence(): ClaimText[] {
    const claims: ClaimText[] = [];
    for (let first = true; this.#at < this.#tokens.length; first = false) {
      if (!first) this.#joint();
      claims.push(...this.#clause());
    }
    return claims;
  }

  /** Between clauses stands `and`, or a comma before (or both). */
  #joint(): void {
    const comma = this.#tokens[this.#at - 1]?.comma === true;
    const word = this.#word("and", "then");
    if (!comma && !word) this.#left();
    this.#word("then", "also");
  }

  #clause(): ClaimText[] {
    this.#no();
    if (this.#word("i", "we")) this.#word("have", "also");
    else this.#word("i've", "we've");
    this.#word("have", "also", "then");
    this.#no();
    const verb = this.#peek();
    if (verb !== undefined && Object.hasOwn(VERBS, verb)) {
      this.#at += 1;
      return this.#doing(VERBS[verb] ?? "");
    }
    if (this.#word("renamed", "moved")) return [this.#renamed()];
    return this.#being();
  }

  /** `created the files a.ts and b.ts` */
  #doing(type: string): ClaimText[] {
    const { names } = this.#names();
    return names.map((path) => ({ type, args: { path } }));
  }

  #renamed(): ClaimText {
    const from = this.#oneName();
    if (!this.#word("to", "into")) this.#left();
    return { type: "file.renamed", args: { from, to: this.#oneName() } };
  }

  /** `a.ts exists`, `a.ts was created`, `a.ts contains "x"` */
  #being(): ClaimText[] {
    const { names, kind } = this.#names();
    const each = (type: string, more: Readonly<Record<string, unknown>> = {}) =>
      names.map((path) => ({ type, args: { path, ...more } }));
    if (this.#word("exists", "exist"))
      return each("file.exists", kind === undefined ? {} : { kind });
    if (this.#words(["no", "longer", "exists"]) || this.#words(["no", "longer", "exist"]))
      return each("file.absent");
    if (this.#word("contains", "contain"))
      return each("file.contains", { literal: this.#literal() });
    if (this.#word("lacks", "lack")) return each("file.lacks", { literal: this.#literal() });
    if (
      this.#word("doesn't", "don't") ||
      this.#words(["does", "not"]) ||
      this.#words(["do", "not"])
    ) {
      if (this.#word("exist")) return each("file.absent");
      if (this.#word("contain")) return each("file.lacks", { literal: this.#literal() });
      return this.#left();
    }
    const passive =
      this.#word("was", "were") || this.#words(["has", "been"]) || this.#words(["have", "been"]);
    if (!passive) return this.#left();
    this.#no();
    const verb = this.#peek();
    const type = verb !== undefined && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (type !== undefined) {
      this.#at += 1;
      return each(type);
    }
    const [from] = names;
    if (!this.#word("renamed", "moved") || names.length !== 1 || from === undefined)
      return this.#left();
    if (!this.#word("to", "into")) return this.#left();
    return [{ type: "file.renamed", args: { from, to: this.#oneName() } }];
  }

  #names(): { names: string[]; kind: string | undefined } {
    this.#word("the", "a", "an");
    this.#word("new");
    const word = this.#peek();
    const kind = word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
    if (kind !== undefined) this.#at += 1;
    const names = [this.#oneName()];
    for (;;) {
      // A comma or `and` belongs to the names only where a name follows, and no verb of its own.
      const back = this.#at;
      const comma = this.#tokens[this.#at - 1]?.comma === true;
      const and = this.#word("and");
      const next = this.#tokens[this.#at];
      if ((comma || and) && next !== undefined && isName(next) && !this.#startsClause())
        names.push(this.#oneName());
      else {
        this.#at = back;
        return { names, kind };
      }
    }
  }

  /** `… and b.ts exists`: the name begins a clause of its own, with its own verb behind it. */
  #startsClause(): boolean {
    const behind = this.#tokens[this.#at + 1];
    const own = ["exists", "contains", "lacks", "does", "doesn't", "was", "has"];
    // `were`, `exist` and `contain` speak of the whole list.
    return behind !== undefined && !behind.quoted && own.includes(behind.text.toLowerCase());
  }

  #oneName(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || !isName(token)) return this.#left();
    this.#at += 1;
    return token.text;
  }

  #literal(): string {
    const token = this.#tokens[this.#at];
    if (token?.quoted !== true)
      throw new Unaccounted("put the text that the file contains in quotes");
    this.#at += 1;
    return token.text;
  }

  /** Negation is no lie about the contrary: abstain. */
  #no(): void {
    const word = this.#peek() ?? "";
    const next = this.#tokens[this.#at + 1]?.text.toLowerCase() ?? "";
    const negated = [
      "not",
      "never",
      "didn't",
      "haven't",
      "hasn't",
      "wasn't",
      "weren't",
      "cannot",
      "can't",
    ];
    if (
      negated.includes(word) ||
      (["did", "have", "has", "was", "were"].includes(word) && negated.includes(next))
    )
      throw new Unaccounted("it says what was not done");
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#at];
    return token === undefined || token.quoted ? undefined : token.text.toLowerCase();
  }

  #word(...words: readonly string[]): boolean {
    const here = this.#peek();
    if (here === undefined || !words.includes(here)) return false;
    this.#at += 1;
    return true;
  }

  #words(words: readonly string[]): boolean {
    const all = words.every((word, index) => {
      const token = this.#tokens[this.#at + index];
      return token !== undefined && !token.quoted && token.text.toLowerCase() === word;
    });
    if (all) this.#at += words.length;
    return all;
  }

  #left(): never {
    const token = this.#tokens[this.#at];
    throw new Unaccounted(
      token === undefined
        ? "the sentence ends too early"
        : `\`${token.text.slice(0, 40)}\` has no place in a claim`,
    );
  }
}

/** A quoted text is a name; a bare word only where it looks like a path. */
function isName(token: Token): boolean {
  if (token.quoted) return token.text.trim() !== "" && !/[\n\r]/.test(token.text);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(token.text) || /^www\./i.test(token.text)) return false;
  return (
    BARE.test(token.text) ||
    /^\.?[^\s/]*\/./.test(token.text) ||
    /^[^\s]*[^\s.]\.[A-Za-z0-9_]+$|^\.[A-Za-z0-9_]/.test(token.text)
  );
}

function tokenize(text: string): Token[] | string {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const close = QUOTES[char];
    if (close !== undefined) {
      const end = text.indexOf(close, at + 1);
      if (end < 0) return "a quote is not closed";
      const rest = /^[.!;]*(,?)[.!;]*(?=\s|$)/.exec(text.slice(end + 1));
      if (rest === null) return "a quote runs into a word";
      if (/[.!;]/.test(rest[0]) && end + 1 + rest[0].length < text.trimEnd().length)
        return "more than one sentence";
      tokens.push({ text: text.slice(at + 1, end), quoted: true, comma: rest[1] === "," });
      at = end + 1 + rest[0].length;
      continue;
    }
    const word = /^\S+/.exec(text.slice(at))?.[0] ?? "";
    at += word.length;
    const bare = word.replace(/[.,;:!]+$/, "");
    const tail = word.slice(bare.length);
    if (/[.;:!]/.test(tail) && at < text.trimEnd().length) return "more than one sentence";
    if (bare !== "")
      tokens.push({ text: bare.replaceAll("’", "'"), quoted: false, comma: tail.includes(",") });
  }
  return tokens;
}

/** Claims that could be meant: one per name in the sentence, to be pasted behind `wingman verify`. */
function suggestions(text: string): string[] {
  const tokens = tokenize(text.slice(0, LONGEST));
  const names = typeof tokens === "string" ? [] : tokens.filter(isName).map((token) => token.text);
  const shown = names.length === 0 ? ["src/a.ts"] : names.slice(0, 3);
  return shown.flatMap((name) => {
    const path = /^[\w@%+=:,./~-]+$/.test(name) ? name : JSON.stringify(name);
    return [`file.exists path=${path}`, `file.created path=${path}`];
  });
}
