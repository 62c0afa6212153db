/**
 * What verifying a ledger shows. Integrity (was anything changed?) and anchoring (would we notice if
 * the end were missing?) are two answers: `sound` is the first, `witnessed` the second.
 */

/**
 * `OK`: sound, and a witness remembers all of it. `UNANCHORED`: sound, but no witness covers the last
 * records, or any. `TRUNCATED`: shorter than something that was signed or remembered. `FORKED`: the
 * auditor's key signed two different lists. `REWRITTEN`: lines differ from what was chained, signed
 * or stood before. `BAD_SIG`: not signed by the auditor.
 */
export type Outcome = "OK" | "UNANCHORED" | "TRUNCATED" | "FORKED" | "REWRITTEN" | "BAD_SIG";

/** Where it is wrong and what that means. */
export interface LedgerProblem {
  readonly outcome: Exclude<Outcome, "OK" | "UNANCHORED">;
  /** Path on the branch, or `witness 2`. */
  readonly file: string;
  /** From 1, in that file. */
  readonly line: number;
  /** The first bad record, from 0, where it is a record. */
  readonly seq?: number;
  /** The commit, where an older commit of the branch shows it. */
  readonly commit?: string;
  /** One sentence for people. */
  readonly message: string;
}

export interface LedgerReport {
  readonly outcome: Outcome;
  /** True where nothing shows tampering. */
  readonly sound: boolean;
  /** Records; where it is not sound, those up to the one that breaks it. */
  readonly size: number;
  /** RFC 6962 root over all records, hex; "" where there are none. */
  readonly root: string;
  /** Records that a witness covers. A missing end would be noticed up to here. */
  readonly witnessed: number;
  /** Records after those. */
  readonly unanchored: number;
  readonly origin?: string;
  readonly auditor?: string;
  /** Empty where it is sound; the first is the one that the outcome names. */
  readonly problems: readonly LedgerProblem[];
  /** CLOCK_SUSPECT: records whose time lies well before an earlier record's. Times order nothing. */
  readonly clockSuspect: readonly { readonly seq: number; readonly ts: string }[];
  readonly meaning: string;
}
