import { join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import {
  doneKeys,
  ledgerTrouble,
  openOutbox,
  performSteps,
  sightingLine,
  sightingOf,
  textOf,
  troubleMessage,
  troubleSteps,
} from "../src/index.ts";
import { CHANNELS, MemoryOutbox, NOW, performing, service, stateOf } from "./literals.ts";

const ROOTS = new Map([
  [10, "aa".repeat(32)],
  [20, "bb".repeat(32)],
]);
/** A ledger of that size that begins as ROOTS says. */
const ledger = (size: number, roots = ROOTS) => ({
  size,
  root: roots.get(size) ?? "",
  holds: (seen: { size: number; root: string }) =>
    roots.get(seen.size) === seen.root && seen.size <= size,
});
const seen = { size: 20, root: ROOTS.get(20) ?? "" };

describe("the watcher's memory of the ledger", () => {
  it("is kept in the outbox, and written only when it moves", () => {
    const outbox = openOutbox(join(temporaryFolder(), "outbox.jsonl"));
    expect(sightingOf(outbox.lines())).toBeUndefined();
    expect(sightingLine(undefined, { size: 0, root: "" }, NOW)).toBeUndefined();
    for (const size of [10, 20]) {
      const line = sightingLine(sightingOf(outbox.lines()), ledger(size), NOW);
      if (line !== undefined) outbox.append(line);
    }
    expect(sightingOf(outbox.lines())).toEqual(seen);
    expect(sightingLine(seen, ledger(20), NOW)).toBeUndefined();
    expect(outbox.problems()).toEqual([]);
  });

  it("finds nothing wrong with a ledger that grew, stayed, or was never seen", () => {
    expect(ledgerTrouble(undefined, ledger(10))).toBeUndefined();
    expect(ledgerTrouble(seen, ledger(20))).toBeUndefined();
    expect(ledgerTrouble({ size: 10, root: ROOTS.get(10) ?? "" }, ledger(20))).toBeUndefined();
  });

  it("names one that shrank, is gone, was rewritten, or cannot be read", () => {
    expect(ledgerTrouble(seen, ledger(10))?.what).toBe("it has 10 records, and had 20");
    expect(ledgerTrouble(seen, { size: 0, root: "", holds: () => false })?.what).toContain(
      "0 records",
    );
    const other = new Map([...ROOTS, [20, "cc".repeat(32)], [30, "dd".repeat(32)]]);
    expect(ledgerTrouble(seen, ledger(30, other))?.what).toContain(
      "no longer those that were seen",
    );
    expect(ledgerTrouble(seen, ledger(20, other))?.what).toContain("no longer");
    expect(ledgerTrouble(seen, { unreadable: "line 4 is torn" })?.what).toContain("line 4 is torn");
    expect(ledgerTrouble(undefined, { unreadable: "x" })?.id).toMatch(/^ledger\/unreadable@0-/);
  });

  it("tells of it once on each channel, as tampering", async () => {
    const trouble = ledgerTrouble(seen, ledger(10));
    if (trouble === undefined) throw new Error("no trouble");
    const outbox = new MemoryOutbox();
    const { said, calls, channels } = service(outbox);
    const state = stateOf([]);
    const pass = async () => {
      const steps = troubleSteps(trouble, { done: doneKeys(outbox.lines()), channels: CHANNELS });
      await performSteps(steps, {
        ...performing(outbox, state, channels),
        messageOf: (step) => troubleMessage(step, trouble, state, NOW),
      });
    };
    await pass();
    await pass();
    expect(calls).toHaveLength(2);
    expect(said[0]).toMatchObject({ kind: "tampering", worker: "" });
    const text = textOf(said[0] ?? ({} as never));
    expect(text).toContain("it has 10 records, and had 20");
    expect(text).toContain("at least 20 records, root bbbbbbbbbbbb");
    expect(text).toContain("wingman ledger verify");
  });
});
