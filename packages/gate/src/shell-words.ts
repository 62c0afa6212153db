/**
 * Cuts text into commands the way a shell would, as far as refusing needs it: quotes, operators,
 * `sudo` and `env` in front, `sh -c "…"` inside. It runs nothing and expands nothing.
 */

/** A word with the offset of its first character. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** A program's name and what follows it. */
export interface Command {
  /** Without its folder: `/bin/rm` is `rm`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly at: number;
  readonly end: number;
  /** `X=1` in front of it. */
  readonly assigned: readonly string[];
  /** The names of the commands whose output it reads, nearest last. */
  readonly fed: readonly string[];
}

// Words of one command that are looked at; a longer one is data. Keeps hostile text linear.
const MAX_WORDS = 64;
const MAX_INNER = 3;
const OPERATORS = new Set([";", "&", "&&", "|", "||", "|&", "\n", "(", ")", "{", "}", "<(", ">("]);
/** Programs that run the command behind them. */
const WRAPPERS = new Set([
  "sudo",
  "doas",
  "env",
  "command",
  "exec",
  "nohup",
  "time",
  "nice",
  "ionice",
  "xargs",
  "builtin",
  "stdbuf",
  "setsid",
  "npx",
  "bunx",
  "pnpx",
  "watch",
  "timeout",
  "busybox",
  "then",
  "do",
  "else",
  "!",
  "if",
  "while",
  "until",
  "$",
  "%",
  ">",
]);
const SHELLS = new Set(["sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "eval"]);

/** The commands of a shell text, in order, those inside `sh -c` and `$( )` included. */
export function commandsOf(text: string, offset = 0, depth = 0): Command[] {
  const found: Command[] = [];
  let words: Word[] = [];
  let fed: string[] = [];
  const close = (operator: string): void => {
    const made = commandsIn(words, fed, depth);
    found.push(...made);
    const first = made[0]?.name;
    // `2>&1 |` and `tee` keep the data flowing; anything but a pipe ends it.
    fed =
      operator.startsWith("|") && operator !== "||"
        ? [...fed.slice(-7), ...(first === undefined ? [] : [first])]
        : [];
    words = [];
  };
  for (const word of shellWords(text, offset)) {
    if (word.quoted === false && OPERATORS.has(word.text)) close(word.text);
    else words.push(word);
  }
  close("");
  return found;
}

function commandsIn(words: readonly Word[], fed: readonly string[], depth: number): Command[] {
  const assigned: string[] = [];
  let first = 0;
  for (; first < words.length; first += 1) {
    const text = words[first]?.text ?? "";
    if (/^[A-Za-z_]\w*=/.test(text)) assigned.push(text);
    else if (!WRAPPERS.has(baseName(text)) && !(first > 0 && isWrapperOption(words, first))) break;
  }
  const head = words[first];
  if (head === undefined) {
    const only = words[0];
    return only === undefined || assigned.length === 0
      ? []
      : [{ name: "", args: [], at: only.at, end: only.at + only.text.length, assigned, fed }];
  }
  const rest = words.slice(first + 1, first + 1 + MAX_WORDS);
  const last = rest.at(-1) ?? head;
  const command = {
    name: baseName(head.text),
    args: rest.map((word) => word.text),
    at: words[0]?.at ?? head.at,
    end: last.at + last.text.length,
    assigned,
    fed,
  };
  const inner = depth < MAX_INNER ? innerText(command.name, rest) : undefined;
  const inside = inner === undefined ? [] : commandsOf(inner.text, inner.at, depth + 1);
  return [command, ...inside.map((one) => ({ ...one, at: command.at, end: command.end }))];
}

/** `-u root`, `-n 10`, `10s`: what stands between a wrapper and its command. */
function isWrapperOption(words: readonly Word[], index: number): boolean {
  const text = words[index]?.text ?? "";
  const before = words[index - 1]?.text ?? "";
  return (
    text.startsWith("-") ||
    /^\d+[smhd]?$/.test(text) ||
    (/^-[unICdp]$/.test(before) && WRAPPERS.has(baseName(words[index - 2]?.text ?? "")))
  );
}

/** The text that `sh -c`, `eval` or `ssh host` hands to another shell. */
function innerText(name: string, rest: readonly Word[]): Word | undefined {
  if (name === "eval") return joined(rest);
  if (SHELLS.has(name)) {
    const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word.text));
    return flag === -1 ? undefined : rest[flag + 1];
  }
  if (name === "ssh") return joined(rest.slice(1));
  if (name === "docker" || name === "podman" || name === "kubectl" || name === "find") {
    const from = rest.findIndex((word) => ["--", "-exec", "-execdir", "-ok"].includes(word.text));
    return from === -1 ? shellInside(rest) : joined(rest.slice(from + 1));
  }
  return undefined;
}

/** `docker run x sh -c "…"` */
function shellInside(rest: readonly Word[]): Word | undefined {
  const from = rest.findIndex((word) => SHELLS.has(baseName(word.text)));
  return from === -1
    ? undefined
    : rest.slice(from).find((_, index, all) => /^-[a-z]*c$/.test(all[index - 1]?.text ?? ""));
}

function joined(words: readonly Word[]): Word | undefined {
  const [first] = words;
  return first === undefined
    ? undefined
    : { text: words.map((word) => word.text).join(" "), at: first.at };
}

function baseName(text: string): string {
  const name = text.slice(text.lastIndexOf("/") + 1);
  return name.replace(/\.exe$/i, "");
}

interface ShellWord extends Word {
  readonly quoted: boolean;
}

/** Words and operators. A command in `$( )` or ticks ends the word, so that it is seen as one. */
function* shellWords(text: string, offset: number): Generator<ShellWord> {
  let word = "";
  let start = -1;
  let quoted = false;
  let at = 0;
  const take = function* (): Generator<ShellWord> {
    if (start !== -1) yield { text: word, at: offset + start, quoted };
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
      at += 2;
    } else if (char === "'" || char === '"') {
      const end = closing(text, at, char);
      const inner = text.slice(at + 1, end);
      word += char === '"' ? inner.replace(/\\(["\\$`])/g, "$1") : inner;
      quoted = true;
      at = end + 1;
    } else if (char === "`" || text.startsWith("$(", at)) {
      if (start === at) start = -1;
      yield* take();
      // Marks that a command's arguments come from another one: `docker rm -f $(docker ps -q)`.
      yield { text: "$(", at: offset + at, quoted: true };
      yield { text: "(", at: offset + at, quoted: false };
      at += char === "`" ? 1 : 2;
    } else if (/[ \t\r]/.test(char) || /^\$\{?IFS\b\}?/.test(text.slice(at, at + 6))) {
      yield* take();
      at += char === "$" ? (/^\$\{?IFS\}?/.exec(text.slice(at, at + 6))?.[0].length ?? 1) : 1;
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
      (/[{}]/.test(char) && start === at && /\s|;|$/.test(text[at + 1] ?? " "))
    ) {
      const opener = start;
      if (opener === at) start = -1;
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

/** The offset of the closing quote; the text's end where there is none. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
