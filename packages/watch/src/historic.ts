/**
 * A channel's first start on a ledger with a past: what is older than a day goes out as one digest,
 * so that nobody gets a hundred messages for having turned the watcher on. Pure.
 */
import type { LedgerState } from "@wingman/model";
import type { OutboxLine } from "./outbox.ts";
import { type Step, type StepKind, stepKey } from "./plan.ts";

export interface FirstStart {
  readonly steps: readonly Step[];
  readonly state: LedgerState;
  /** The outbox's. */
  readonly lines: readonly OutboxLine[];
  /** The time of a ledger record, RFC 3339. */
  readonly timeOf: (seq: number) => string | undefined;
  /** RFC 3339. */
  readonly now: string;
}

const DAY = 24 * 3_600_000;
/** What a digest stands under, in the outbox and in a tracker. */
const HISTORIC = "historic";

/**
 * The steps as they shall be performed. On each channel that has never been told anything, two and
 * more FALSE incidents without anything newer than 24 hours become one step that covers them. A
 * record whose time cannot be read, or lies ahead, is never old.
 */
export function gatherHistoric(input: FirstStart): Step[] {
  const heard = heardChannels(input.state, input.lines);
  const gathered: Step[] = [];
  for (const channel of new Set(input.steps.map((step) => step.channel))) {
    const own = input.steps.filter((step) => step.channel === channel);
    const old = heard.has(channel) ? [] : own.filter((step) => isHistoric(step, input));
    if (old.length < 2) gathered.push(...own);
    // The digest first: a watcher killed after any other message would find a channel that has
    // heard something, and tell the old ones one by one.
    else gathered.push(digestOf(channel, old), ...own.filter((step) => !old.includes(step)));
  }
  return gathered;
}

/** Channels that accepted anything, ever: as this outbox or the ledger says. */
function heardChannels(state: LedgerState, lines: readonly OutboxLine[]): ReadonlySet<string> {
  const heard = new Set<string>();
  for (const line of lines) if (line.what === "done") heard.add(line.alert.channel);
  // From the right: an incident's id may hold a bar.
  for (const key of state.alerts) heard.add(key.split("|").at(-2) ?? "");
  return heard;
}

function isHistoric(step: Step, { state, timeOf, now }: FirstStart): boolean {
  if (state.incidents.find((one) => one.id === step.incident)?.kind !== "false") return false;
  const before = Date.parse(now) - DAY;
  return step.fresh.length > 0 && step.fresh.every((seq) => Date.parse(timeOf(seq) ?? "") < before);
}

/** One occurrence of each incident, its newest. */
function digestOf(channel: string, covers: readonly Step[]): Step {
  const upTo = Math.max(...covers.map((step) => step.upTo));
  const step: StepKind = covers[0]?.step ?? "notify";
  return {
    key: stepKey(HISTORIC, upTo, channel, step),
    incident: HISTORIC,
    channel,
    step,
    upTo,
    fresh: covers.map((one) => one.upTo).sort((a, b) => a - b),
    total: covers.reduce((sum, one) => sum + one.total, 0),
    covers,
  };
}
