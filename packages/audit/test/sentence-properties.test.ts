/**
 * What holds of every sentence of the grammar: order changes nothing, a denial never keeps an answer, and
 * a word without a place leaves nothing judged.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { answer } from "./sentence-ground.ts";

const RUNS = { numRuns: 400 };
const NAMES = [
  ...["src/a.ts", "src/b.js", "old.ts", "both.ts", "gone.ts", "nope.ts", "Makefile", "`empty.txt`"],
  ...["docs/guide.md", '"my notes.txt"', "the file src/c", "the folder src/keys", "bin/run"],
];
const name = fc.constantFrom(...NAMES);
const list = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });

/** What is said, and its contrary. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["I created N", "I did not create N"],
  ["I created N", "I have not created N"],
  ["N was created", "N was not created"],
  ["I deleted N", "I never deleted N"],
  ["N was deleted", "N was not deleted"],
  ["I updated N", "I did not update N"],
  ["N has changed", "N has not changed"],
  ["I made changes to N", "I made no changes to N"],
  ["I touched N", "I did not touch N"],
  ["I touched N", "I left N untouched"],
  ["I touched N", "I touched nothing in N"],
  ["N exists", "N does not exist"],
  ["there is N", "there is no N"],
  ["the repository has N", "the repository does not have N"],
  ["N is in the repository", "N is not in the repository"],
  ['N contains "One"', 'N does not contain "One"'],
  ['N contains "a"', 'N lacks "a"'],
  ["N is empty", "N is not empty"],
  ["N is executable", "N is not executable"],
  ["N is a folder", "N is not a folder"],
  ["I renamed N to renamed.ts", "I did not rename N to renamed.ts"],
];

const clause = fc
  .tuple(fc.constantFrom(...PAIRS), fc.boolean(), name)
  .map(([[said, denied], not, one]) => (not ? denied : said).replace("N", () => one))
  .map((text) =>
    text.startsWith("I ") ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`,
  );

it("means the same in any order of its clauses (property)", async () => {
  const clauses = fc.array(clause, { minLength: 2, maxLength: 4 });
  const joint = fc.constantFrom(". ", "; ", ", and ", " and ", ", ", ", but ");
  await fc.assert(
    fc.asyncProperty(clauses, joint, fc.nat(), async (all, by, turn) => {
      const at = turn % all.length;
      const turned = [...all.slice(at), ...all.slice(0, at)].reverse();
      const [one, other] = [await answer(all.join(by)), await answer(turned.join(by))];
      const sure = [one, other].filter((seen) => seen === "TRUE" || seen === "FALSE");
      // Two sure answers are one; where the joint leaves open who did what, neither is sure.
      expect(new Set(sure).size).toBeLessThan(2);
      if (by !== ", " && by !== " and ") expect(sure.length).not.toBe(1);
    }),
    RUNS,
  );
});

it("means the same in any order of its names (property)", async () => {
  const form = fc.constantFrom(...PAIRS.flat().filter((text) => text.endsWith(" N")));
  const joint = fc.constantFrom(" and ", ", ", " as well as ", " & ", ", and ");
  await fc.assert(
    fc.asyncProperty(form, list, joint, async (said, names, by) => {
      const ask = (all: readonly string[]): Promise<string> =>
        answer(said.replace("N", () => all.join(by)));
      expect(await ask(names.toReversed())).toBe(await ask(names));
    }),
    RUNS,
  );
});

it("says nothing else when it is denied (property)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PAIRS), name, async ([said, denied], one) => {
      const seen = [said, denied].map((text) => answer(text.replace("N", () => one)));
      const both = (await Promise.all(seen)).join();
      expect(both).not.toBe("TRUE,TRUE");
      // What is said of a file that is not there contradicts either way.
      if (await holds(`${one} exists`)) expect(both).not.toBe("FALSE,FALSE");
    }),
    RUNS,
  );
});

async function holds(sentence: string): Promise<boolean> {
  return (await answer(sentence)) === "TRUE";
}

const STRANGERS = [
  ...["zorp", "almost", "maybe", "should", "partly", "unless", "hardly", "supposedly", "if", "or"],
  ...["tried", "allegedly", "nearly", "cannot", "would", "😀", "❌", "(", "vielleicht", "somebody"],
];

it("judges nothing with a word that has no place (property)", async () => {
  const clauses = fc.array(clause, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(clauses, fc.constantFrom(...STRANGERS), fc.nat(), async (all, word, where) => {
      const parts = all.join(", and ").split(/ (?=(?:[^"`]*["`][^"`]*["`])*[^"`]*$)/);
      const at = where % (parts.length + 1);
      const text = [...parts.slice(0, at), word, ...parts.slice(at)].join(" ");
      expect(["TRUE", "FALSE"], text).not.toContain(await answer(text));
    }),
    { numRuns: 1500 },
  );
});
