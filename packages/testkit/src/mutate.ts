/**
 * Broken copies of good files, for fuzzing: bytes, characters and lines changed, moved, doubled and
 * taken from one another. Everything follows from a seed, so that a failure can be seen again.
 */

/** Numbers from 0 up to, not including, `below`. */
export type Dice = (below: number) => number;

/** Always the same numbers for one seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** What parsers trip over: signs of YAML, JSON, Markdown, base64 and encodings, and long runs. */
const PIECES: readonly string[] = [
  ...["\0", "\r", "\r\n", "\n", "\n\n", "\t", " ", "    ", "\ufeff", "\u200b", "\u202e", "\u2028"],
  ...["---\n", "...\n", "- ", ": ", "? ", "# ", "## ", "> ", "```\n", "~~~\n", "<!--", "-->", "| "],
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "`",
    "\\",
    "&a ",
    "*a",
    "!!js ",
    "<<: ",
    "%",
    "@",
    "|\n",
    ">\n",
  ],
  ...[
    "null",
    "~",
    "true",
    "NaN",
    "1e999",
    "-0",
    "0x10",
    "9007199254740993",
    "__proto__",
    "constructor",
  ],
  ...[
    '{"v":1}',
    '"a":1,"a":2',
    "=",
    "==",
    "-----BEGIN SSH SIGNATURE-----\n",
    "AAAA",
    "/",
    "..",
    "*",
    "**",
  ],
  ...["[".repeat(300), "{a: ".repeat(100), "> ".repeat(200), "a".repeat(5000), "\n- ".repeat(300)],
];

/** One to `most` changes of the text; `others` are what pieces are taken from. */
export function mutated(
  text: string,
  dice: Dice,
  others: readonly string[] = [],
  most = 6,
): Uint8Array {
  let made = text;
  for (let left = 1 + dice(most); left > 0; left -= 1) made = changed(made, dice, others);
  const bytes = Buffer.from(made, "utf8");
  if (dice(4) > 0 || bytes.length === 0) return bytes;
  for (let left = 1 + dice(4); left > 0; left -= 1) bytes[dice(bytes.length)] = dice(256);
  return bytes;
}

function changed(text: string, dice: Dice, others: readonly string[]): string {
  const at = dice(text.length + 1);
  const to = Math.min(text.length, at + 1 + dice(40));
  const piece = PIECES[dice(PIECES.length)] ?? "";
  switch (dice(9)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at) + piece + text.slice(to);
    case 3:
      return text.slice(0, to) + text.slice(at, to).repeat(1 + dice(3)) + text.slice(to);
    case 4:
      return text.slice(0, at);
    case 5:
      return inLines(text, dice, (lines, one) => [...lines.slice(0, one), ...lines.slice(one + 1)]);
    case 6:
      return inLines(text, dice, (lines, one, two) => lines.with(one, lines[two] ?? ""));
    case 7:
      return inLines(text, dice, (lines, one) => lines.with(one, `${piece}${lines[one] ?? ""}`));
    default: {
      const other = others[dice(Math.max(others.length, 1))] ?? text;
      const from = dice(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + dice(400)) + text.slice(at);
    }
  }
}

function inLines(
  text: string,
  dice: Dice,
  change: (lines: string[], one: number, two: number) => string[],
): string {
  const lines = text.split("\n");
  return change(lines, dice(lines.length), dice(lines.length)).join("\n");
}
