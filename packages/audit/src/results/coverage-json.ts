/**
 * Coverage as JSON: istanbul's summary (c8, vitest, jest, nyc) and its whole report, coverage.py's, and that of
 * `llvm-cov export`.
 */
import { type Counted, counted, countHits, type Metric } from "./coverage-share.ts";
import { isRecord, type Loose, records } from "./json-loose.ts";

const FILES_AT_MOST = 200_000;

/** istanbul's `coverage-summary.json`: `total`, which is the sum of the files beside it. */
export function summaryShare(report: Loose, metric: Metric): Counted | undefined {
  const { total, ...files } = report;
  const share = shareIn(total, metric);
  if (share === undefined) return undefined;
  const each = Object.values(files).map((file) => shareIn(file, metric));
  if (each.length === 0) return share;
  const sum = (key: keyof Counted): bigint =>
    each.reduce((all, one) => all + (one?.[key] ?? 0n), 0n);
  return sum("covered") === share.covered && sum("all") === share.all ? share : undefined;
}

function shareIn(file: unknown, metric: Metric): Counted | undefined {
  const row = isRecord(file) ? file[metric] : undefined;
  return isRecord(row) ? counted(row["covered"], row["total"]) : undefined;
}

/** `{"data": [{"totals": {"lines": {"count", "covered"}}}], "type": "llvm.coverage.json.export"}` */
export function llvmShare(report: Loose, metric: Metric): Counted | undefined {
  if (report["type"] !== "llvm.coverage.json.export") return undefined;
  const totals = records(report["data"]).map((one) => one["totals"]);
  const row = totals.length === 1 && isRecord(totals[0]) ? totals[0][metric] : undefined;
  return isRecord(row) ? counted(row["covered"], row["count"]) : undefined;
}

/** coverage.py's; what it calls a statement is a line that can be reached. */
export function pythonShare(report: Loose, metric: Metric): Counted | undefined {
  const { meta, totals } = report;
  if (!isRecord(meta) || !isRecord(totals)) return undefined;
  if (metric === "branches") return counted(totals["covered_branches"], totals["num_branches"]);
  return metric === "functions"
    ? undefined
    : counted(totals["covered_lines"], totals["num_statements"]);
}

/** istanbul's `coverage-final.json`: hits of each statement, function and branch, by file. */
export function istanbulShare(report: Loose, metric: Metric): Counted | undefined {
  const files = Object.values(report);
  const isReport = (one: unknown): one is Loose =>
    isRecord(one) && isRecord(one["statementMap"]) && isRecord(one["s"]);
  if (files.length === 0 || files.length > FILES_AT_MOST || !files.every(isReport))
    return undefined;
  let [covered, all] = [0n, 0n];
  for (const file of files) {
    const share = countHits(hitsOf(file, metric));
    covered += share.covered;
    all += share.all;
  }
  return { covered, all };
}

function hitsOf(file: Loose, metric: Metric): Iterable<number> {
  const [s, f, b] = [file["s"], file["f"], file["b"]].map((one) => (isRecord(one) ? one : {}));
  if (metric === "functions") return Object.values(f ?? {}).map(Number);
  if (metric === "branches")
    return Object.values(b ?? {}).flatMap((one) => (Array.isArray(one) ? one.map(Number) : []));
  if (metric === "statements") return Object.values(s ?? {}).map(Number);
  // A line is hit as often as what begins on it and is hit most.
  const lines = new Map<unknown, number>();
  for (const [key, place] of Object.entries(file["statementMap"] as Loose)) {
    const start = isRecord(place) && isRecord(place["start"]) ? place["start"]["line"] : undefined;
    const hits = Number(s?.[key] ?? 0);
    lines.set(start, Math.max(lines.get(start) ?? 0, hits));
  }
  return lines.values();
}
