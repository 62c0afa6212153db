import { readFileSync } from "node:fs";
import { canonicalJson } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCanonical } from "../src/canonical-line.ts";
import { recordProblem } from "../src/index.ts";

const examples = new URL("../../../schemas/examples/good/ledger-record.jsonl", import.meta.url);

describe("record kinds", () => {
  const rows = readFileSync(examples, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  it("take every example of the format", () => {
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) expect(recordProblem(row), String(row["kind"])).toBeUndefined();
  });
  it("miss each field that a fold needs", () => {
    const verdict = rows.find((row) => row["kind"] === "verdict");
    for (const name of ["claim", "run", "worker", "verdict", "accuses"])
      expect(recordProblem({ ...verdict, [name]: undefined }), name).toContain(name);
  });
});

describe("isCanonical", () => {
  it("agrees with writing the value anew, whatever the value and its spelling", () => {
    const values = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("10", "9", "a", "__proto__")),
      fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.array(fc.integer())),
      { noNullPrototype: true },
    );
    const anew = (value: unknown) => {
      try {
        return canonicalJson(value);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(values, fc.boolean(), (value, canonical) => {
        const text = canonical ? (anew(value) ?? "{}") : JSON.stringify(value);
        const parsed = JSON.parse(text) as object;
        expect(isCanonical(parsed, text)).toBe(anew(parsed) === text);
      }),
      { numRuns: 1000 },
    );
  });
  it.each([
    '{"b":1,"a":1}',
    '{"a": 1}',
    '{"a":1,"a":1}',
    '{"a":1.5}',
    '{"a":-0}',
    '{"a":"\\ud800"}',
    '{"a":"\\u0041"}',
  ])("refuses %s", (text) => {
    expect(isCanonical(JSON.parse(text) as object, text)).toBe(false);
  });
});
