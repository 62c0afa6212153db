/** Source texts of the judged side: any text is parsed or refused, without a crash and within bounds. */
import { fileURLToPath } from "node:url";
import { treeOf } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grammarsAt, judgeAgainst } from "../src/index.ts";
import { languageOf } from "../src/source/source-at.ts";
import { LANGUAGES } from "../src/source/syntax-tree.ts";

const folder = fileURLToPath(new URL("../../../dist/grammars", import.meta.url));
const reach = { grammars: grammarsAt(folder) };
const NAMES = ["a.ts", "a.js", "a.py", "a.go", "a.rs", "A.java", "a.rb", "a.sh", "a.tsx"];
const judged = async (path: string, text: string) =>
  await judgeAgainst(
    treeOf({ [path]: text }),
    { type: "symbol.defined", args: { path, name: "wanted" } },
    { reach },
  );

describe("source texts", () => {
  it("have a language for each that is named", () => {
    expect(new Set(NAMES.map(languageOf))).toEqual(new Set(LANGUAGES));
  });
  for (const [what, text] of [
    ["open brackets", "(".repeat(200_000)],
    ["open maps", "{a:".repeat(60_000)],
    ["nested calls", `${"f(".repeat(20_000)}1${")".repeat(20_000)}`],
    ["quotes", "'\"`".repeat(2_000)],
    ["too large", " ".repeat(1_100_000)],
  ] as const)
    it(`of ${what} end`, async () => {
      for (const path of NAMES) {
        const seen = await judged(path, text);
        expect(["FALSE", "UNSUPPORTED", "BUDGET", "TIMEOUT"]).toContain(seen.reason ?? seen.answer);
      }
    });
  it("of any kind are judged without a crash, and never as defining what is not named (property)", async () => {
    const bits = fc.array(
      fc.constantFrom(
        "def ",
        "fn ",
        "x",
        "(",
        ")",
        "{",
        "}",
        "\n",
        "=",
        "class ",
        "'",
        '"',
        "#",
        ":",
        "  ",
        "end",
        ";",
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), bits, async (path, parts) => {
        expect((await judged(path, parts.join(""))).answer).not.toBe("TRUE");
      }),
      { numRuns: 300 },
    );
  });
});
