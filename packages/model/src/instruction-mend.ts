/**
 * What is wrong with an instruction's text and has one right answer: line ends, a byte order mark, the
 * final newline, blanks at line ends, the id that the file's name gives, keys that are nearly one of
 * ours, and their order. Never a word of a point; a text that would then mean something else is left.
 */
import { KEYS, parseInstruction, splitFrontMatter } from "./instruction-file.ts";
import type { RepoPath } from "./path.ts";
import type { Problem } from "./problem.ts";
import { textOf } from "./text.ts";
import type { YamlDoc } from "./yaml.ts";
import { parseYaml } from "./yaml.ts";

/** A text and what was done to it, a line each, for people. */
export interface Mended {
  readonly text: string;
  readonly changes: readonly string[];
}

/** As many keys can be wrong in one file; more is no slip of the pen. */
const MOST_KEYS = 30;

/** Line ends, byte order mark and final newline of any text file. */
export function mendLines(text: string): Mended {
  const changes: string[] = [];
  let mended = text;
  const step = (what: string, next: string): void => {
    if (next !== mended) changes.push(what);
    mended = next;
  };
  step("a byte order mark is gone", mended.replace(/^\ufeff/, ""));
  step("line ends are LF", mended.replaceAll("\r\n", "\n"));
  step("the file ends in one newline", mended === "" ? mended : `${mended.replace(/\n+$/, "")}\n`);
  return { text: mended, changes };
}

/** An instruction, mended as far as that can be done without choosing for its author. */
export function mendInstruction(path: RepoPath, bytes: Uint8Array): Mended | undefined {
  const decoded = textOf(bytes, { maxBytes: 1024 * 1024, what: "the instruction" });
  if (!decoded.ok) return undefined;
  const lines = mendLines(decoded.value);
  const steps = [mendKeys, mendBlanks, mendOrder].map((mend) => (text: string) => mend(path, text));
  let { text } = lines;
  const changes = [...lines.changes];
  for (const step of steps) {
    const next = step(text);
    text = next.text;
    changes.push(...next.changes);
  }
  return { text, changes };
}

/** The id of the file's name, and keys with a did-you-mean, one after the other. */
function mendKeys(path: RepoPath, given: string): Mended {
  const changes: string[] = [];
  let text = given;
  for (let round = 0; round < MOST_KEYS; round += 1) {
    const parsed = parseInstruction(path, Buffer.from(text));
    if (parsed.ok) break;
    const next = parsed.problems.map((one) => mendProblem(text, one)).find((one) => one);
    if (next === undefined) break;
    text = next.text;
    changes.push(...next.changes);
  }
  return { text, changes };
}

function mendProblem(text: string, problem: Problem): Mended | undefined {
  const lines = text.split("\n");
  const at = problem.line - 1;
  const line = lines[at] ?? "";
  if (problem.code === "format/id" && problem.help?.startsWith("id: ")) {
    const next = line.replace(/^id:.*?(\s+#.*)?$/, `${problem.help}$1`);
    if (next === line || !line.startsWith("id:")) return undefined;
    lines[at] = next;
    return { text: lines.join("\n"), changes: [`${problem.help}, as the file is named`] };
  }
  const near = /^did you mean (\w+)\?$/.exec(problem.help ?? "")?.[1];
  if (problem.code !== "format/unknown-key" || near === undefined) return undefined;
  const key = /^[^\s:#"'[\]{}&*!|>%@`-][^:#"'\n]*(?=:(?:\s|$))/.exec(line)?.[0];
  // A key of the outermost map, written plainly; and none that has the right name already.
  if (problem.column !== 1 || key === undefined) return undefined;
  if (lines.some((one) => one.startsWith(`${near}:`))) return undefined;
  lines[at] = near + line.slice(key.length);
  return { text: lines.join("\n"), changes: [`${near}, where ${JSON.stringify(key)} stood`] };
}

/** Blanks at line ends of the front matter; in the body two of them are a line break. */
function mendBlanks(path: RepoPath, text: string): Mended {
  return inFront(path, text, "no blanks at line ends", (front) => front.replace(/[ \t]+$/gm, ""));
}

/** The keys in the order in which the documents name them; comments stay with the key below them. */
function mendOrder(path: RepoPath, text: string): Mended {
  return inFront(path, text, "the keys stand in their usual order", (front, doc) => {
    const fields = Object.keys(doc.value as object);
    const lines = front.split("\n");
    const starts = fields.map((key) => {
      let line = doc.keyAt([key]).line - 1;
      while (line > 0 && /^#/.test(lines[line - 1] ?? "")) line -= 1;
      return line;
    });
    if (starts.some((line, at) => at > 0 && line <= (starts[at - 1] ?? 0))) return front;
    const blocks = fields.map((key, at) => ({
      rank: KEYS.includes(key) ? KEYS.indexOf(key) : KEYS.length,
      lines: lines.slice(starts[at], starts[at + 1] ?? lines.length - 1),
    }));
    const ordered = blocks.toSorted((one, other) => one.rank - other.rank);
    return [...lines.slice(0, starts[0]), ...ordered.flatMap((one) => one.lines), ""].join("\n");
  });
}

/** Changes the front matter's text, if it then still says the same. */
function inFront(
  path: RepoPath,
  text: string,
  change: string,
  mend: (front: string, doc: YamlDoc) => string,
): Mended {
  const untouched = { text, changes: [] };
  const whole = path.endsWith(".yaml");
  const parts = whole ? undefined : splitFrontMatter(text);
  const front = whole ? text : parts?.ok === true ? parts.value.front : undefined;
  if (front === undefined) return untouched;
  const before = parseYaml(front, { what: "the front matter" });
  if (!before.ok || typeof before.value.value !== "object" || before.value.value === null)
    return untouched;
  if (Array.isArray(before.value.value)) return untouched;
  const next = mend(front, before.value);
  if (next === front) return untouched;
  const after = parseYaml(next, { what: "the front matter" });
  if (!after.ok || !sameFields(after.value.value, before.value.value)) return untouched;
  const from = whole ? 0 : text.indexOf("\n") + 1;
  return { text: text.slice(0, from) + next + text.slice(from + front.length), changes: [change] };
}

/** True where two maps hold the same keys with the same values, in whatever order the keys stand. */
function sameFields(one: unknown, other: unknown): boolean {
  const sorted = (fields: unknown): string =>
    JSON.stringify(Object.entries(fields as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}
