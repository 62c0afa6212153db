/**
 * What a command's results say, whatever their format: each test by name and how it ended. Everything
 * here reads hostile bytes: it gives undefined where they are not of the format, and never throws.
 */
import { readJson } from "./json.ts";
import { readJunit } from "./junit.ts";
import { readText } from "./report-text.ts";
import { readTap } from "./tap.ts";
import { MOST_TESTS, type TestResult } from "./test-result.ts";

/** The tests in all reports, in their order; undefined where one is not of the format. */
export function readResults(
  format: keyof typeof READERS,
  reports: readonly Buffer[],
): readonly TestResult[] | undefined {
  const all: TestResult[] = [];
  for (const bytes of reports) {
    const text = readText(bytes);
    const read = text === undefined ? undefined : READERS[format](text);
    if (read === undefined || all.length + read.length > MOST_TESTS) return undefined;
    for (const one of read) all.push(one);
  }
  return reports.length === 0 ? undefined : all;
}

const READERS = { tap: readTap, junit: readJunit, json: readJson } as const;
