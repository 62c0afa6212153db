/**
 * `file.contains` and `file.lacks`: a text or a pattern in the committed bytes of a file at P. Where eyes
 * cannot tell two forms apart (NFC and NFD, CRLF), a miss is AMBIGUOUS, not FALSE.
 */
import { isUtf8 } from "node:buffer";
import type { Observation } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { STEPS_PER_CLAIM, spend } from "../budget.ts";
import { countNeedle } from "../byte-scan.ts";
import type { ClaimType } from "../claim-type.ts";
import { compare, countOf, saysNothing } from "../comparison.ts";
import type { Content } from "../content.ts";
import { contentAt, tooMuch } from "../content.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Program } from "../pattern/program.ts";
import { countMatches, search } from "../pattern/search.ts";
import type { Scene } from "../scene.ts";
import { asCommitted, SECOND_LOOK } from "./as-committed.ts";
import { compiledPattern } from "./compiled-pattern.ts";
import { exactPath, placeOf } from "./file-standing.ts";

const NEEDLE = {
  path: { kind: "path", required: true },
  literal: { kind: "text" },
  pattern: { kind: "text" },
} as const;

export const fileContains: ClaimType = asCommitted("FALSE", {
  type: "file.contains",
  title:
    "the file contains this text, or what this pattern matches, at least once (or `op` `count` times)",
  example: {
    type: "file.contains",
    args: { path: "docs/rotation.md", literal: "## Rolling back" },
  },
  args: { ...NEEDLE, count: { kind: "count" }, op: { kind: "operator" } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const op = args.operator("op") ?? ">=";
    const wanted = args.number("count") ?? countOf(1);
    const times = args.has("count") || args.has("op") ? ` ${op} ${wanted.text} times` : "";
    const expected = `${quotePath(placeOf(args).path)} contains ${needleText(args)}${times}`;
    if (args.has("op") && !args.has("count"))
      return unverifiable("MALFORMED", expected, "`op` without `count`");
    if (saysNothing(op, wanted)) return unverifiable("VACUOUS", expected, "no file could differ");
    const once = op === ">=" && wanted.text === "1";
    const seen = await seenNeedle(args, scene, expected, once, contradicts);
    if ("answer" in seen) return seen;
    const observed =
      seen.count === 0
        ? "not found"
        : `${once ? "found" : `found ${seen.count} times`}, first in line ${seen.line}`;
    if (compare(countOf(seen.count), op, wanted)) {
      return seen.unsure !== undefined && seen.count === 0
        ? unverifiable(seen.unsure.reason, expected, seen.unsure.why)
        : holds(expected, observed);
    }
    return seen.unsure === undefined
      ? contradicts(expected, observed)
      : unverifiable(seen.unsure.reason, expected, `${observed}; ${seen.unsure.why}`);
  },
});

export const fileLacks: ClaimType = asCommitted("TRUE", {
  type: "file.lacks",
  title: "the file contains this text, or what this pattern matches, nowhere",
  example: { type: "file.lacks", args: { path: "src/keys/rotate.mjs", literal: "console.log" } },
  args: NEEDLE,
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const expected = `${quotePath(placeOf(args).path)} does not contain ${needleText(args)}`;
    // A file that is not there lacks everything: that is no statement about it.
    const seen = await seenNeedle(args, scene, expected, true, (text, why) =>
      unverifiable("VACUOUS", text, why),
    );
    if ("answer" in seen) return seen;
    if (seen.count > 0) return contradicts(expected, `found, first in line ${seen.line}`);
    return seen.unsure === undefined
      ? holds(expected, "not found")
      : unverifiable(seen.unsure.reason, expected, seen.unsure.why);
  },
});

interface Seen {
  readonly count: number;
  /** Line of the first one, from 1. */
  readonly line: number;
  /** Why the count may not be what eyes see. */
  readonly unsure?: { readonly reason: "AMBIGUOUS" | "UNSUPPORTED"; readonly why: string };
}

async function seenNeedle(
  args: Arguments,
  scene: Scene,
  expected: string,
  once: boolean,
  whenMissing: (expected: string, why: string) => Observation,
): Promise<Seen | Observation> {
  const literal = args.text("literal");
  const pattern = args.text("pattern");
  if ((literal === undefined) === (pattern === undefined))
    return unverifiable("MALFORMED", expected, "give either `literal` or `pattern`");
  if (literal === "" || pattern === "")
    return unverifiable("VACUOUS", expected, "an empty text is in every file");
  const program = pattern === undefined ? undefined : compiledPattern(pattern, scene, expected);
  if (program !== undefined && "answer" in program) return program;
  const content = await contentAt(scene, placeOf(args), expected, (why) =>
    whenMissing(expected, why),
  );
  if ("answer" in content) return content;
  if (program === undefined) return await countLiteral(content, literal ?? "", scene, expected);
  return content.bytes === undefined
    ? unverifiable("BUDGET", expected, `${content.size} bytes are too many for a pattern`)
    : countPattern(program, content.bytes, scene, expected, once);
}

async function countLiteral(
  content: Content,
  literal: string,
  scene: Scene,
  expected: string,
): Promise<Seen | Observation> {
  const { bytes } = content;
  const seen = await countNeedle(content.chunks(), Buffer.from(literal, "utf8"));
  const wide = bytes === undefined ? undefined : wideEncoding(bytes);
  if (seen.count === 0 && wide !== undefined)
    return {
      ...seen,
      unsure: { reason: "UNSUPPORTED", why: `the file is ${wide}, the text was searched as UTF-8` },
    };
  // Only for text that could be written in two ways is the slow second look worth it.
  if (!/[\r\n\u0080-\uffff]/.test(literal)) return seen;
  if (bytes === undefined || !spend(scene.stage.budget, "bytes", bytes.length * SECOND_LOOK))
    return tooMuch(expected);
  if (/[\u0080-\uffff]/.test(literal) && !isUtf8(bytes))
    return {
      ...seen,
      unsure: {
        reason: "UNSUPPORTED",
        why: "the file is no UTF-8, the text was searched as UTF-8",
      },
    };
  const again = await countNeedle(
    [Buffer.from(plain(bytes.toString("utf8")))],
    Buffer.from(plain(literal)),
  );
  if (again.count === seen.count) return seen;
  return {
    ...seen,
    unsure: { reason: "AMBIGUOUS", why: "with other line ends or Unicode forms the count differs" },
  };
}

function countPattern(
  program: Program,
  bytes: Buffer,
  scene: Scene,
  expected: string,
  once: boolean,
): Seen | Observation {
  if (scene.stage.budget.steps <= 0) return tooMuch(expected);
  if (bytes.includes(0))
    return unverifiable("UNSUPPORTED", expected, "a binary file: patterns are for text");
  if (!isUtf8(bytes))
    return unverifiable("UNSUPPORTED", expected, "the file is no UTF-8: patterns are for text");
  const whole = bytes.toString("utf8");
  // A byte order mark is not what eyes see at the begin of the first line.
  const text = whole.startsWith("\ufeff") ? whole.slice(1) : whole;
  const allowed = Math.min(STEPS_PER_CLAIM, scene.stage.budget.steps);
  const steps = { left: allowed };
  const found = once ? search(program, text, 0, steps, true) : countMatches(program, text, steps);
  scene.stage.budget.steps -= allowed - Math.max(steps.left, 0);
  if (found === "over")
    return unverifiable("BUDGET", expected, "the pattern takes too many steps on this file");
  if (found === "none") return { count: 0, line: 0 };
  if ("count" in found)
    return { count: found.count, line: found.count === 0 ? 0 : lineIn(text, found.first) };
  return { count: 1, line: lineIn(text, found.start) };
}

function needleText(args: Arguments): string {
  const pattern = args.text("pattern");
  return pattern === undefined
    ? quoted(args.text("literal") ?? "")
    : `a match of ${quoted(pattern)}`;
}

function lineIn(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").normalize("NFC");
}

function wideEncoding(bytes: Buffer): string | undefined {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "UTF-16";
  return a === 0xfe && b === 0xff ? "UTF-16" : undefined;
}
