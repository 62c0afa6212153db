/** Claims files: what is written can be read, and no change of a byte goes unseen. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClaimsDraft } from "../src/claims-file.ts";
import { appendClaimsRecord, MAX_CLAIMS_BYTES, parseClaimsFile } from "../src/claims-file.ts";
import { isFault } from "../src/fault.ts";

const PATH = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";
const ts = "2026-11-22T09:00:01.000Z";
const open: ClaimsDraft = {
  kind: "open",
  instruction: "INS-0007",
  digest: `sha256:${"a".repeat(64)}`,
  origin: "acme/shop",
  run: "20261122-090001-k3f9",
  worker: "claude-code/alice",
  ts,
};
const claim = (path: string): ClaimsDraft => ({
  kind: "claim",
  type: "file.created",
  args: { path },
  ts,
});
const retract = (of: number): ClaimsDraft => ({ kind: "retract", of, ts });
const close: ClaimsDraft = { kind: "close", outcome: "done", ts };

function written(...drafts: readonly ClaimsDraft[]): Buffer {
  let bytes: Buffer | undefined;
  for (const draft of drafts) bytes = appendClaimsRecord(bytes, draft);
  return bytes ?? Buffer.alloc(0);
}

function read(bytes: Uint8Array, path = PATH) {
  const parsed = parseClaimsFile(path, bytes);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

describe("writing and reading", () => {
  test("a closed run", () => {
    const file = read(written(open, claim("a"), claim("b"), retract(2), close));
    expect(file.name).toEqual({ worker: "claude-code/alice", run: "20261122-090001-k3f9" });
    expect(file.close?.count).toBe(4);
    expect(file.claims.map((one) => one.retracted)).toEqual([false, true]);
    expect(file.lines.map((one) => one.line)).toEqual([1, 2, 3, 4, 5]);
  });

  test("retracting the close opens it again", () => {
    expect(read(written(open, close, retract(1))).close).toBe(undefined);
    expect(read(written(open, close, retract(1), claim("a"), close)).close?.seq).toBe(4);
  });

  test("appending keeps the old bytes as a prefix", () => {
    const before = written(open, claim("a"));
    expect(appendClaimsRecord(before, close).subarray(0, before.length).equals(before)).toBe(true);
  });

  test("what does not fit is a fault", () => {
    const wrong: (() => unknown)[] = [
      () => written(claim("a")),
      () => written(open, open),
      () => written(open, close, claim("a")),
      () => written(open, retract(0)),
      () => written(open, { ...claim("a"), args: { lines: 0.5 } } as ClaimsDraft),
      () => appendClaimsRecord(Buffer.from("{}\n"), close),
      () => appendClaimsRecord(written(open).subarray(0, -1), close),
    ];
    for (const make of wrong) {
      let thrown: unknown;
      try {
        make();
      } catch (error) {
        thrown = error;
      }
      expect(isFault(thrown)).toBe(true);
    }
  });
});

describe("hostile bytes", () => {
  const sound = written(open, claim("src/keys/rotate.mjs"), claim("über"), retract(2), close);

  test("every one-byte change is seen, or is the last line's own content", () => {
    const lastLine = sound.lastIndexOf(10, sound.length - 2) + 1;
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const bytes = Buffer.from(sound);
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        const parsed = parseClaimsFile(PATH, bytes);
        if (at < lastLine) expect(parsed.ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("every cut but one between lines is seen", () => {
    const ends = new Set<number>();
    for (let at = 0; at < sound.length; at += 1) if (sound[at] === 10) ends.add(at + 1);
    for (let size = 0; size < sound.length; size += 1) {
      expect(parseClaimsFile(PATH, sound.subarray(0, size)).ok).toBe(ends.has(size));
    }
  });

  test("no bytes and no path make it throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, path) => {
        parseClaimsFile(PATH, bytes);
        parseClaimsFile(path, bytes);
        parseClaimsFile(PATH, Buffer.concat([written(open), bytes, Buffer.from("\n")]));
      }),
    );
  });

  test("big and deep ones are answered at once", () => {
    const inputs = [
      Buffer.alloc(50_000_000, 32),
      Buffer.alloc(MAX_CLAIMS_BYTES, 10),
      Buffer.from(`${"[".repeat(60_000)}\n`),
      Buffer.from(`${"[".repeat(30_000)}${"]".repeat(30_000)}\n`),
      Buffer.from(`"${"a".repeat(1_000_000)}"\n`),
    ];
    const codes: (string | undefined)[] = [];
    for (const bytes of inputs) {
      const parsed = parseClaimsFile(PATH, bytes);
      codes.push(parsed.ok ? "ok" : parsed.problems[0]?.code);
    }
    expect(codes).toEqual([
      "claims/size",
      "claims/size",
      "claims/json",
      "claims/not-canonical",
      "claims/size",
    ]);
  });

  test("other paths are refused", () => {
    for (const path of ["x.jsonl", ".wingman/claims/a/20261122-090001-k3f9.jsonl", `${PATH}x`]) {
      const parsed = parseClaimsFile(path, sound);
      expect(parsed.ok ? "" : parsed.problems[0]?.code).toBe("claims/path");
    }
  });
});
