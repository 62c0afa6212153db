/**
 * What a command's results say, whatever their format: each test by name and how it ended. Everything
 * here reads hostile bytes: it gives undefined where they are not of the format, and never throws.
 */
import { readJson } from "./results/json.ts";
import { readJunit } from "./results/junit.ts";
import { readTap } from "./results/tap.ts";
import type { TestResult } from "./results/test-result.ts";

type ResultsFormat = "tap" | "junit" | "json" | "text";

/** The tests in a report, in its order; undefined where it is not of the format. */
export function readResults(
  format: ResultsFormat,
  bytes: Buffer,
): readonly TestResult[] | undefined {
  const text = bytes.toString("utf8");
  if (format === "tap") return readTap(text);
  if (format === "junit") return readJunit(text);
  if (format === "json") return readJson(text);
  return undefined;
}
