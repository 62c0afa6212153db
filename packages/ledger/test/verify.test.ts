import { canonicalJson } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryStep } from "../src/index.ts";
import {
  Frontier,
  generateAuditorKey,
  leafHash,
  linkOf,
  planAppend,
  readLedger,
  signCheckpoint,
  verifyExtends,
  verifyLedger,
} from "../src/index.ts";
import type { Files } from "./ledgers.ts";
import { auditor, genesis, grow, lie, textOf, treeOfFiles, verdict, withFile } from "./ledgers.ts";

const LOG = "log/000000.jsonl";
const one = await grow([[genesis()]]);
const two = await grow([[verdict(), lie({ of: 2 })]], one);
const three = await grow(
  [[{ kind: "canary", point: "pre-receive", outcome: "fired" }, verdict({ of: 3 })]],
  two,
);
const lines = textOf(three, LOG).trimEnd().split("\n");
const verify = (files: Files, witnesses: string[] = []) =>
  verifyLedger({ tree: treeOfFiles(files), witnesses });
const withLines = (changed: readonly string[], files = three) =>
  withFile(files, LOG, changed.map((line) => `${line}\n`).join(""));
const note = (files: Files) => textOf(files, "checkpoint");
const other = await grow([[genesis()], [lie({ of: 7 })], [verdict({ of: 8 })]]);

/** Writes a chain anew from these records on, as somebody would who has no key. */
function rechain(records: readonly string[]): string[] {
  let prev: string | null = null;
  return records.map((line) => {
    const old = (JSON.parse(line) as { prev: string | null }).prev;
    const next = line.replace(`"prev":${JSON.stringify(old)}`, `"prev":${JSON.stringify(prev)}`);
    prev = linkOf(Buffer.from(next));
    return next;
  });
}

describe("a sound ledger", () => {
  it("is OK where a witness remembers all of it", async () => {
    expect(await verify(three, [note(one), note(three)])).toMatchObject({
      outcome: "OK",
      sound: true,
      size: lines.length,
      witnessed: lines.length,
      unanchored: 0,
      problems: [],
    });
  });
  it("says how much no witness covers", async () => {
    expect(await verify(three, [note(two)])).toMatchObject({
      outcome: "UNANCHORED",
      sound: true,
      witnessed: 5,
      unanchored: lines.length - 5,
    });
    expect(await verify(three)).toMatchObject({ outcome: "UNANCHORED", sound: true, witnessed: 0 });
  });
  it("is nothing where there is none", async () => {
    expect(await verifyLedger({ tree: undefined })).toMatchObject({
      outcome: "OK",
      sound: true,
      size: 0,
      root: "",
    });
  });
  it("keeps kinds it does not know, but stops at one that must not be ignored", async () => {
    const last = lines.at(-1) as string;
    const vote = (crit: object) =>
      canonicalJson({
        ...crit,
        kind: "vote",
        prev: linkOf(Buffer.from(last)),
        seq: lines.length,
        ts: "2026-11-22T09:00:09.000Z",
        v: 1,
      });
    /** As a newer version with the same key would write it. */
    const signed = (line: string) => {
      const frontier = new Frontier();
      for (const one of [...lines, line]) frontier.append(leafHash(Buffer.from(one)));
      const about = () => ({ origin: "acme/shop", size: frontier.size, root: frontier.root() });
      const { size, root } = about();
      const record = { kind: "checkpoint", size, root, note: signCheckpoint(about(), auditor.pem) };
      const end = canonicalJson({
        ...record,
        prev: linkOf(Buffer.from(line)),
        seq: size,
        ts: "2026-11-22T09:00:09.000Z",
        v: 1,
      });
      frontier.append(leafHash(Buffer.from(end)));
      return withFile(
        withLines([...lines, line, end]),
        "checkpoint",
        signCheckpoint(about(), auditor.pem),
      );
    };
    expect(await verify(signed(vote({})))).toMatchObject({ sound: true, size: lines.length + 2 });
    await expect(verify(signed(vote({ crit: true })))).rejects.toMatchObject({
      code: "ledger/unknown-critical",
    });
    // Unsigned, anybody could have written it: that is the finding then.
    expect((await verify(withLines([...lines, vote({ crit: true })]))).outcome).toBe("BAD_SIG");
  });
  it("notes clocks that went back, and is sound all the same", async () => {
    const backwards = await grow([[genesis()]]);
    const early = await readLedger(treeOfFiles(backwards));
    const plan = planAppend(early, [verdict()], { key: auditor.pem, now: new Date(0) });
    const report = await verify(new Map([...backwards, ...plan.files]));
    expect(report).toMatchObject({ sound: true, clockSuspect: [{ seq: 2 }, { seq: 3 }] });
  });
});

describe("any change is caught", () => {
  it("one byte, and its line is named", async () => {
    const bytes = Buffer.from(three.get(LOG) as Uint8Array);
    const lineOf = (at: number) => bytes.subarray(0, at).toString("latin1").split("\n").length;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ flip;
          const report = await verify(withFile(three, LOG, changed));
          expect(report.sound).toBe(false);
          expect(report.problems[0]).toMatchObject({ file: LOG, line: lineOf(at) });
        },
      ),
      { numRuns: 600 },
    );
  });
  it("every byte of the last line and of the checkpoint", async () => {
    const bytes = Buffer.from(three.get(LOG) as Uint8Array);
    for (let at = bytes.lastIndexOf(10, bytes.length - 2) + 1; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const report = await verify(withFile(three, LOG, changed));
      expect(report.problems[0], `byte ${at}`).toMatchObject({ file: LOG, line: lines.length });
    }
    const signed = Buffer.from(three.get("checkpoint") as Uint8Array);
    for (let at = 0; at < signed.length; at += 1) {
      const changed = Buffer.from(signed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const report = await verify(withFile(three, "checkpoint", changed));
      expect(report.problems[0], `byte ${at}`).toMatchObject({
        outcome: "BAD_SIG",
        file: "checkpoint",
      });
    }
  });
  it("a removed, doubled, swapped or inserted line", async () => {
    for (let at = 0; at < lines.length; at += 1) {
      const removed = lines.filter((_, index) => index !== at);
      expect((await verify(withLines(removed))).sound, `removed ${at}`).toBe(false);
      const doubled = lines.flatMap((line, index) => (index === at ? [line, line] : [line]));
      expect((await verify(withLines(doubled))).problems[0], `doubled ${at}`).toMatchObject({
        line: at + 2,
      });
      for (let to = at + 1; to < lines.length; to += 1) {
        const swapped = [...lines];
        [swapped[at], swapped[to]] = [lines[to] as string, lines[at] as string];
        expect((await verify(withLines(swapped))).problems[0], `swapped ${at} ${to}`).toMatchObject(
          { line: at + 1 },
        );
      }
    }
  });
  it("a cut at any byte", async () => {
    const bytes = three.get(LOG) as Uint8Array;
    for (let end = 0; end < bytes.length; end += 7)
      expect((await verify(withFile(three, LOG, bytes.subarray(0, end)))).sound, `at ${end}`).toBe(
        false,
      );
  });
  it("files that do not belong there, or are missing", async () => {
    expect((await verify(withFile(three, "log/000002.jsonl", "x\n"))).problems[0]).toMatchObject({
      file: "log/000002.jsonl",
    });
    expect((await verify(withFile(three, "README.md", "x"))).problems[0]).toMatchObject({
      file: "README.md",
    });
    expect((await verify(withFile(three, "log/000001.jsonl", ""))).sound).toBe(false);
    expect(
      (await verify(new Map([...three].filter(([path]) => path !== "checkpoint")))).outcome,
    ).toBe("BAD_SIG");
    expect((await verify(new Map([...three].filter(([path]) => path !== LOG)))).outcome).toBe(
      "TRUNCATED",
    );
    const mid = lines.slice(0, 3).join("\n");
    const split = withFile(
      withFile(three, LOG, `${mid}\n`),
      "log/000001.jsonl",
      `${lines.slice(3).join("\n")}\n`,
    );
    expect((await verify(split)).problems[0]?.message).toContain("wrong segment");
  });
});

describe("whoever rewrites without the key", () => {
  const edited = rechain(
    lines.map((line) => line.replace("src/a.mjs, 120 bytes", "src/a.mjs, 999 bytes")),
  );
  it("and only the chain: is caught at the first checkpoint over it", async () => {
    expect((await verify(withLines(edited))).problems[0]).toMatchObject({
      outcome: "REWRITTEN",
      line: 5,
    });
  });
  it("and works out new roots: is caught by the signatures, at the same place", async () => {
    const frontier = new Frontier();
    let prev: string | null = null;
    const forged = edited.map((line) => {
      const record = JSON.parse(line) as { kind: string; prev: string | null; root: string };
      let next = line.replace(
        `"prev":${JSON.stringify(record.prev)}`,
        `"prev":${JSON.stringify(prev)}`,
      );
      if (record.kind === "checkpoint") next = next.replace(record.root, frontier.root());
      prev = linkOf(Buffer.from(next));
      frontier.append(leafHash(Buffer.from(next)));
      return next;
    });
    const report = await verify(withLines(forged));
    expect(report.problems[0]).toMatchObject({ outcome: "REWRITTEN", line: 5 });
    expect(report.problems[0]?.message).toContain("one of record 1 to 4");
  });
  it("and signs with a key of his own: is caught by whoever knows the key, or any witness", async () => {
    const thief = generateAuditorKey().pem;
    const files = await grow([[genesis(thief)], [verdict()]], new Map(), thief);
    expect((await verify(files)).sound).toBe(true); // All of it is his: nothing inside can tell.
    expect(
      await verifyLedger({ tree: treeOfFiles(files), auditor: auditor.publicKey }),
    ).toMatchObject({ outcome: "BAD_SIG", problems: [{ line: 1 }] });
    expect((await verify(files, [note(one)])).outcome).toBe("BAD_SIG");
  });
  it("and cuts the end, with the checkpoint of that time: is caught by a later witness only", async () => {
    expect((await verify(two)).sound).toBe(true);
    expect(await verify(two, [note(three)])).toMatchObject({ outcome: "TRUNCATED", sound: false });
    expect(await verifyLedger({ tree: undefined, witnesses: [note(three)] })).toMatchObject({
      outcome: "TRUNCATED",
    });
  });
  it("and cuts the log alone: is caught by the checkpoint file", async () => {
    expect(await verify(withLines(lines.slice(0, 5)))).toMatchObject({ outcome: "TRUNCATED" });
    expect(await verify(withFile(three, "checkpoint", note(two)))).toMatchObject({
      outcome: "BAD_SIG",
    });
  });
});

describe("the key's own holder", () => {
  it("who signs two lists is caught by a witness of the other", async () => {
    expect(await verify(three, [note(other)])).toMatchObject({ outcome: "FORKED", sound: false });
  });
  it("is not accused by a witness that is forged", async () => {
    const forged = signCheckpoint(
      { origin: "acme/shop", size: 5, root: "00".repeat(32) },
      generateAuditorKey().pem,
    );
    expect(await verify(three, [forged])).toMatchObject({
      outcome: "BAD_SIG",
      problems: [{ file: "witness 1" }],
    });
    expect(await verify(three, ["nonsense"])).toMatchObject({
      outcome: "BAD_SIG",
      problems: [{ file: "witness 1" }],
    });
  });
});

describe("history", () => {
  const step = (commit: string, files: Files, parents: string[]): HistoryStep => ({
    commit,
    parents,
    tree: async () => treeOfFiles(files),
  });
  const walk = (steps: HistoryStep[], tip = three) =>
    verifyLedger({ tree: treeOfFiles(tip), history: steps, witnesses: [note(tip)] });

  it("that only adds is OK", async () => {
    expect(
      await walk([step("a", one, []), step("b", two, ["a"]), step("c", three, ["b"])]),
    ).toMatchObject({ outcome: "OK" });
  });
  it("that once said something else is named with its commit and line", async () => {
    const edited = withFile(
      two,
      LOG,
      textOf(two, LOG).replace("src/a.mjs, 120 bytes", "src/a.mjs, 999 bytes"),
    );
    const report = await walk([
      step("a", one, []),
      step("b", edited, ["a"]),
      step("c", three, ["b"]),
    ]);
    expect(report).toMatchObject({
      outcome: "REWRITTEN",
      problems: [{ commit: "c", file: LOG, line: 3 }],
    });
  });
  it("in which the key signed another list is named", async () => {
    const report = await walk([
      step("a", one, []),
      step("b", other, ["a"]),
      step("c", three, ["b"]),
    ]);
    expect(report).toMatchObject({
      outcome: "FORKED",
      problems: [{ commit: "b", file: "checkpoint" }],
    });
  });
  it("that went back is named", async () => {
    const report = await walk([
      step("a", one, []),
      step("b", three, ["a"]),
      step("c", two, ["b"]),
      step("d", three, ["c"]),
    ]);
    expect(report).toMatchObject({ outcome: "REWRITTEN", problems: [{ commit: "c" }] });
  });
  it("with a merge, a second root or a commit without checkpoint is named", async () => {
    expect(await walk([step("a", one, []), step("b", three, ["a", "x"])])).toMatchObject({
      outcome: "FORKED",
    });
    expect(await walk([step("a", one, []), step("b", three, [])])).toMatchObject({
      outcome: "FORKED",
    });
    const bare = new Map([...two].filter(([path]) => path !== "checkpoint"));
    expect(
      await walk([step("a", one, []), step("b", bare, ["a"]), step("c", three, ["b"])]),
    ).toMatchObject({ outcome: "BAD_SIG", problems: [{ commit: "b" }] });
  });
  it("with a commit that the key signed over other lines is named", async () => {
    const mixed = withFile(two, "checkpoint", note(other));
    const report = await walk([
      step("a", one, []),
      step("b", mixed, ["a"]),
      step("c", three, ["b"]),
    ]);
    expect(report).toMatchObject({
      outcome: "FORKED",
      problems: [{ commit: "b", file: "checkpoint" }],
    });
  });
  it("that does not lead to the tip is named", async () => {
    expect(await walk([step("a", one, []), step("b", other, ["a"])])).toMatchObject({
      sound: false,
    });
  });
});

describe("a push to the ledger branch", () => {
  const key = auditor.publicKey;
  const judge = (old: Files | undefined, now: Files | undefined, pub = key) =>
    verifyExtends(old && treeOfFiles(old), now && treeOfFiles(now), pub);
  it("may extend it", async () => {
    expect(await judge(one, three)).toMatchObject({ ok: true });
    expect(await judge(one, one)).toMatchObject({ ok: true });
  });
  it("may not create, delete, shorten, replace or litter it", async () => {
    expect(await judge(undefined, one)).toMatchObject({ ok: false });
    expect(await judge(one, undefined)).toMatchObject({ ok: false });
    expect(await judge(three, two)).toMatchObject({ ok: false });
    expect(await judge(three, other)).toMatchObject({ ok: false, why: expect.any(String) });
    expect(await judge(one, withFile(three, "log/note.txt", "x"))).toMatchObject({ ok: false });
  });
  it("may not add lines that the genesis key did not sign", async () => {
    expect(await judge(two, withFile(three, "checkpoint", note(two)))).toMatchObject({ ok: false });
    expect(await judge(two, three, generateAuditorKey().publicKey)).toMatchObject({ ok: false });
    const thief = generateAuditorKey().pem;
    const ledger = await readLedger(treeOfFiles(three));
    const signed = signCheckpoint(
      { origin: "acme/shop", size: ledger.head.size, root: ledger.state.root },
      thief,
    );
    expect(await judge(two, withFile(three, "checkpoint", signed))).toMatchObject({ ok: false });
  });
});
