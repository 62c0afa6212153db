/** Every row finds what its vendor makes, and leaves alone what only looks like it. */
import { describe, expect, test } from "vitest";
import { ROWS } from "../src/secrets/rows.ts";
import { scanBytes } from "../src/secrets/scanner.ts";
import { AI_CASES } from "./secret-cases/ai.ts";
import { ASSIGNMENTS_CASES } from "./secret-cases/assignments.ts";
import { CHAT_CASES } from "./secret-cases/chat.ts";
import { CI_CASES } from "./secret-cases/ci.ts";
import { CLOUDS_CASES } from "./secret-cases/clouds.ts";
import { CODE_HOSTS_CASES } from "./secret-cases/code-hosts.ts";
import { CREDENTIALS_CASES } from "./secret-cases/credentials.ts";
import { DATABASES_CASES } from "./secret-cases/databases.ts";
import { HASHES_CASES } from "./secret-cases/hashes.ts";
import { IDENTITY_CASES } from "./secret-cases/identity.ts";
import { KEYS_CASES } from "./secret-cases/keys.ts";
import { MAIL_CASES } from "./secret-cases/mail.ts";
import { MONITORING_CASES } from "./secret-cases/monitoring.ts";
import { PAYMENTS_CASES } from "./secret-cases/payments.ts";
import { REGISTRIES_CASES } from "./secret-cases/registries.ts";
import type { FamilyCases } from "./secret-cases/row-cases.ts";
import { SAAS_CASES } from "./secret-cases/saas.ts";
import { WEB_TOKENS_CASES } from "./secret-cases/web-tokens.ts";

const CASES: FamilyCases = {
  ...AI_CASES,
  ...ASSIGNMENTS_CASES,
  ...CHAT_CASES,
  ...CI_CASES,
  ...CLOUDS_CASES,
  ...CODE_HOSTS_CASES,
  ...CREDENTIALS_CASES,
  ...DATABASES_CASES,
  ...HASHES_CASES,
  ...IDENTITY_CASES,
  ...KEYS_CASES,
  ...MAIL_CASES,
  ...MONITORING_CASES,
  ...PAYMENTS_CASES,
  ...REGISTRIES_CASES,
  ...SAAS_CASES,
  ...WEB_TOKENS_CASES,
};

const hitsOf = async (id: string, text: string) =>
  (await scanBytes(Buffer.from(text))).filter((hit) => hit.rule === id);

describe.each(ROWS.map((row) => [row.id, row] as const))("%s", (id, row) => {
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
