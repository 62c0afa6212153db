import { secretOf } from "@wingman/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../src/secrets/scanner.ts";

const scan = (text: string | Uint8Array) =>
  scanBytes(typeof text === "string" ? Buffer.from(text) : text);
const kinds = async (text: string | Uint8Array) =>
  (await scan(text)).map((hit) => `${hit.confidence} ${hit.kind} ${hit.line}:${hit.column}`);

const KNOWN = [
  "github",
  "github-fine",
  "gitlab",
  "slack",
  "slack-webhook",
  "stripe",
  "aws-id",
  "google",
  "jwt",
  "telegram",
  "npm",
  "openai",
  "anthropic",
  "sendgrid",
  "huggingface",
] as const;

describe("every kind", () => {
  it.each(KNOWN)(
    "%s is found alone, in code, in a URL and in prose, at its place",
    async (kind) => {
      const secret = secretOf(kind);
      for (const [before, after] of [
        ["", ""],
        ['const x = "', '";\n'],
        ["see ", " there"],
        ["key=", "\r\n"],
        ["(", ")"],
      ] as const) {
        const hits = await scan(`line one\n${before}${secret}${after}`);
        expect(hits.map((hit) => [hit.line, hit.confidence])).toEqual([[2, "high"]]);
        // A webhook's kind begins after its scheme.
        const ahead = kind === "slack-webhook" ? "https://".length : 0;
        expect(hits[0]?.column).toBe(before.length + 1 + ahead);
      }
    },
  );

  it("says nothing of the secret", async () => {
    for (const kind of KNOWN) {
      const secret = secretOf(kind);
      expect(JSON.stringify(await scan(`x ${secret}\n`))).not.toContain(secret.slice(-8));
    }
  });

  it("an AWS secret key by its name", async () => {
    const text = `aws_secret_access_key = ${secretOf("aws-secret")}\n`;
    expect((await scan(text))[0]).toMatchObject({ confidence: "high", line: 1 });
  });

  it.each([
    ["pem-begin", "private key"],
    ["pem-rsa-begin", "private key"],
    ["openssh-begin", "private key"],
    ["pgp-begin", "private key"],
  ])("%s with a body blocks, alone it is suspected", async (kind) => {
    const begin = secretOf(kind);
    const body = secretOf("pem-body");
    expect(await kinds(`\n  ${begin}\n  ${body}\n  ${body}\n`)).toContain("high private key 2:3");
    expect(await kinds(`"${begin}\\n${body}\\n${body}\\n"`)).toContain("high private key 1:2");
    expect(await kinds(`if (text.includes("${begin}")) return;`)).toEqual(["low private key 1:20"]);
  });
});

describe("secretlint's comments do not switch it off", () => {
  it.each(KNOWN)("%s beside disable comments", async (kind) => {
    const text = `// secretlint-disable\n/* secretlint-disable */\n# secretlint-disable-next-line\n${secretOf(kind)} // secretlint-disable-line\n`;
    expect((await scan(text)).map((hit) => hit.line)).toEqual([4]);
  });

  it("nor for a kind that only secretlint's rules know", async () => {
    const linear = ["lin", "_api_", secretOf("github").slice(4)].join("");
    for (const comment of ["secretlint-disable", "secretlint-disable-line"]) {
      expect(
        (await scan(`// ${comment}\n${linear} // ${comment}\n`)).map((hit) => hit.line),
      ).toEqual([2]);
    }
  });
});

describe("encodings", () => {
  const text = `é Zeile\nschlüssel = ${secretOf("github")}\n`;
  it.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with mark", Buffer.from(`\ufeff${text}`)],
    ["Latin-1", Buffer.from(text, "latin1")],
    ["UTF-16LE with mark", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16LE", Buffer.from(text, "utf16le")],
    ["UTF-16BE with mark", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-16BE", Buffer.from(text, "utf16le").swap16()],
  ])("%s: found at line 2, column 13", async (_name, bytes) => {
    expect(await kinds(bytes)).toEqual(["high GitHub token 2:13"]);
  });

  it("UTF-16 at an odd offset, UTF-32, and after NUL bytes", async () => {
    const secret = secretOf("telegram");
    const odd = Buffer.concat([Buffer.from("x"), Buffer.from(secret, "utf16le")]);
    const wide = Buffer.from([...secret].flatMap((char) => [char.charCodeAt(0), 0, 0, 0]));
    const binary = Buffer.concat([Buffer.from([0, 1, 2, 0, 10]), Buffer.from(` ${secret} `)]);
    for (const bytes of [odd, wide, binary]) {
      expect((await scan(bytes)).map((hit) => hit.kind)).toEqual(["Telegram bot token"]);
    }
  });
});

describe("assignments", () => {
  const random = secretOf("random");
  it.each([
    `password = "${random}"`,
    `"client_secret": "${random}",`,
    `  api-key: '${random}'`,
    `API_KEY=${random}`,
    `export DB_PASSWORD=${random}\n`,
    `token: ${random}  # staging`,
    `Authorization: Bearer ${random}`,
    `const auth = { Authorization: "Basic ${Buffer.from(`admin:${random}`).toString("base64")}" };`,
  ])("%# blocks", async (text) => {
    expect((await scan(text)).map((hit) => hit.confidence)).toEqual(["high"]);
  });

  it.each([
    'password = "changeme-please-1234567890"',
    "password: ${DB_PASSWORD}",
    'const token = process.env.GITHUB_TOKEN ?? "";',
    "api_key: <your-api-key-goes-here-123>",
    'secret: "{{ .Values.secret.name1234567890 }}"',
    'tokenType: "application/x-www-form-urlencoded"',
    'password: "The password must hold 12 letters and 3 digits"',
    'secretName: "my-app-production-tls-certificate-2024"',
    "access_token = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    'passwordResetUrl = "https://acme.example/reset/1234567890"',
    "https://user:password@acme.example/",
    "postgres://app:${PASSWORD}@db/shop",
    "const passwordField = document.querySelector('#password');",
    "Authorization: Bearer <token>",
    "the secret of a good test is patience: it takes 12 weeks",
  ])("%# neither blocks nor warns: %s", async (text) => {
    expect((await scan(text)).filter((hit) => hit.confidence !== "low")).toEqual([]);
  });

  it("hex digits under a name that says token block; under one that says hash they are left alone", async () => {
    expect((await scan(`token = "${secretOf("hex40")}"`)).map((hit) => hit.confidence)).toEqual([
      "high",
    ]);
    expect(await scan(`token_sha1 = "${secretOf("hex40")}"`)).toEqual([]);
  });
});

describe("base64", () => {
  it.each(["github", "telegram", "stripe"])("a wrapped %s is taken out once", async (kind) => {
    const wrapped = Buffer.from(`${secretOf(kind)}\n`).toString("base64");
    const hits = await scan(`data:\n  token: ${wrapped}\n`);
    expect(hits.map((hit) => [hit.line, hit.confidence])).toEqual([[2, "high"]]);
    expect(hits[0]?.kind).toContain("base64");
  });
});

describe("size", () => {
  it("finds a token across every window's edge, with its line and column", async () => {
    const secret = secretOf("npm");
    for (const around of [(1 << 20) - 20, (1 << 20) - 16_384, 2 * (1 << 20) - 16_384 - 10]) {
      const bytes = Buffer.concat([
        Buffer.alloc(around - 100, "a b\n"),
        Buffer.alloc(99, "ü "),
        Buffer.from(`\n ${secret}\n`),
        Buffer.alloc(100_000, "z\n"),
      ]);
      const lines = bytes.subarray(0, bytes.indexOf(secret)).toString("latin1").split("\n").length;
      expect(await kinds(bytes)).toEqual([`high npm token ${lines}:2`]);
    }
  });

  it("one line of 3 MB keeps its columns", async () => {
    const bytes = Buffer.from(
      `${"ü ".repeat(700_000)}${secretOf("gitlab")} ${"x ".repeat(500_000)}`,
    );
    expect(await kinds(bytes)).toEqual(["high GitLab personal access token 1:1400001"]);
  });

  it.each([
    "eyJ",
    "-eyJ",
    "eyJa.eyJ",
    "xoxb-",
    "xoxb-a-",
    "ghp_",
    "://",
    "://a:",
    "://a:b@",
    "SG.a.",
    "mysql://",
    "mongodb://a:",
    "password=",
    'secret: "',
    "token token_",
    "Authorization: Bearer ",
    "-----BEGIN ",
    `${secretOf("pem-begin")}`,
    "lin_api_",
    "_authToken=",
    "aws_secret_access_key ",
    "1",
    "12345678:",
    "a",
    "Aa1+",
    "\0",
    "k\0e\0y\0",
    "\n",
    "key=AAAA ",
    "AKIA",
    "sk-",
    "https://x:",
    "password     ",
  ])("hostile %# is linear", async (piece) => {
    // A quadratic way through a megabyte would outlast the runner's patience: that is the bound.
    expect(await scan(Buffer.alloc(1_000_000, piece))).toBeInstanceOf(Array);
  });

  it("never throws, whatever the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(await scan(bytes)).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });

  it("finds any token between any bytes that end it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KNOWN),
        fc.uint8Array({ maxLength: 60 }),
        fc.uint8Array({ maxLength: 60 }),
        async (kind, before, after) => {
          const bytes = Buffer.concat([before, Buffer.from(`\n${secretOf(kind)}\n`), after]);
          const found = (await scan(bytes)).filter((hit) => hit.confidence === "high");
          expect(found.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
