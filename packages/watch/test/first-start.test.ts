import { describe, expect, it } from "vitest";
import {
  alertMessage,
  doneKeys,
  gatherHistoric,
  performSteps,
  planAlerts,
  stepKey,
  textOf,
  unrecorded,
} from "../src/index.ts";
import {
  CHANNELS,
  Killed,
  MemoryOutbox,
  NOW,
  performing,
  service,
  stateOf,
  verdict,
} from "./literals.ts";

const OLD = "2026-11-20T09:00:01.000Z";
const NEW = "2026-11-22T08:00:01.000Z";
const state = stateOf([
  { id: "a/a@INS-1", occurrences: [1, 2] },
  { id: "b/b@INS-2", worker: "b/b", occurrences: [3] },
  { id: "c/c@INS-3", worker: "c/c", occurrences: [4, 20] },
  { id: "tamper-1", kind: "tampering", occurrences: [5] },
]);
const timeOf = (seq: number) => (seq < 20 ? OLD : NEW);

function due(outbox: MemoryOutbox, now = state) {
  const lines = outbox.lines();
  const steps = planAlerts({ state: now, done: doneKeys(lines), channels: CHANNELS });
  return gatherHistoric({ steps, state: now, lines, timeOf, now: NOW });
}

const performingHere = (
  outbox: MemoryOutbox,
  channels: ReturnType<typeof service>["channels"],
) => ({
  ...performing(outbox, state, channels),
  messageOf: (step: Parameters<typeof alertMessage>[0]) =>
    alertMessage(step, state, (seq) => ({ seq, ts: timeOf(seq), verdict: verdict(seq) })),
});

describe("a first start", () => {
  it("tells what is old in one digest per channel, and the rest by itself", () => {
    const steps = due(new MemoryOutbox());
    for (const name of ["voice", "issues"]) {
      const own = steps.filter((step) => step.channel === name);
      expect(own.map((step) => step.incident)).toEqual(["historic", "c/c@INS-3", "tamper-1"]);
      expect(own[0]).toMatchObject({ upTo: 3, fresh: [2, 3], total: 3 });
    }
  });

  it("marks each incident told, and says nothing twice", async () => {
    const outbox = new MemoryOutbox();
    const { channels, said } = service(outbox);
    await performSteps(due(outbox), performingHere(outbox, channels));
    expect(due(outbox)).toEqual([]);
    expect(said).toHaveLength(6);
    const digest = said.find((one) => one.incident === "historic");
    const text = textOf(digest ?? said[0] ?? ({} as never));
    expect(text).toContain("2 older incidents, found at the first start");
    expect(text).toContain("wingman status");
    const alerts = unrecorded(outbox.lines(), stateOf([]));
    expect(alerts.map((one) => one.incident).sort()).toEqual(
      ["a/a@INS-1", "b/b@INS-2", "c/c@INS-3", "tamper-1"].flatMap((id) => [id, id]),
    );
    // The digest's own entry is nobody's: the next lie opens an issue of its own.
    expect(alerts.filter((one) => one.incident === "a/a@INS-1" && one.externalId)).toEqual([]);
  });

  it("killed at any moment and run again: one digest, at most one repeat a channel", async () => {
    let moments = 0;
    for (let killAt = 1; ; killAt += 1) {
      const outbox = new MemoryOutbox();
      const { calls, channels } = service(outbox);
      outbox.restart(killAt);
      const died = await performSteps(due(outbox), performingHere(outbox, channels)).then(
        () => false,
        (error) => {
          expect(error).toBeInstanceOf(Killed);
          return true;
        },
      );
      if (!died) break;
      moments += 1;
      outbox.restart();
      await performSteps(due(outbox), performingHere(outbox, channels));
      expect(due(outbox)).toEqual([]);
      expect(new Set(calls).size).toBe(6);
      for (const verb of ["notify", "open"])
        expect(calls.filter((call) => call.startsWith(verb)).length).toBeLessThanOrEqual(4);
    }
    expect(moments).toBeGreaterThan(15);
  });

  it("is over for a channel that has heard anything, here or as the ledger says", async () => {
    const outbox = new MemoryOutbox();
    const { channels } = service(outbox);
    const first = due(outbox).filter((step) => step.channel === "voice");
    await performSteps(first, performingHere(outbox, channels));
    const later = stateOf([
      { id: "a/a@INS-1", occurrences: [1, 2, 6] },
      { id: "b/b@INS-2", occurrences: [3, 7] },
    ]);
    const steps = due(outbox, later);
    expect(steps.filter((step) => step.channel === "voice").map((step) => step.incident)).toEqual([
      "a/a@INS-1",
      "b/b@INS-2",
    ]);
    expect(steps.filter((step) => step.channel === "issues").map((step) => step.incident)).toEqual([
      "historic",
    ]);
    const told = stateOf(later.incidents, [stepKey("x|y", 0, "issues", "open")]);
    expect(due(new MemoryOutbox(), told).filter((one) => one.channel === "issues")).toHaveLength(2);
  });

  it("makes no digest of one, nor of what has no readable time", () => {
    const one = stateOf([{ occurrences: [1] }]);
    expect(due(new MemoryOutbox(), one).every((step) => step.covers === undefined)).toBe(true);
    const steps = planAlerts({ state, done: new Set(), channels: CHANNELS });
    for (const time of [undefined, "", "soon", "2099-01-01T00:00:00.000Z"])
      expect(gatherHistoric({ steps, state, lines: [], timeOf: () => time, now: NOW })).toEqual(
        steps,
      );
  });
});
