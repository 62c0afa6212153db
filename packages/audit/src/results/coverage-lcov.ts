/**
 * lcov: by its lines, branches and functions where it lists them, else by its sums. A file that several
 * records tell of (one a test) is joined, as lcov's own tools do; without a list that cannot be done.
 */
import { type Counted, countHits, type Metric } from "./coverage-share.ts";

type Units = Map<string, number>;

interface File {
  readonly units: Readonly<Record<"lines" | "branches" | "functions", Units>>;
  /** `LH`, `LF`, … of its records. */
  readonly sums: Map<string, bigint>;
  records: number;
}

const SUMS: Readonly<Record<"lines" | "branches" | "functions", readonly [string, string]>> = {
  lines: ["LH", "LF"],
  branches: ["BRH", "BRF"],
  functions: ["FNH", "FNF"],
};

/** Undefined where it is none, was cut off, or tells nothing of the metric. */
export function lcovShare(text: string, metric: Metric): Counted | undefined {
  if (metric === "statements") return undefined;
  const files = new Map<string, File>();
  let open: File | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    if (line.startsWith("SF:")) {
      if (open !== undefined) return undefined;
      open = files.get(line) ?? newFile();
      open.records += 1;
      files.set(line, open);
    } else if (line === "end_of_record") open = undefined;
    else if (open !== undefined) take(open, line);
  }
  return open === undefined ? shareOf([...files.values()], metric) : undefined;
}

function shareOf(files: readonly File[], metric: "lines" | "branches" | "functions") {
  let [covered, all] = [0n, 0n];
  for (const { units, sums, records } of files) {
    const listed = countHits(units[metric].values());
    const [hit, found] = SUMS[metric].map((key) => sums.get(key) ?? 0n) as [bigint, bigint];
    if (records > 1 && listed.all === 0n && found > 0n) return undefined;
    // A sum that its own lines contradict was written by somebody else.
    if (records === 1 && metric === "lines" && listed.all > 0n && found > 0n)
      if (found !== listed.all || hit !== listed.covered) return undefined;
    const own = records > 1 || (metric === "lines" && found === 0n);
    covered += own ? listed.covered : hit;
    all += own ? listed.all : found;
  }
  return files.length === 0 ? undefined : { covered, all };
}

function take(file: File, line: string): void {
  const sum = /^(LH|LF|BRH|BRF|FNH|FNF):(\d{1,12})$/.exec(line);
  if (sum !== null) {
    file.sums.set(sum[1] ?? "", BigInt(sum[2] ?? 0));
    return;
  }
  const { lines, branches, functions } = file.units;
  const da = /^DA:(\d{1,9}),(\d{1,15})(?:,.{0,64})?$/.exec(line);
  const br = /^BRDA:(\d{1,9},[^,]{1,20},[^,]{1,200}),(-|\d{1,15})$/.exec(line);
  const fn = /^FNDA:(\d{1,15}),(.{1,2000})$/.exec(line);
  if (da !== null) add(lines, da[1], da[2]);
  else if (br !== null) add(branches, br[1], br[2] === "-" ? "0" : br[2]);
  else if (fn !== null) add(functions, fn[2], fn[1]);
}

function add(units: Units, key = "", hits = "0"): void {
  units.set(key, (units.get(key) ?? 0) + Number(hits));
}

function newFile(): File {
  const units = { lines: new Map(), branches: new Map(), functions: new Map() };
  return { units, sums: new Map(), records: 0 };
}
