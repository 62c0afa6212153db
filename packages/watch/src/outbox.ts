/**
 * The outbox: what was begun and what was done, on stable storage before anything else happens. A
 * watcher killed between any two steps finds here what to do again.
 */
import type { LedgerState } from "@wingman/model";

/** What the ledger will remember of one step. Fits the `alert` record of FORMATS.md. */
export interface AlertDraft {
  readonly kind: "alert";
  readonly incident: string;
  /** The newest occurrence that it told of. */
  readonly occurrence: number;
  readonly channel: string;
  readonly step: string;
  readonly outcome: "ok" | "failed";
  readonly attempts: number;
  /** From the oldest verdict record that it told of to the channel's answer, in milliseconds. */
  readonly latencyMs: number;
  readonly externalId?: string;
  readonly error?: string;
}

/**
 * One line. `intent` stands before the channel is called, `done` after it has accepted, `failed`
 * after it has not (the step stays due).
 */
export type OutboxLine =
  | { readonly what: "intent"; readonly key: string; readonly owner: string; readonly at: string }
  | {
      readonly what: "done" | "failed";
      readonly key: string;
      readonly at: string;
      readonly alert: AlertDraft;
      /** On a failure: the service asked not to be asked again before. RFC 3339. */
      readonly notBefore?: string;
    }
  | SightingLine;

/** The ledger as the watcher last saw it whole (`sighting.ts`): what it must still hold next time. */
export interface SightingLine {
  readonly what: "seen";
  readonly key: "ledger";
  readonly at: string;
  /** Of the newest checkpoint. */
  readonly size: number;
  readonly root: string;
}

export interface Outbox {
  /** All lines that are whole, oldest first, those of other processes included. */
  lines(): readonly OutboxLine[];
  /**
   * Appends lines in one write; they are on stable storage when this returns. Throws a fault where
   * they are not.
   */
  append(...lines: readonly OutboxLine[]): void;
  /** What could not be read: a torn line, a line of another form. */
  problems(): readonly string[];
}

/** The key of an alert: that of its step. */
export function alertKey(alert: AlertDraft): string {
  return `${alert.incident}|${alert.occurrence}|${alert.channel}|${alert.step}`;
}

/** Keys of the steps that a channel has accepted. */
export function doneKeys(lines: readonly OutboxLine[]): ReadonlySet<string> {
  return new Set(lines.filter((line) => line.what === "done").map((line) => line.key));
}

/** Rest after the n-th failure of one step, in milliseconds: half a minute, doubling, an hour at most. */
const REST = 30_000;
const LONGEST_REST = 3_600_000;

/**
 * Keys that failed and rest: a channel that answers 400 is not asked again every two seconds, and
 * never given up either. `now` is RFC 3339; a line from the future (a clock went back) rests nothing.
 */
export function restingKeys(lines: readonly OutboxLine[], now: string): ReadonlySet<string> {
  const failures = new Map<string, { count: number; at: number; asked: number }>();
  for (const line of lines) {
    if (line.what !== "failed") continue;
    const at = Date.parse(line.at);
    failures.set(line.key, {
      count: (failures.get(line.key)?.count ?? 0) + 1,
      at,
      asked: line.notBefore === undefined ? 0 : Date.parse(line.notBefore) - at,
    });
  }
  const resting = new Set<string>();
  for (const [key, { count, at, asked }] of failures) {
    const age = Date.parse(now) - at;
    // What a service asks for counts, up to our own longest rest: a lie must not silence a channel.
    const rest = Math.max(REST * 2 ** Math.min(count - 1, 12), asked || 0);
    if (age >= 0 && age < Math.min(LONGEST_REST, rest)) resting.add(key);
  }
  return resting;
}

/** Alerts that were accepted and are not in the ledger yet: a crash came before they were appended. */
export function unrecorded(lines: readonly OutboxLine[], state: LedgerState): AlertDraft[] {
  const drafts = new Map<string, AlertDraft>();
  for (const line of lines) {
    if (line.what === "done" && !state.alerts.has(line.key)) drafts.set(line.key, line.alert);
  }
  return [...drafts.values()];
}

/** What a tracker called its entry for an incident, as the newest accepted step says. */
export function externalIdOf(
  lines: readonly OutboxLine[],
  incident: string,
  channel: string,
): string | undefined {
  let found: string | undefined;
  for (const line of lines) {
    if (line.what !== "done" || line.alert.incident !== incident || line.alert.channel !== channel)
      continue;
    found = line.alert.externalId ?? found;
  }
  return found;
}
