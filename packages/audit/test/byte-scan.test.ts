/** Bytes that come in pieces are seen as if they came whole, wherever they are cut. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countBytes, countNeedle, sha256OfChunks } from "../src/byte-scan.ts";

const text = fc.array(fc.constantFrom("a", "b", "\r", "\n", "\r\n", "ab", "\0", "é"), {
  maxLength: 40,
});
const cut = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set(cuts.map((one) => one % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
};
const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("pieces", () => {
  it("have the digest, counts and occurrences of the whole (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.constantFrom("a", "ab", "aba", "\n", "b\r\nb"),
        async (parts, cuts, needle) => {
          const bytes = Buffer.from(parts.join(""));
          const pieces = cut(bytes, cuts);
          const whole = bytes.toString("latin1");
          const lf = whole.replaceAll("\r\n", "\n");
          expect(await sha256OfChunks(pieces)).toBe(sha(bytes));
          expect(await sha256OfChunks(pieces, "lf")).toBe(sha(Buffer.from(lf, "latin1")));
          expect(await sha256OfChunks(pieces, "crlf")).toBe(
            sha(Buffer.from(lf.replaceAll("\n", "\r\n"), "latin1")),
          );
          const counts = await countBytes(pieces);
          expect(counts).toEqual({
            bytes: bytes.length,
            lf: whole.split("\n").length - 1,
            crlf: whole.split("\r\n").length - 1,
            cr: whole.split("\r").length - 1,
            last: bytes.at(-1),
            nul: whole.includes("\0"),
          });
          const found = await countNeedle(pieces, Buffer.from(needle));
          expect(found.count).toBe(whole.split(needle).length - 1);
          const first = whole.indexOf(needle);
          expect(found.line).toBe(first < 0 ? 0 : whole.slice(0, first).split("\n").length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
