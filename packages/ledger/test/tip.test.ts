/** A kept tip: gone on from, it is what reading everything gives; touched, it is nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draft, LedgerRecord } from "../src/index.ts";
import {
  generateAuditorKey,
  loadTip,
  planOnTip,
  readLedger,
  resumeFold,
  saveTip,
  startFold,
  tipOfLedger,
} from "../src/index.ts";
import { auditor, clock, genesis, grow, lie, treeOfFiles, verdict } from "./ledgers.ts";

const order = (action: "lock" | "unlock" | "ack" | "false-positive" | "withdraw", covers: number) =>
  ({
    kind: "order",
    action,
    subject: action === "withdraw" ? "INS-0007" : "claude-code/alice",
    by: "mark@acme.example",
    reason: "why",
    nonce: `${action}${covers}`,
    covers,
    proof: "signature",
  }) satisfies Draft;

const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.nat(5).map((of) => verdict({ of })),
  fc.tuple(fc.nat(5), fc.boolean()).map(([of, accuses]) => lie({ of, accuses })),
  fc
    .tuple(fc.constantFrom("lock", "unlock", "ack", "false-positive", "withdraw"), fc.nat(40))
    .map(([action, covers]) => order(action, covers)),
  fc.constant<Draft>({ kind: "canary", point: "x", outcome: "fired" }),
);

function placed(drafts: readonly Draft[]): LedgerRecord[] {
  const ts = "2026-11-22T09:00:00.000Z";
  return drafts.map((one, seq) => ({ ...one, v: 1, seq, prev: null, ts }));
}

describe("a kept tip", () => {
  it("goes on as if it had never been put away", () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 40 }), fc.nat(40), (drafts, at) => {
        const records = placed([genesis(), ...drafts]);
        const [first, all] = [startFold(), startFold()];
        for (const record of records.slice(0, at)) first.add(record);
        const resumed = resumeFold(JSON.parse(JSON.stringify(first.saved())));
        for (const record of records.slice(at)) resumed.add(record);
        for (const record of records) all.add(record);
        expect(resumed.state("r")).toEqual(all.state("r"));
        expect(resumed.saved()).toEqual(all.saved());
      }),
      { numRuns: 300 },
    );
  });

  it("plans what reading the whole ledger plans, batch after batch", async () => {
    let files = await grow([[genesis()], [lie()]]);
    let kept = "";
    for (let batch = 2; batch < 6; batch += 1) {
      const commit = `c${batch}`;
      const tree = treeOfFiles(files);
      const at = { checker: "t", commit, key: auditor.pem, tree };
      if (kept === "") kept = saveTip(tipOfLedger(await readLedger(tree)), at);
      const tip = await loadTip(kept, at);
      if (tip === undefined) throw new Error("stale");
      expect(tip.state).toEqual((await readLedger(tree)).state);
      expect((await tip.whole()).records.length).toBe(tip.state.size);
      const drafts = [verdict({ of: batch }), order("unlock", batch)];
      const plan = planOnTip(tip, drafts, { key: auditor.pem, now: clock(batch) });
      files = new Map([...files, ...plan.files]);
      const read = await readLedger(treeOfFiles(files));
      expect(read.report.sound).toBe(true);
      expect(plan.after.state).toEqual(read.state);
      kept = saveTip(plan.after, { ...at, commit: `c${batch + 1}` });
    }
  });

  it("is nothing for another commit, tree, key or program, or with any byte changed", async () => {
    const files = await grow([[genesis()], [lie()], [verdict({ of: 3 })]]);
    const tree = treeOfFiles(files);
    const at = { checker: "t", commit: "c1", key: auditor.pem, tree };
    const text = saveTip(tipOfLedger(await readLedger(tree)), at);
    expect((await loadTip(text, at))?.state.locks.size).toBe(1);
    const other = generateAuditorKey().pem;
    expect(await loadTip(text, { ...at, commit: "c2" })).toBeUndefined();
    expect(await loadTip(text, { ...at, checker: "u" })).toBeUndefined();
    expect(await loadTip(text, { ...at, key: other })).toBeUndefined();
    const older = await grow([[genesis()], [lie()]]);
    expect(await loadTip(text, { ...at, tree: treeOfFiles(older) })).toBeUndefined();
    for (const spoiled of ["", "\n", text.slice(0, -1), `${text} `, text.slice(1)])
      expect(await loadTip(spoiled, at)).toBeUndefined();
    for (let place = 0; place < text.length; place += 41) {
      const letter = text[place] === "0" ? "1" : "0";
      const spoiled = text.slice(0, place) + letter + text.slice(place + 1);
      expect(await loadTip(spoiled, at)).toBeUndefined();
    }
    // Signed anew by somebody with a key of his own: still not this ledger's auditor.
    const foreign = saveTip(tipOfLedger(await readLedger(tree)), { ...at, key: other });
    expect(await loadTip(foreign, at)).toBeUndefined();
    expect(await loadTip(foreign, { ...at, key: other })).toBeUndefined();
  });
});
