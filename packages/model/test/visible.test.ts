import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotePath, visible } from "../src/index.ts";

/**
 * Where a CI log is read for commands: `::name …::` at a line's start, and the older `##[name …]`
 * anywhere in it (actions/runner, ActionCommand.TryParse: IndexOf).
 */
const COMMAND = /##\[/;

describe("visible text", () => {
  it("starts no workflow command in the middle of a line", () => {
    expect(visible("observed: ##[add-mask]a")).toBe("observed: ##\\x5badd-mask]a");
    expect(visible("####[x] [##] # #[")).toBe("####\\x5bx] [##] # #[");
    expect(quotePath("src/##[stop-commands]x.ts")).not.toMatch(COMMAND);
  });

  it("holds nothing that paints, parts lines or commands, and stays as it is a second time (property)", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("##[", "#", "[", "\n", "\u001b[31m", "\u202e", "\ud83d", "\u200b"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const shown = visible(pieces.join(""));
        expect(shown).not.toMatch(COMMAND);
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(isWellFormed(shown)).toBe(true);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});

/** No half of a character: UTF-8 would lose it. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text, "utf8").toString("utf8") === text;
}
