/** Gaps as properties: an honest chain has none, in whatever order its end was written down; a hidden move always shows. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findGaps, type Gap, type LedgerRecord } from "../src/index.ts";

const ZERO = "0".repeat(40);
const oid = (at: number): string => (at === 0 ? ZERO : String(at).padStart(40, "a"));

interface Made {
  readonly from: number;
  readonly to: number;
  readonly late?: boolean;
  readonly policy?: string;
}

function records(moves: readonly Made[], ref = "refs/heads/main"): LedgerRecord[] {
  const place = (seq: number) =>
    ({ v: 1, seq, prev: null, ts: "2026-11-22T09:00:01.000Z" }) as const;
  const begun: LedgerRecord[] = [
    { ...place(0), kind: "genesis", origin: "a/b", auditor: "", policy: "p" },
    { ...place(1), kind: "checkpoint", size: 1, root: "", note: "" },
  ];
  return begun.concat(
    moves.map(({ from, to, late, policy }, at) => ({
      ...place(at + 2),
      kind: "push",
      ref,
      old: oid(from),
      new: oid(to),
      policy: policy ?? "p",
      revision: 1,
      outcome: "accepted",
      findings: {},
      ...(late === undefined ? {} : { late }),
    })),
  );
}

function gapsOf(all: readonly LedgerRecord[], tip: number): Gap[] {
  return findGaps({
    records: all,
    tips: new Map(tip === 0 ? [] : [["refs/heads/main", oid(tip)]]),
    governed: (ref) => ref === "refs/heads/main",
    modeOf: (digest) => ({ p: "enforce" as const, w: "warn" as const })[digest],
  });
}

/** A chain 0 -> 1 -> 2 …, with some of its moves swapped with a neighbour. */
function chain(length: number, swaps: readonly number[]): Made[] {
  const moves = Array.from({ length }, (_, at) => ({ from: at, to: at + 1 }));
  for (const at of swaps) {
    const [a, b] = [moves[at % length], moves[(at + 1) % length]];
    if (a === undefined || b === undefined || (at + 1) % length === 0) continue;
    moves[at % length] = b;
    moves[(at + 1) % length] = a;
  }
  return moves;
}

const shape = fc.record({
  length: fc.integer({ min: 2, max: 40 }),
  swaps: fc.array(fc.nat(39), { maxLength: 20 }),
});

const hiding = fc.uniqueArray(fc.nat(39), { minLength: 1 });

test("a chain whose records were written in another order has no gap", () => {
  fc.assert(
    fc.property(shape, ({ length, swaps }) => {
      expect(gapsOf(records(chain(length, swaps)), length)).toEqual([]);
    }),
  );
});

test("each hidden stretch is one gap, with its two ends", () => {
  fc.assert(
    fc.property(shape, hiding, ({ length }, hidden) => {
      const lost = hidden.filter((at) => at < length);
      const moves = chain(length, []).filter(({ from }) => !lost.includes(from));
      const stretches = lost.filter((at) => !lost.includes(at - 1)).sort((x, y) => x - y);
      const found = gapsOf(records(moves), length);
      expect(found.map((one) => one.before ?? ZERO)).toEqual(stretches.map(oid));
      for (const one of found) expect(one.kind).toBe("unrecorded");
    }),
  );
});

test("a hidden move shows in whatever order the others were written down", () => {
  fc.assert(
    fc.property(shape, hiding, ({ length, swaps }, hidden) => {
      const lost = hidden.filter((at) => at < length);
      fc.pre(lost.length > 0);
      const moves = chain(length, swaps).filter(({ from }) => !lost.includes(from));
      expect(gapsOf(records(moves), length).length).toBeGreaterThan(0);
    }),
  );
});

test("kinds: late, weakened only after an enforcing policy, a policy that is not found", () => {
  const kinds = (moves: readonly Made[], tip: number): string[] =>
    gapsOf(records(moves), tip).map((one) => `${one.kind} ${one.from}-${one.to} x${one.moves}`);
  const warned = { policy: "w" };
  expect(
    kinds(
      [
        { from: 0, to: 1, ...warned },
        { from: 1, to: 2 },
      ],
      2,
    ),
  ).toEqual([]);
  expect(
    kinds(
      [
        { from: 0, to: 1 },
        { from: 1, to: 2, ...warned },
        { from: 2, to: 3, ...warned },
        { from: 3, to: 4 },
        { from: 4, to: 5, policy: "" },
        { from: 5, to: 6, policy: "gone" },
        { from: 6, to: 7, late: true },
      ],
      7,
    ),
  ).toEqual(["weakened 3-4 x2", "weakened 6-6 x1", "unknown 7-7 x1", "late 8-8 x1"]);
});

test("a branch that was deleted, forced or made without a record is a gap; another's moves are not", () => {
  expect(gapsOf(records([{ from: 0, to: 1 }]), 0)).toMatchObject([{ after: undefined, from: 2 }]);
  expect(
    gapsOf(
      records([
        { from: 0, to: 3 },
        { from: 3, to: 1 },
      ]),
      1,
    ),
  ).toEqual([]);
  expect(gapsOf(records([]), 5)).toMatchObject([{ before: undefined, from: undefined }]);
  expect(gapsOf(records([{ from: 3, to: 4 }], "refs/heads/topic"), 0)).toEqual([]);
});

test("what stood before the push that began the ledger is no gap; the same behind the first batch is", () => {
  const all = records([
    { from: 3, to: 4 },
    { from: 4, to: 5 },
  ]);
  const [genesis, checkpoint, first, second] = all as [
    LedgerRecord,
    LedgerRecord,
    LedgerRecord,
    LedgerRecord,
  ];
  const within = [genesis, { ...first, seq: 1 }, { ...checkpoint, seq: 2 }, second];
  expect(gapsOf(within, 5)).toEqual([]);
  expect(gapsOf(all, 5)).toMatchObject([{ kind: "unrecorded", after: oid(3) }]);
});
