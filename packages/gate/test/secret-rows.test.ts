/** Every row finds what its vendor makes, and leaves alone what only looks like it. */
import { describe, expect, test } from "vitest";
import { ROWS } from "../src/secrets/rows.ts";
import { scanBytes } from "../src/secrets/scanner.ts";
import { CHAT_CASES } from "./secret-cases/chat.ts";
import type { FamilyCases } from "./secret-cases/row-cases.ts";

const CASES: FamilyCases = { ...CHAT_CASES };

// Rows in their former shape have no document yet.
const documented = ROWS.filter((row) => row.source !== "");

const hitsOf = async (id: string, text: string) =>
  (await scanBytes(Buffer.from(text))).filter((hit) => hit.rule === id);

describe.each(documented.map((row) => [row.id, row] as const))("%s", (id, row) => {
  const cases = CASES[id];

  test("has its document, and cases of both kinds", () => {
    expect(row.source).toMatch(/^https:\/\//);
    expect(cases?.bad.length).toBeGreaterThan(0);
    expect(cases?.ok.length).toBeGreaterThan(0);
  });

  test.each((cases?.bad ?? []).map((make, at) => [at, make] as const))(
    "bad %i is found once",
    async (_at, make) => {
      const hits = await hitsOf(id, make());
      expect(hits.map((hit) => hit.confidence)).toEqual([row.confidence ?? "high"]);
    },
  );

  test.each((cases?.ok ?? []).map((make, at) => [at, make] as const))(
    "ok %i is left alone",
    async (_at, make) => {
      expect(await hitsOf(id, make())).toEqual([]);
    },
  );
});

test("no case is of a row that is not there", () => {
  const ids = new Set(ROWS.map((row) => row.id));
  expect(Object.keys(CASES).filter((id) => !ids.has(id))).toEqual([]);
});
