import { describe, expect, it } from "vitest";
import type { Channel } from "../src/index.ts";
import { doneKeys, NotDelivered, performSteps, planAlerts, unrecorded } from "../src/index.ts";
import { CHANNELS, Killed, MemoryOutbox, performing, service, stateOf } from "./literals.ts";

const state = stateOf([
  { occurrences: [1, 2, 3] },
  { id: "codex/bob@INS-0009", worker: "codex/bob", occurrences: [4] },
]);
const due = (outbox: MemoryOutbox, now = state) =>
  planAlerts({ state: now, done: doneKeys(outbox.lines()), channels: CHANNELS });

describe("performing", () => {
  it("sends each once and says how long it took", async () => {
    const outbox = new MemoryOutbox();
    const { calls, channels } = service(outbox);
    const drafts = await performSteps(due(outbox), performing(outbox, state, channels));
    expect(calls.sort()).toEqual([
      "notify claude-code/alice@INS-0007 1,2,3",
      "notify codex/bob@INS-0009 4",
      "open claude-code/alice@INS-0007 1,2,3",
      "open codex/bob@INS-0009 4",
    ]);
    expect(drafts).toHaveLength(4);
    expect(drafts[0]).toEqual({
      kind: "alert",
      incident: "claude-code/alice@INS-0007",
      occurrence: 3,
      channel: "voice",
      step: "notify",
      outcome: "ok",
      attempts: 1,
      latencyMs: 250,
    });
    expect(drafts.find((one) => one.step === "open")?.externalId).toBe("17");
    expect(due(outbox)).toEqual([]);
    expect(unrecorded(outbox.lines(), state)).toHaveLength(4);
    expect(unrecorded(outbox.lines(), stateOf([], [...doneKeys(outbox.lines())]))).toEqual([]);
  });

  it("killed at any moment and run again: nothing lost, at most one repeat a channel", async () => {
    let moments = 0;
    for (let killAt = 1; ; killAt += 1) {
      const outbox = new MemoryOutbox();
      const { calls, channels } = service(outbox);
      outbox.restart(killAt);
      // A kill is the end of the whole process: every other channel stops at its next moment, too.
      const died = await performSteps(due(outbox), performing(outbox, state, channels)).then(
        () => false,
        (error) => {
          expect(error).toBeInstanceOf(Killed);
          return true;
        },
      );
      if (!died) break;
      moments += 1;
      outbox.restart();
      await performSteps(due(outbox), { ...performing(outbox, state, channels), owner: "2@0" });
      expect(due(outbox)).toEqual([]);
      expect(new Set(calls).size).toBe(4);
      for (const verb of ["notify", "open"]) {
        expect(calls.filter((call) => call.startsWith(verb)).length).toBeLessThanOrEqual(3);
      }
      expect(unrecorded(outbox.lines(), state)).toHaveLength(4);
      await performSteps(due(outbox), performing(outbox, state, channels));
      expect(calls.length).toBeLessThanOrEqual(6);
    }
    expect(moments).toBeGreaterThanOrEqual(20);
  });

  it("two watchers at once send once, unless the first is dead", async () => {
    const outbox = new MemoryOutbox();
    const { calls, channels } = service(outbox);
    const steps = due(outbox);
    const both = ["1@0", "2@0"].map((owner) =>
      performSteps(steps, { ...performing(outbox, state, channels), owner, isAlive: () => true }),
    );
    await Promise.all(both);
    expect(calls).toHaveLength(4);
    const other = new MemoryOutbox();
    other.append({ what: "intent", key: steps[0]?.key ?? "", owner: "9@9", at: "x" });
    const fresh = service(other);
    await performSteps(steps.slice(0, 1), {
      ...performing(other, state, fresh.channels),
      isAlive: () => true,
    });
    expect(fresh.calls).toEqual([]);
    await performSteps(steps.slice(0, 1), {
      ...performing(other, state, fresh.channels),
      isAlive: () => false,
    });
    expect(fresh.calls).toHaveLength(1);
  });

  it("tries again within the promise, waits as asked, and lets the other channel go on", async () => {
    const outbox = new MemoryOutbox();
    const { channels, calls } = service(outbox);
    let time = 0;
    const waited: number[] = [];
    const answers = [
      new NotDelivered("429", { retryAfterMs: 3000 }),
      new Error("socket hang up"),
      undefined,
    ];
    const flaky: Channel = {
      kind: "notifier",
      name: "voice",
      notify: async () => {
        const error = answers.shift();
        if (error !== undefined) throw error;
        return { externalId: "m1" };
      },
    };
    const one = stateOf([{}]);
    const drafts = await performSteps(due(outbox, one), {
      ...performing(outbox, one, { ...channels, voice: flaky }),
      clock: () => time,
      wait: async (ms) => {
        waited.push(ms);
        time += ms;
      },
    });
    expect(waited).toEqual([3000, 1000]);
    expect(drafts.find((draft) => draft.channel === "voice")).toMatchObject({
      outcome: "ok",
      attempts: 3,
      externalId: "m1",
    });
    expect(calls).toHaveLength(1);
  });

  it("gives up at once on what no try can change, and the step stays due", async () => {
    const outbox = new MemoryOutbox();
    const { channels } = service(outbox);
    const refusing: Channel = {
      kind: "notifier",
      name: "voice",
      notify: async () => {
        throw new NotDelivered("400 can't parse\u001b[31m", { permanent: true });
      },
    };
    const one = stateOf([{}]);
    const drafts = await performSteps(
      due(outbox, one),
      performing(outbox, one, { ...channels, voice: refusing }),
    );
    expect(drafts.find((draft) => draft.channel === "voice")).toMatchObject({
      outcome: "failed",
      attempts: 1,
      error: "400 can't parse\\x1b[31m",
    });
    expect(due(outbox, one).map((step) => step.channel)).toEqual(["voice"]);
  });

  it("asks nothing that would end after ten seconds", async () => {
    const outbox = new MemoryOutbox();
    let calls = 0;
    const busy: Channel = {
      kind: "notifier",
      name: "voice",
      notify: async () => {
        calls += 1;
        throw new NotDelivered("429", { retryAfterMs: 60_000 });
      },
    };
    const one = stateOf([{}]);
    await performSteps(due(outbox, one).slice(0, 1), performing(outbox, one, { voice: busy }));
    expect(calls).toBe(1);
  });

  it("gives the tracker its own name for the entry", async () => {
    const outbox = new MemoryOutbox();
    const { channels, calls } = service(outbox);
    for (const now of [
      stateOf([{}]),
      stateOf([{ occurrences: [1, 2] }]),
      stateOf([{ occurrences: [1, 2], state: "resolved" }]),
    ]) {
      await performSteps(due(outbox, now), performing(outbox, now, channels));
    }
    expect(calls.filter((call) => !call.startsWith("notify"))).toEqual([
      "open claude-code/alice@INS-0007 1",
      "update 17 claude-code/alice@INS-0007 2",
      "close 17 claude-code/alice@INS-0007 ",
    ]);
  });

  it("fails a step whose channel nobody configured", async () => {
    const outbox = new MemoryOutbox();
    const one = stateOf([{}]);
    const drafts = await performSteps(due(outbox, one), performing(outbox, one, {}));
    expect(drafts.map((draft) => [draft.outcome, draft.attempts])).toEqual([
      ["failed", 0],
      ["failed", 0],
    ]);
  });
});
