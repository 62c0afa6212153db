import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planAlerts, restingKeys } from "../src/index.ts";
import { CHANNELS, stateOf } from "./literals.ts";

const plan = (
  incidents: Parameters<typeof stateOf>[0],
  done: readonly string[] = [],
  alerts: readonly string[] = [],
) => planAlerts({ state: stateOf(incidents, alerts), done: new Set(done), channels: CHANNELS });
const ID = "claude-code/alice@INS-0007";

describe("the plan", () => {
  it("tells a new incident everywhere, the voice first", () => {
    expect(plan([{}]).map((step) => step.key)).toEqual([
      `${ID}|1|voice|notify`,
      `${ID}|1|issues|open`,
    ]);
  });
  it("puts twenty lies into one message, and lists them all", () => {
    const occurrences = Array.from({ length: 20 }, (_, at) => at + 5);
    const [notify, open] = plan([{ occurrences }]);
    expect(notify).toMatchObject({ step: "notify", fresh: occurrences, upTo: 24, total: 20 });
    expect(open).toMatchObject({ step: "open", fresh: occurrences });
  });
  it("tells only what is new, and updates what is open", () => {
    const done = [`${ID}|1|voice|notify`, `${ID}|1|issues|open`];
    expect(plan([{}], done)).toEqual([]);
    expect(plan([{ occurrences: [1, 7] }], done)).toMatchObject([
      { key: `${ID}|7|voice|notify`, fresh: [7], total: 2 },
      { key: `${ID}|7|issues|update`, fresh: [7] },
    ]);
  });
  it("takes the ledger's word as well as the outbox's", () => {
    expect(plan([{}], [`${ID}|1|voice|notify`], [`${ID}|1|issues|open`])).toEqual([]);
  });
  it("closes what is resolved where it was opened, once, and reopens it", () => {
    const opened = [`${ID}|1|voice|notify`, `${ID}|1|issues|open`];
    expect(plan([{ state: "resolved" }])).toEqual([]);
    expect(plan([{ state: "resolved" }], opened)).toMatchObject([
      { key: `${ID}|1|issues|close`, fresh: [] },
    ]);
    const closed = [...opened, `${ID}|1|issues|close`];
    expect(plan([{ state: "resolved" }], closed)).toEqual([]);
    expect(plan([{ occurrences: [1, 9] }], closed).map((one) => one.key)).toEqual([
      `${ID}|9|voice|notify`,
      `${ID}|9|issues|reopen`,
    ]);
    const again = [...closed, `${ID}|9|voice|notify`, `${ID}|9|issues|reopen`];
    expect(plan([{ occurrences: [1, 9, 11] }], again).map((one) => one.step)).toEqual([
      "notify",
      "update",
    ]);
    expect(plan([{ occurrences: [1, 9], state: "resolved" }], again).map((one) => one.key)).toEqual(
      [`${ID}|9|issues|close`],
    );
  });
  it("says nothing aloud of what an administrator acknowledged, but remembers it", () => {
    expect(plan([{ state: "acknowledged" }]).map((one) => one.step)).toEqual(["open"]);
  });
  it("reads keys of incidents whose id holds a bar", () => {
    expect(plan([{ id: "a|b|1" }], ["a|b|1|1|voice|notify", "a|b|1|1|issues|open"])).toEqual([]);
  });
  it("rests a failed step, longer each time, and never for ever", () => {
    const failed = (at: string) => ({
      what: "failed" as const,
      key: "k",
      at,
      alert: {
        kind: "alert" as const,
        incident: "i",
        occurrence: 1,
        channel: "voice",
        step: "notify",
        outcome: "failed" as const,
        attempts: 1,
        latencyMs: 0,
      },
    });
    const first = [failed("2026-11-22T09:00:00.000Z")];
    expect([...restingKeys(first, "2026-11-22T09:00:29.000Z")]).toEqual(["k"]);
    expect([...restingKeys(first, "2026-11-22T09:00:31.000Z")]).toEqual([]);
    const many = Array.from({ length: 50 }, () => failed("2026-11-22T09:00:00.000Z"));
    expect([...restingKeys(many, "2026-11-22T09:59:00.000Z")]).toEqual(["k"]);
    expect([...restingKeys(many, "2026-11-22T10:01:00.000Z")]).toEqual([]);
    expect(
      planAlerts({
        state: stateOf([{}]),
        done: new Set(),
        channels: CHANNELS,
        resting: new Set([`${ID}|1|voice|notify`]),
      }).map((one) => one.step),
    ).toEqual(["open"]);
  });
  it("plans nothing that was done, whatever happened (property)", () => {
    const incident = fc.record({
      id: fc.constantFrom("a@1", "b@2", "t|x"),
      occurrences: fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1 }),
      state: fc.constantFrom("open" as const, "acknowledged" as const, "resolved" as const),
    });
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(incident, { selector: (one) => one.id }), { maxLength: 5 }),
        (worlds) => {
          const done = new Set<string>();
          for (const world of worlds) {
            const steps = planAlerts({ state: stateOf(world), done, channels: CHANNELS });
            for (const step of steps) expect(done.has(step.key)).toBe(false);
            for (const step of steps) done.add(step.key);
            expect(planAlerts({ state: stateOf(world), done, channels: CHANNELS })).toEqual([]);
          }
        },
      ),
    );
  });
});
