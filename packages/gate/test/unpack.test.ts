/** What stands packed in a file is read, within bounds; what cannot be read is said. */
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { secretOf } from "@wingman/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanFile } from "../src/secrets/scan-file.ts";
import { Budget, membersOf } from "../src/secrets/unpack.ts";
import { pngWith, tarOf, zipOf } from "./archives.ts";

const secret = secretOf("github");
const text = Buffer.from(`first\nkey = ${secret}\n`);

const scan = (bytes: Uint8Array, path = "a.bin") =>
  scanFile({ size: bytes.length, read: async () => bytes }, { path });
const places = async (bytes: Uint8Array) =>
  (await scan(bytes)).hits.map((hit) => `${hit.rule} ${hit.inside ?? "-"}:${hit.line}`);

describe("found in", () => {
  const inner = zipOf([{ name: "in/key.txt", bytes: text }]);
  test.each([
    ["a zip", zipOf([{ name: "b/key.txt", bytes: text }]), "b/key.txt"],
    ["a stored member", zipOf([{ name: "b/key.txt", bytes: text, stored: true }]), "b/key.txt"],
    [
      "a zip without sizes in its headers",
      zipOf([{ name: "k", bytes: text, streamed: true }]),
      "k",
    ],
    ["a tar", tarOf([{ name: "b/key.txt", bytes: text }]), "b/key.txt"],
    ["a gzip", gzipSync(text), ""],
    ["a tar in a gzip", gzipSync(tarOf([{ name: "key.txt", bytes: text }])), "key.txt"],
    ["a zip in a zip", zipOf([{ name: "b.jar", bytes: inner }]), "b.jar!/in/key.txt"],
    ["a gzip in a zip", zipOf([{ name: "k.gz", bytes: gzipSync(text) }]), "k.gz"],
    [
      "a zip in a tar in a gzip",
      gzipSync(tarOf([{ name: "b.jar", bytes: inner }])),
      "b.jar!/in/key.txt",
    ],
    ["a zip behind a picture", Buffer.concat([pngWith([]), inner]), "in/key.txt"],
    [
      "a zip behind a tar",
      Buffer.concat([tarOf([{ name: "x", bytes: Buffer.from("x") }]), inner]),
      "in/key.txt",
    ],
    ["a zip behind a program", Buffer.concat([Buffer.from("\x7fELF\0\0"), inner]), "in/key.txt"],
    [
      "UTF-16 in a zip",
      zipOf([{ name: "k", bytes: Buffer.from(text.toString(), "utf16le") }]),
      "k",
    ],
    [
      "a compressed text of a PNG",
      pngWith([["zTXt", Buffer.concat([Buffer.from("k\0\0"), deflateSync(text)])]]),
      "zTXt",
    ],
    [
      "a compressed international text of a PNG",
      pngWith([["iTXt", Buffer.concat([Buffer.from("k\0\x01\0de\0k\0"), deflateSync(text)])]]),
      "iTXt",
    ],
    ["a compressed stream of a PDF", pdfWith(text), "stream"],
  ])("%s", async (_name, bytes, inside) => {
    expect(await places(bytes)).toEqual([`github-token ${inside}:2`]);
    expect((await scan(bytes)).unread).toEqual([]);
  });

  test("a plain text of a PNG, as it stands", async () => {
    const png = pngWith([["tEXt", Buffer.concat([Buffer.from("k\0"), text])]]);
    expect((await scan(png)).hits).toHaveLength(1);
  });

  test("a gzip with bytes behind it, and with a wrong checksum", async () => {
    const packed = gzipSync(text);
    expect(await places(Buffer.concat([packed, Buffer.from("bytes behind it")]))).toHaveLength(1);
    packed.writeUInt32LE(0, packed.length - 8);
    expect(await places(packed)).toHaveLength(1);
  });

  test("a zip that was cut off", async () => {
    const zip = zipOf([{ name: "k", bytes: Buffer.concat([text, Buffer.alloc(5000, "ab c")]) }]);
    expect(await places(zip.subarray(0, zip.indexOf("PK\x01\x02") - 2))).toHaveLength(1);
  });

  test("a member that the directory leaves out", async () => {
    const zip = zipOf([{ name: "k", bytes: text }]);
    const other = zipOf([{ name: "ok.txt", bytes: Buffer.from("nothing") }]);
    expect(
      await places(Buffer.concat([zip.subarray(0, zip.indexOf("PK\x01\x02")), other])),
    ).toHaveLength(1);
  });
});

describe("said to be unread", () => {
  const why = async (bytes: Uint8Array) => (await scan(bytes)).unread.map((one) => one.why);

  test("a bomb, with what came before it read", async () => {
    const bomb = zipOf([
      { name: "key.txt", bytes: text },
      { name: "bomb", packed: deflateRawSync(Buffer.alloc(65 << 20)) },
    ]);
    const file = await scan(bomb);
    expect(file.hits.map((hit) => hit.inside)).toEqual(["key.txt"]);
    expect(file.unread).toMatchObject([{ inside: "bomb", why: expect.stringContaining("64 MiB") }]);
  });

  test("a bomb of many members, one of bombs in bombs, and one that holds itself", async () => {
    const packed = deflateRawSync(Buffer.alloc(1 << 20));
    const many = zipOf(Array.from({ length: 300 }, (_, at) => ({ name: `m${at}`, packed })));
    expect(await why(many)).toMatchObject([expect.stringContaining("64 MiB")]);
    const nested = zipOf(Array.from({ length: 20 }, (_, at) => ({ name: `z${at}`, bytes: many })));
    expect(await why(nested)).toContainEqual(expect.stringContaining("64 MiB"));
    let deep = zipOf([{ name: "0", bytes: text }]);
    for (let at = 1; at < 9; at += 1) deep = zipOf([{ name: `${at}.zip`, bytes: deep }]);
    expect(await why(deep)).toEqual(["it is packed too deep"]);
    const few = new Budget(1 << 20, 3);
    expect([...membersOf(many, few)].at(-1)?.why).toContain("unpacks to more");
  });

  test.each([
    [
      "an encrypted member",
      zipOf([{ name: "k", bytes: text, encrypted: true }]),
      "it is encrypted",
    ],
    [
      "a method that we do not have",
      zipOf([{ name: "k", bytes: text, method: 14 }]),
      "it is packed by method 14",
    ],
    ["xz", Buffer.from("\xfd7zXZ\0 and more", "latin1"), "it is an xz archive"],
    ["7-Zip", Buffer.from("7z\xbc\xaf\x27\x1c and more", "latin1"), "it is a 7-Zip archive"],
    ["bzip2", Buffer.from("BZh91AY&SY and more", "latin1"), "it is a bzip2 archive"],
    ["git-crypt", Buffer.from("\0GITCRYPT\0 and more", "latin1"), "it is encrypted by git-crypt"],
    [
      "a broken gzip",
      Buffer.concat([gzipSync(text).subarray(0, 10), Buffer.alloc(60, 255)]),
      "it is packed, and broken",
    ],
  ])("%s", async (_name, bytes, said) => {
    expect(await why(bytes)).toEqual([said]);
  });

  test("a large archive is not held, and its bytes are still looked at", async () => {
    async function* stream() {
      yield Buffer.concat([zipOf([{ name: "k", bytes: Buffer.from("x") }]), text]);
      for (let at = 0; at < 3; at += 1) yield Buffer.alloc(1 << 20, "x \n");
    }
    const file = await scanFile(
      { size: 65 << 20, read: () => Promise.reject(), stream },
      { path: "a.zip" },
    );
    expect(file.hits.map((hit) => hit.rule)).toEqual(["github-token"]);
    expect(file.unread).toMatchObject([{ why: expect.stringContaining("larger than 64 MiB") }]);
  });

  test("no ordinary file", async () => {
    for (const bytes of [
      Buffer.from("BZhello"),
      Buffer.from("PK"),
      Buffer.from("Rar! it roared"),
      pngWith([]),
    ])
      expect(await why(bytes)).toEqual([]);
  });
});

test("a broken archive is never an error", async () => {
  const whole = gzipSync(tarOf([{ name: "b.zip", bytes: zipOf([{ name: "k", bytes: text }]) }]));
  const zip = zipOf([
    { name: "k", bytes: text },
    { name: "l", bytes: text, streamed: true },
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(whole, zip, pngWith([["zTXt", text]]), pdfWith(text)),
      fc.nat(),
      fc.nat(255),
      fc.nat(),
      async (from, at, byte, cut) => {
        const bytes = Buffer.from(from);
        bytes[at % bytes.length] = byte;
        await scan(bytes.subarray(0, 1 + (cut % bytes.length)));
        await scan(bytes);
      },
    ),
    { numRuns: 300 },
  );
});

function pdfWith(bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from("%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length 9>>\nstream\r\n"),
    deflateSync(bytes),
    Buffer.from("\nendstream\nendobj\n%%EOF\n"),
  ]);
}
