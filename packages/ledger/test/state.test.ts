import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Draft, LedgerRecord } from "../src/index.ts";
import { claimsAudit, foldInto, foldState, startFold } from "../src/index.ts";
import { genesis, lie, verdict } from "./ledgers.ts";

const ALICE = "claude-code/alice";
const RUN = `${ALICE}/20261122-090001-k3f9`;
const CASE = `${ALICE}@INS-0007`;

function placed(drafts: readonly Draft[]): LedgerRecord[] {
  return drafts.map((draft, seq) => ({
    ...draft,
    v: 1,
    seq,
    prev: null,
    ts: "2026-11-22T09:00:00.000Z",
  }));
}
const fold = (...drafts: Draft[]) => foldState(placed(drafts));

function order(
  action: Extract<Draft, { kind: "order" }>["action"],
  covers: number,
  subject = ALICE,
): Draft {
  return {
    kind: "order",
    action,
    subject,
    by: "mark@acme.example",
    reason: "why",
    nonce: `${action}${covers}${subject}`,
    covers,
    proof: "signature",
  };
}

describe("verdicts", () => {
  const stale = verdict({ verdict: "UNVERIFIABLE", reason: "STALE", commit: "d".repeat(40) });
  const markAfter = (...drafts: Draft[]) => [...fold(genesis(), ...drafts).verdicts.values()][0];
  it("that are UNVERIFIABLE do not hide the TRUE or FALSE before them, on the same line", () => {
    for (const first of [verdict(), lie()]) {
      const settled = markAfter(first);
      const { verdict: answer, commit } = settled ?? {};
      for (const more of [[stale], [stale, stale]])
        expect(markAfter(first, ...more)).toMatchObject({
          verdict: "UNVERIFIABLE",
          settled: { verdict: answer, commit },
        });
    }
    expect(markAfter(stale, stale)?.settled).toBeUndefined();
    const claim = { name: `${RUN}#1`, digest: "sha256:other", type: "file.exists" };
    expect(markAfter(verdict(), { ...stale, claim } as Draft)?.settled).toBeUndefined();
  });
});

describe("locks", () => {
  it("follow from a verdict that accuses, and from nothing else", () => {
    expect(fold(genesis(), lie()).locks.get(ALICE)).toMatchObject({ since: 1, incident: CASE });
    expect(fold(genesis(), lie({ accuses: false })).locks.size).toBe(0);
    expect(fold(genesis(), verdict({ accuses: true })).locks.size).toBe(0);
    expect(
      fold(genesis(), verdict({ verdict: "UNVERIFIABLE", reason: "STALE", accuses: true })).locks
        .size,
    ).toBe(0);
  });
  it("are lifted by an unlock that covers the verdict", () => {
    const state = fold(genesis(), lie(), order("unlock", 2));
    expect(state.locks.size).toBe(0);
    expect(state.incidents).toMatchObject([{ id: CASE, state: "resolved", occurrences: [1] }]);
    expect(state.falseRuns.has(RUN)).toBe(true); // The run stays over: only false-positive lifts it.
  });
  it("are not lifted by an unlock that was given before a newer lie", () => {
    const state = fold(genesis(), lie(), lie({ of: 2 }), order("unlock", 2));
    expect(state.locks.get(ALICE)).toMatchObject({ since: 2 });
    expect(state.incidents[0]).toMatchObject({ state: "open", accuses: true });
  });
  it("are not lifted by an order that claims to have seen the future", () => {
    const state = fold(genesis(), order("unlock", 1000), lie());
    expect(state.locks.has(ALICE)).toBe(true);
    expect(fold(genesis(), order("unlock", 1000), order("lock", 0)).locks.has(ALICE)).toBe(true);
  });
  it("come back with a new lie after an unlock", () => {
    const state = fold(genesis(), lie(), order("unlock", 2), lie({ of: 2 }));
    expect(state.locks.get(ALICE)).toMatchObject({ since: 3 });
    expect(state.incidents).toMatchObject([{ state: "open", occurrences: [1, 3] }]);
  });
  it("by order stand until an unlock that saw it", () => {
    expect(fold(genesis(), order("lock", 0)).locks.get(ALICE)).toEqual({
      worker: ALICE,
      since: 1,
      reason: "why",
    });
    expect(fold(genesis(), order("lock", 0), order("unlock", 1)).locks.size).toBe(1);
    expect(fold(genesis(), order("lock", 0), order("unlock", 2)).locks.size).toBe(0);
  });
  it("of one worker say nothing of another, nor of one instruction of the other", () => {
    const bob = "codex/bob";
    const state = fold(
      genesis(),
      lie(),
      lie({ worker: bob, run: `${bob}/20261122-090001-aaaa` }),
      lie({ of: 3, instruction: "INS-0008" }),
      order("unlock", 4, bob),
    );
    expect([...state.locks.keys()]).toEqual([ALICE]);
    expect(state.incidents.map((one) => [one.id, one.state])).toEqual([
      [CASE, "open"],
      [`${bob}@INS-0007`, "resolved"],
      [`${ALICE}@INS-0008`, "open"],
    ]);
  });
});

describe("incidents", () => {
  it("are acknowledged as far as the order saw, and a new occurrence opens them again", () => {
    expect(fold(genesis(), lie(), order("ack", 2, CASE)).incidents[0]?.state).toBe("acknowledged");
    expect(fold(genesis(), lie(), order("ack", 2)).incidents[0]?.state).toBe("acknowledged");
    expect(fold(genesis(), lie(), order("ack", 1, CASE)).incidents[0]?.state).toBe("open");
    expect(fold(genesis(), lie(), order("ack", 2, CASE), lie({ of: 2 })).incidents[0]?.state).toBe(
      "open",
    );
    expect(fold(genesis(), lie(), order("ack", 2, CASE)).locks.has(ALICE)).toBe(true);
  });
  it("of other kinds are kept by their id", () => {
    const tampering: Draft = {
      kind: "incident",
      id: "tamper-1",
      what: "tampering",
      subject: "ledger",
      severity: "critical",
    };
    expect(fold(genesis(), tampering).incidents).toEqual([
      { id: "tamper-1", kind: "tampering", state: "open", occurrences: [1], accuses: false },
    ]);
    expect(fold(genesis(), tampering, order("ack", 2, "tamper-1")).incidents[0]?.state).toBe(
      "acknowledged",
    );
    expect(
      fold(genesis(), tampering, order("false-positive", 2, "tamper-1")).incidents[0]?.state,
    ).toBe("resolved");
  });
});

describe("a false positive", () => {
  it("on a claim lifts that claim, and the run when nothing FALSE is left", () => {
    const both = [genesis(), lie(), lie({ of: 2 })];
    const first = fold(...both, order("false-positive", 3, `${RUN}#1`));
    expect(first.falseRuns.has(RUN)).toBe(true);
    expect(first.locks.get(ALICE)?.since).toBe(2);
    const all = fold(
      ...both,
      order("false-positive", 3, `${RUN}#1`),
      order("false-positive", 3, `${RUN}#2`),
    );
    expect(all.falseRuns.size).toBe(0);
    expect(all.locks.size).toBe(0);
    expect(all.incidents[0]?.state).toBe("resolved");
  });
  it("on a run lifts the run", () => {
    const state = fold(genesis(), lie(), lie({ of: 2 }), order("false-positive", 3, RUN));
    expect([state.falseRuns.size, state.locks.size, state.incidents[0]?.state]).toEqual([
      0,
      0,
      "resolved",
    ]);
  });
  it("holds for the same line when it is judged again, and not for another line", () => {
    const again = fold(genesis(), lie(), order("false-positive", 2, `${RUN}#1`), lie());
    expect([again.falseRuns.size, again.locks.size]).toEqual([0, 0]);
    const digest = { name: `${RUN}#1`, digest: `sha256:${"f".repeat(64)}`, type: "file.exists" };
    expect(
      fold(genesis(), lie(), order("false-positive", 2, `${RUN}#1`), lie({ claim: digest })).locks
        .size,
    ).toBe(1);
  });
  it("does not reach what its administrator had not seen", () => {
    expect(
      fold(genesis(), lie(), lie({ of: 2 }), order("false-positive", 2, RUN)).locks.get(ALICE)
        ?.since,
    ).toBe(2);
  });
});

describe("the rest of the state", () => {
  it("is folded from its records", () => {
    const oid = "d".repeat(40);
    const push = (outcome: "accepted" | "refused", to: string, ref = "refs/heads/main"): Draft => ({
      kind: "push",
      ref,
      old: "0".repeat(40),
      new: to,
      policy: "",
      revision: 1,
      outcome,
      findings: {},
    });
    const alert = (outcome: "ok" | "failed"): Draft => ({
      kind: "alert",
      incident: CASE,
      occurrence: 1,
      channel: "console",
      step: "notify",
      outcome,
    });
    const state = fold(
      genesis(),
      lie(),
      push("accepted", oid),
      push("refused", "e".repeat(40)),
      push("accepted", oid, "refs/heads/x"),
      push("accepted", "0".repeat(40), "refs/heads/x"),
      alert("failed"),
      order("ack", 2, CASE),
    );
    expect([...state.refs]).toEqual([["refs/heads/main", oid]]);
    expect(state.alerts.size).toBe(0);
    expect(fold(genesis(), lie(), alert("ok")).alerts).toEqual(
      new Set([`${CASE}|1|console|notify`]),
    );
    expect(state.orders.has(`ack2${CASE}`)).toBe(true);
    expect(state.verdicts.get(`${RUN}#1`)).toMatchObject({
      seq: 1,
      verdict: "FALSE",
      accuses: true,
    });
    expect(state.size).toBe(8);
  });
  it("takes a run written with or without its worker", () => {
    expect(fold(genesis(), lie({ run: "20261122-090001-k3f9" })).falseRuns.has(RUN)).toBe(true);
  });
});

const anyDraft = fc.oneof(
  fc
    .record({
      of: fc.nat(4),
      instruction: fc.constantFrom("INS-0001", "INS-0002"),
      accuses: fc.boolean(),
    })
    .map((about) => lie(about)),
  fc.record({ of: fc.nat(4) }).map((about) => verdict(about)),
  fc
    .tuple(
      fc.constantFrom(
        "lock" as const,
        "unlock" as const,
        "ack" as const,
        "false-positive" as const,
      ),
      fc.nat(30),
      fc.constantFrom(ALICE, RUN, `${RUN}#1`, CASE),
    )
    .map(([action, covers, subject]) => order(action, covers, subject)),
);

it("folding in parts, or on a clone, gives the same state, and the parts stay apart", () => {
  fc.assert(
    fc.property(fc.array(anyDraft, { maxLength: 25 }), fc.nat(25), (drafts, cut) => {
      const records = placed(drafts);
      const whole = foldState(records);
      const first = startFold();
      foldInto(first, records.slice(0, cut));
      const before = foldState(records.slice(0, cut));
      const second = first.clone();
      expect(foldInto(second, records.slice(cut))).toEqual(whole);
      expect(first.state()).toEqual(before);
    }),
  );
});

it("claims_audit rows are one a verdict", () => {
  const rows = claimsAudit(placed([genesis(), lie(), order("ack", 1), verdict({ of: 2 })]));
  expect(rows).toMatchObject([
    {
      worker_id: ALICE,
      status: "FALSE",
      claim: "file.exists: src/a.mjs exists",
      ledger_seq: 1,
      run: RUN,
    },
    {
      status: "TRUE",
      timestamp: "2026-11-22T09:00:00.000Z",
      verified_at: "2026-11-22T09:00:01.000Z",
    },
  ]);
});
