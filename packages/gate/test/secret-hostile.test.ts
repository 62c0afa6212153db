/** Input that was made to slow the scanner down, to hide from it, or to fill its memory. */
import { gzipSync } from "node:zlib";
import { secretOf } from "@wingman/testkit";
import { describe, expect, test } from "vitest";
import { ROWS } from "../src/secrets/rows.ts";
import { scanBytes, scanStream } from "../src/secrets/scanner.ts";

const SMALL = 24 << 10;
const GROWN = 4;
/** Below this many milliseconds of processor time nothing is told of growth. */
const TELLING = 60;

describe("every row is linear on what looks like it", () => {
  test.each(ROWS.map((row) => [row.id, row] as const))("%s", async (_id, row) => {
    for (const piece of hostilePieces(row.keywords, row.pattern.source)) {
      // Four times the text costs about four times the time; the square would be sixteen. Asked
      // again where a busy machine got in between: a square stays one.
      const ratios: number[] = [];
      for (let asked = 0; asked < 3 && (ratios.at(-1) ?? 99) > 9; asked += 1) {
        const small = await processorTime(Buffer.alloc(SMALL, piece));
        const large = await processorTime(Buffer.alloc(SMALL * GROWN, piece));
        ratios.push(large < TELLING ? 0 : large / small);
      }
      expect(Math.min(...ratios), `on ${JSON.stringify(piece)}`).toBeLessThan(9);
    }
  });
});

/** Texts of which a file is full: keywords alone, and with what a pattern may hope to go on with. */
function hostilePieces(keywords: readonly string[], source: string): string[] {
  const [first = "", last = first] = [keywords[0], keywords.at(-1)];
  const behind = /\\s|\[ /.test(source) ? [" ", '="', ": "] : ["-", "Aa1"];
  return [...new Set([first, last, ...behind.map((text) => first + text)])];
}

async function processorTime(bytes: Buffer): Promise<number> {
  const started = process.cpuUsage();
  await scanBytes(bytes);
  return process.cpuUsage(started).user / 1000;
}

describe("what stands before a secret does not hide it", () => {
  test("not two thousand values that nobody minds", async () => {
    const strong = Buffer.from(secretOf("github")).toString("base64url").slice(4, 30);
    const lines = `${'password = "blue-horse"\n'.repeat(2000)}password = "${strong}"\n`;
    const bytes = Buffer.from(lines);
    const hits = await scanBytes(bytes);
    expect(hits.filter((hit) => hit.confidence === "high")).toHaveLength(1);
  });

  test("not a file full of beginnings that unpack for long and then break", async () => {
    const broken = gzipSync(Buffer.alloc(4 << 20)).subarray(0, -12);
    const bytes = Buffer.concat([
      ...Array(40).fill(broken),
      Buffer.from(`\n${secretOf("github")}\n`),
    ]);
    const hits = await scanBytes(bytes);
    expect(hits.map((hit) => hit.rule)).toContain("github-token");
  });
});

describe("a stream cut anywhere", () => {
  const secret = secretOf("github");
  const block = 1 << 20;

  test("shows a secret at every offset around a block's end", async () => {
    const size = block + (64 << 10);
    for (const around of [block, block - (32 << 10), block - (64 << 10)]) {
      for (let at = around - secret.length - 1; at <= around + 1; at += 1) {
        const bytes = Buffer.alloc(size, "word ");
        bytes.write(` ${secret} `, at - 1);
        const hits = await scanStream(inPieces(bytes, 200_000));
        expect(hits.map((hit) => [hit.rule, hit.offset])).toEqual([["github-token", at]]);
      }
    }
  });

  test("shows one in UTF-16 as well", async () => {
    const text = Buffer.from(`${"x ".repeat(260_000)}${secret} ${"y ".repeat(90_000)}`, "utf16le");
    for (const shift of [0, 2, 40, 80]) {
      const hits = await scanStream(inPieces(text.subarray(shift), 4096));
      expect(hits.map((hit) => [hit.rule, hit.column])).toEqual([
        ["github-token", 520_001 - shift / 2],
      ]);
    }
  });
});

test("a line of 64 MiB is read to its end, in the memory of some blocks", async () => {
  const secret = secretOf("github");
  async function* line() {
    for (let at = 0; at < 64; at += 1) yield Buffer.alloc(1 << 20, "x=1;");
    yield Buffer.from(` ${secret} `);
  }
  const before = process.memoryUsage().arrayBuffers;
  const hits = await scanStream(line());
  expect(hits.map((hit) => [hit.line, hit.column])).toEqual([[1, (64 << 20) + 2]]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 << 20);
});

describe("broken encodings", () => {
  const secret = secretOf("github");
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(
      parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
    );
  test.each([
    ["bytes that are no UTF-8", bytes([0xff, 0xc3, 0x28, 0x20], secret, [0x0a])],
    ["half a character before it", bytes([0xe2, 0x82], ` ${secret}`)],
    ["NUL bytes before it", bytes([0, 0, 0, 32], secret)],
    ["NUL bytes in it", bytes([...secret].flatMap((char) => [char.charCodeAt(0), 0]).concat(10))],
    ["a wrong byte order mark", bytes([0xfe, 0xff], ` ${secret}`)],
    [
      "UTF-16 with a mark in the middle of a file",
      Buffer.concat([Buffer.from("text\n"), Buffer.from(`\ufeff${secret} `, "utf16le")]),
    ],
    [
      "UTF-16 of an odd length",
      Buffer.concat([Buffer.from(`key ${secret} `, "utf16le"), Buffer.from("x")]),
    ],
    [
      "UTF-16 between letters of another script",
      Buffer.from(`${"ключ ".repeat(40)}${secret} ${"鍵".repeat(40)}`, "utf16le"),
    ],
    [
      "the same without a mark, highest byte first",
      Buffer.from(`${"ключ ".repeat(40)}${secret} ${"鍵".repeat(40)}`, "utf16le").swap16(),
    ],
  ])("%s", async (_name, file) => {
    const hits = await scanBytes(file);
    expect(hits.map((hit) => hit.rule)).toEqual(["github-token"]);
  });
});

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
