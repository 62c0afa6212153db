/** Report: what a judgement gave, for every format; and the exit code that follows from it. */
import type { InstructionStanding } from "@wingman/gate";
import { compareFindings, type Finding, type Policy, type Verdict } from "@wingman/model";
import { EXIT } from "./io.ts";

/** What formats tell of. Findings and verdicts may lie in a file: they are walked, never held. */
export interface Told {
  /** What was judged, as `staged commit` or `refs/heads/main`. */
  readonly subject: string;
  /** May be walked again and again. */
  readonly findings: Iterable<Finding>;
  readonly verdicts: Iterable<Verdict>;
  /** Counted already, where counting would mean walking a long file. */
  readonly tally?: Tally;
  /** Codes of rules that this surface cannot answer. */
  readonly notKnown: readonly string[];
  /** The states of the instructions that somebody asked about by name. */
  readonly instructions?: readonly InstructionStanding[];
}

/** The same, held in memory. */
export interface Report extends Told {
  readonly findings: readonly Finding[];
  readonly verdicts: readonly Verdict[];
}

/** How many of each. */
export interface Tally {
  readonly blocking: number;
  readonly warnings: number;
  readonly TRUE: number;
  readonly FALSE: number;
  readonly UNVERIFIABLE: number;
  /** Of the last: only not known on this surface. */
  readonly notKnownHere: number;
}

export const NOTHING: Tally = {
  blocking: 0,
  warnings: 0,
  TRUE: 0,
  FALSE: 0,
  UNVERIFIABLE: 0,
  notKnownHere: 0,
};

/** A tally and what came in since. */
export function added(
  tally: Tally,
  more: { readonly findings?: Iterable<Finding>; readonly verdicts?: Iterable<Verdict> },
): Tally {
  const sum = { ...tally };
  for (const one of more.findings ?? [])
    sum[one.severity === "block" ? "blocking" : "warnings"] += 1;
  for (const one of more.verdicts ?? []) {
    sum[one.verdict] += 1;
    if (one.verdict === "UNVERIFIABLE" && one.reason === "NOT_KNOWN_HERE") sum.notKnownHere += 1;
  }
  return sum;
}

/** What a report comes to. */
export function tallyOf(report: Told): Tally {
  return report.tally ?? added(NOTHING, report);
}

/** Several reports as one, findings in order. */
export function mergeReports(subject: string, reports: readonly Report[]): Report {
  return {
    subject,
    findings: reports.flatMap((one) => one.findings).sort(compareFindings),
    verdicts: reports.flatMap((one) => one.verdicts),
    notKnown: [...new Set(reports.flatMap((one) => one.notKnown))].sort(),
  };
}

/**
 * 1 where a finding blocks or a verdict is FALSE; 3 where something is UNVERIFIABLE (what is only
 * not known on this surface does not count); else 0.
 */
export function exitOf(report: Told, policy: Policy): number {
  const { blocking, FALSE, UNVERIFIABLE, notKnownHere } = tallyOf(report);
  if (blocking > 0 || FALSE > 0) return EXIT.findings;
  if (UNVERIFIABLE === notKnownHere) return EXIT.ok;
  return policy.audit.unverifiable === "block" ? EXIT.findings : EXIT.unverifiable;
}
