/**
 * Telegram's markup, as far as a test needs it: what it refuses to parse, and how long a text is once
 * the markup is gone.
 */

/** MarkdownV2: each of these stands for something unless a backslash is before it. */
const RESERVED = /[_*[\]()~`>#+\-=|{}.!]/;
const TAGS = /^\/?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|tg-spoiler|blockquote)(?:\s|$)/i;

/** Why Telegram would not take the text in this mode, in its words; undefined where it would. */
export function markupProblem(text: string, mode: string | undefined): string | undefined {
  if (mode === undefined) return undefined;
  if (mode === "HTML") return htmlProblem(text);
  if (mode === "MarkdownV2") return markdownProblem(text);
  return `Unsupported parse_mode ${mode}`;
}

/** Length in UTF-16 units without tags or escapes: never shorter than what Telegram counts. */
export function looseLengthOf(text: string, mode: string | undefined): number {
  if (mode === "HTML") return text.replace(/<[^>]*>/g, "").length;
  if (mode === "MarkdownV2") return text.replace(/\\(.)/gs, "$1").length;
  return text.length;
}

function htmlProblem(text: string): string | undefined {
  const open: string[] = [];
  for (const match of text.matchAll(/<([^>]*)(>?)/g)) {
    const [, tag = "", end] = match;
    if (end === "") return `Unclosed start tag at byte offset ${match.index}`;
    if (!TAGS.test(tag)) return `Unsupported start tag "${tag}" at byte offset ${match.index}`;
    if (!tag.startsWith("/")) open.push(tag.split(/\s/)[0] ?? "");
    else if (open.pop() !== tag.slice(1).trim())
      return `Unmatched end tag at byte offset ${match.index}`;
  }
  return open.length === 0
    ? undefined
    : `Can't find end tag corresponding to start tag "${open.at(-1)}"`;
}

function markdownProblem(text: string): string | undefined {
  const found = RESERVED.exec(text.replace(/\\[\s\S]/g, "  "));
  return found === null
    ? undefined
    : `Character '${found[0]}' is reserved and must be escaped with the preceding '\\'`;
}
