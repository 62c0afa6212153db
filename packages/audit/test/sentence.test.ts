import { treeOf } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerOfAll, claimsOfSentence, judgeAgainst } from "../src/index.ts";

/** `type path` of each claim, or `?` where the sentence is not wholly understood. */
function read(sentence: string): string[] | "?" {
  const claims = claimsOfSentence(sentence);
  if (!Array.isArray(claims)) return "?";
  return claims.map(
    ({ type, args }) => `${type.replace("file.", "")} ${Object.values(args).join(" → ")}`,
  );
}

const understood: [string, string[]][] = [
  ["I created src/a.ts", ["created src/a.ts"]],
  ["I created src/a.ts.", ["created src/a.ts"]],
  ["I have created backup.tar.gz", ["created backup.tar.gz"]],
  ["we've also created the new file Makefile", ["created Makefile"]],
  ["created a.ts, b.js and c.py", ["created a.ts", "created b.js", "created c.py"]],
  ["created a.ts and deleted b.ts", ["created a.ts", "deleted b.ts"]],
  ["Created A.md, and I removed `my notes.txt`", ["created A.md", "deleted my notes.txt"]],
  ["src/a.ts exists", ["exists src/a.ts"]],
  ["the folder src/keys exists", ["exists src/keys → folder"]],
  ["`odd name` exists", ["exists odd name"]],
  ["src/a.ts does not exist", ["absent src/a.ts"]],
  ["a.ts doesn’t exist", ["absent a.ts"]],
  ["a.ts no longer exists", ["absent a.ts"]],
  ["a.ts exists and b.ts does not exist", ["exists a.ts", "absent b.ts"]],
  ["a.ts and b.ts exist", ["exists a.ts", "exists b.ts"]],
  ['docs/x.md contains "## Rolling back"', ["contains docs/x.md → ## Rolling back"]],
  ['docs/x.md does not contain "TODO"', ["lacks docs/x.md → TODO"]],
  ["I renamed a.ts to b.ts", ["renamed a.ts → b.ts"]],
  ["a.ts was renamed to b.ts", ["renamed a.ts → b.ts"]],
  ["src/a.ts was deleted", ["deleted src/a.ts"]],
  ["a.ts and b.ts were created", ["created a.ts", "created b.ts"]],
  ["updated .gitignore", ["modified .gitignore"]],
  ['created "file with, comma.txt"', ["created file with, comma.txt"]],
  ["I created /etc/passwd", ["created /etc/passwd"]],
];
const abstained = [
  "",
  "   ",
  "hello",
  "123",
  "I did not create src/a.ts",
  "I have not created src/a.ts",
  "I didn't delete a.ts",
  "a.ts was not created",
  "a.ts has not been deleted",
  "I never created a.ts",
  "I will create a.ts",
  "I should have created a.ts",
  "created https://example.com/a.ts",
  "see https://example.com/a.ts which I created",
  "www.example.com exists",
  "created a.ts with 20 lines",
  "created something",
  "I created",
  "Did I create a.ts?",
  "does a.ts exist?",
  "all tests pass",
  "created a.ts. deleted b.ts",
  "created a.ts but deleted b.ts",
  "I created a.ts and it works",
  "added a line to a.ts",
  "removed the call from a.ts",
  "wrote a.ts",
  "I created a.ts and",
  "and created a.ts",
  "a.ts contains TODO",
  'a.ts contains "x',
  "created a.ts b.ts",
  "nginx is running",
  "I almost created a.ts",
  "created no a.ts",
  "it is false that a.ts exists",
  "a.ts exists or b.ts exists",
  "I created neither a.ts nor b.ts",
  "created a.ts, not b.ts",
  "I created a.ts exists",
];

describe("the sentence grammar", () => {
  for (const [sentence, claims] of understood) {
    it(`reads: ${sentence}`, () => expect(read(sentence)).toEqual(claims));
  }
  for (const sentence of abstained) {
    it(`abstains: ${sentence}`, () => {
      const claims = claimsOfSentence(sentence);
      expect(read(sentence)).toBe("?");
      if (!Array.isArray(claims)) expect(claims.why).not.toBe("");
    });
  }
  it("says what could be claimed", () => {
    const claims = claimsOfSentence("I wrote src/a.ts");
    expect(!Array.isArray(claims) && claims.couldClaim).toContain("file.created path=src/a.ts");
  });
  it("takes a FALSE in any clause, and TRUE only of all", () => {
    expect(answerOfAll(["TRUE", "FALSE", "UNVERIFIABLE"])).toBe("FALSE");
    expect(answerOfAll(["TRUE", "UNVERIFIABLE"])).toBe("UNVERIFIABLE");
    expect(answerOfAll([])).toBe("UNVERIFIABLE");
    expect(answerOfAll(["TRUE", "TRUE"])).toBe("TRUE");
  });
  it("is quick, and never throws, on any text (property)", async () => {
    const word = fc.constantFrom(
      "I",
      "created",
      "and",
      ",",
      "a.ts",
      "`x y`",
      '"',
      "'",
      "not",
      "exists",
      "to",
      "renamed",
      "contains",
      ".",
      "does",
      "the",
      "file",
      "\u0000",
      "…",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(" ")),
        ),
        async (sentence) => {
          const claims = claimsOfSentence(sentence);
          if (Array.isArray(claims))
            for (const claim of claims) await judgeAgainst(treeOf({ a: "1" }), claim);
        },
      ),
      { numRuns: 2000 },
    );
    expect(read(`created ${"a.ts and ".repeat(100_000)}`)).toBe("?");
  });
});
