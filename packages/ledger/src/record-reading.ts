/**
 * From a parsed line to a typed record. Kinds from a newer version are kept in the chain and
 * otherwise ignored, unless they say `crit: true`: then this version may not judge by this ledger.
 */
import type { KnownRecord, LedgerRecord } from "./records.ts";
import { isKnownKind, isRecordTime, recordProblem } from "./records.ts";

/** Types one record whose chain fields were checked, or says why it is none. */
export function typedRecord(
  fields: Readonly<Record<string, unknown>>,
): LedgerRecord | { readonly bad: string } {
  const kind = fields["kind"] as string;
  if (!isRecordTime(fields["ts"]))
    return { bad: "the record's time is no RFC 3339 UTC time with milliseconds" };
  if (!isKnownKind(kind)) {
    const { v, seq, prev, ts, crit, ...rest } = fields;
    const place = { v, seq, prev, ts, ...(crit === true ? { crit } : {}) };
    return { ...place, kind: "unknown", fields: rest } as LedgerRecord;
  }
  const problem = recordProblem(fields);
  if (problem !== undefined) return { bad: `the ${kind} record is broken: ${problem}` };
  // Each field that this version reads was checked by the row of its kind.
  return fields as unknown as KnownRecord;
}
