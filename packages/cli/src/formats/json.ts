/** The report as JSON with a `schemaVersion`: paths that are no UTF-8 stand as `{"b64": …}`. */
import { recordPath } from "@wingman/model";
import type { Report } from "../report.ts";

/** One JSON document, ending in a newline. */
export function jsonReport(report: Report, exit: number): string {
  const findings = report.findings.map((finding) => ({
    ...finding,
    ...(finding.path === undefined ? {} : { path: recordPath(finding.path) }),
  }));
  const document = {
    schemaVersion: 1,
    subject: report.subject,
    exit,
    findings,
    verdicts: report.verdicts,
    notKnown: report.notKnown,
    ...(report.instructions === undefined ? {} : { instructions: report.instructions }),
  };
  // A CI runner takes `##[` for a command of its own wherever it stands in a line.
  return `${JSON.stringify(document, undefined, 2).replaceAll("##[", "##\\u005b")}\n`;
}
