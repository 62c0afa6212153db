/**
 * What real runners write, and what a hostile one would: each report in results/cases with the tests, counts
 * or shares that it holds, written by hand. A case without an expectation fails.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCounts } from "../src/results/counts.ts";
import { coverageTable, readCoverage } from "../src/results/coverage.ts";
import { METRICS } from "../src/results/coverage-share.ts";
import { readResults } from "../src/results/read-results.ts";
import { JOINT } from "../src/results/test-result.ts";

const root = new URL("../src/results/cases/", import.meta.url);
const NONE = Buffer.alloc(0);

function told(kind: string, bytes: Buffer): string {
  if (kind === "counts") {
    const counts = readCounts(bytes, NONE);
    return counts === undefined ? "none" : `${counts.all} ${counts.fail} ${counts.skip}`;
  }
  if (kind === "coverage")
    return METRICS.map((metric) => {
      const share = readCoverage(bytes, metric);
      return `${metric} ${share === undefined ? "-" : `${share.covered}/${share.all}`}`;
    }).join("\n");
  const tests = readResults(kind as "tap", [bytes]);
  if (tests === undefined) return "none";
  return tests.length === 0 ? "empty" : tests.map((one) => `${one.outcome} ${one.id}`).join("\n");
}

for (const kind of ["tap", "junit", "json", "counts", "coverage"])
  describe(kind, () => {
    const folder = new URL(`${kind}/`, root);
    const names = readdirSync(folder).filter((name) => name.endsWith(".out"));
    it("has cases of both kinds", () => {
      expect(names.some((name) => name.startsWith("bad."))).toBe(true);
      expect(names.length).toBeGreaterThan(8);
    });
    for (const name of names) {
      const bytes = readFileSync(new URL(name, folder));
      const wanted = () =>
        readFileSync(new URL(name.replace(/out$/, "expect"), folder), "utf8").trim();
      it(name, () => {
        expect(told(kind, bytes)).toBe(wanted());
      });
      if (!name.startsWith("bad.") && kind !== "counts" && kind !== "coverage")
        it(`${name}, cut off anywhere, holds no more that passes`, () => {
          const passes = (text: string) => text.match(/^pass /gm)?.length ?? 0;
          const all = passes(wanted());
          for (let at = 1; at < 12; at += 1) {
            const part = bytes.subarray(0, Math.floor((bytes.length * at) / 12));
            expect(passes(told(kind, part))).toBeLessThanOrEqual(all);
          }
        });
    }
  });

describe("bytes that are no plain UTF-8", () => {
  const tap = "TAP version 13\nok 1 - grün\n1..1\n";
  const read = (bytes: Buffer) => readResults("tap", [bytes])?.map((one) => one.id);
  it("are read by their byte order mark", () => {
    expect(read(Buffer.from(`\ufeff${tap}`))).toEqual(["grün"]);
    expect(read(Buffer.from(`\ufeff${tap}`, "utf16le"))).toEqual(["grün"]);
    expect(read(Buffer.from(`\ufeff${tap}`, "utf16le").swap16())).toEqual(["grün"]);
    const json = Buffer.from(`\ufeff{"testResults": []}`);
    expect(readResults("json", [json])).toEqual([]);
  });
  it("with a NUL, or halves of a character, are no report", () => {
    expect(read(Buffer.from(`${tap}\0`))).toBeUndefined();
    expect(read(Buffer.from(tap, "utf16le"))).toBeUndefined();
    expect(read(Buffer.from([0xff, 0xfe, 0x41]))).toBeUndefined();
  });
});

describe("several reports", () => {
  const one = Buffer.from('<testsuite name="a"><testcase name="x"/></testsuite>');
  it("are read as one, and none where one of them is none", () => {
    expect(readResults("junit", [one, one])?.map(({ id }) => id)).toEqual([
      `a${JOINT}x`,
      `a${JOINT}x`,
    ]);
    expect(readResults("junit", [one, Buffer.from("<testsuite>")])).toBeUndefined();
    expect(readResults("junit", [])).toBeUndefined();
  });
});

describe("giants", () => {
  it("are read in bounds or not at all", () => {
    const many = "<testcase name='a'/>".repeat(200_001);
    expect(readResults("junit", [Buffer.from(`<testsuite>${many}</testsuite>`)])).toBeUndefined();
    expect(readResults("tap", [Buffer.from(`${"ok\n".repeat(200_001)}1..200001`)])).toBeUndefined();
    const deep = Buffer.from(`${"<testsuite name='a'>".repeat(100_000)}`);
    expect(readResults("junit", [deep])).toBeUndefined();
    expect(readResults("json", [Buffer.from("[".repeat(1_000_000))])).toBeUndefined();
    const line = Buffer.from(`ok 1 ${"# ".repeat(1_000_000)}\n1..1\n`);
    expect(readResults("tap", [line])?.length).toBe(1);
    expect(readCounts(Buffer.from(" ".repeat(3_000_000)), NONE)).toBeUndefined();
    expect(readCounts(Buffer.from("=".repeat(3_000_000)), NONE)).toBeUndefined();
  });
});

describe("two streams", () => {
  it("that tell other numbers tell none", () => {
    const [out, err] = ["# tests 5\n# pass 5\n", "Tests: 1 failed, 1 passed, 2 total\n"];
    expect(readCounts(Buffer.from(out), Buffer.from(err))).toBeUndefined();
    expect(readCounts(NONE, Buffer.from(err))).toEqual({ all: 2, fail: 1, skip: 0 });
  });
});

describe("node's own coverage table", () => {
  const table = (share: string) =>
    `# start of coverage report\n# all files | ${share} |   80.00 |  100.00 |\n# end of coverage report\n`;
  const ends = "# tests 1\n# duration_ms 9.5\n";
  it("stands behind its summary; one that a test printed does not count", () => {
    const text = `${table("100.00")}${ends}${table(" 95.00")}`;
    expect(coverageTable(Buffer.from(text), "lines")).toMatchObject({ text: "95.00" });
    expect(coverageTable(Buffer.from(table("100.00")), "lines")).toBeUndefined();
    expect(coverageTable(Buffer.from(`${table("100.00")}${ends}`), "lines")).toBeUndefined();
    expect(coverageTable(Buffer.from(text), "statements")).toBeUndefined();
  });
});
