import { describe, expect, it } from "vitest";
import {
  auditorKeyOf,
  generateAuditorKey,
  noteKeyId,
  signCheckpoint,
  verifyCheckpoint,
} from "../src/index.ts";

const { pem, publicKey } = generateAuditorKey();
const checkpoint = { origin: "acme/shop", size: 12, root: "ab".repeat(32) };
const note = signCheckpoint(checkpoint, pem);

describe("signed notes", () => {
  it("hold the text of a tlog-checkpoint", () => {
    const lines = note.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "acme/shop",
      "12",
      Buffer.alloc(32, 0xab).toString("base64"),
      "",
    ]);
    expect(lines[4]).toMatch(/^— acme\/shop [A-Za-z0-9+/]{91}=$/);
    expect(lines.slice(5)).toEqual([""]);
    expect(verifyCheckpoint(note, publicKey)).toEqual({ ok: true, checkpoint });
  });

  it("have the key ids that other implementations give", () => {
    // Go's checksum database publishes its key as sum.golang.org+033de0ae+Ac4zctda…: name, id, 0x01 ‖ key.
    const key = Buffer.from("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "base64");
    expect(key[0]).toBe(1);
    expect(noteKeyId("sum.golang.org", key.subarray(1).toString("base64")).toString("hex")).toBe(
      "033de0ae",
    );
  });

  it("ignore other people's lines, unless nobody else signs", () => {
    const more = `${note}— witness.example ${Buffer.alloc(72).toString("base64")}\n`;
    expect(verifyCheckpoint(more, publicKey)).toEqual({ ok: true, checkpoint });
    expect(verifyCheckpoint(more, publicKey, { alone: true }).ok).toBe(false);
  });

  it("do not hold with any one byte changed", () => {
    const bytes = Buffer.from(note);
    for (let at = 0; at < bytes.length; at += 1)
      for (const flip of [1, 0x20, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(
          verifyCheckpoint(changed.toString("utf8"), publicKey, { alone: true }).ok,
          `byte ${at}`,
        ).toBe(false);
      }
  });

  it("do not hold for another key, and say so", () => {
    expect(verifyCheckpoint(note, generateAuditorKey().publicKey)).toMatchObject({
      ok: false,
      line: 5,
    });
    expect(verifyCheckpoint(note, "x")).toMatchObject({ ok: false });
  });

  it.each([
    ["an extension line", note.replace("\n\n", "\nextension\n\n")],
    ["a size with a zero in front", note.replace("\n12\n", "\n012\n")],
    ["a size beyond 2^53", note.replace("\n12\n", "\n9999999999999999\n")],
    ["no signature", note.split("\n").slice(0, 4).join("\n")],
    ["nothing", ""],
    ["1 MB", "a".repeat(1_000_000)],
  ])("are refused with %s", (_, text) => {
    expect(verifyCheckpoint(text, publicKey).ok).toBe(false);
  });

  it("cannot be made for an origin with a line break", () => {
    expect(() => signCheckpoint({ ...checkpoint, origin: "a\nb" }, pem)).toThrow(/line break/);
  });

  it("keep a name with blanks and plus signs one word", () => {
    const odd = { ...checkpoint, origin: "acme shop+1" };
    expect(verifyCheckpoint(signCheckpoint(odd, pem), publicKey)).toEqual({
      ok: true,
      checkpoint: odd,
    });
  });
});

describe("the auditor's key", () => {
  it("comes back from its text", () => {
    expect(auditorKeyOf(pem).publicKey).toBe(publicKey);
  });
  it("is a fault where it is none, and the fault does not quote it", () => {
    expect(() => auditorKeyOf("not a key at all")).toThrow(
      expect.objectContaining({ code: "ledger/bad-key" }),
    );
    try {
      auditorKeyOf("not a key at all");
    } catch (error) {
      expect(String(error)).not.toContain("not a key");
    }
  });
});
