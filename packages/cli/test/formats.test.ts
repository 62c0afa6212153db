/** Every format on findings and verdicts that a hostile worker wrote: valid by its own grammar, and inert. */
import { builtInPolicy, type Finding, type Verdict } from "@wingman/model";
import { describe, expect, test } from "vitest";
import { formatReport } from "../src/formats/formats.ts";
import type { Report } from "../src/report.ts";

const EVIL = [
  "::error file=x::stop\n::add-mask::y\r\n",
  "\u001b[2J\u001b[31mred\u0007",
  "`code` ``` fence @octocat #12 closes #3 <img src=x> [a](javascript:x) |",
  "\u202egnp.exe \u200b\ufeff",
  "%0A::warning::z",
  "]]> & < > \" '",
].join(" ");

const finding: Finding = {
  code: "claims/path",
  severity: "block",
  message: EVIL,
  path: `a/${EVIL}\udcff`,
  line: 3,
  column: 2,
  frame: EVIL,
  why: EVIL,
  help: `one\ntwo ${EVIL}`,
};

const verdict: Verdict = {
  claim: { name: `w/a/20261122-090001-k3f9#1 ${EVIL}`, digest: "sha256:0", type: EVIL },
  run: "w/a/20261122-090001-k3f9",
  worker: "w/a",
  instruction: "INS-0001",
  commit: "0".repeat(40),
  tree: "0".repeat(40),
  verdict: "FALSE",
  expected: EVIL,
  observed: EVIL,
  evidence: "sha256:0",
  witness: "git",
  forgeable: false,
  proof: "signature",
  accuses: true,
  attempts: [],
};

const report: Report = {
  subject: EVIL,
  findings: [finding],
  verdicts: [verdict],
  notKnown: ["a/b"],
};
const empty: Report = { subject: "push", findings: [], verdicts: [], notKnown: [] };
const as = (format: string, one = report): string =>
  formatReport(format, one, { colour: false, all: true, policy: builtInPolicy });

describe("what the judged side wrote", () => {
  test.each(["text", "github", "markdown", "junit"])("paints no terminal in %s", (format) => {
    expect(as(format)).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b\ufeff]/,
    );
  });

  test("starts no workflow command: each line is one of ours", () => {
    for (const line of as("github").trimEnd().split("\n")) {
      expect(line).toMatch(/^::(error|warning) title=[^:]*::/);
      expect(line.split("::").length).toBeGreaterThanOrEqual(3);
    }
    expect(as("github").trimEnd().split("\n")).toHaveLength(2);
  });

  test("starts no workflow command from text either, which CI prints as well", () => {
    for (const line of as("text").split("\n")) expect(line).not.toMatch(/^\s*::/);
  });

  test("stands in code spans only in markdown", () => {
    for (const row of as("markdown")
      .split("\n")
      .filter((line) => line.startsWith("| refused"))) {
      // Take the code spans out as CommonMark reads them: nothing of the worker's may be left.
      const left = row.replace(/(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, "");
      expect(left).not.toMatch(/octocat|closes|javascript|img/);
    }
  });
});

describe("each format is what it says", () => {
  test("json", () => {
    const document = JSON.parse(as("json")) as Record<string, unknown>;
    expect(document).toMatchObject({ schemaVersion: 1, exit: 1, notKnown: ["a/b"] });
    expect(JSON.stringify(document)).toContain('"b64"');
  });

  test("sarif 2.1.0: required members, and a URI that stays in its place", () => {
    const log = JSON.parse(as("sarif")) as {
      version: string;
      runs: {
        results: {
          ruleIndex: number;
          locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
        }[];
        tool: { driver: { rules: { id: string }[] } };
      }[];
    };
    expect(log.version).toBe("2.1.0");
    const run = log.runs[0];
    const result = run?.results[0];
    expect(run?.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe("claims/path");
    const uri = result?.locations[0]?.physicalLocation.artifactLocation.uri ?? "";
    expect(uri).toMatch(/^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$/);
    expect(new URL(uri, "file:///repo/").href).toContain("/repo/a/");
  });

  test("junit: well-formed, and a clean report is one passing case", () => {
    const xml = as("junit");
    expect(xml.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
    expect(xml).toContain('tests="2" failures="2"');
    expect(as("junit", empty)).toContain('tests="1" failures="0"');
  });

  test("an unknown one is a fault that lists them", () => {
    expect(() => as("yaml")).toThrow(/no format/);
  });
});

test("text shows twenty findings and counts the rest", () => {
  const many = { ...empty, findings: Array.from({ length: 33 }, () => finding) };
  const text = formatReport("text", many, { colour: false, all: false, policy: builtInPolicy });
  expect(text.match(/^error\[/gm)).toHaveLength(20);
  expect(text).toContain("and 13 more");
});

test("where not all findings are shown, what refuses goes before what warns", () => {
  const warned = Array.from({ length: 30 }, (_, at): Finding => {
    return { code: "secrets/suspected", severity: "warn", message: "m", path: `a${at}`, line: 1 };
  });
  const refused: Finding = { ...finding, code: "secrets/found", message: "the last", path: "z" };
  const many = { ...empty, findings: [...warned, refused] };
  const options = { colour: false, all: false, policy: builtInPolicy };
  const text = formatReport("text", many, options);
  expect(text).toContain("error[secrets/found]: the last");
  expect(text.match(/^warning\[/gm)).toHaveLength(19);
  expect(text).toContain("11 more");
});
