import { type Change, differences, type Finding, foldPath, treeOf } from "@wingman/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collisions } from "../src/rules/collisions.ts";

const NAMES = ["a", "A", "b", "\u00e4", "a\u0308", "\u00c4"];
const path = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  .map((names) => names.join("/"));
const files = fc.uniqueArray(path, { maxLength: 8 }).map((paths) =>
  // A path is a file or a folder, never both.
  paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`))),
);

/** By the whole tree: every folder's names, in the order of the listing. */
function expected(after: readonly string[], added: ReadonlySet<string>): string[] {
  const groups = new Map<string, Map<string, boolean>>();
  for (const one of after) {
    const names = one.split("/");
    for (const at of names.keys()) {
      const node = names.slice(0, at + 1).join("/");
      const key = `${names.slice(0, at).join("/")}\0${foldPath(names[at] ?? "")}`;
      const same = groups.get(key) ?? new Map<string, boolean>();
      groups.set(key, same.set(node, same.get(node) === true || !added.has(one)));
    }
  }
  return [...groups.values()].flatMap((same) => {
    const mine = [...same.keys()].find((node) => same.get(node) === false);
    const other = [...same.keys()].find((node) => node !== mine);
    return mine === undefined || other === undefined ? [] : [`${mine} ${other}`];
  });
}

function pairOf({ path = "", message }: Finding): string {
  const [, other = ""] = / and (".*?"|\S+) (?:are|is) /.exec(message) ?? [];
  return `${path} ${other.replaceAll('"', "")}`;
}

test("the folders that a change touches tell what the whole tree would", async () => {
  await fc.assert(
    fc.asyncProperty(files, files, async (old, more) => {
      const before = treeOf(Object.fromEntries(old.map((one) => [one, "old"])));
      const fits = more.filter(
        (one) =>
          !old.some((other) => `${other}/`.startsWith(`${one}/`) || one.startsWith(`${other}/`)),
      );
      const after = treeOf(Object.fromEntries([...old, ...fits].map((one) => [one, "new"])));
      const own = await differences(before, after);
      const change = { scope: "tip", before, after, own } as unknown as Change;
      const listing = (await after.entries()).map((one) => one.path);
      const found = (await collisions(change)).map(pairOf);
      expect(found.sort()).toEqual(expected(listing, new Set(fits)).sort());
    }),
    { numRuns: 2000 },
  );
});
