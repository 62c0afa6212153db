/**
 * Tokens of a sentence: words and quoted names. Refuses an open quote and a quote that runs into a word;
 * one pass over a bounded text, so no text is slow.
 */

/** A word, or a quoted name with its quotes taken off. */
export interface Token {
  readonly text: string;
  readonly quoted: boolean;
  /** In backticks: a name, a path or code, rather than words. */
  readonly code?: true;
  /** A comma (or a colon) follows it. */
  readonly comma: boolean;
  /** A full stop or a semicolon follows it: the next word begins another clause. */
  readonly stop: boolean;
}

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "‘": "’",
  "«": "»",
};
const MARKS = ",.;:!";
/** A link of Markdown that ends a word; addresses are none. */
const LINK = /^\[([^\]\n]{1,300})\]\((?!\w+:)([^()\s]{1,300})\)([,.;:!]*)(?=\s|$)/;
const LONGEST_LINK = 700;

/** The tokens, or why the text has none. */
export function tokenize(said: string): Token[] | string {
  const tokens: Token[] = [];
  const text = withoutBold(said);
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      // The next item of a list, or another paragraph.
      if (char === "\n" && /^\n\s*(?:\n|[-*•]\s|\d{1,3}[.)]\s)/.test(text.slice(at, at + 80)))
        endLine(tokens);
      at += 1;
      continue;
    }
    const link = char === "[" ? LINK.exec(text.slice(at, at + LONGEST_LINK)) : null;
    if (link !== null) {
      const named = linkToken(link);
      if (typeof named === "string") return named;
      tokens.push(named);
      at += link[0].length;
      continue;
    }
    const close = QUOTES[char];
    if (close === undefined) {
      let end = at;
      while (end < text.length && !/\s/.test(text.charAt(end))) end += 1;
      tokens.push(...wordsOf(text.slice(at, end)));
      at = end;
      continue;
    }
    const end = text.indexOf(close, at + 1);
    if (end < 0) return "a quote is not closed";
    let after = end + 1;
    while (after < text.length && MARKS.includes(text.charAt(after))) after += 1;
    if (after < text.length && !/\s/.test(text.charAt(after))) return "a quote runs into a word";
    const quoted = token(text.slice(at + 1, end), true, text.slice(end + 1, after));
    tokens.push(char === "`" ? { ...quoted, code: true } : quoted);
    at = after;
  }
  return tokens;
}

/** `**a.ts**` at the edges of words; `src/**` and what stands open stay. */
function withoutBold(text: string): string {
  return text.replace(
    /(^|[\s(])\*\*(?=[^\s*/])([^*\n]{1,300}[^\s*/])\*\*(?=$|[\s,.;:!)])/g,
    "$1$2",
  );
}

function endLine(tokens: Token[]): void {
  const last = tokens.pop();
  if (last !== undefined) tokens.push({ ...last, stop: true });
}

/** `[a.ts](src/a.ts)`: the path, where the text is its end; a text that says something else leaves it open. */
function linkToken([, text = "", target = "", tail = ""]: RegExpExecArray): Token | string {
  const shown = text.replaceAll("`", "");
  return target === shown || target.endsWith(`/${shown}`)
    ? token(target, true, tail)
    : "a link says one thing and leads to another";
}

/** `a.ts,b.ts.` is two words: a name with a comma in it wants quotes. */
function wordsOf(word: string): Token[] {
  const address = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(word);
  const parts = address ? [word] : word.split(",");
  return parts.flatMap((part, index) => {
    let end = part.length;
    while (end > 0 && MARKS.includes(part.charAt(end - 1))) end -= 1;
    if (end === 0) return [];
    const tail = part.slice(end) + (index < parts.length - 1 ? "," : "");
    return [token(part.slice(0, end).replaceAll("’", "'"), false, tail)];
  });
}

function token(text: string, quoted: boolean, tail: string): Token {
  return { text, quoted, comma: /[,:]/.test(tail), stop: /[.;!]/.test(tail) };
}
