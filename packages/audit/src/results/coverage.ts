/**
 * Coverage reports: a row a format. Shares are exact, from counts. It refuses a report that was cut off, that
 * says more was covered than there is, or whose sums its own files do not bear out.
 */
import { type Decimal, readDecimal } from "../comparison.ts";
import { goShare } from "./coverage-go.ts";
import { istanbulShare, llvmShare, pythonShare, summaryShare } from "./coverage-json.ts";
import { lcovShare } from "./coverage-lcov.ts";
import type { Counted, Metric } from "./coverage-share.ts";
import { coberturaShare, jacocoShare } from "./coverage-xml.ts";
import { isRecord, parsed } from "./json-loose.ts";
import { plainText, readText } from "./report-text.ts";

/** A share in percent as a fraction: `covered / all * 100`, or the decimal that the report gives. */
export type Share = Counted | Decimal;

/** The share of a metric, or undefined where the report is none or does not tell it. */
export function readCoverage(report: Buffer, metric: Metric): Counted | undefined {
  const text = readText(report);
  const start = text?.slice(0, 2_000).trimStart() ?? "";
  if (text === undefined) return undefined;
  const share = start.startsWith("{")
    ? fromJson(text, metric)
    : start.startsWith("<")
      ? (coberturaShare(text, metric) ?? jacocoShare(text, metric))
      : /^mode: (?:set|count|atomic)\r?$/m.test(start.slice(0, 20))
        ? goShare(text, metric)
        : lcovShare(text, metric);
  return share === undefined || share.all === 0n || share.covered > share.all ? undefined : share;
}

function fromJson(text: string, metric: Metric): Counted | undefined {
  const report = parsed(text);
  if (!isRecord(report)) return undefined;
  for (const read of [summaryShare, llvmShare, pythonShare, istanbulShare]) {
    const share = read(report, metric);
    if (share !== undefined) return share;
  }
  return undefined;
}

/**
 * `# all files | 95.00 | 80.00 | 100.00 |`, as node's runner prints it behind its own summary (lines,
 * branches, functions). What a test printed stands before that.
 */
export function coverageTable(stdout: Buffer, metric: Metric): Share | undefined {
  const at = ["lines", "branches", "functions"].indexOf(metric);
  const text = plainText(stdout.subarray(-4 * 1024 * 1024));
  const ends = [...text.matchAll(/^(?:#|ℹ) duration_ms [\d.]{1,30}$/gm)].at(-1);
  if (ends === undefined || at < 0) return undefined;
  const row = /^(?:#|ℹ) all files {1,200}\|([^\n]{1,200})$/m.exec(text.slice(ends.index))?.[1];
  return readDecimal(row?.split("|")[at]?.trim());
}
