import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draft } from "../src/index.ts";
import {
  encodeRecord,
  foldState,
  generateAuditorKey,
  loadHead,
  planAppend,
  planOnHead,
  readLedger,
  SEGMENT_BYTES,
  saveHead,
  soundLedger,
} from "../src/index.ts";
import { auditor, clock, genesis, grow, lie, textOf, treeOfFiles, verdict } from "./ledgers.ts";

const key = auditor.pem;

describe("planAppend", () => {
  it("writes lines, a checkpoint record and a checkpoint file that read back", async () => {
    const files = await grow([[genesis()], [verdict(), lie({ of: 2 })]]);
    expect([...files.keys()].sort()).toEqual(["checkpoint", "log/000000.jsonl"]);
    const ledger = soundLedger(await readLedger(treeOfFiles(files)));
    expect(ledger.records.map((one) => one.kind)).toEqual([
      "genesis",
      "checkpoint",
      "verdict",
      "verdict",
      "checkpoint",
    ]);
    expect(ledger.records.map((one) => one.seq)).toEqual([0, 1, 2, 3, 4]);
    expect(ledger.report).toMatchObject({
      outcome: "UNANCHORED",
      sound: true,
      size: 5,
      unanchored: 5,
    });
    expect(ledger.state).toMatchObject({
      size: 5,
      origin: "acme/shop",
      auditor: auditor.publicKey,
    });
    expect(ledger.state.root).toBe(ledger.head.frontier.root());
    expect(textOf(files, "checkpoint")).toBe(ledger.checkpointNote);
  });

  it("gives the ledger as it will be, and leaves the one before alone", async () => {
    const files = await grow([[genesis()]]);
    const before = await readLedger(treeOfFiles(files));
    const plan = planAppend(before, [lie()], { key, now: clock(5) });
    const after = await readLedger(treeOfFiles(new Map([...files, ...plan.files])));
    expect(plan.ledger.state).toEqual(after.state);
    expect(plan.ledger.records).toEqual(after.records);
    expect(plan.ledger.checkpointNote).toBe(after.checkpointNote);
    expect(plan.ledger.head).toEqual(after.head);
    expect(before.state.locks.size).toBe(0);
    expect(plan.ledger.state.locks.size).toBe(1);
  });

  it("changes nothing without drafts", async () => {
    const before = await readLedger(treeOfFiles(await grow([[genesis()]])));
    const plan = planAppend(before, [], { key, now: clock(1) });
    expect(plan.files.size).toBe(0);
    expect(plan.ledger).toBe(before);
  });

  it("refuses a first record that is no genesis, a second genesis, and a foreign key", async () => {
    const empty = await readLedger(undefined);
    const now = clock(0);
    const code = (code: string) => expect.objectContaining({ code });
    expect(() => planAppend(empty, [verdict()], { key, now })).toThrow(code("ledger/genesis"));
    const ledger = await readLedger(treeOfFiles(await grow([[genesis()]])));
    expect(() => planAppend(ledger, [genesis()], { key, now })).toThrow(code("ledger/genesis"));
    expect(() => planAppend(ledger, [verdict(), genesis()], { key, now })).toThrow(
      code("ledger/genesis"),
    );
    const other = generateAuditorKey().pem;
    expect(() => planAppend(ledger, [verdict()], { key: other, now })).toThrow(
      code("ledger/foreign-key"),
    );
    expect(() => planAppend(empty, [genesis(other)], { key, now })).toThrow(
      code("ledger/foreign-key"),
    );
  });

  it("refuses to extend what does not verify", async () => {
    const files = await grow([[genesis()]]);
    const text = textOf(files, "log/000000.jsonl").replace("acme/shop", "acme/shop2");
    const broken = await readLedger(
      treeOfFiles(new Map([...files, ["log/000000.jsonl", Buffer.from(text)]])),
    );
    expect(() => planAppend(broken, [verdict()], { key, now: clock(1) })).toThrow(
      expect.objectContaining({
        code: "ledger/broken",
        message: expect.stringContaining("log/000000.jsonl:1"),
      }),
    );
  });

  it("refuses drafts that do not fit their kind, and lines of 64 KiB", () => {
    const place = { seq: 0, prev: null, ts: "2026-11-22T09:00:00.000Z" };
    const bad = { ...verdict(), verdict: "MAYBE" } as unknown as Draft;
    expect(() => encodeRecord(bad, place)).toThrow(
      expect.objectContaining({ code: "ledger/bad-record" }),
    );
    const long: Draft = { kind: "repair", what: "x".repeat(65_600), why: "y" };
    expect(() => encodeRecord(long, place)).toThrow(
      expect.objectContaining({ code: "ledger/too-long" }),
    );
    expect(() => encodeRecord(verdict(), { ...place, ts: "yesterday" })).toThrow(/is no time/);
  });

  it("cuts what a worker could make long, so that its verdict always fits", () => {
    const hostile = "\u0000\ud800😀".repeat(100_000);
    const draft = verdict({ observed: hostile, expected: hostile });
    const line = encodeRecord({ ...draft, line: "z" } as Draft, {
      seq: 0,
      prev: null,
      ts: "2026-11-22T09:00:00.000Z",
    });
    expect(line.length).toBeLessThan(65_536);
    if (draft.kind === "verdict")
      expect(Buffer.byteLength(draft.observed)).toBeLessThanOrEqual(8192);
  });

  it("rolls at 1 MiB, and a rolled segment never changes again", async () => {
    const wide = Array.from({ length: 400 }, (_, of) =>
      verdict({ of, observed: "o".repeat(4000), expected: "e".repeat(4000) }),
    );
    const first = await grow([[genesis()], wide.slice(0, 200)]);
    const second = await grow([wide.slice(200)], first);
    expect([...second.keys()].filter((path) => path.startsWith("log/")).length).toBeGreaterThan(3);
    for (const [path, bytes] of second)
      if (path !== "checkpoint") expect(bytes.length).toBeLessThanOrEqual(SEGMENT_BYTES);
    const kept = [...first.keys()].filter((path) => path.startsWith("log/")).slice(0, -1);
    for (const path of kept) expect(second.get(path)).toBe(first.get(path));
    expect((await readLedger(treeOfFiles(second))).report.sound).toBe(true);
  });

  it("is associative: one batch of two holds the same records as two batches", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
        fc.nat(6),
        async (kinds, cut) => {
          const drafts = kinds.map((kind, of) => (kind === 0 ? lie({ of }) : verdict({ of })));
          const whole = await readLedger(treeOfFiles(await grow([[genesis(), ...drafts]])));
          const parts = [[genesis(), ...drafts.slice(0, cut)], drafts.slice(cut)].filter(
            (one) => one.length > 0,
          );
          const apart = await readLedger(treeOfFiles(await grow(parts)));
          const without = (records: typeof whole.records) =>
            records.flatMap((one) => {
              const { seq: _seq, prev: _prev, ts: _ts, ...fields } = one;
              return one.kind === "checkpoint" ? [] : [fields];
            });
          expect(without(apart.records)).toEqual(without(whole.records));
          expect([...apart.state.locks.keys()]).toEqual([...whole.state.locks.keys()]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("knows every checkpoint that it ever signed, and no other", async () => {
    const one = await grow([[genesis()]]);
    const two = await grow([[verdict()]], one);
    const ledger = await readLedger(treeOfFiles(two));
    const other = await readLedger(treeOfFiles(await grow([[genesis()], [lie()]])));
    for (const files of [one, two]) {
      const { head, state } = await readLedger(treeOfFiles(files));
      expect(ledger.extends({ origin: "acme/shop", size: head.size, root: state.root })).toBe(true);
    }
    expect(
      ledger.extends({ origin: "acme/shop", size: other.head.size, root: other.state.root }),
    ).toBe(false);
    expect(ledger.extends({ origin: "acme/shop", size: 99, root: ledger.state.root })).toBe(false);
    expect(
      (await readLedger(undefined)).extends({
        origin: "acme/shop",
        size: 2,
        root: ledger.state.root,
      }),
    ).toBe(false);
  });
});

describe("a saved head", () => {
  it("appends the same bytes as the whole ledger, without reading it", async () => {
    const files = await grow([[genesis()], [verdict()]]);
    const tree = treeOfFiles(files);
    const ledger = await readLedger(tree);
    const loaded = await loadHead(saveHead(ledger.head, "c1"), {
      commit: "c1",
      tree,
      auditor: auditor.publicKey,
    });
    if ("stale" in loaded) throw new Error(loaded.stale);
    const drafts = [lie({ of: 5 })];
    const now = clock(9);
    expect(planOnHead(loaded, drafts, { key, now }).files).toEqual(
      planAppend(ledger, drafts, { key, now }).files,
    );
  });

  it("is stale where anything does not fit", async () => {
    const files = await grow([[genesis()], [verdict()]]);
    const tree = treeOfFiles(files);
    const text = saveHead((await readLedger(tree)).head, "c1");
    const at = { commit: "c1", tree, auditor: auditor.publicKey };
    const stale = { stale: expect.any(String) };
    expect(await loadHead(text, { ...at, commit: "c2" })).toEqual(stale);
    expect(await loadHead(text, { ...at, auditor: generateAuditorKey().publicKey })).toEqual(stale);
    expect(
      await loadHead(text, { ...at, tree: treeOfFiles(await grow([[verdict()]], files)) }),
    ).toEqual(stale);
    expect(await loadHead("", at)).toEqual(stale);
    expect(await loadHead("{}", at)).toEqual(stale);
    const saved = JSON.parse(text) as Record<string, unknown>;
    for (const change of [
      { size: 3 },
      { size: -1 },
      { hashes: [] },
      { hashes: ["00", "00"] },
      { last: "0".repeat(64) },
      { tail: 3 },
      { origin: "x" },
      { segment: 7 },
      { v: 2 },
    ])
      expect(
        await loadHead(JSON.stringify({ ...saved, ...change }), at),
        JSON.stringify(change),
      ).toEqual(stale);
  });
});

describe("speed", () => {
  it("of folding 50,000 records", () => {
    const one = verdict();
    const records = Array.from({ length: 50_000 }, (_, seq) => ({
      ...(one as Extract<Draft, { kind: "verdict" }>),
      claim: {
        name: `claude-code/alice/20261122-090001-k3f9#${seq}`,
        digest: "d",
        type: "file.exists",
      },
      verdict: seq % 100 === 0 ? ("FALSE" as const) : ("TRUE" as const),
      v: 1 as const,
      seq,
      prev: "",
      ts: "2026-11-22T09:00:00.000Z",
    }));
    const start = performance.now();
    const state = foldState(records);
    console.log(
      `fold: ${Math.round(((performance.now() - start) / 50_000) * 1_000_000)} ms per 1,000,000 records`,
    );
    expect(state.verdicts.size).toBe(50_000);
    expect(state.incidents[0]?.occurrences.length).toBe(500);
  });

  it("of reading and appending", async () => {
    const drafts = Array.from({ length: 4_000 }, (_, of) => verdict({ of }));
    const files = await grow([[genesis(), ...drafts]]);
    const tree = treeOfFiles(files);
    let start = performance.now();
    const ledger = await readLedger(tree, { keep: false });
    console.log(
      `read and verify: ${((performance.now() - start) / 4).toFixed(1)} ms per 1,000 records`,
    );
    expect(ledger.head.size).toBe(4_002);
    start = performance.now();
    for (let i = 0; i < 20; i += 1)
      planOnHead(ledger.head, [lie({ of: i })], { key, now: clock(i) });
    console.log(`append to the end: ${((performance.now() - start) / 20).toFixed(2)} ms a batch`);
  });
});
