/**
 * Counts out of a runner's summary for people, where the policy names no results. A row a runner; the last
 * summary of a stream counts, for a test may print one of its own before it. It guesses nothing: no row, or
 * two streams that disagree, no counts.
 */
import { plainText } from "./report-text.ts";

export interface TestCounts {
  readonly all: number;
  readonly fail: number;
  readonly skip: number;
}

interface Summary {
  readonly of: string;
  /** Each line that is one. */
  readonly line: RegExp;
  /** From the text behind the last one's beginning; undefined where it is none after all. */
  read(rest: string, whole: string): TestCounts | undefined;
}

const TAIL = 4 * 1024 * 1024;
const first = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

const SUMMARIES: readonly Summary[] = [
  {
    of: "node --test",
    line: /^(?:ℹ|#) tests \d{1,7}$/gm,
    read: (text) => {
      const of = (what: string): number =>
        first(text, new RegExp(`^(?:ℹ|#) ${what} (\\d{1,7})$`, "m"));
      const fail = of("fail") + of("cancelled");
      return { all: of("tests"), fail, skip: of("skipped") + of("todo") };
    },
  },
  {
    of: "vitest, jest",
    line: /^ {0,6}Tests:? {1,12}\d[^\n]{1,200}$/gm,
    read: (text) => sum(/^ {0,6}Tests:? {1,12}([^\n]{1,200})$/m.exec(text)?.[1] ?? ""),
  },
  {
    of: "pytest",
    line: /^=* ?\d[^\n]{1,200} in [\d.:]{1,12}s?[^\n]{0,20}$/gm,
    read: (text) => sum(/^=* ?(\d[^\n]{1,200}) in [\d.:]{1,12}s?/.exec(text)?.[1] ?? ""),
  },
  {
    of: "unittest",
    line: /^Ran \d{1,7} tests? in /gm,
    read: (text) => {
      const fail =
        first(text, /(?<!expected )failures=(\d{1,7})/) + first(text, /errors=(\d{1,7})/);
      const skip = first(text, /skipped=(\d{1,7})/) + first(text, /expected failures=(\d{1,7})/);
      return { all: first(text, /^Ran (\d{1,7})/), fail, skip };
    },
  },
  {
    of: "cargo test",
    line: /^test result: \w{1,10}\. \d{1,7} passed; \d{1,7} failed; \d{1,7} ignored/gm,
    // One for each test binary.
    read: (_rest, whole) => {
      const found = whole.matchAll(
        /^test result: \w{1,10}\. (\d{1,7}) passed; (\d{1,7}) failed; (\d{1,7}) ignored/gm,
      );
      const counts = [...found].map((one) => one.slice(1, 4).map(Number));
      const add = (at: number): number => counts.reduce((all, one) => all + (one[at] ?? 0), 0);
      return { all: add(0) + add(1) + add(2), fail: add(1), skip: add(2) };
    },
  },
  {
    of: "cargo nextest",
    line: /^ {0,12}Summary \[[^\]\n]{1,30}\] {1,4}\d[^\n]{1,200}$/gm,
    read: (text) => sum(/tests? run: ([^\n]{1,200})/.exec(text)?.[1] ?? ""),
  },
  {
    of: "mocha",
    line: /^ {2}\d{1,7} passing \(/gm,
    read: (text) => {
      const fail = first(text, /^ {2}(\d{1,7}) failing$/m);
      const skip = first(text, /^ {2}(\d{1,7}) pending$/m);
      return { all: first(text, /^ {2}(\d{1,7}) passing/) + fail + skip, fail, skip };
    },
  },
  {
    of: "go test -v",
    line: /^ {0,40}--- (?:PASS|FAIL|SKIP): /gm,
    read: (_rest, whole) => {
      const count = (what: string): number =>
        whole.match(new RegExp(`^ {0,40}--- ${what}: `, "gm"))?.length ?? 0;
      const [fail, skip] = [count("FAIL"), count("SKIP")];
      return { all: count("PASS") + fail + skip, fail, skip };
    },
  },
  {
    of: "surefire",
    line: /^(?:\[\w{4,7}\] )?Tests run: \d{1,7}, Failures: \d{1,7}, Errors: \d{1,7}, Skipped: \d{1,7}$/gm,
    read: (text) => ({
      all: first(text, /Tests run: (\d{1,7})/),
      fail: first(text, /Failures: (\d{1,7})/) + first(text, /Errors: (\d{1,7})/),
      skip: first(text, /Skipped: (\d{1,7})/),
    }),
  },
  {
    of: "RSpec",
    line: /^\d{1,7} examples?, \d{1,7} failures?/gm,
    read: (text) => ({
      all: first(text, /^(\d{1,7})/),
      fail:
        first(text, /^\d{1,7} examples?, (\d{1,7})/) + first(text, /(\d{1,7}) errors? occurred/),
      skip: first(text, /(\d{1,7}) pending/),
    }),
  },
];

/** Reads what a command wrote; undefined where no runner's summary stands there. */
export function readCounts(stdout: Buffer, stderr: Buffer): TestCounts | undefined {
  const [out, err] = [stdout, stderr].map((bytes) => lastSummary(plainText(bytes.subarray(-TAIL))));
  if (out === undefined || err === undefined) return out ?? err;
  const same = out.all === err.all && out.fail === err.fail && out.skip === err.skip;
  return same ? out : undefined;
}

/** Of all runners' summaries the one that stands last: what a test printed stands before it. */
function lastSummary(text: string): TestCounts | undefined {
  let at = -1;
  let counts: TestCounts | undefined;
  for (const { line, read } of SUMMARIES) {
    let from = -1;
    for (const found of text.matchAll(line)) from = found.index;
    if (from <= at) continue;
    const own = read(text.slice(from, from + 4_096), text);
    // What does not add up was written by two hands.
    if (own === undefined || own.all < own.fail + own.skip) continue;
    [at, counts] = [from, own];
  }
  return counts;
}

const OUTCOMES: Readonly<Record<string, keyof TestCounts | "none">> = {
  passed: "all",
  xpassed: "all",
  failed: "fail",
  error: "fail",
  errors: "fail",
  "timed out": "fail",
  "expected fail": "all",
  skipped: "skip",
  todo: "skip",
  pending: "skip",
  xfailed: "skip",
  deselected: "skip",
  total: "none",
  warning: "none",
  warnings: "none",
  rerun: "none",
};

/** `2 failed | 3 passed (5)`, `3 passed, 1 skipped`; undefined where it speaks of anything else. */
function sum(line: string): TestCounts | undefined {
  const counts = { all: 0, fail: 0, skip: 0 };
  let parts = 0;
  for (const part of line.replace(/\(.*$/, "").split(/[,|]/)) {
    const [, count, what = ""] = /^\s{0,9}(\d{1,7}) ([a-z][a-z ]{0,20}?)\s{0,9}$/.exec(part) ?? [];
    const kind = Object.hasOwn(OUTCOMES, what) ? OUTCOMES[what] : undefined;
    if (count === undefined || kind === undefined) return undefined;
    parts += 1;
    if (kind === "none") continue;
    if (kind !== "all") counts[kind] += Number(count);
    counts.all += Number(count);
  }
  return parts === 0 ? undefined : counts;
}
