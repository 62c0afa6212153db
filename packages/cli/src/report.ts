/** Report: what a judgement gave, for every format; and the exit code that follows from it. */
import type { InstructionStanding } from "@wingman/gate";
import { compareFindings, type Finding, type Policy, type Verdict } from "@wingman/model";
import { EXIT } from "./io.ts";

export interface Report {
  /** What was judged, as `staged commit` or `refs/heads/main`. */
  readonly subject: string;
  readonly findings: readonly Finding[];
  readonly verdicts: readonly Verdict[];
  /** Codes of rules that this surface cannot answer. */
  readonly notKnown: readonly string[];
  /** The states of the instructions that somebody asked about by name. */
  readonly instructions?: readonly InstructionStanding[];
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
export function exitOf(report: Report, policy: Policy): number {
  if (report.findings.some((one) => one.severity === "block")) return EXIT.findings;
  if (report.verdicts.some((one) => one.verdict === "FALSE")) return EXIT.findings;
  const open = report.verdicts.some(
    (one) => one.verdict === "UNVERIFIABLE" && one.reason !== "NOT_KNOWN_HERE",
  );
  if (!open) return EXIT.ok;
  return policy.audit.unverifiable === "block" ? EXIT.findings : EXIT.unverifiable;
}
