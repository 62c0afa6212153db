/**
 * Fuzzing of the readers of reports: whatever a report has become, they answer, soon, and never with more tests
 * that pass than stand in it. `pnpm fuzz` for more.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type Dice, diceOf, mutated } from "@wingman/testkit";
import { expect, test } from "vitest";
import { readCounts } from "../src/results/counts.ts";
import { coverageTable, readCoverage } from "../src/results/coverage.ts";
import { METRICS } from "../src/results/coverage-share.ts";
import { readResults } from "../src/results/read-results.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 400;

const root = new URL("../src/results/cases/", import.meta.url);
const seedsOf = (kind: string): string[] =>
  readdirSync(new URL(`${kind}/`, root))
    .filter((name) => name.endsWith(".out"))
    .map((name) => readFileSync(new URL(`${kind}/${name}`, root), "utf8"));
const shown = (bytes: Uint8Array): string => `base64 ${Buffer.from(bytes).toString("base64")}`;

/** No more tests can pass than this stands in the text. */
const PASSES: Readonly<Record<"tap" | "junit" | "json", RegExp>> = {
  tap: /(?<!not )ok\b/g,
  junit: /<testcase/g,
  json: /pass|"ok"|expected|flaky|\\u/g,
};

function inTime<T>(run: number, bytes: Uint8Array, read: () => T): T {
  const before = process.cpuUsage();
  let seen: T;
  try {
    seen = read();
  } catch (cause) {
    throw new Error(`run ${run}: ${shown(bytes)}`, { cause });
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (ms > 1000) throw new Error(`run ${run} took ${ms} ms: ${shown(bytes)}`);
  return seen;
}

test.each(["tap", "junit", "json"] as const)(
  "%s: any bytes are read or refused",
  (format) => {
    const seeds = seedsOf(format);
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 1_000_003 + run);
      const bytes = Buffer.from(mutated(seeds[dice(seeds.length)] ?? "", dice, seeds));
      const tests = inTime(run, bytes, () => readResults(format, [bytes])) ?? [];
      const passes = tests.filter((one) => one.outcome === "pass").length;
      const most = bytes.toString("utf8").match(PASSES[format])?.length ?? 0;
      const most16 = bytes.toString("utf16le").match(PASSES[format])?.length ?? 0;
      if (passes > most + most16) throw new Error(`run ${run}: ${passes} pass, ${shown(bytes)}`);
    }
  },
  TIMEOUT,
);

test(
  "coverage: any bytes are read or refused, and nothing is covered more than whole",
  () => {
    const seeds = seedsOf("coverage");
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 2_000_003 + run);
      const bytes = Buffer.from(mutated(seeds[dice(seeds.length)] ?? "", dice, seeds));
      for (const metric of METRICS) {
        const share = inTime(run, bytes, () => readCoverage(bytes, metric));
        if (share !== undefined && (share.covered > share.all || share.covered < 0n))
          throw new Error(`run ${run}: ${share.covered} of ${share.all}, ${shown(bytes)}`);
        inTime(run, bytes, () => coverageTable(bytes, metric));
      }
    }
  },
  TIMEOUT,
);

test(
  "summaries for people: any bytes are read or refused",
  () => {
    const seeds = seedsOf("counts");
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 3_000_003 + run);
      const bytes = Buffer.from(mutated(seeds[dice(seeds.length)] ?? "", dice, seeds));
      const counts = inTime(run, bytes, () => readCounts(bytes, Buffer.alloc(0)));
      if (counts !== undefined && counts.all < counts.fail + counts.skip)
        throw new Error(`run ${run}: ${JSON.stringify(counts)}, ${shown(bytes)}`);
    }
  },
  TIMEOUT,
);

type Outcome = "pass" | "fail" | "skip";

/** The same tests as a runner of each format writes them. */
const WRITERS: Readonly<Record<"tap" | "junit" | "json" | "go", (tests: Outcome[]) => string>> = {
  tap: (tests) =>
    [
      "TAP version 13",
      ...tests.map((one, at) => {
        const skip = one === "skip" ? " # SKIP" : "";
        return `${one === "fail" ? "not ok" : "ok"} ${at + 1} - t${at}${skip}`;
      }),
      `1..${tests.length}`,
      "",
    ].join("\n"),
  junit: (tests) => {
    const element = { pass: "", fail: "<failure>no</failure>", skip: "<skipped/>" };
    const cases = tests.map((one, at) => `<testcase name="t${at}">${element[one]}</testcase>\n`);
    return `<testsuites>\n<testsuite name="s">\n${cases.join("")}</testsuite>\n</testsuites>\n`;
  },
  json: (tests) => {
    const status = { pass: "passed", fail: "failed", skip: "pending" };
    const results = tests.map((one, at) => ({
      title: `t${at}`,
      ancestorTitles: [],
      status: status[one],
    }));
    return JSON.stringify({ testResults: [{ name: "a", assertionResults: results }] });
  },
  go: (tests) =>
    tests
      .flatMap((one, at) => [
        `{"Action":"run","Package":"p","Test":"T${at}"}`,
        `{"Action":"${one}","Package":"p","Test":"T${at}"}`,
      ])
      .concat(`{"Action":"${tests.includes("fail") ? "fail" : "pass"}","Package":"p"}`, "")
      .join("\n"),
};

function outcomes(dice: Dice): Outcome[] {
  const kinds = ["pass", "pass", "fail", "skip"] as const;
  return Array.from({ length: 1 + dice(8) }, () => kinds[dice(4)] ?? "pass");
}

test.each(["tap", "junit", "json", "go"] as const)(
  "%s: what was written is read, and of what was cut off nothing that did not pass passes",
  (writer) => {
    const format = writer === "go" ? "json" : writer;
    const count = (text: string, outcome: Outcome): number | undefined =>
      readResults(format, [Buffer.from(text)])?.filter((one) => one.outcome === outcome).length;
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 4_000_003 + run);
      const tests = outcomes(dice);
      const text = WRITERS[writer](tests);
      for (const outcome of ["pass", "fail", "skip"] as const)
        expect(count(text, outcome)).toBe(tests.filter((one) => one === outcome).length);
      const cut = text.slice(0, dice(text.length));
      const passes = tests.filter((one) => one === "pass").length;
      expect(count(cut, "pass") ?? 0, shown(Buffer.from(cut))).toBeLessThanOrEqual(passes);
    }
  },
  TIMEOUT,
);
