/**
 * The ledger's derived state: verdicts, incidents, locks and orders, as the records give them. Made
 * by `@wingman/ledger`; here because a change is judged with it.
 */
import type { Answer } from "./verdict.ts";

export interface VerdictMark {
  readonly seq: number;
  readonly digest: string;
  readonly verdict: Answer;
  readonly accuses: boolean;
  readonly commit: string;
  /** Of an UNVERIFIABLE: the newest TRUE or FALSE on the same line before it. */
  readonly settled?: SettledMark;
}

/** The newest verdict on a line that was TRUE or FALSE, and the commit that it is about. */
export interface SettledMark {
  readonly verdict: Answer;
  readonly commit: string;
}

/**
 * What is settled of this line, or undefined. An UNVERIFIABLE does not unsettle it: a line that was
 * judged and then carried to where it is STALE was judged all the same.
 */
export function settledMark(
  mark: VerdictMark | undefined,
  digest: string,
): SettledMark | undefined {
  if (mark?.digest !== digest) return undefined;
  return mark.verdict === "UNVERIFIABLE" ? mark.settled : mark;
}

/** One worker on one instruction caught in a FALSE (or ledger tampering, a silent gate, …). */
export interface Incident {
  /** `worker@instruction` for a FALSE; the record's id for the others. */
  readonly id: string;
  readonly kind: "false" | "tampering" | "silence" | "drift";
  readonly worker?: string;
  readonly instruction?: string;
  readonly state: "open" | "acknowledged" | "resolved";
  /** Ledger sequence numbers of the FALSE verdicts (or the incident record). */
  readonly occurrences: readonly number[];
  readonly accuses: boolean;
}

export interface Lock {
  readonly worker: string;
  /** Sequence number of the verdict or order that locks. */
  readonly since: number;
  readonly reason: string;
  /** The incident, or undefined for a lock by order. */
  readonly incident?: string;
}

/** What the ledger says now. */
export interface LedgerState {
  /** Number of records; 0 where there is no ledger. */
  readonly size: number;
  /** RFC 6962 root over all records up to the last checkpoint, hex; "" where there is none. */
  readonly root: string;
  readonly origin?: string;
  /** The auditor's public key, base64 of its 32 raw bytes. */
  readonly auditor?: string;
  /** By claim name; the newest verdict on it. */
  readonly verdicts: ReadonlyMap<string, VerdictMark>;
  /** Runs with a FALSE that no order lifted, by run text. */
  readonly falseRuns: ReadonlySet<string>;
  readonly incidents: readonly Incident[];
  readonly locks: ReadonlyMap<string, Lock>;
  /** Instructions that an administrator's order withdrew, with the record that says so. */
  readonly withdrawn: ReadonlyMap<string, { readonly since: number; readonly reason: string }>;
  /** Nonces of orders already appended. */
  readonly orders: ReadonlySet<string>;
  /** Refs' last recorded new ids, by ref. */
  readonly refs: ReadonlyMap<string, string>;
  /** Alert steps already done, as `incident|occurrence|channel|step`. */
  readonly alerts: ReadonlySet<string>;
}

/** Before there is a ledger: nobody is locked. */
export const emptyLedger: LedgerState = {
  size: 0,
  root: "",
  verdicts: new Map(),
  falseRuns: new Set(),
  incidents: [],
  locks: new Map(),
  withdrawn: new Map(),
  orders: new Set(),
  refs: new Map(),
  alerts: new Set(),
};
