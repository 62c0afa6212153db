/**
 * Coverage reports: lcov, the JSON summary of istanbul, c8 and vitest, Cobertura, and the table that node's
 * runner prints. Shares are exact: counts where a report has them, else its own decimals.
 */
import { SaxesParser } from "saxes";
import { type Decimal, readDecimal } from "../comparison.ts";

export const METRICS = ["lines", "branches", "functions", "statements"] as const;
export type Metric = (typeof METRICS)[number];

/** A share in percent as a fraction: `covered / all * 100`, or the decimal that the report gives. */
export type Share = { readonly covered: bigint; readonly all: bigint } | Decimal;

/** The share of a metric, or undefined where the report is none or does not tell it. */
export function readCoverage(report: Buffer, metric: Metric): Share | undefined {
  const text = report.toString("utf8");
  const start = text.slice(0, 200).trimStart();
  if (start.startsWith("{")) return fromSummary(text, metric);
  if (start.startsWith("<")) return fromCobertura(text, metric);
  return fromLcov(text, metric);
}

const LCOV: Readonly<Record<Metric, readonly [string, string] | undefined>> = {
  lines: ["LH", "LF"],
  branches: ["BRH", "BRF"],
  functions: ["FNH", "FNF"],
  statements: undefined,
};

function fromLcov(text: string, metric: Metric): Share | undefined {
  const keys = LCOV[metric];
  if (keys === undefined || !/^SF:/m.test(text)) return undefined;
  const sums = { covered: 0n, all: 0n };
  for (const line of text.split("\n")) {
    const read = /^([A-Z]{2,3}):(\d{1,12})\r?$/.exec(line);
    if (read?.[1] === keys[0]) sums.covered += BigInt(read[2] ?? 0);
    if (read?.[1] === keys[1]) sums.all += BigInt(read[2] ?? 0);
  }
  return sums.all === 0n ? undefined : sums;
}

function fromSummary(text: string, metric: Metric): Share | undefined {
  try {
    const { total } = JSON.parse(text) as { total?: Record<string, Record<string, unknown>> };
    const { total: all, covered } = total?.[metric] ?? {};
    if (!Number.isSafeInteger(all) || !Number.isSafeInteger(covered) || all === 0) return undefined;
    return { covered: BigInt(covered as number), all: BigInt(all as number) };
  } catch {
    return undefined;
  }
}

function fromCobertura(text: string, metric: Metric): Share | undefined {
  const names = { lines: "lines", branches: "branches" } as const;
  const name = metric === "lines" || metric === "branches" ? names[metric] : undefined;
  if (name === undefined || text.length > 64 * 1024 * 1024) return undefined;
  let found: Share | undefined;
  let bad = false;
  const parser = new SaxesParser();
  parser.on("error", () => {
    bad = true;
  });
  parser.on("opentag", ({ name: tag, attributes }) => {
    if (tag !== "coverage" || found !== undefined) return;
    const number = (key: string): bigint | undefined =>
      /^\d{1,12}$/.test(String(attributes[key])) ? BigInt(String(attributes[key])) : undefined;
    const [covered, all] = [number(`${name}-covered`), number(`${name}-valid`)];
    if (covered !== undefined && all !== undefined && all > 0n) found = { covered, all };
  });
  parser.write(text.slice(0, 65_536));
  return bad ? undefined : found;
}

/** `# all files | 95.00 | 80.00 | 100.00 |`, as node's runner prints it (lines, branches, functions). */
export function coverageTable(stdout: Buffer, metric: Metric): Share | undefined {
  const at = ["lines", "branches", "functions"].indexOf(metric);
  const text = stdout.subarray(-65_536).toString("utf8");
  const row = [...text.matchAll(/^(?:#|ℹ) all files {1,200}\|([^\n]{1,200})$/gm)].at(-1)?.[1];
  return at < 0 ? undefined : readDecimal(row?.split("|")[at]?.trim());
}
