/** Every code that this program can print is explained: a refusal that cannot be looked up teaches nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXPLANATIONS } from "@wingman/gate";
import { expect, test } from "vitest";
import { CODES } from "../src/explanations-codes.ts";

const packages = fileURLToPath(new URL("../../", import.meta.url));

function codesInSources(): string[] {
  const found = new Set<string>();
  for (const file of readdirSync(packages, { recursive: true, encoding: "utf8" })) {
    if (!/^[a-z]+\/src\/.*\.ts$/.test(file) || file.includes("/cases/")) continue;
    const text = readFileSync(`${packages}${file}`, "utf8");
    for (const match of text.matchAll(/\bcode: "([a-z-]+\/[a-z-]+)"/g)) found.add(match[1] ?? "");
  }
  return [...found].sort();
}

test("each code of a finding or fault in the sources has an explanation", () => {
  const codes = codesInSources();
  expect(codes.length).toBeGreaterThan(80);
  expect(codes.filter((code) => !(code in CODES) && !(code in EXPLANATIONS))).toEqual([]);
});
