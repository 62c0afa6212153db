import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare, OPERATORS, readDecimal } from "../src/comparison.ts";
import { CLAIM_TYPES, readArguments } from "../src/index.ts";

describe("words of the command line", () => {
  it("become arguments", () => {
    expect(readArguments("file.lines", ["path=src/a=b.ts", "op=>=", "lines=20"])).toEqual({
      ok: true,
      value: { path: "src/a=b.ts", op: ">=", lines: 20 },
    });
    expect(
      readArguments("git.touches", ["commit=run", "paths=a", "paths=b,c", "only=true"]),
    ).toEqual({ ok: true, value: { commit: "run", paths: ["a", "b,c"], only: true } });
    expect(readArguments("git.touches", ["commit=run", 'paths=["a","b"]'])).toEqual({
      ok: true,
      value: { commit: "run", paths: ["a", "b"] },
    });
    expect(readArguments("file.exists", ["path=[a]"])).toEqual({
      ok: true,
      value: { path: "[a]" },
    });
    expect(readArguments("coverage.lines", ["op=>=", "value=90.5"])).toEqual({
      ok: true,
      value: { op: ">=", value: "90.5" },
    });
  });
  for (const [type, words, why] of [
    ["file.exits", ["path=a"], "did you mean `file.exists`"],
    ["file.exists", ["pth=a"], "did you mean `path`"],
    ["file.exists", ["a"], "no key=value"],
    ["file.exists", ["path=a", "path=b"], "given twice"],
    ["file.exists", ["path=../a"], "`..`"],
    ["file.exists", [], "missing argument: path"],
    ["file.lines", ["path=a", "lines=many"], "whole number"],
    ["file.exists", ["path=a", "__proto__=x"], "unknown argument"],
  ] as const) {
    it(`refuse ${type} ${words.join(" ")}`, () => {
      const read = readArguments(type, words);
      expect(read.ok).toBe(false);
      if (!read.ok) expect(read.why).toContain(why);
    });
  }
  it("every row's example is a claim that its own description takes", () => {
    for (const row of CLAIM_TYPES) {
      const words = Object.entries(row.example.args).map(
        ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
      expect([row.type, readArguments(row.type, words).ok]).toEqual([row.type, true]);
      expect(row.title).not.toBe("");
    }
    expect(new Set(CLAIM_TYPES.map((row) => row.type)).size).toBe(CLAIM_TYPES.length);
  });
});

describe("numbers", () => {
  it("are compared exactly, at any scale (property)", () => {
    const decimal = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: 0, max: 5 }),
    );
    const write = ([digits, scale]: [bigint, number]) => {
      const text = `${digits < 0n ? -digits : digits}`.padStart(scale + 1, "0");
      const cut = text.length - scale;
      return `${digits < 0n ? "-" : ""}${text.slice(0, cut)}${scale === 0 ? "" : `.${text.slice(cut)}`}`;
    };
    fc.assert(
      fc.property(decimal, decimal, fc.constantFrom(...OPERATORS), (a, b, op) => {
        const [x, y] = [readDecimal(write(a)), readDecimal(write(b))];
        if (x === undefined || y === undefined) throw new Error("not read");
        const [p, q] = [a[0] * 10n ** BigInt(5 - a[1]), b[0] * 10n ** BigInt(5 - b[1])];
        const wanted = {
          "==": p === q,
          "!=": p !== q,
          "<": p < q,
          "<=": p <= q,
          ">": p > q,
          ">=": p >= q,
        }[op];
        expect(compare(x, op, y)).toBe(wanted);
      }),
    );
    for (const odd of [
      "1e3",
      "",
      "1.",
      ".5",
      " 1",
      "0x1",
      "NaN",
      1e21,
      Number.NaN,
      2 ** 53,
      null,
      [],
      "1".repeat(61),
    ]) {
      expect(readDecimal(odd)).toBeUndefined();
    }
  });
});
