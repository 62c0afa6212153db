/**
 * Which lines of a test assert, and which of those a run changed or took away. A line that stands in another
 * test file now has moved; one behind a comment asserts nothing.
 */
import type { RepoPath } from "@wingman/model";
import type { Scene } from "../scene.ts";
import { linesLeft } from "./changed-lines.ts";
import type { TouchedFile } from "./tamper-checks.ts";
import { touchedFile } from "./touched-file.ts";
import { witnessKind } from "./witness-files.ts";

const LONGEST_LINE = 2_000;
const ASSERTION =
  /\b(?:assert\w*|expect|should|verify|require)\b\s*[.(!]|^\s*assert\s|(?<![.\w])(?:(?:deep|strict|not|deepStrict|notDeep|notStrict)?[Ee]quals?|ok|throws|rejects|isTrue|isFalse)\s*\(|\b(?:t|self)\.(?:Error|Fatal|assert|equal|deepEqual|ok|is|not)\w*\s*\(/g;
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#[^[])/;

/** How often these lines assert. */
export function countAssertions(lines: readonly string[]): number {
  let all = 0;
  for (const line of lines)
    if (!COMMENT.test(line)) all += [...line.slice(0, LONGEST_LINE).matchAll(ASSERTION)].length;
  return all;
}

function asserts(line: string): boolean {
  return countAssertions([line]) > 0;
}

/** Code beside the tests that asserts for them: it loads an assertion library. */
const ASSERTS =
  /['"](?:node:)?(?:assert(?:\/strict)?|chai|expect|should|power-assert|@jest\/globals|vitest|unexpected)['"]|^\s*(?:import|from) (?:unittest|pytest|hamcrest|testtools)\b|\btestify\//;

export function isHelper({ before }: TouchedFile): boolean {
  return before?.some((line) => ASSERTS.test(line)) ?? false;
}

/** What in a changed test makes it say less at least as likely as more; undefined where nothing. */
export function loosened({ before = [], after = [] }: TouchedFile): string | undefined {
  const gone = linesLeft(before, after).find(asserts);
  if (gone !== undefined) return `an assertion was changed or went: ${gone.trim()}`;
  const brought = linesLeft(after, before).find((line) => LOOSENS.test(line));
  return brought === undefined ? undefined : `what it says may not be reached: ${brought.trim()}`;
}

/** What runs past an assertion, or takes its failure. */
const LOOSENS =
  /\bif\s*\(?\s*(?:false|False|0|!1|!true|nil)\b|^\s*(?:return|break|continue)\b[^;]{0,20};?\s*$|^\s*\/\*|\*\/\s*$|"""|'''|^=begin|\bcatch\b|\bexcept\b|\brescue\b|\brecover\(\)|\bcontextlib\.suppress\b/;

/** Test files whose lost assertions all stand, word for word, among what other test files gained. */
export async function movedAssertions(scene: Scene): Promise<ReadonlySet<RepoPath>> {
  const lost = new Map<RepoPath, readonly string[]>();
  const gained: string[] = [];
  for (const change of scene.stage.own.values()) {
    if (witnessKind(change.path) !== "test") continue;
    const file = await touchedFile(scene, change);
    if (file === undefined) continue;
    const { before = [], after = [] } = file;
    lost.set(change.path, linesLeft(before, after).filter(asserts));
    gained.push(...linesLeft(after, before).filter(asserts));
  }
  const moved = new Set<RepoPath>();
  for (const [path, lines] of lost) {
    const rest = linesLeft(gained, lines);
    if (lines.length === 0 || rest.length !== gained.length - lines.length) continue;
    gained.splice(0, gained.length, ...rest);
    moved.add(path);
  }
  return moved;
}
