/**
 * TAP 12 to 14, as node's runner, vitest, mocha, tape and `tap` write it: nested with `# Subtest`, or in
 * braces. It refuses what holds no plan, and points that the plans do not announce: a report that was cut
 * off, or that somebody else wrote into.
 */
import { withoutColours } from "./report-text.ts";
import { ID, JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

// At most 400 characters of spaces, and one pass: no pattern here can go back over a long line.
const POINT = /^( {0,400})(not )?ok\b(?: {1,4}(\d{1,9}))?(?: {1,4}-)? ?(.*)$/;
const PLAN = /^( {0,400})1\.\.(\d{1,9})\s{0,9}(?:#.*)?$/;
const SUBTEST = /^( {0,400})# Subtest: (.*)$/;
const DIRECTIVE = /(?:^|\s)#\s{0,9}(?:skip|todo\b)/i;
/** `tap` and vitest say how long a test took behind its name. */
const TOOK = /\s{1,9}# time=[\d.]{1,20}m?s\s*$/;

interface Suite {
  readonly depth: number;
  readonly name: string;
  /** Where its own tests begin among the results. */
  readonly from: number;
  /** Set where its own line came first, before a brace. */
  readonly failed?: boolean;
}

interface Reading {
  readonly results: TestResult[];
  readonly suites: Suite[];
  /** By depth: points that plans announce, and points that came. */
  readonly tally: Map<number, { announced: number; came: number; planned: boolean }>;
  /** Where a block of words goes. */
  last: number | undefined;
  block: { readonly indent: number; readonly lines: string[] } | undefined;
  bailed: string | undefined;
}

/** The leaves of the nesting: a suite's own line repeats what stands in it. */
export function readTap(text: string): readonly TestResult[] | undefined {
  const reading: Reading = {
    results: [],
    suites: [],
    tally: new Map(),
    last: undefined,
    block: undefined,
    bailed: undefined,
  };
  const lines = withoutColours(text).split("\n");
  for (const [at, raw] of lines.entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (takeBlock(reading, line)) continue;
    takeLine(reading, line, lines[at + 1] ?? "");
    if (reading.results.length > MOST_TESTS) return undefined;
  }
  while (reading.suites.length > 0) close(reading);
  return ended(reading);
}

function ended({ results, tally, bailed }: Reading): readonly TestResult[] | undefined {
  const all = [...tally.values()];
  const complete = all.every(({ announced, came }) => announced === came);
  if (complete && all.some(({ planned }) => planned)) return results;
  // A test that prints these words bails nobody out; a run that ends there has no whole plan.
  if (bailed === undefined) return undefined;
  return [...results, { id: "Bail out!", outcome: "fail", message: bailed.slice(0, MESSAGE) }];
}

/** Words of the last point, between `---` and `...`. */
function takeBlock(reading: Reading, line: string): boolean {
  const { block, last, results } = reading;
  if (block === undefined) {
    if (last === undefined || !/^ {0,400}---$/.test(line)) return false;
    reading.block = { indent: line.length - 3, lines: [] };
    return true;
  }
  if (/^ *\.\.\.$/.test(line) && line.length - 3 <= block.indent + 2) {
    const result = last === undefined ? undefined : results[last];
    if (result !== undefined && last !== undefined)
      results[last] = { ...result, message: block.lines.join("\n").slice(0, MESSAGE) };
    reading.block = undefined;
  } else if (block.lines.length < 200) block.lines.push(line.slice(0, 500));
  return true;
}

function takeLine(reading: Reading, line: string, next: string): void {
  const plan = PLAN.exec(line);
  if (plan !== null) {
    const counted = tallyAt(reading, (plan[1] ?? "").length);
    counted.announced += Number(plan[2]);
    counted.planned = true;
    return;
  }
  const subtest = SUBTEST.exec(line);
  if (subtest !== null) {
    const depth = (subtest[1] ?? "").length;
    closeTo(reading, depth - 1);
    const name = unescaped(subtest[2] ?? "");
    reading.suites.push({ depth, name, from: reading.results.length });
    return;
  }
  if (/^ {0,400}\}\s*$/.test(line) && reading.suites.at(-1)?.failed !== undefined)
    return closeTo(reading, line.trimEnd().length - 2);
  if (/^ {0,400}Bail out!/i.test(line)) reading.bailed = line.trim();
  const point = POINT.exec(line);
  if (point !== null) takePoint(reading, point, next);
}

function takePoint(reading: Reading, point: RegExpExecArray, next: string): void {
  const depth = (point[1] ?? "").length;
  tallyAt(reading, depth).came += 1;
  const failed = point[2] !== undefined;
  const braced = / ?\{\s*$/.exec(point[4] ?? "");
  const opens = braced !== null && next.search(/\S/) > depth && !next.trim().startsWith("---");
  const described = opens ? (point[4] ?? "").slice(0, braced.index) : (point[4] ?? "");
  const directive = DIRECTIVE.exec(described);
  const text = directive === null ? described : described.slice(0, directive.index);
  const number = point[3] ?? String(reading.results.length + 1);
  const name = unescaped(text.replace(TOOK, "")) || `test ${number}`;
  closeTo(reading, depth);
  const own = reading.suites.at(-1);
  if (own?.depth === depth && own.failed === undefined) {
    reading.suites.pop();
    return leaf(reading, own.from, { name, failed, skipped: directive !== null });
  }
  if (own?.depth === depth) close(reading);
  if (!opens) {
    leaf(reading, reading.results.length, { name, failed, skipped: directive !== null });
    return;
  }
  reading.last = undefined;
  const from = reading.results.length;
  reading.suites.push({ depth, name, from, failed: failed && directive === null });
}

/** Adds a point; not that of a suite, which repeats its tests, unless it fails alone (a hook). */
function leaf(
  reading: Reading,
  from: number,
  point: { readonly name: string; readonly failed: boolean; readonly skipped: boolean },
): void {
  const { results, suites } = reading;
  const inner = results.slice(from);
  reading.last = undefined;
  const alone = point.failed && !point.skipped && !inner.some((one) => one.outcome === "fail");
  if (inner.length > 0 && !alone) return;
  const id = [...suites.map((one) => one.name), point.name].join(JOINT).slice(0, ID);
  results.push({
    id,
    outcome: point.skipped ? "skip" : point.failed ? "fail" : "pass",
    message: "",
  });
  reading.last = results.length - 1;
}

/** Ends the innermost suite; one in braces said how it ended before its tests. */
function close(reading: Reading): void {
  const suite = reading.suites.pop();
  if (suite?.failed === undefined) return;
  leaf(reading, suite.from, { name: suite.name, failed: suite.failed, skipped: false });
}

/** Ends all suites that are deeper. */
function closeTo(reading: Reading, depth: number): void {
  while ((reading.suites.at(-1)?.depth ?? -1) > depth) close(reading);
}

function tallyAt({ tally }: Reading, depth: number) {
  const known = tally.get(depth) ?? { announced: 0, came: 0, planned: false };
  tally.set(depth, known);
  return known;
}

function unescaped(name: string): string {
  return name.trim().replace(/\\([#\\])/g, "$1");
}
