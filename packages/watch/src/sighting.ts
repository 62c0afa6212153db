/**
 * The watcher's own memory of the ledger. A ledger that no longer holds what was seen of it, or that
 * cannot be read, is told as tampering and not gone on with: nothing is planned from records that
 * somebody may have taken out or put in. Pure.
 */
import type { LedgerState } from "@wingman/model";
import { sha256Hex, visible } from "@wingman/model";
import type { AlertMessage } from "./message.ts";
import type { OutboxLine, SightingLine } from "./outbox.ts";
import { type Step, stepKey } from "./plan.ts";

/** Size and root of a checkpoint, as one of the watcher's passes saw it. */
export interface Sighting {
  readonly size: number;
  /** Hex. */
  readonly root: string;
}

/** The ledger now: read (with a way to ask whether it still begins as a checkpoint said), or not readable. */
export type LedgerNow =
  | (Sighting & { readonly holds: (seen: Sighting) => boolean })
  | { readonly unreadable: string };

export interface LedgerTrouble {
  /** The incident's id: the same trouble is told once. */
  readonly id: string;
  /** One sentence. */
  readonly what: string;
  readonly seen: Sighting | undefined;
}

/** The newest sighting of the outbox. */
export function sightingOf(lines: readonly OutboxLine[]): Sighting | undefined {
  const line = lines.findLast((one) => one.what === "seen");
  return line?.what === "seen" ? { size: line.size, root: line.root } : undefined;
}

/** The line to append once a pass saw a ledger without trouble; undefined where nothing is new. */
export function sightingLine(
  seen: Sighting | undefined,
  now: Sighting,
  at: string,
): SightingLine | undefined {
  if (now.size === 0 || (seen?.size === now.size && seen.root === now.root)) return undefined;
  return { what: "seen", key: "ledger", at, size: now.size, root: now.root };
}

/** What is wrong with the ledger, or undefined. */
export function ledgerTrouble(
  seen: Sighting | undefined,
  now: LedgerNow,
): LedgerTrouble | undefined {
  const trouble = (kind: string, what: string): LedgerTrouble => {
    const mark = seen === undefined ? sha256Hex(what).slice(0, 12) : seen.root.slice(0, 12);
    return { id: `ledger/${kind}@${seen?.size ?? 0}-${mark}`, what, seen };
  };
  if ("unreadable" in now) return trouble("unreadable", `it cannot be read: ${now.unreadable}`);
  if (seen === undefined || now.holds(seen)) return undefined;
  return now.size < seen.size
    ? trouble("rolled-back", `it has ${now.size} records, and had ${seen.size}`)
    : trouble("rewritten", `its first ${seen.size} records are no longer those that were seen`);
}

/** A step for each channel that has not heard of the trouble. */
export function troubleSteps(
  trouble: LedgerTrouble,
  input: {
    readonly done: ReadonlySet<string>;
    readonly resting?: ReadonlySet<string>;
    readonly channels: readonly { readonly name: string; readonly kind: "tracker" | "notifier" }[];
  },
): Step[] {
  return input.channels.flatMap(({ name, kind }) => {
    const step = kind === "notifier" ? "notify" : "open";
    const upTo = trouble.seen?.size ?? 0;
    const key = stepKey(trouble.id, upTo, name, step);
    if (input.done.has(key) || input.resting?.has(key)) return [];
    return [{ key, incident: trouble.id, channel: name, step, upTo, fresh: [upTo], total: 1 }];
  });
}

/** What is said of it. `state` may be the empty ledger's. */
export function troubleMessage(
  step: Step,
  trouble: LedgerTrouble,
  state: LedgerState,
  at: string,
): AlertMessage {
  const expected =
    trouble.seen === undefined
      ? "a ledger that can be read"
      : `at least ${trouble.seen.size} records, root ${trouble.seen.root.slice(0, 12)}`;
  const told = {
    seq: step.upTo,
    ts: at,
    claim: "the ledger only grows",
    expected: visible(expected),
    observed: visible(trouble.what.slice(0, 1200)).slice(0, 300),
    commit: "",
  };
  return {
    incident: trouble.id,
    incidentDigest: sha256Hex(trouble.id),
    stepDigest: sha256Hex(step.key),
    kind: "tampering",
    step: step.step,
    title: "The ledger was tampered with: nothing is taken from it until it is whole again",
    worker: "",
    instruction: "",
    locked: false,
    total: 1,
    fresh: [told],
    recent: [told],
    ledger: { size: state.size, root: state.root.slice(0, 12) },
    unlock: "wingman ledger verify, then bring the ledger back from a clone that has it whole",
  };
}
