/**
 * Cuts text into commands the way a shell would, as far as refusing needs it: quotes, operators,
 * variables that the text itself sets, `sudo` and `env` in front, `sh -c "…"` inside, what `xargs`
 * and `find -exec` run. It runs nothing, reads nothing, and its time grows with the text.
 */
import { programName } from "./program-name.ts";
import { expanded, Variables } from "./shell-variables.ts";
import { innerTexts, wrappedAt } from "./shell-wrappers.ts";

/** A word with the offset of its first character. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** A program's name and what follows it. */
export interface Command {
  /** In lower case, without its folder: `/bin/rm` is `rm`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly at: number;
  readonly end: number;
  /** `X=1` in front of it. */
  readonly assigned: readonly string[];
  /** The names of the commands whose output it reads, nearest last. */
  readonly fed: readonly string[];
  /** The programs that run it: `sudo`, `nohup`. */
  readonly wrappers: readonly string[];
}

/** The name of a command that stands for text whose variables grow beyond all bounds. */
export const BOUNDLESS = "\0boundless";

const MAX_INNER = 4;
const OPERATORS = new Set([";", "&", "&&", "|", "||", "|&", "\n", "(", ")", "{", "}", "<(", ">("]);

/**
 * The commands of a shell text, in order, those inside `sh -c` and `$( )` included, as deep as `inner`.
 */
export function commandsOf(text: string, offset = 0, inner = MAX_INNER): Command[] {
  const found: Command[] = [];
  const variables = new Variables(text.length);
  const budget = { left: 12 * text.length + 2_000 };
  read({ text, offset, depth: MAX_INNER - inner, variables, fed: [], budget }, found);
  if (variables.exhausted || budget.left < 0)
    found.push({
      name: BOUNDLESS,
      args: [],
      at: offset,
      end: offset + 1,
      assigned: [],
      fed: [],
      wrappers: [],
    });
  return found;
}

interface Source {
  readonly text: string;
  readonly offset: number;
  readonly depth: number;
  readonly variables: Variables;
  /** What the first command of an inner text reads. */
  readonly fed: readonly string[];
  /** Characters of inner texts that may still be read: each can hand itself on several times. */
  readonly budget: { left: number };
}

function read(source: Source, found: Command[]): void {
  let words: Word[] = [];
  let fed: readonly string[] = source.fed;
  let said: readonly Word[] = [];
  const close = (operator: string): void => {
    const made = commandsIn(words, { fed, said }, source);
    for (const one of made) found.push(one);
    const [first] = made;
    // `2>&1 |` and `tee` keep the data flowing; anything but a pipe ends it.
    const piped = operator.startsWith("|") && operator !== "||";
    const says = first !== undefined && /^(?:echo|printf)$/.test(first.name);
    said = piped && says ? words.slice(1) : piped && first?.name === "tee" ? said : [];
    fed = piped ? [...fed.slice(-7), ...(first === undefined ? [] : [first.name])] : [];
    words = [];
  };
  for (const word of shellWords(source)) {
    if (!word.quoted && OPERATORS.has(word.text)) close(word.text);
    else words.push(word);
  }
  close("");
}

interface Input {
  readonly fed: readonly string[];
  /** The words that `echo` in front of the pipe says. */
  readonly said: readonly Word[];
}

function commandsIn(words: readonly Word[], input: Input, source: Source): Command[] {
  const { first, assigned, wrappers } = wrappedAt(words);
  source.variables.learn(assigned);
  const head = words[first];
  if (head === undefined) {
    const only = words[0];
    if (only === undefined || (assigned.length === 0 && wrappers.length === 0)) return [];
    const end = only.at + only.text.length;
    return [{ name: "", args: [], at: only.at, end, assigned, fed: input.fed, wrappers }];
  }
  const more = wrappers.some((one) => one === "xargs" || one === "parallel") ? input.said : [];
  const rest = [...words.slice(first + 1), ...more];
  const last = words.at(-1) ?? head;
  const command: Command = {
    name: programName(head.text),
    args: rest.map((word) => argumentOf(word.text)),
    at: words[0]?.at ?? head.at,
    end: last.at + last.text.length,
    assigned,
    fed: input.fed,
    wrappers,
  };
  if (/^(?:export|declare|typeset|local|readonly|set)$/.test(command.name))
    source.variables.learn(command.args);
  const found = [command];
  if (source.depth < MAX_INNER) {
    // A quoted head with blanks is what `env -S`, `watch` and `parallel` hand to a shell.
    const whole = /\s/.test(head.text) ? [head] : [];
    for (const inner of [...whole, ...innerTexts(command.name, rest, input)]) {
      const inside: Command[] = [];
      const { text, at } = inner;
      source.budget.left -= text.length;
      if (source.budget.left < 0) break;
      read({ ...source, text, offset: at, depth: source.depth + 1, fed: input.fed }, inside);
      for (const one of inside)
        found.push({
          ...one,
          at: command.at,
          end: command.end,
          wrappers: [...wrappers, ...one.wrappers],
        });
    }
  }
  return found;
}

/** `--fo${X}rce`: what nothing sets is nothing. Targets keep their variables: `$UNSET/*` is a root. */
function argumentOf(text: string): string {
  return text.startsWith("-") ? text.replace(/\$(?:\{\w*\}|\w+|[@*])/g, "") : text;
}

interface ShellWord extends Word {
  readonly quoted: boolean;
}

/** Words and operators. A command in `$( )` or ticks ends the word, so that it is seen as one. */
function* shellWords(source: Source): Generator<ShellWord> {
  const { text, offset, variables } = source;
  let word = "";
  let start = -1;
  let quoted = false;
  let at = 0;
  const take = function* (): Generator<ShellWord> {
    if (start !== -1) {
      const made = { text: word, at: offset + start, quoted };
      if (quoted || !word.includes("{")) yield made;
      else for (const one of braced(word)) yield { ...made, text: one };
    }
    word = "";
    start = -1;
    quoted = false;
  };
  while (at < text.length) {
    const char = text[at] ?? "";
    if (start === -1 && !/\s/.test(char)) start = at;
    if (char === "\\") {
      // A backslash at a line's end joins the lines.
      if (text[at + 1] === "\n" || text.startsWith("\r\n", at + 1)) {
        if (word === "" && !quoted) start = -1;
        at += text[at + 1] === "\n" ? 2 : 3;
        continue;
      }
      word += text[at + 1] ?? "";
      quoted = true;
      at += 2;
    } else if (char === "'" || char === '"') {
      const end = closing(text, at, char);
      const inner = text.slice(at + 1, end);
      word += char === '"' ? expanded(inner.replace(/\\(["\\$`])/g, "$1"), variables) : inner;
      quoted = true;
      at = end + 1;
    } else if (char === "$" && /['"]/.test(text[at + 1] ?? "")) {
      // `$'\x72m'` is rm; `$"…"` is its text.
      const quote = text[at + 1] ?? "";
      const end = closing(text, at + 1, '"', quote);
      const inner = text.slice(at + 2, end);
      word += quote === "'" ? unescaped(inner) : expanded(inner, variables);
      quoted = true;
      at = end + 1;
    } else if (/[ \t\r]/.test(char) || /^\$\{?IFS\b/.test(text.slice(at, at + 6))) {
      yield* take();
      at +=
        char === "$"
          ? (/^\$\{?IFS[^}\s]{0,10}\}?/.exec(text.slice(at, at + 18))?.[0].length ?? 1)
          : 1;
    } else if (char === "`" || text.startsWith("$(", at)) {
      const spoken = spokenAt(text, at);
      if (spoken !== undefined) {
        word += spoken.text;
        at = spoken.end;
        continue;
      }
      if (start === at) start = -1;
      yield* take();
      // Marks that a command's arguments come from another one: `docker rm -f $(docker ps -q)`.
      yield { text: "$(", at: offset + at, quoted: true };
      yield { text: "(", at: offset + at, quoted: false };
      at += char === "`" ? 1 : 2;
    } else if (char === "$") {
      const found = variables.at(text, at);
      at = found.end;
      // Unquoted, a value falls apart into words.
      const [head = "", ...others] = found.value.split(/\s+/);
      word += head;
      for (const one of others) {
        yield* take();
        start = at - 1;
        word = one;
      }
    } else if (char === "#" && start === at) {
      // A comment: the caller reads it as prose.
      start = -1;
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else if (char === "&" && (text[at - 1] === ">" || text[at + 1] === ">")) {
      // `2>&1` and `&>file` end no command.
      word += char;
      at += 1;
    } else if (
      ";&|\n()".includes(char) ||
      (/[{}]/.test(char) && start === at && /[\s;]/.test(text[at + 1] ?? " "))
    ) {
      if (start === at) start = -1;
      yield* take();
      const two = text.slice(at, at + 2);
      const operator = ["&&", "||", "|&"].includes(two) ? two : char;
      yield { text: operator, at: offset + at, quoted: false };
      at += operator.length;
    } else {
      word += char;
      at += 1;
    }
  }
  yield* take();
}

const SPOKEN =
  /(?:\$\(|`)\s{0,8}(?:(?:echo|printf)\s(?:\s{0,8}-[neE]{1,3}\s)?|which\s|command\s{1,8}-v\s|type\s{1,8}-p\s)\s{0,8}([^()`$|;&\n\\]{1,120}?)\s{0,8}[)`]/y;

/** `$(echo rm)`, `$(which git)`: what it will say stands there already. */
function spokenAt(text: string, at: number): { text: string; end: number } | undefined {
  SPOKEN.lastIndex = at;
  const match = SPOKEN.exec(text);
  if (match === null) return undefined;
  return { text: (match[1] ?? "").replace(/["']/g, ""), end: at + match[0].length };
}

/** `{rm,-rf,/}` and `/{etc,usr}`: one level, as bash does it. */
function braced(word: string): string[] {
  const match = /^([^{}]{0,200})\{([^{}]{1,400},[^{}]{0,400})\}([^{}]{0,200})$/.exec(word);
  if (match === null) return [word];
  return (match[2] ?? "").split(",", 16).map((one) => `${match[1] ?? ""}${one}${match[3] ?? ""}`);
}

/** The escapes of `$'…'`. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|([^]))/g,
    (_, hex?: string, wide?: string, octal?: string, char?: string) => {
      if (hex !== undefined || wide !== undefined)
        return String.fromCharCode(Number.parseInt(hex ?? wide ?? "", 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return char === "n" || char === "t" ? " " : (char ?? "");
    },
  );
}

/** The offset of the closing quote; the text's end where there is none. */
function closing(text: string, from: number, quote: string, end = quote): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === "\\") at += 1;
    else if (text[at] === end) return at;
  }
  return text.length;
}
