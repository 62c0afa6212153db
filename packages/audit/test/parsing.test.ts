/** Data of the judged side: any bytes are read or refused, as JSON.parse reads them, in bounded time. */
import { treeOf } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAgainst } from "../src/index.ts";
import { jsonNodes } from "../src/json-nodes.ts";
import { decimalOf, plainOf, Unparsed } from "../src/parsed-node.ts";

describe("JSON", () => {
  it("is read as JSON.parse reads it, or refused as there (property)", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ maxLength: 30 })), (text) => {
        let wanted: unknown;
        try {
          wanted = JSON.parse(text) as unknown;
        } catch {
          expect(() => jsonNodes(text)).toThrow(Unparsed);
          return;
        }
        try {
          expect(JSON.parse(JSON.stringify(plainOf(jsonNodes(text))))).toEqual(
            JSON.parse(JSON.stringify(wanted)),
          );
        } catch (error) {
          // A doubled key is what JSON.parse hides.
          if (!(error instanceof Unparsed)) throw error;
          expect(error.reason).toBe("AMBIGUOUS");
        }
      }),
      { numRuns: 2000 },
    );
  });
  it("has exact numbers (property)", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -8, max: 8 }), (digits, power) => {
        const seen = decimalOf(`${digits}e${power}`);
        const value = Number(seen?.digits ?? 0n) / 10 ** (seen?.scale ?? 0);
        expect(Math.abs(value - digits * 10 ** power)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
      }),
    );
    for (const odd of ["NaN", "inf", "1e9999", ".5", "0x10"])
      expect(decimalOf(odd)).toBeUndefined();
  });
});

describe("a hostile schema", () => {
  const judged = async (schema: unknown, data = "{}") =>
    await judgeAgainst(treeOf({ "s.json": JSON.stringify(schema), "d.json": data }), {
      type: "data.schema",
      args: { path: "d.json", schema: "s.json" },
    });
  it("that asks for 2^40 steps ends in TIMEOUT", async () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `d${at}`,
        { allOf: [{ $ref: `#/definitions/d${at + 1}` }, { $ref: `#/definitions/d${at + 1}` }] },
      ]),
    );
    const seen = await judged({
      definitions: { ...definitions, d40: {} },
      allOf: [{ $ref: "#/definitions/d0" }],
    });
    expect(seen.reason).toBe("TIMEOUT");
  });
  it("that compares each with each other ends in BUDGET", async () => {
    const data = JSON.stringify(Array.from({ length: 6000 }, (_, at) => ({ at })));
    expect((await judged({ uniqueItems: true }, data)).reason).toBe("BUDGET");
  });
  it("whose names are code is only text", async () => {
    const evil = "'];globalThis.__ran=true;//";
    const seen = await judged(
      { properties: { [evil]: { const: evil, description: evil } }, required: [evil] },
      JSON.stringify({ [evil]: evil }),
    );
    expect(seen.answer).toBe("TRUE");
    expect("__ran" in globalThis).toBe(false);
  });
});
