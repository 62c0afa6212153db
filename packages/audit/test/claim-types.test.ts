/** The table of claim types is whole: each row has a closed schema, an explanation and a good example. */
import { readFileSync } from "node:fs";
import { REASONS, treeOf } from "@wingman/model";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CLAIM_EXPLANATIONS,
  CLAIM_TYPES,
  checkArguments,
  claimTypesSchema,
  judgeAgainst,
} from "../src/index.ts";

const published = JSON.parse(
  readFileSync(new URL("../../../schemas/claim-types.schema.json", import.meta.url), "utf8"),
) as { properties: Record<string, object> };
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
const validate = ajv.compile(published);

describe("the table of claim types", () => {
  it("names each type once, and explains it", () => {
    const types = CLAIM_TYPES.map((row) => row.type);
    expect(types.length).toBeGreaterThanOrEqual(62);
    expect(new Set(types).size).toBe(types.length);
    expect(Object.keys(CLAIM_EXPLANATIONS).sort()).toEqual([...types].sort());
    for (const row of CLAIM_TYPES) expect(row.example.type).toBe(row.type);
  });
  it("is what schemas/claim-types.schema.json says (else: pnpm schemas)", () => {
    expect(claimTypesSchema()).toEqual(published);
  });
  for (const row of CLAIM_TYPES) {
    it(`${row.type}: a closed schema that agrees with the reading`, () => {
      expect(validate({ [row.type]: row.example.args })).toBe(true);
      expect("why" in checkArguments(row.args, row.example.args)).toBe(false);
      const more = { ...row.example.args, unheardOf: "x" };
      expect(validate({ [row.type]: more })).toBe(false);
      expect("why" in checkArguments(row.args, more)).toBe(true);
    });
  }
  it("takes no arguments that its schema refuses (property)", () => {
    const rows = fc.constantFrom(...CLAIM_TYPES);
    const values = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.constantFrom("a/b", "==", "true", "1.5", "0".repeat(64), "/a~1b", "tree"),
    );
    fc.assert(
      fc.property(rows, fc.array(values, { maxLength: 8 }), (row, given) => {
        const names = [...Object.keys(row.args), "about"];
        const args = Object.fromEntries(
          names.flatMap((name, at) => (given[at] === undefined ? [] : [[name, given[at]]])),
        );
        if (!("why" in checkArguments(row.args, args)))
          expect([row.type, args, validate({ [row.type]: args })]).toEqual([row.type, args, true]);
      }),
      { numRuns: 2000 },
    );
  });
  it("is honest on an empty tree without any reach: no example is FALSE that nobody could look at", async () => {
    for (const row of CLAIM_TYPES) {
      const seen = await judgeAgainst(treeOf({}), row.example);
      if (seen.answer === "UNVERIFIABLE") expect(REASONS).toContain(seen.reason);
      if (row.needs !== undefined && row.needs !== "tree")
        expect([row.type, seen.answer]).toEqual([row.type, "UNVERIFIABLE"]);
    }
  });
});
