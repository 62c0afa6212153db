/**
 * An order that was written elsewhere, in our form: its text stays as it is, the front matter takes what
 * it needs, and each point that the text does not give stands there as REQUIRED. Nothing is made up, so
 * what lacks a point is refused until a person has written it.
 */
import type { PointName } from "./instruction.ts";
import { POINTS } from "./instruction.ts";
import { splitFrontMatter } from "./instruction-file.ts";
import { markdownPoints } from "./instruction-markdown.ts";
import { headingLabel } from "./instruction-names.ts";
import { type ScaffoldFields, scaffoldPoint } from "./instruction-scaffold.ts";
import type { Parsed, Problem } from "./problem.ts";
import { textOf } from "./text.ts";
import { parseYaml } from "./yaml.ts";

/** The new file's text, and what was found in the old one. */
export interface Conversion {
  readonly text: string;
  readonly title: string;
  /** Points that the old text gives, with their lines in it. */
  readonly found: readonly { readonly name: PointName; readonly line: number }[];
  readonly missing: readonly PointName[];
}

export interface ConversionFields extends Omit<ScaffoldFields, "title"> {
  /** The old file's name: its end tells YAML from Markdown. */
  readonly name: string;
  /** Where the text has no title of its own. */
  readonly title?: string;
}

interface OldText {
  /** Points of its YAML, as flow text that stands in one line of the front matter. */
  readonly keys: readonly {
    readonly name: PointName;
    readonly value: string;
    readonly line: number;
  }[];
  readonly title: string | undefined;
  readonly body: string;
  readonly bodyLine: number;
  /** Its YAML as it stood, kept for readers. */
  readonly kept: string;
}

/** Converts a Markdown or YAML order. What cannot be read comes as problems, at their lines. */
export function convertInstruction(
  bytes: Uint8Array,
  fields: ConversionFields,
): Parsed<Conversion> {
  const decoded = textOf(bytes, { maxBytes: 1024 * 1024, what: "the order" });
  if (!decoded.ok) return decoded;
  const text = decoded.value.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const old = oldText(text, /\.ya?ml$/i.test(fields.name));
  if (!old.ok) return old;
  const { body, bodyLine, keys, kept } = old.value;
  const marked = markdownPoints(body, { lineOffset: bodyLine - 1, wantTitle: true });
  if (marked.problems.length > 0) return { ok: false, problems: marked.problems };
  const given = [...keys, ...marked.points];
  const twice = saidTwice(given);
  if (twice.length > 0) return { ok: false, problems: twice };
  const keyed = new Map(keys.map((key) => [key.name, key]));
  const lines = new Map(given.map(({ name, line }) => [name, line]));
  const title = oneLineOf(fields.title ?? old.value.title ?? marked.title ?? fields.name);
  const known = new Set(marked.points.map(({ name }) => name));
  const front = POINTS.filter((name) => !known.has(name)).map((name) => {
    const value = keyed.get(name)?.value;
    return value === undefined ? scaffoldPoint(name, fields) : `${name}: ${value}`;
  });
  const head = [
    "---",
    `id: ${fields.id}`,
    `title: ${JSON.stringify(title)}`,
    `environment: ${fields.environment ?? "dev"}`,
    ...(fields.worker === undefined ? [] : [`worker: ${fields.worker}`]),
    ...front,
    "---",
  ];
  const whole = `${head.join("\n")}\n${kept}${body.replace(/\n*$/, "\n")}`;
  return {
    ok: true,
    value: {
      text: whole,
      title,
      found: POINTS.flatMap((name) => {
        const line = lines.get(name);
        return line === undefined ? [] : [{ name, line }];
      }),
      missing: POINTS.filter((name) => !lines.has(name)),
    },
  };
}

function oldText(text: string, yaml: boolean): Parsed<OldText> {
  const parts = yaml ? undefined : splitFrontMatter(text);
  if (parts?.ok === false) return parts;
  const front = yaml ? text : parts?.value.front;
  const body = yaml ? "" : (parts?.value.body ?? text);
  const bodyLine = parts?.value.bodyLine ?? 1;
  if (front === undefined)
    return { ok: true, value: { keys: [], title: undefined, body, bodyLine, kept: "" } };
  const doc = parseYaml(front, { what: "its YAML", lineOffset: yaml ? 0 : 1 });
  if (!doc.ok) return doc;
  const { value } = doc.value;
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const keys = fields.flatMap(([key, given]) => {
    const name = headingLabel(key.replace(/[_-]/g, " "))?.name;
    const { line } = doc.value.keyAt([key]);
    return name === undefined ? [] : [{ name, value: JSON.stringify(given), line }];
  });
  const title = fields.find(([key]) => key.toLowerCase() === "title")?.[1];
  // Fenced, so that none of its lines is a heading; with more ticks than any run in it.
  const longest = Math.max(2, ...[...front.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  const kept = `${fence}yaml\n${front.replace(/\n*$/, "\n")}${fence}\n\n`;
  return {
    ok: true,
    value: {
      keys,
      title: typeof title === "string" ? title : undefined,
      body,
      bodyLine,
      kept: fields.length === 0 ? "" : kept,
    },
  };
}

/** Which of two the order means is its author's to say. */
function saidTwice(given: readonly { name: PointName; line: number }[]): Problem[] {
  return POINTS.flatMap((name) => {
    const [first, second] = given.filter((one) => one.name === name);
    if (first === undefined || second === undefined) return [];
    const message = `gives ${name} twice, in line ${first.line} as well`;
    const help = "join the two in the old file, or rename the heading that is not the point";
    return [{ code: "format/duplicate-point", message, line: second.line, column: 1, help }];
  });
}

function oneLineOf(title: string): string {
  return title.replace(/\s+/g, " ").trim().slice(0, 200);
}
