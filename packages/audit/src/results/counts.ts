/**
 * Counts out of a runner's summary for people, where no results file says more. A row a runner; only the
 * last summary of the output counts. It guesses nothing: no row, no counts.
 */

export interface TestCounts {
  readonly all: number;
  readonly fail: number;
  readonly skip: number;
}

interface Summary {
  readonly of: string;
  read(text: string): TestCounts | undefined;
}

const TAIL = 16_384;
const number = (text: string, pattern: RegExp): number | undefined => {
  const all = [...text.matchAll(pattern)];
  const found = all.at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
};

const SUMMARIES: readonly Summary[] = [
  {
    of: "node --test",
    read: (text) => {
      const all = number(text, /^(?:ℹ|#) tests (\d{1,7})$/gm);
      if (all === undefined) return undefined;
      const fail =
        (number(text, /^(?:ℹ|#) fail (\d{1,7})$/gm) ?? 0) +
        (number(text, /^(?:ℹ|#) cancelled (\d{1,7})$/gm) ?? 0);
      const skip =
        (number(text, /^(?:ℹ|#) skipped (\d{1,7})$/gm) ?? 0) +
        (number(text, /^(?:ℹ|#) todo (\d{1,7})$/gm) ?? 0);
      return { all, fail, skip };
    },
  },
  {
    of: "vitest, jest",
    read: (text) => {
      const line = [...text.matchAll(/^ {0,6}Tests:? {1,4}([^\n]{1,200})$/gm)].at(-1)?.[1];
      return line === undefined ? undefined : sum(line);
    },
  },
  {
    of: "pytest",
    read: (text) => {
      const line = [...text.matchAll(/^=* ?(\d[^\n]{1,200}) in [\d.:]{1,12}s?[^\n]{0,20}$/gm)].at(
        -1,
      );
      return line?.[1] === undefined ? undefined : sum(line[1]);
    },
  },
  {
    of: "unittest",
    read: (text) => {
      const all = number(text, /^Ran (\d{1,7}) tests? in /gm);
      if (all === undefined) return undefined;
      const fail =
        (number(text, /failures=(\d{1,7})/g) ?? 0) + (number(text, /errors=(\d{1,7})/g) ?? 0);
      return { all, fail, skip: number(text, /skipped=(\d{1,7})/g) ?? 0 };
    },
  },
  {
    of: "cargo test",
    read: (text) => {
      const lines = [
        ...text.matchAll(
          /^test result: \w+\. (\d{1,7}) passed; (\d{1,7}) failed; (\d{1,7}) ignored/gm,
        ),
      ];
      if (lines.length === 0) return undefined;
      const add = (at: number): number => lines.reduce((sum, one) => sum + Number(one[at]), 0);
      return { all: add(1) + add(2) + add(3), fail: add(2), skip: add(3) };
    },
  },
];

/** Reads the end of the output; undefined where no runner's summary stands there. */
export function readCounts(stdout: Buffer, stderr: Buffer): TestCounts | undefined {
  const text = [stdout, stderr]
    .map((bytes) => bytes.subarray(-TAIL).toString("utf8").replace(ANSI, "").replaceAll("\r", ""))
    .join("\n");
  for (const { read } of SUMMARIES) {
    const counts = read(text);
    if (counts !== undefined) return counts;
  }
  return undefined;
}

// Built, so that no control character stands in the source.
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]{0,20}m`, "g");

/** `2 failed | 3 passed (5)`, `3 passed, 1 skipped`. */
function sum(line: string): TestCounts | undefined {
  const parts = new Map<string, number>();
  for (const [, count, what] of line.matchAll(/(\d{1,7}) ([a-z]{1,12})/g))
    parts.set(what ?? "", Number(count));
  const of = (...names: string[]): number =>
    names.reduce((all, one) => all + (parts.get(one) ?? 0), 0);
  const fail = of("failed", "error", "errors");
  const skip = of("skipped", "todo", "pending", "xfailed", "deselected");
  const all = of("passed", "xpassed") + fail + skip;
  return parts.size === 0 ? undefined : { all, fail, skip };
}
