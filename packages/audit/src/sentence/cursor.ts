/** Cursor: a place in the tokens of a sentence. What is not taken is left over, and then nothing is judged. */
import { Unaccounted } from "./clause.ts";
import type { Deed } from "./deeds.ts";
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
const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
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
  "links",
]);

const PLAIN = /^[A-Za-z][\w-]{1,60}$/;
/** Where all of it is, and what a sentence has said. */
const NO_FOLDER = new Set(
  "repository repo project tree it them there a an the which my our this that".split(" "),
);
const JOINTS = ["&", "as well as", "along with", "together with"];

export interface Names {
  readonly names: readonly Name[];
  readonly kind: NameKind | undefined;
  /** How the last of several was joined: `a.ts and b.ts`. */
  readonly joint: string | undefined;
  /** They were called new, or empty. */
  readonly fresh?: true;
  readonly empty?: true;
}

interface Joint {
  word: string | undefined;
  /** What all that follow are called, and what the next one is. */
  kind: NameKind | undefined;
  next: NameKind | undefined;
  /** The verb behind the names is that of them all: `nothing outside a/ and b/ was touched`. */
  readonly verbBehind: boolean;
}

/** A name as `in src/` or `2 files in src/:` places it. */
export function inFolder(folder: Name, name: Name): Name {
  const top = folder.path.replace(/\/$/, "");
  if (name.path.startsWith(`${top}/`)) return name;
  // That the folder stands does not make a path of `Node.js`.
  const doubt = name.doubt === "word" ? "whole" : (name.doubt ?? folder.doubt);
  return {
    path: `${top}/${name.path}`,
    bare: name.path,
    ...(doubt === undefined ? {} : { doubt }),
    ...(name.kind === undefined ? {} : { kind: name.kind }),
  };
}

function doubtful(name: Name | undefined): Name | undefined {
  return name && { ...name, doubt: "loose" };
}

function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "");
}

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

  /** `the new files a.ts, "b c.md" and src/`; a count before them must be theirs. */
  names(joints: readonly string[] = ["and", "nor"], verbBehind = false): Names {
    const both =
      this.word("the", "a", "an", "both", "all", "my", "our", "these", "this") === "both";
    if (both) this.word("the");
    const mark = this.mark;
    let count = this.number();
    const how = this.#how();
    const kind = this.#kind();
    // `the folder src and a.ts`: one folder; `the folders src and docs`.
    const ofAll = this.#isPlural() ? kind : undefined;
    if (kind === undefined && count !== undefined) {
      this.back(mark);
      count = undefined;
    }
    if (kind !== undefined) this.word("named", "called", "at");
    const folder = kind !== undefined && count !== undefined ? this.#folderBefore() : undefined;
    const joint: Joint = { word: undefined, kind: ofAll, next: undefined, verbBehind };
    const names = [this.name(kind)];
    while (this.#another(joint, joints)) names.push(this.name(joint.next));
    const wanted = both ? 2 : count;
    if (wanted !== undefined && wanted !== names.length)
      throw new Unaccounted(`it says ${both ? "both" : count} and names ${names.length}`);
    return {
      names: folder === undefined ? names : names.map((one) => inFolder(folder, one)),
      kind,
      joint: joint.word,
      ...how,
    };
  }

  /** `2 files in src: a.ts and b.ts` */
  #folderBefore(): Name | undefined {
    const mark = this.mark;
    if (this.word("in", "inside", "under") !== undefined) {
      const folder = this.folder();
      if (folder !== undefined && this.before?.comma === true) return folder;
    }
    this.back(mark);
    return undefined;
  }

  /** Behind `in`: `src/`, `the folder src`, `src`. Undefined (nothing taken) where no name stands. */
  folder(): Name | undefined {
    const mark = this.mark;
    this.word("the");
    const kind = this.#kind();
    if (this.hasName(kind)) return this.name(kind);
    const bare = this.bareFolder();
    if (bare !== undefined) return bare;
    this.back(mark);
    return undefined;
  }

  /** A plain word where a place must stand; only the tree can tell. Undefined (nothing taken) otherwise. */
  bareFolder(): Name | undefined {
    const word = this.token();
    if (word === undefined || word.quoted || !PLAIN.test(word.text)) return undefined;
    if (NO_FOLDER.has(word.text) || Object.hasOwn(KINDS, word.text)) return undefined;
    this.#at += 1;
    return { path: word.text, doubt: "word" };
  }

  #how(): { fresh?: true; empty?: true } {
    const word = this.word("new", "empty", "following");
    const more = this.word("new", "empty");
    const said = [word, more];
    return {
      ...(said.includes("new") ? { fresh: true } : {}),
      ...(said.includes("empty") ? { empty: true } : {}),
    };
  }

  #isPlural(): boolean {
    const word = this.before?.text.toLowerCase() ?? "";
    return word !== singular(word);
  }

  #kind(): NameKind | undefined {
    const word = this.peek();
    const kind = word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
    // `the file.`: what is called so is named next.
    if (kind === undefined || this.token()?.stop === true) return undefined;
    this.#at += 1;
    return kind;
  }

  /** A comma or `and` belongs to the names only where a name follows, and no verb of its own. */
  #another(joint: Joint, joints: readonly string[]): boolean {
    const mark = this.mark;
    if (this.before?.stop === true) return false;
    const comma = this.before?.comma === true;
    const and = this.word(...joints) ?? (this.phrase(...JOINTS) && "and");
    if (comma || and !== undefined) {
      this.word("the", "a", "an");
      const said = this.#kind();
      const all = said === undefined || this.#isPlural() ? (said ?? joint.kind) : undefined;
      const kind = said ?? joint.kind;
      const next = this.token();
      const behind = this.peek(1);
      const own =
        !joint.verbBehind &&
        and !== "nor" &&
        behind !== undefined &&
        (SINGULAR.has(behind) || (behind === "no" && this.peek(3)?.endsWith("s") === true));
      if (next !== undefined && !own && this.hasName(next.quoted ? kind : undefined)) {
        joint.word = and ?? joint.word;
        joint.kind = all;
        joint.next = kind;
        return true;
      }
    }
    this.back(mark);
    return false;
  }

  /** Whether a name stands here. */
  hasName(kind?: NameKind): boolean {
    const token = this.token();
    if (token === undefined) return false;
    return nameOf(token, kind) !== undefined || this.#kindBehind() !== undefined;
  }

  /** `the data directory`: a plain word that is called something behind itself. */
  #kindBehind(): NameKind | undefined {
    const [token, behind] = [this.token(), this.peek(1)];
    if (token === undefined || token.comma || token.stop || behind === undefined) return undefined;
    return Object.hasOwn(KINDS, behind) && behind === singular(behind) ? KINDS[behind] : undefined;
  }

  name(said?: NameKind): Name {
    const token = this.token();
    if (token === undefined) return this.left();
    const behind = said === undefined ? this.#kindBehind() : undefined;
    const plain = nameOf(token, said);
    // `the test file` need not be a file called `test`.
    const name = plain ?? (behind && doubtful(nameOf(token, behind)));
    if (name === undefined) return this.left();
    this.#at += 1;
    if (behind !== undefined) this.#at += 1;
    // `the files old.ts and new.ts`, `the src/a.ts and src/b.ts files`
    else if (!token.comma && !token.stop) this.word("file", "files", "folder", "directory");
    const kind = said ?? behind;
    return kind === undefined ? name : { ...name, kind };
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
