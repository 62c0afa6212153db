/** The whole line with real doubles: twenty lies, a kill at every step, one channel that is down. */
import { join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import {
  alertMessage,
  type Channel,
  doneKeys,
  githubIssues,
  NotDelivered,
  type Outbox,
  openOutbox,
  performSteps,
  planAlerts,
  restingKeys,
  telegramNotifier,
  webhookNotifier,
} from "../src/index.ts";
import { CHAT, github, telegram, webhook } from "./doubles.ts";
import { Killed, MemoryOutbox, occurrence, performing, stateOf } from "./literals.ts";

/** A loaded machine answers late, and a message that timed out is sent again: here none does. */
const patient = { fetch, timeoutMs: 20_000 };

async function world() {
  const [tg, hook, gh] = [await telegram(), await webhook(), await github()];
  const channels: Record<string, Channel> = {
    telegram: telegramNotifier({ token: tg.token, chat: CHAT, api: tg.double.url, ...patient }),
    webhook: webhookNotifier({
      url: hook.double.url,
      secret: hook.secret,
      origin: "acme/shop",
      ...patient,
      now: () => new Date(),
    }),
    github: githubIssues({
      repository: "acme/shop",
      token: gh.token,
      api: gh.double.url,
      labels: ["wingman"],
      origin: "acme/shop",
      ...patient,
      spacing: false,
    }),
  };
  return { tg: tg.double, hook: hook.double, gh: gh.double, channels };
}

const lies = Array.from({ length: 20 }, (_, at) => at + 1);
const state = stateOf([{ occurrences: lies }]);
const named = (channels: Record<string, Channel>) =>
  Object.values(channels).map(({ name, kind }) => ({ name, kind }));

async function pass(outbox: Outbox, channels: Record<string, Channel>) {
  const done = doneKeys(outbox.lines());
  const steps = planAlerts({ state, done, channels: named(channels) });
  return await performSteps(steps, {
    ...performing(outbox, state, channels),
    messageOf: (step) => alertMessage(step, state, occurrence),
  });
}

/** A channel that may be killed right before and right after its service was called. */
function mortal(channel: Channel, outbox: MemoryOutbox): Channel {
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    outbox.tick();
    const answer = await call();
    outbox.tick();
    return answer;
  };
  return channel.kind === "notifier"
    ? { ...channel, notify: (...args) => around(() => channel.notify(...args)) }
    : {
        ...channel,
        open: (...args) => around(() => channel.open(...args)),
        update: (...args) => around(() => channel.update(...args)),
        close: (...args) => around(() => channel.close(...args)),
      };
}

describe("twenty lies", () => {
  it("are twenty occurrences and one message on each channel", async () => {
    const { tg, hook, gh, channels } = await world();
    const outbox = openOutbox(join(temporaryFolder(), "outbox.jsonl"));
    const alerts = await pass(outbox, channels);
    await pass(outbox, channels);
    expect(alerts.map((one) => [one.channel, one.outcome])).toEqual([
      ["telegram", "ok"],
      ["webhook", "ok"],
      ["github", "ok"],
    ]);
    expect(tg.messages).toHaveLength(1);
    expect(tg.messages[0]?.text).toContain("20 claims of claude-code/alice are not so");
    expect(hook.events).toHaveLength(1);
    expect(hook.events[0]).toMatchObject({ data: { total: 20, omitted: 0 } });
    expect(gh.issues).toHaveLength(1);
    expect(gh.issues[0]?.body).toContain("Occurrences: 20.");
    for (const seq of lies) expect(gh.issues[0]?.body).toContain(`Record ${seq},`);
  });

  it("killed at every step and run again: nothing lost, at most one repeat a channel, one issue", async () => {
    let moments = 0;
    for (let killAt = 1; ; killAt += 1) {
      const { tg, hook, gh, channels } = await world();
      const outbox = new MemoryOutbox();
      const all = Object.fromEntries(
        Object.entries(channels).map(([name, one]) => [name, mortal(one, outbox)]),
      );
      outbox.restart(killAt);
      const died = await pass(outbox, all).then(
        () => outbox.kept.some((line) => line.what === "failed"),
        (error) => {
          expect(error).toBeInstanceOf(Killed);
          return true;
        },
      );
      if (!died) break;
      moments += 1;
      outbox.restart();
      await pass(outbox, all);
      expect(tg.messages.length).toBeGreaterThanOrEqual(1);
      expect(tg.messages.length).toBeLessThanOrEqual(2);
      expect(hook.events.length).toBeLessThanOrEqual(2);
      // A receiver of webhooks tells a repeat by its id; a tracker finds its own issue again.
      expect(hook.ids.size).toBe(1);
      expect(gh.issues).toHaveLength(1);
      expect(gh.issues[0]?.comments).toEqual([]);
      await pass(outbox, all);
      expect(tg.messages.length + hook.events.length).toBeLessThanOrEqual(4);
    }
    expect(moments).toBeGreaterThanOrEqual(12);
  });
});

describe("a channel that is down", () => {
  const many = stateOf(lies.map((seq) => ({ id: `w/${seq}@INS-1`, occurrences: [seq] })));
  const steps = (outbox: Outbox, resting?: ReadonlySet<string>) =>
    planAlerts({
      state: many,
      done: doneKeys(outbox.lines()),
      channels: [{ name: "voice", kind: "notifier" }],
      ...(resting === undefined ? {} : { resting }),
    });
  const failing = (error: NotDelivered) => {
    let asked = 0;
    const voice: Channel = {
      kind: "notifier",
      name: "voice",
      notify: async () => {
        asked += 1;
        throw error;
      },
    };
    return { voice, asked: () => asked };
  };

  it("is asked once, not once for each incident; all of them rest and stay due", async () => {
    const outbox = new MemoryOutbox();
    const { voice, asked } = failing(new NotDelivered("401", { permanent: true }));
    const alerts = await performSteps(steps(outbox), performing(outbox, many, { voice }));
    expect(asked()).toBe(1);
    expect(alerts).toHaveLength(20);
    expect(alerts[5]).toMatchObject({ outcome: "failed", attempts: 0, error: "not tried: 401" });
    expect(steps(outbox)).toHaveLength(20);
    expect(steps(outbox, restingKeys(outbox.lines(), "2026-11-22T09:00:02.000Z"))).toEqual([]);
    expect(steps(outbox, restingKeys(outbox.lines(), "2026-11-22T09:00:40.000Z"))).toHaveLength(20);
  });

  it("is asked for the others where only one message was refused", async () => {
    const outbox = new MemoryOutbox();
    const { voice, asked } = failing(new NotDelivered("413", { permanent: true, onlyThis: true }));
    await performSteps(steps(outbox), performing(outbox, many, { voice }));
    expect(asked()).toBe(20);
  });

  it("is left alone as long as it asks, though never longer than an hour", async () => {
    for (const [asked, early, late] of [
      [600_000, "2026-11-22T09:09:00.000Z", "2026-11-22T09:10:02.000Z"],
      [86_400_000, "2026-11-22T09:59:00.000Z", "2026-11-22T10:00:02.000Z"],
    ] as const) {
      const path = join(temporaryFolder(), "outbox.jsonl");
      const outbox = openOutbox(path);
      const { voice } = failing(new NotDelivered("429", { retryAfterMs: asked }));
      await performSteps(steps(outbox).slice(0, 1), performing(outbox, many, { voice }));
      const kept = openOutbox(path).lines();
      expect(restingKeys(kept, early).size).toBe(1);
      expect(restingKeys(kept, late).size).toBe(0);
    }
  });

  it("tells a channel how much of the ten seconds is left", async () => {
    const outbox = new MemoryOutbox();
    let time = 0;
    const left: (number | undefined)[] = [];
    const voice: Channel = {
      kind: "notifier",
      name: "voice",
      notify: async (_, budgetMs) => {
        left.push(budgetMs);
        time += 3000;
        throw new Error("slow");
      },
    };
    await performSteps(steps(outbox).slice(0, 1), {
      ...performing(outbox, many, { voice }),
      clock: () => time,
      wait: async (ms) => {
        time += ms;
      },
    });
    expect(left).toEqual([10_000, 6500, 2500]);
  });
});
