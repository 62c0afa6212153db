/**
 * What is said of an incident. Everything in it that the judged side wrote is bounded and made
 * visible here, once, so that no channel has to remember to.
 */
import type { Incident, LedgerState, Verdict } from "@wingman/model";
import { sha256Hex, visible } from "@wingman/model";
import type { Step, StepKind } from "./plan.ts";

/** One record behind an incident: a FALSE verdict, or what an incident record says. */
export type Occurrence =
  | { readonly seq: number; readonly ts: string; readonly verdict: Verdict }
  | { readonly seq: number; readonly ts: string; readonly what: string };

/** One occurrence, ready to be shown. */
export interface ToldOccurrence {
  readonly seq: number;
  readonly ts: string;
  readonly claim: string;
  readonly expected: string;
  readonly observed: string;
  /** "" where it is about no commit. */
  readonly commit: string;
}

export interface AlertMessage {
  readonly incident: string;
  /** SHA-256 (hex) of the incident's id and of the step's key, as they are: to know them again by. */
  readonly incidentDigest: string;
  readonly stepDigest: string;
  readonly kind: Incident["kind"];
  readonly step: StepKind;
  /** One line. */
  readonly title: string;
  readonly worker: string;
  readonly instruction: string;
  readonly locked: boolean;
  readonly total: number;
  /** Those that the channel has not heard of, oldest first. */
  readonly fresh: readonly ToldOccurrence[];
  /** The newest of all, newest first; at most {@link RECENT}. */
  readonly recent: readonly ToldOccurrence[];
  /** Size and the first 12 hex digits of the root: whoever keeps the message is a witness. */
  readonly ledger: { readonly size: number; readonly root: string };
  /** How to lift it. */
  readonly unlock: string;
}

/** Characters of one field. */
const FIELD = 300;
/** Occurrences that a tracker's entry lists. */
export const RECENT = 50;

/** Builds the message of a step. `occurrence` finds a ledger record; one that is missing is said to be. */
export function alertMessage(
  step: Step,
  state: LedgerState,
  occurrence: (seq: number) => Occurrence | undefined,
): AlertMessage {
  const incident = state.incidents.find((one) => one.id === step.incident);
  const worker = incident?.worker ?? "";
  const lock = state.locks.get(worker);
  const fresh = step.fresh.map((seq) => told(seq, occurrence(seq)));
  const newest = [...(incident?.occurrences ?? step.fresh)].sort((a, b) => b - a).slice(0, RECENT);
  return {
    incident: clean(step.incident),
    incidentDigest: sha256Hex(step.incident),
    stepDigest: sha256Hex(step.key),
    kind: incident?.kind ?? "false",
    step: step.step,
    title: titleOf(step, incident, fresh.length),
    worker: clean(worker),
    instruction: clean(incident?.instruction ?? ""),
    locked: lock !== undefined,
    total: step.total,
    fresh,
    recent: newest.map((seq) => told(seq, occurrence(seq))),
    ledger: { size: state.size, root: state.root.slice(0, 12) },
    unlock:
      step.covers !== undefined
        ? "wingman status"
        : lock === undefined
          ? `wingman ack ${clean(step.incident)} --reason "…"`
          : `wingman unlock ${clean(worker)} --reason "…"`,
  };
}

/**
 * The message as plain text of at most `limit` UTF-16 units: Telegram's 4096 unless told otherwise.
 * Every line begins with words of ours, so no text of the judged side stands where a workflow
 * command or a quote would begin.
 */
export function textOf(message: AlertMessage, limit = 4096): string {
  const lines = [
    message.title,
    ...(message.worker === ""
      ? []
      : [`worker:      ${message.worker}${message.locked ? " (locked)" : ""}`]),
    ...(message.instruction === "" ? [] : [`instruction: ${message.instruction}`]),
    `incident:    ${message.incident} (${message.total} in all)`,
  ];
  const tail = [
    `ledger:      ${message.ledger.size} records, root ${message.ledger.root === "" ? "none" : message.ledger.root}`,
    ...(message.step === "close" ? [] : [`to lift it:  ${message.unlock}`]),
  ];
  const room = limit - [...lines, ...tail].join("\n").length - 40;
  const shown: string[] = [];
  let used = 0;
  for (const [index, one] of message.fresh.entries()) {
    const block = occurrenceText(one);
    if (used + block.length + 1 > room) {
      const rest = message.fresh.length - index;
      shown.push(`… and ${rest} more, in the ledger`);
      break;
    }
    shown.push(block);
    used += block.length + 1;
  }
  return cutText([...lines, ...shown, ...tail].join("\n"), limit);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cuts at `limit` UTF-16 units, never inside what a reader sees as one character. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  // Only the end matters: one segment can be long (a pile of accents), but not the whole text.
  for (const { index, segment } of graphemes.segment(text.slice(0, limit + 64))) {
    if (index + segment.length > limit - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

function occurrenceText(one: ToldOccurrence): string {
  return [
    `- claim:     ${one.claim}`,
    `  expected:  ${one.expected}`,
    `  observed:  ${one.observed}`,
    `  record:    ${one.seq}, ${one.ts}${one.commit === "" ? "" : `, commit ${one.commit.slice(0, 12)}`}`,
  ].join("\n");
}

function told(seq: number, occurrence: Occurrence | undefined): ToldOccurrence {
  if (occurrence === undefined)
    return {
      seq,
      ts: "",
      claim: "",
      expected: "",
      observed: "the record could not be read",
      commit: "",
    };
  const { ts } = occurrence;
  if ("what" in occurrence)
    return {
      seq,
      ts: clean(ts),
      claim: "",
      expected: "",
      observed: clean(occurrence.what),
      commit: "",
    };
  const { verdict } = occurrence;
  return {
    seq,
    ts: clean(ts),
    claim: clean(`${verdict.claim.name} ${verdict.claim.type}`),
    expected: clean(verdict.expected),
    observed: clean(verdict.observed),
    commit: clean(verdict.commit),
  };
}

function titleOf(step: Step, incident: Incident | undefined, fresh: number): string {
  const who = clean(incident?.worker ?? incident?.id ?? step.incident);
  if (step.covers !== undefined)
    return `FALSE: ${step.covers.length} older incidents, found at the first start`;
  if (step.step === "close") return `Resolved: ${clean(step.incident)}`;
  const again = step.total > fresh ? ", not for the first time" : "";
  if (incident?.kind === "false" || incident === undefined)
    return fresh === 1
      ? `FALSE: a claim of ${who} is not so${again}`
      : `FALSE: ${fresh} claims of ${who} are not so${again}`;
  const what = {
    tampering: "The ledger was tampered with",
    silence: "A gate is silent",
    drift: "A ruleset has drifted",
  };
  return `${what[incident.kind]}: ${clean(step.incident)}${again}`;
}

function clean(text: string): string {
  return cutText(visible(text.slice(0, FIELD * 4)), FIELD);
}
