/** The matcher against the engine of the language, on the subset that both read alike. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../src/pattern/program.ts";
import { countMatches, search } from "../src/pattern/search.ts";
import { PatternRefused } from "../src/pattern/syntax.ts";

const plenty = () => ({ left: 50_000_000 });

/** Patterns of the subset, small enough for the backtracking engine beside us. */
const atom = fc.constantFrom(
  "a",
  "b",
  ".",
  "[ab]",
  "[^a]",
  "\\d",
  "\\w",
  "\\s",
  "\\.",
  "c",
  "é",
  "[a-c]",
  "\\x61",
  "\\u0062",
);
// An empty round of a repeat is where engines differ (ECMAScript takes it back, Thompson's machine
// does not): whether and where a match begins is the same, its end need not be.
const nullable = (inner: string) =>
  /\\b|\\B|[$]|\^(?!a\])/.test(inner) || new RegExp(`^(?:${inner})$`, "u").test("");
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .tuple(
        atom,
        fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?", "+?", "??", "{2,}"),
      )
      .map((parts) => parts.join("")),
    tie("pattern").map((inner) => `(${inner})`),
    fc
      .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{1,2}", "*?"))
      .map(([inner, times]) => (nullable(inner) ? `(?:${inner})` : `(?:${inner})${times}`)),
    fc.constantFrom("^", "$", "\\b", "\\B"),
  ),
  pattern: fc.oneof(
    { maxDepth: 3 },
    fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
    fc.tuple(tie("piece"), tie("piece")).map((parts) => parts.join("|")),
  ),
}));
const text = fc.string({
  unit: fc.constantFrom("a", "b", "c", "1", " ", "\n", ".", "é"),
  maxLength: 14,
});

// No astral letters: V8 lets `\\B` match inside a surrogate pair. They have a test of their own.
/** `.` of ours is all but LF, `$` of ours knows CRLF: the texts above hold no CR, so both agree. */
const theirs = (source: string) => new RegExp(source, "gmu");

describe("patterns", () => {
  it("find what the usual engine finds (property)", () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const found = search(compilePattern(source), subject, 0, plenty());
        const wanted = theirs(source).exec(subject);
        expect(found).toEqual(
          wanted === null ? "none" : { start: wanted.index, end: wanted.index + wanted[0].length },
        );
        const any = search(compilePattern(source), subject, 0, plenty(), true);
        expect(typeof any === "string").toBe(wanted === null);
      }),
      { numRuns: 1500 },
    );
  });
  it("count as the usual engine counts, where no match is empty (property)", () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const all = [...subject.matchAll(theirs(source))];
        if (all.some((match) => match[0] === "")) return;
        expect(countMatches(compilePattern(source), subject, plenty())).toMatchObject({
          count: all.length,
        });
      }),
      { numRuns: 1000 },
    );
  });
  it("begin where the usual engine's begin, with empty rounds too (property)", () => {
    const wild = fc
      .tuple(pattern, fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "*?"), pattern)
      .map(([a, times, b]) => `(?:${a})${times}${b}`);
    fc.assert(
      fc.property(wild, text, (source, subject) => {
        const found = search(compilePattern(source), subject, 0, plenty());
        const wanted = theirs(source).exec(subject);
        expect(typeof found === "string" ? -1 : found.start).toBe(wanted?.index ?? -1);
      }),
      { numRuns: 1000 },
    );
  });
  it("never throw anything but a refusal, on any text (property)", () => {
    const odd = fc.string({
      unit: fc.constantFrom(..."()[]{}\\|*+?^$-:<>=!,x0a1unp".split("")),
      maxLength: 20,
    });
    fc.assert(
      fc.property(odd, text, (source, subject) => {
        try {
          search(compilePattern(source), subject, 0, plenty());
        } catch (error) {
          expect(error).toBeInstanceOf(PatternRefused);
        }
      }),
      { numRuns: 3000 },
    );
  });
  it("take time in proportion to the text, where backtracking explodes", () => {
    for (const source of [
      "^(a+)+$",
      "(a|a)*b",
      "(a*)*b",
      "(.*)*x",
      "(a?){500}a{500}$",
      "([a-z]+)*[0-9]",
    ]) {
      const steps = plenty();
      expect(search(compilePattern(source), `${"a".repeat(3000)}!`, 0, steps, true)).not.toBe(
        "over",
      );
    }
  });
  it("take an astral letter as one", () => {
    expect(search(compilePattern("^.$"), "\u{1f600}", 0, plenty())).toEqual({ start: 0, end: 2 });
    expect(search(compilePattern("[\u{1f600}-\u{1f610}]b"), "a\u{1f605}b", 0, plenty())).toEqual({
      start: 1,
      end: 4,
    });
    expect(countMatches(compilePattern("."), "\u{1f600}x\u{1f600}", plenty())).toMatchObject({
      count: 3,
    });
  });
  it("stop at the budget", () => {
    expect(search(compilePattern("(a|b)*c"), "ab".repeat(10_000), 0, { left: 1000 })).toBe("over");
  });
  for (const [source, reason] of [
    ["(", "MALFORMED"],
    [")", "MALFORMED"],
    ["[a", "MALFORMED"],
    ["a**", "MALFORMED"],
    ["*a", "MALFORMED"],
    ["a{2,1}", "MALFORMED"],
    ["\\", "MALFORMED"],
    ["[b-a]", "MALFORMED"],
    ["\\u{110000}", "MALFORMED"],
    ["(?<=a)b", "UNSUPPORTED"],
    ["(?!a)", "UNSUPPORTED"],
    ["(?i)a", "UNSUPPORTED"],
    ["\\1", "UNSUPPORTED"],
    ["\\p{L}", "UNSUPPORTED"],
    ["[[:alpha:]]", "UNSUPPORTED"],
    ["a++", "UNSUPPORTED"],
    ["[]a]", "UNSUPPORTED"],
    ["a{1001}", "BUDGET"],
    ["(((((a{100}){100}){100}){100}){100})", "BUDGET"],
    ["(){1000}".repeat(3).replace(/^/, "(((("), "MALFORMED"],
    ["(((()){1000}){1000}){1000}", "BUDGET"],
    ["(".repeat(60), "BUDGET"],
  ] as const) {
    it(`refuse ${source.slice(0, 30)} as ${reason}`, () => {
      let got: unknown;
      try {
        compilePattern(source);
      } catch (error) {
        got = error;
      }
      expect(got).toBeInstanceOf(PatternRefused);
      expect((got as PatternRefused).reason).toBe(reason);
    });
  }
});
