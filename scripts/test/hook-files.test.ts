import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "../../dist");
const built = JSON.parse(readFileSync(join(dist, ".build.json"), "utf8"));

/** What a hook comes to only with certain changes: tables, parsers, the auditor, words for people. */
const LATER = [
  /^packages\/audit\//,
  /^packages\/gate\/src\/secrets\/(?:rows|verify|weigh-|secretlint|row-|judge-match)/,
  /^packages\/gate\/src\/forbidden(?:\/|-)/,
  /^packages\/gate\/src\/config\/compose-(?!path)/,
  /^packages\/gate\/src\/looser-/,
  /^packages\/\w+\/src\/(?:[\w-]+\/)*explanations/,
  /^packages\/cli\/src\/(?:formats|commands|demo|doctor|install-(?!pin))/,
  /^node_modules\/(?!\.pnpm\/fastest-levenshtein@)/,
];

test.each(["local", "server"])("a %s hook always loads no more than it always needs", (part) => {
  const always: string[] = built.hooks[part];
  expect(always).toContain("packages/gate/src/rules.ts");
  const wanted = part === "server" ? LATER.filter((one) => !/audit/.test(String(one))) : LATER;
  for (const later of wanted) {
    const known = Object.keys(built.inputs).some((path) => later.test(path));
    expect(known, `${later} is nothing that is built`).toBe(true);
  }
  expect(
    always.filter((path) => wanted.some((later) => later.test(path))),
    "import it dynamically where it is used: every commit pays for what a hook always loads",
  ).toEqual([]);
});

test("every part that a hook asks for is built beside it, or given by its first file", () => {
  const chunks: string[] = built.files.filter((path: string) => /^chunks\/hook-/.test(path));
  const texts = chunks.map((path) => readFileSync(join(dist, path), "utf8"));
  const given = new Set(
    texts.flatMap((text) => [...text.matchAll(/\bwingmanLoad\("([^"]+)",/g)].map((one) => one[1])),
  );
  const asked = texts.flatMap((text) =>
    [...text.matchAll(/\bwingmanLoad\("([^"]+)"\)/g)].map((one) => one[1] ?? ""),
  );
  expect(given.size).toBeGreaterThan(0);
  expect(asked.filter((name) => given.has(name)).length).toBeGreaterThan(0);
  for (const name of asked)
    expect(given.has(name) || built.files.includes(`chunks/${name}`), name).toBe(true);
});

test("what a clone's hook always reads stays small", () => {
  const [local = ""] = built.files.filter((path: string) => /^chunks\/hook-local-/.test(path));
  expect(statSync(join(dist, local)).size).toBeLessThan(450_000);
});
