/**
 * Decides who must hear what, from the ledger's state and from what was done before. Pure: the same
 * state and the same past give the same steps, and steps that were done are never planned again.
 */
import type { Incident, LedgerState } from "@wingman/model";

/** `open` and `update` also carry a reopened incident; `notify` tells all that is new in one message. */
export type StepKind = "open" | "update" | "reopen" | "close" | "notify";

export interface Step {
  /** `incident|occurrence|channel|step`: stable, so that a rerun repeats nothing. */
  readonly key: string;
  readonly incident: string;
  readonly channel: string;
  readonly step: StepKind;
  /** The newest occurrence that it tells of. */
  readonly upTo: number;
  /** Occurrences that this channel has not heard of, oldest first; for `close` none. */
  readonly fresh: readonly number[];
  /** All occurrences of the incident so far. */
  readonly total: number;
  /** Set on a digest: the steps that it does at once, one for each incident (`gatherHistoric`). */
  readonly covers?: readonly Step[];
}

export interface PlanInput {
  readonly state: LedgerState;
  /** Keys of steps done: what the outbox knows. Those of the ledger (`state.alerts`) count as well. */
  readonly done: ReadonlySet<string>;
  readonly channels: readonly { readonly name: string; readonly kind: "tracker" | "notifier" }[];
  /** Keys that failed a short while ago (`restingKeys`): due, but not yet. */
  readonly resting?: ReadonlySet<string>;
}

interface Past {
  readonly upTo: number;
  readonly step: string;
}

/** The key of a step. */
export function stepKey(incident: string, upTo: number, channel: string, step: StepKind): string {
  return `${incident}|${upTo}|${channel}|${step}`;
}

/**
 * Steps that are due: notifiers first, since their promise is 10 seconds. An incident that was
 * acknowledged is not said aloud again; a resolved one is closed where it was opened.
 */
export function planAlerts(input: PlanInput): Step[] {
  const past = readPast([...input.done, ...input.state.alerts]);
  const steps: Step[] = [];
  for (const kind of ["notifier", "tracker"] as const) {
    for (const channel of input.channels.filter((one) => one.kind === kind)) {
      for (const incident of input.state.incidents) {
        const before = past.get(pastKey(incident.id, channel.name)) ?? [];
        const step = kind === "notifier" ? notice(incident, before) : tracking(incident, before);
        if (step === undefined) continue;
        const { upTo, fresh } = news(incident, before);
        const key = stepKey(incident.id, upTo, channel.name, step);
        if (input.resting?.has(key) === true) continue;
        steps.push({
          key,
          incident: incident.id,
          channel: channel.name,
          step,
          upTo,
          fresh: step === "close" ? [] : fresh,
          total: incident.occurrences.length,
        });
      }
    }
  }
  return steps;
}

function notice(incident: Incident, before: readonly Past[]): StepKind | undefined {
  return incident.state === "open" && news(incident, before).fresh.length > 0
    ? "notify"
    : undefined;
}

function tracking(incident: Incident, before: readonly Past[]): StepKind | undefined {
  const { fresh, upTo } = news(incident, before);
  const opened = before.some((one) => one.step !== "close");
  const closed = before.some((one) => one.step === "close" && one.upTo >= upTo);
  if (incident.state === "resolved") return opened && !closed ? "close" : undefined;
  if (!opened) return "open";
  if (fresh.length === 0) return undefined;
  // Closed after everything heard of before: this is the first word since.
  const heard = Math.max(...before.filter((one) => one.step !== "close").map((one) => one.upTo));
  return before.some((one) => one.step === "close" && one.upTo >= heard) ? "reopen" : "update";
}

function news(incident: Incident, before: readonly Past[]): { fresh: number[]; upTo: number } {
  const all = [...incident.occurrences].sort((a, b) => a - b);
  const heard = Math.max(
    -1,
    ...before.filter((one) => one.step !== "close").map((one) => one.upTo),
  );
  return { fresh: all.filter((seq) => seq > heard), upTo: all.at(-1) ?? -1 };
}

/** What each channel heard of each incident. An incident's id may hold anything, so keys are read from the right. */
function readPast(keys: readonly string[]): ReadonlyMap<string, readonly Past[]> {
  const past = new Map<string, Past[]>();
  for (const key of keys) {
    const parts = key.split("|");
    const [upTo, channel, step] = parts.slice(-3);
    if (parts.length < 4 || upTo === undefined || channel === undefined || step === undefined)
      continue;
    if (!/^-?\d+$/.test(upTo)) continue;
    const at = pastKey(parts.slice(0, -3).join("|"), channel);
    const list = past.get(at) ?? [];
    list.push({ upTo: Number(upTo), step });
    past.set(at, list);
  }
  return past;
}

function pastKey(incident: string, channel: string): string {
  return `${channel}|${incident}`;
}
