/**
 * The ledger's records (FORMATS.md "Ledger records"): their fields, and the one line of bytes that
 * each becomes. A draft is a record before it has a place; what does not fit its kind is refused.
 */
import { hash } from "node:crypto";
import type { OrderAction, Verdict } from "@wingman/model";
import { canonicalJson, fault } from "@wingman/model";
import { FIELDS } from "./record-fields.ts";

export interface GenesisDraft {
  readonly kind: "genesis";
  readonly origin: string;
  /** Base64 of the auditor's 32 raw public bytes. */
  readonly auditor: string;
  /** `sha256:…` of the policy's bytes; "" where none stands yet. */
  readonly policy: string;
}

export interface PushDraft {
  readonly kind: "push";
  readonly ref: string;
  /** Object id; zeros where the ref is created. */
  readonly old: string;
  /** Object id; zeros where it is deleted. */
  readonly new: string;
  /** The login; absent where the server knows none. */
  readonly pusher?: string;
  readonly policy: string;
  readonly revision: number;
  readonly outcome: "accepted" | "refused";
  /** How often by code; never a message, never a secret. */
  readonly findings: Readonly<Record<string, number>>;
  /** True where the record was made up for later, from refs without one. */
  readonly late?: boolean;
}

export interface VerdictDraft extends Verdict {
  readonly kind: "verdict";
  /** The claim's line, where the push that brought it was refused and its objects are gone. */
  readonly line?: string;
  /** Version of the code that judged. */
  readonly checker: string;
  /** `sha256:…` of the policy it was judged by. */
  readonly policy: string;
}

/** What is no verdict: tampering, a silent gate, a drifted ruleset. */
export interface IncidentDraft {
  readonly kind: "incident";
  readonly id: string;
  readonly what: "tampering" | "silence" | "drift";
  readonly subject: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly why?: string;
}

export interface AlertDraft {
  readonly kind: "alert";
  readonly incident: string;
  /** Sequence number of the newest occurrence that it told of. */
  readonly occurrence: number;
  readonly channel: string;
  readonly step: string;
  readonly outcome: "ok" | "failed";
  readonly attempts?: number;
  /** From the newest occurrence's record to the channel's answer. */
  readonly latencyMs?: number;
  readonly externalId?: string;
  readonly error?: string;
}

export interface OrderDraft {
  readonly kind: "order";
  readonly action: OrderAction;
  /** A worker, an incident, a run or a claim. */
  readonly subject: string;
  readonly by: string;
  readonly reason: string;
  readonly nonce: string;
  /** Ledger size that the administrator saw: it speaks of records before that one only. */
  readonly covers: number;
  readonly until?: string;
  readonly proof: "signature" | "pusher" | "event" | "console";
}

export interface CanaryDraft {
  readonly kind: "canary";
  readonly point: string;
  readonly outcome: string;
}

export interface SkipDraft {
  readonly kind: "skip";
  readonly reason: string;
  readonly by: string;
  readonly where: string;
}

export interface RepairDraft {
  readonly kind: "repair";
  readonly what: string;
  readonly why: string;
  readonly by?: string;
}

/** The last line of each batch: it covers every record before itself. Only planAppend writes it. */
export interface CheckpointDraft {
  readonly kind: "checkpoint";
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** A C2SP signed note over origin, size and root. */
  readonly note: string;
}

/** What a caller may append. */
export type Draft =
  | GenesisDraft
  | PushDraft
  | VerdictDraft
  | IncidentDraft
  | AlertDraft
  | OrderDraft
  | CanaryDraft
  | SkipDraft
  | RepairDraft;

/** What each record has besides its kind's fields. */
export interface Place {
  readonly v: 1;
  /** From 0. */
  readonly seq: number;
  /** SHA-256 (hex) of the previous line without its LF; null in the first. */
  readonly prev: string | null;
  /** RFC 3339, UTC, milliseconds. It orders nothing. */
  readonly ts: string;
  readonly crit?: true;
}

/** A kind that this version does not know: chained, and otherwise ignored. */
export interface UnknownRecord extends Place {
  readonly kind: "unknown";
  readonly fields: Readonly<Record<string, unknown>>;
}

export type KnownRecord = (Draft | CheckpointDraft) & Place;
export type LedgerRecord = KnownRecord | UnknownRecord;

/** C2SP tlog-tiles gives an entry's length 16 bits. */
export const MAX_LINE = 65_535;
/** What a verdict may quote of what was seen (TRUST.md §8). */
export const MAX_OBSERVATION = 8_192;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** True where the text is a time as records write it. */
export function isRecordTime(text: unknown): text is string {
  return typeof text === "string" && TIME.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * A model verdict as a draft. Text of the judged side is cut to 8 KiB of well-formed UTF-8 each, so
 * that no worker can make a record that does not fit; the evidence digest still covers all of it.
 */
export function verdictDraft(
  verdict: Verdict,
  about: { readonly checker: string; readonly policy: string; readonly line?: string },
): VerdictDraft {
  return {
    ...verdict,
    kind: "verdict",
    expected: cut(verdict.expected),
    observed: cut(verdict.observed),
    checker: about.checker,
    policy: about.policy,
    ...(about.line === undefined ? {} : { line: cut(about.line) }),
  };
}

function cut(text: string): string {
  // By way of bytes, so that a lone surrogate becomes U+FFFD instead of a fault.
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= MAX_OBSERVATION) return bytes.toString("utf8");
  const mark = " … (cut)";
  const kept = bytes.subarray(0, MAX_OBSERVATION - Buffer.byteLength(mark));
  return kept.toString("utf8").replace(/\ufffd+$/, "") + mark;
}

/**
 * The line of a record, without its LF.
 * @throws Fault `ledger/bad-record` where the draft does not fit its kind, `ledger/too-long` at 64 KiB.
 */
export function encodeRecord(draft: Draft | CheckpointDraft, place: Omit<Place, "v">): Buffer {
  const problem = recordProblem(draft);
  if (problem !== undefined)
    fault(`a ${draft.kind} record cannot be written: ${problem}`, {
      code: "ledger/bad-record",
      hint: "this is a defect of Wingman; please report it",
    });
  if (!isRecordTime(place.ts))
    fault(`${JSON.stringify(place.ts)} is no time as records write it`, {
      code: "ledger/bad-record",
      hint: "hand in RFC 3339 UTC with milliseconds, as 2026-11-22T09:00:01.000Z",
    });
  const line = Buffer.from(canonicalJson({ ...draft, ...place, v: 1 }), "utf8");
  if (line.length > MAX_LINE)
    fault(`a ${draft.kind} record would be ${line.length} bytes long, ${MAX_LINE} is the most`, {
      code: "ledger/too-long",
      hint: "keep long evidence elsewhere and record its digest",
    });
  return line;
}

/** The chain's link: SHA-256 (hex) of a line without its LF. */
export function linkOf(line: Uint8Array): string {
  return hash("sha256", line, "hex");
}

/** What is wrong with the fields of a record of a known kind, or undefined. Unknown kinds pass. */
export function recordProblem(record: object): string | undefined {
  const fields = record as Readonly<Record<string, unknown>>;
  const kind = String(fields["kind"]);
  for (const [name, check] of ROWS.get(kind) ?? [])
    if (!check(fields[name]))
      return `${name} is ${fields[name] === undefined ? "missing" : "not what it must be"}`;
  return undefined;
}

/** True for kinds that this version folds. */
export function isKnownKind(kind: string): boolean {
  return ROWS.has(kind);
}

const ROWS = new Map(Object.entries(FIELDS).map(([kind, row]) => [kind, Object.entries(row)]));
