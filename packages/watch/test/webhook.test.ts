import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { webhookNotifier } from "../src/index.ts";
import { about, failure, webhook } from "./doubles.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";

const NOW = () => new Date("2026-11-22T09:00:01.250Z");

/** A loaded machine answers late: only what is meant to time out does. */
const PATIENT = 20_000;

async function voice(
  more: { secret?: string; receiver?: () => Date; timeoutMs?: number; path?: string } = {},
) {
  const { secret, double } = await webhook(more.receiver ?? NOW);
  const url = `${double.url}${more.path ?? "/hooks/a-long-and-secret-path?key=of-the-hook"}`;
  const notifier = webhookNotifier({
    url,
    secret: more.secret ?? secret,
    origin: "acme/shop",
    fetch,
    now: NOW,
    timeoutMs: more.timeoutMs ?? PATIENT,
  });
  return { secret, url, double, notifier };
}

describe("the webhook", () => {
  it("sends a signed CloudEvent whose id is the same each time", async () => {
    const { double, notifier } = await voice();
    await notifier.notify(about(), PATIENT);
    await notifier.notify(about(), PATIENT);
    await notifier.notify(about({ occurrences: [1, 2] }), PATIENT);
    expect(double.ids.size).toBe(2);
    expect(double.events).toHaveLength(3);
    expect(double.events[0]).toMatchObject({
      specversion: "1.0",
      source: "acme/shop",
      type: "dev.wingman.incident.false",
      subject: "claude-code/alice@INS-0007",
      time: "2026-11-22T09:00:01.250Z",
      data: {
        worker: "claude-code/alice",
        instruction: "INS-0007",
        locked: true,
        total: 1,
        omitted: 0,
        occurrences: [{ seq: 1, expected: "something at src/a.ts", commit: "b".repeat(40) }],
        ledger: { size: 100, root: "abababababab" },
      },
    });
  });

  it("is refused by a receiver with another secret, or another clock, and says so", async () => {
    const other = await voice({ secret: "x".repeat(32) });
    expect(await failure(other.notifier.notify(about(), PATIENT))).toMatchObject({
      permanent: true,
    });
    expect(other.double.events).toHaveLength(0);
    const late = await voice({ receiver: () => new Date("2026-11-22T10:00:01.250Z") });
    const error = await failure(late.notifier.notify(about(), PATIENT));
    expect(String(error)).toContain("clock is 60 minutes behind the receiver's");
  });

  it.each(Object.entries(HOSTILE_TEXTS))("carries %s inside 64 KiB", async (_, text) => {
    const { double, notifier } = await voice();
    const occurrences = Array.from({ length: 300 }, (_, at) => at + 1);
    await notifier.notify(about({ text, occurrences }), PATIENT);
    const [{ data }] = double.events as unknown as [
      { data: { occurrences: unknown[]; omitted: number; total: number } },
    ];
    expect(data.occurrences.length).toBeGreaterThan(10);
    expect(data.occurrences.length + data.omitted).toBe(300);
    expect(data.total).toBe(300);
  });

  it.each([
    [400, true],
    [401, true],
    [404, true],
    [410, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])("%i is permanent: %s", async (status, permanent) => {
    const { double, notifier } = await voice();
    double.misbehave({ kind: "status", status, headers: { "retry-after": "3" } });
    const error = await failure(notifier.notify(about(), PATIENT));
    expect(error).toMatchObject({ permanent, retryAfterMs: permanent ? undefined : 3000 });
  });

  it("honours a date in Retry-After, and nothing else there", async () => {
    const { double, notifier } = await voice();
    for (const [value, wait] of [
      ["Sun, 22 Nov 2026 09:00:09 GMT", 7750],
      ["Sun, 22 Nov 2020 09:00:09 GMT", 0],
      ["-5", undefined],
      ["soon", undefined],
      ["999999999999", 86_400_000],
    ] as const) {
      double.misbehave({ kind: "status", status: 429, headers: { "retry-after": value } });
      expect(await failure(notifier.notify(about(), PATIENT))).toMatchObject({
        retryAfterMs: wait,
      });
    }
  });

  it.each([
    ["slow", { kind: "slow", ms: 1500 }],
    ["stalled", { kind: "stall" }],
    ["cut", { kind: "cut" }],
    ["endless", { kind: "endless" }],
  ] as const)("a %s answer can be tried again", async (_, how) => {
    const { double, url, secret, notifier } = await voice({ timeoutMs: 300 });
    const again = webhookNotifier({
      ...{ url, secret, origin: "acme/shop", fetch, now: NOW },
      timeoutMs: PATIENT,
    });
    double.misbehave(how);
    expect(await failure(notifier.notify(about(), PATIENT))).toMatchObject({ permanent: false });
    await again.notify(about(), PATIENT);
    expect(double.ids.size).toBe(1);
  });

  it("follows no redirect", async () => {
    const { double, notifier } = await voice();
    const other = await webhook();
    double.misbehave({ kind: "redirect", to: other.double.url });
    expect(await failure(notifier.notify(about(), PATIENT))).toMatchObject({ permanent: true });
    expect(other.double.requests).toHaveLength(0);
  });

  it("shows neither its secret nor its address, though the receiver echoes them", async () => {
    const { double, secret, url, notifier } = await voice();
    const { pathname, search } = new URL(url);
    double.misbehave({
      kind: "status",
      status: 404,
      body: `${secret} ${url} ${pathname}${search}`,
    });
    const shown = inspect(await failure(notifier.notify(about(), PATIENT)), {
      depth: 9,
      showHidden: true,
    });
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain("a-long-and-secret-path");
    expect(shown).not.toContain("of-the-hook");
  });
});
