/** Recall: every documented kind of secret, and a password in every place where programs keep one. */
import { describe, expect, test } from "vitest";
import { scanBytes } from "../src/secrets/scanner.ts";
import { KEYS, PLACES, picker, TOKENS } from "./documented-secrets.ts";

const SEEDS = Array.from({ length: 8 }, (_, at) => `seed ${at}`);
const RANK = ["low", "medium", "high"];

/** The surest hit in a text, `none` where there is none. */
async function surest(text: string): Promise<string> {
  const ranks = (await scanBytes(Buffer.from(text))).map((hit) => RANK.indexOf(hit.confidence));
  return RANK[Math.max(-1, ...ranks)] ?? "none";
}

const AROUND: readonly (readonly [string, string])[] = [
  ["", ""],
  ["see ", " there\n"],
  ['const key = "', '";\n'],
  ["KEY=", "\r\n"],
];

describe("tokens by their own shape", () => {
  test.each(Object.entries(TOKENS))("%s", async (kind, make) => {
    for (const seed of SEEDS) {
      for (const [before, after] of AROUND) {
        const found = await surest(`line one\n${before}${make(picker(seed))}${after}`);
        // Stripe's test mode moves no money: said, and let through.
        expect(`${seed} ${found}`).toBe(`${seed} ${kind === "Stripe test" ? "medium" : "high"}`);
      }
    }
  });
});

describe("keys", () => {
  test.each(Object.entries(KEYS))("%s", async (kind, make) => {
    for (const seed of SEEDS) expect(await surest(make(picker(seed)))).toMatch(/high|medium/);
    // Behind a passphrase a key is half a secret: said, not refused.
    const expected = kind.includes("encrypted") ? "medium" : "high";
    expect(await surest(make(picker("one more")))).toBe(expected);
  });
});

describe("a password", () => {
  test.each(Object.entries(PLACES))(
    "%s: 24 random signs block, 15 are at least said",
    async (_, at) => {
      for (const seed of SEEDS) {
        const pick = picker(seed);
        expect(await surest(at(`${pick(11)}7${pick(12)}`))).toBe("high");
        expect(await surest(at(`${pick(2)}4kQ${pick(8)}!x`))).toMatch(/high|medium/);
      }
    },
  );

  test.each(Object.entries(PLACES))(
    "%s: no placeholder and no reference is refused",
    async (_, at) => {
      for (const value of [
        "changeme-changeme",
        "your-password-here",
        "xxxxxxxxxxxxxxxxxxxxxxxx",
        "example-password-123456",
        "correct-horse-battery-staple",
        "getPasswordFromVaultOrThrow",
      ])
        expect(`${value}: ${await surest(at(value))}`).not.toContain("high");
      for (const value of [
        "${DB_PASSWORD}",
        "$DB_PASSWORD",
        "{{ .Values.password }}",
        "<password>",
      ])
        expect(`${value}: ${await surest(at(value))}`).toMatch(/: (?:none|low)$/);
    },
  );
});

describe("what real repositories hold and is no secret", () => {
  test.each([
    // psf/requests, RFC 6749 §4.1.4
    `"access_token":"${["2YotnFZFEjr", "1zCsicMWpAA"].join("")}",`,
    // gitleaks: a rule's pattern
    "secretRegex := `ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3}`",
    // pagination
    `"nextPageToken": "${picker("page")(24)}7"`,
    `"publicToken": "${picker("public")(40)}7"`,
    // expressjs/express: tobi:ferret:ferret
    `.set('Authorization', 'Basic ${Buffer.from("tobi:ferret:ferret").toString("base64")}')`,
    // octokit: username:password
    `authorization: "Bearer ${Buffer.from("username:password").toString("base64")}"`,
    // kubernetes/examples: mysqlpassword
    `  password: ${Buffer.from("mysqlpassword").toString("base64")}`,
    // auth0/node-jsonwebtoken: {"foo":"bar"} and times
    `var token = '${[{ alg: "HS256" }, { foo: "bar", iat: 1437018582 }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".")}.${picker("jwt")(43)}';`,
    `SECRET_KEY = 'django-insecure-${picker("django")(50)}'`,
    ["AK", "IA", "X".repeat(16)].join(""),
    ["AI", "za", "Syabcdefghijklmnopqrstuvwxyz1234567"].join(""),
    "integrity sha512-kQ7hZgP1rN3mXw9cV5bT2yL8dF4sJ6aG0eR1uI3oP5qW7zX9vB2nM4lK6jH8gF0dS2aQ4wE6rT8yU0iO==",
    // prettier/prettier, in yarn's own bundle: a list of names
    '=new Set(["injectNpmUser","injectNpmPassword","injectNpm2FaToken","zipDataEpilogue"])',
    'PAYMENT_API_KEY = "pk_DEMO_KEY_DO_NOT_USE_xyz789"',
    "machine example.com login user password pass\\ndefault",
  ])("%#: not refused", async (text) => {
    expect(await surest(`${text}\n`)).not.toBe("high");
  });
});
