/**
 * Walks the planned steps. Before a channel is called its step stands in the outbox, and after it has
 * accepted that stands there too; so a watcher killed anywhere, run again, loses no incident and
 * repeats at most the one message that was on its way.
 */
import { visible } from "@wingman/model";
import type { Accepted, Channel } from "./channel.ts";
import { NotDelivered } from "./channel.ts";
import type { AlertMessage } from "./message.ts";
import type { AlertDraft, Outbox } from "./outbox.ts";
import { doneKeys, externalIdOf } from "./outbox.ts";
import type { Step } from "./plan.ts";

export interface PerformContext {
  /** By name. A step whose channel is missing fails, and stays due. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly outbox: Outbox;
  readonly messageOf: (step: Step) => AlertMessage;
  /** RFC 3339 UTC with milliseconds. */
  readonly now: () => string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Resolves after that many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** This process, so that two watchers at once do not both send: as `pid@start`. */
  readonly owner: string;
  /** True while the process of another `owner` runs. Default: none does. */
  readonly isAlive?: (owner: string) => boolean;
}

/** Waits between tries, in milliseconds; the promise is 10 s, so nothing is begun that would end later. */
const WAITS = [500, 1000, 2000] as const;
const BUDGET = 10_000;

/**
 * Performs the steps, each channel's in their order, the channels side by side: a slow one keeps no
 * other waiting. Gives one draft for each step that was tried. Throws only what the outbox throws.
 */
export async function performSteps(
  steps: readonly Step[],
  context: PerformContext,
): Promise<AlertDraft[]> {
  const byChannel = new Map<string, Step[]>();
  for (const step of steps)
    byChannel.set(step.channel, [...(byChannel.get(step.channel) ?? []), step]);
  const ended = await Promise.allSettled(
    [...byChannel.values()].map(async (own) => {
      const drafts: AlertDraft[] = [];
      // A channel that is down is not asked once for each incident: that would hold up the next pass,
      // and with it the channels that work. The others fail with it, and rest as it does.
      let down: Down | undefined;
      for (const step of own) {
        const done = await performOne(step, context, down);
        down = done.down;
        drafts.push(...done.drafts);
      }
      return drafts;
    }),
  );
  // All channels come to their end before an outbox fault goes up.
  return ended.flatMap((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/** Why a channel takes nothing now, and how long it asked us to wait. */
interface Down {
  readonly error: string;
  readonly retryAfterMs: number | undefined;
}

interface Performed {
  readonly drafts: readonly AlertDraft[];
  readonly down: Down | undefined;
}

async function performOne(
  step: Step,
  context: PerformContext,
  down: Down | undefined,
): Promise<Performed> {
  if (!begin(step, context)) return { drafts: [], down };
  const message = context.messageOf(step);
  const channel = context.channels[step.channel];
  const sent: Sent =
    down === undefined
      ? await deliver(step, channel, message, context)
      : { ...down, error: `not tried: ${down.error}`, attempts: 0, down };
  const at = context.now();
  const draftOf = (one: Step): AlertDraft => ({
    kind: "alert",
    incident: one.incident,
    occurrence: one.upTo,
    channel: one.channel,
    step: one.step,
    outcome: sent.error === undefined ? "ok" : "failed",
    attempts: sent.attempts,
    latencyMs: latency(message, at),
    // A digest's entry is no incident's own: the next word on one of them opens its own.
    ...(sent.accepted?.externalId === undefined || step.covers !== undefined
      ? {}
      : { externalId: sent.accepted.externalId }),
    ...(sent.error === undefined ? {} : { error: visible(sent.error).slice(0, 300) }),
  });
  const done = (step.covers ?? [step]).map((one) => ({ key: one.key, alert: draftOf(one) }));
  const what = sent.error === undefined ? "done" : "failed";
  const notBefore = sent.error === undefined ? undefined : later(at, sent.retryAfterMs);
  // All in one write: a digest is told of whole or not at all.
  context.outbox.append(
    ...done.map(
      (one) => ({ what, at, ...one, ...(notBefore === undefined ? {} : { notBefore }) }) as const,
    ),
  );
  return { drafts: done.map((one) => one.alert), down: sent.down };
}

function later(at: string, ms: number | undefined): string | undefined {
  const time = Date.parse(at) + (ms ?? Number.NaN);
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined;
}

/** Writes the intent; false where the step is done, or a living watcher began it before us. */
function begin(step: Step, context: PerformContext): boolean {
  const alive = context.isAlive ?? (() => false);
  context.outbox.append({ what: "intent", key: step.key, owner: context.owner, at: context.now() });
  // The file's order decides between two that begin at once: both read it after both wrote.
  const lines = context.outbox.lines();
  const done = doneKeys(lines);
  if ((step.covers ?? [step]).every((one) => done.has(one.key))) return false;
  let holder: string | undefined;
  for (const line of lines) {
    if (line.key !== step.key) continue;
    if (line.what === "failed") holder = undefined;
    else if (line.what === "intent" && (holder === undefined || !alive(holder)))
      holder = line.owner;
    if (holder === context.owner) return true;
  }
  return holder === undefined || holder === context.owner || !alive(holder);
}

interface Sent {
  readonly accepted?: Accepted;
  readonly error?: string;
  readonly retryAfterMs?: number | undefined;
  readonly attempts: number;
  /** Set where the channel, not the message, was at fault. */
  readonly down?: Down | undefined;
}

async function deliver(
  step: Step,
  channel: Channel | undefined,
  message: AlertMessage,
  context: PerformContext,
): Promise<Sent> {
  if (channel === undefined) return { error: "no channel of this name is configured", attempts: 0 };
  const began = context.clock();
  for (let attempts = 1; ; attempts += 1) {
    try {
      const left = Math.max(0, BUDGET - (context.clock() - began));
      return { accepted: await call(step, channel, message, context, left), attempts };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const asked = error instanceof NotDelivered ? error.retryAfterMs : undefined;
      const onlyThis = error instanceof NotDelivered && error.onlyThis;
      const wait = Math.max(asked ?? 0, WAITS[attempts - 1] ?? Number.POSITIVE_INFINITY);
      const left = BUDGET - (context.clock() - began);
      // No try that could end after the promise: a late success behind a given-up step is a duplicate.
      const hopeless = (error instanceof NotDelivered && error.permanent) || wait + 500 > left;
      const down = onlyThis ? undefined : { error: why, retryAfterMs: asked };
      if (hopeless) return { error: why, retryAfterMs: asked, attempts, down };
      await context.wait(wait);
    }
  }
}

async function call(
  step: Step,
  channel: Channel,
  message: AlertMessage,
  context: PerformContext,
  budgetMs: number,
): Promise<Accepted> {
  if (channel.kind === "notifier") return channel.notify(message, budgetMs);
  const known = externalIdOf(context.outbox.lines(), step.incident, step.channel);
  if (step.step === "open") return channel.open(message, budgetMs);
  if (step.step === "close") return channel.close(message, known, budgetMs);
  return channel.update(message, known, budgetMs);
}

/** From the oldest record told of to now; 0 where a clock went back or nothing fresh is told. */
function latency(message: AlertMessage, at: string): number {
  const since = message.fresh
    .map((one) => Date.parse(one.ts))
    .filter((time) => Number.isFinite(time));
  return since.length === 0 ? 0 : Math.max(0, Date.parse(at) - Math.min(...since));
}
