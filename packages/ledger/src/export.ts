/**
 * The flat rows that readers of the older system expect (`claims_audit.jsonl`): one for each verdict,
 * in the ledger's order. A view for reading; nothing is ever judged by it.
 */
import type { LedgerRecord } from "./records.ts";
import { runOfVerdict } from "./state.ts";

export interface ClaimsAuditRow {
  readonly worker_id: string;
  /** What was claimed, for people. */
  readonly claim: string;
  readonly status: "TRUE" | "FALSE" | "UNVERIFIABLE";
  /** When the verdict was recorded. */
  readonly timestamp: string;
  /** When the claim was last looked at. */
  readonly verified_at: string;
  readonly claim_id: string;
  readonly claim_type: string;
  readonly run: string;
  readonly instruction: string;
  readonly commit: string;
  readonly expected: string;
  readonly observed: string;
  readonly reason?: string;
  readonly accuses: boolean;
  readonly ledger_seq: number;
}

/** One row for each verdict among the records. */
export function claimsAudit(records: readonly LedgerRecord[]): ClaimsAuditRow[] {
  return records.flatMap((record) => (record.kind === "verdict" ? [rowOf(record)] : []));
}

function rowOf(record: Extract<LedgerRecord, { kind: "verdict" }>): ClaimsAuditRow {
  return {
    worker_id: record.worker,
    claim: `${record.claim.type}: ${record.expected}`,
    status: record.verdict,
    timestamp: record.ts,
    verified_at: record.attempts.at(-1)?.at ?? record.ts,
    claim_id: record.claim.name,
    claim_type: record.claim.type,
    run: runOfVerdict(record),
    instruction: record.instruction,
    commit: record.commit,
    expected: record.expected,
    observed: record.observed,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    accuses: record.accuses,
    ledger_seq: record.seq,
  };
}
