/** The report as JUnit XML: a finding or a FALSE is a failure, an UNVERIFIABLE is skipped. */
import { quotePath, visible } from "@wingman/model";
import { type Told, tallyOf } from "../report.ts";

/** One `testsuites` document; a clean report holds one passing case, so that empty is not green. */
export function* junitReport(report: Told): Generator<string> {
  const { blocking, warnings, TRUE, FALSE, UNVERIFIABLE } = tallyOf(report);
  const tests = Math.max(1, blocking + warnings + TRUE + FALSE + UNVERIFIABLE);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="wingman" tests="${tests}" failures="${blocking + FALSE}" errors="0" skipped="${UNVERIFIABLE}">\n`;
  let any = false;
  for (const one of cases(report)) {
    yield `${one}\n`;
    any = true;
  }
  if (!any)
    yield `<testcase classname="wingman" name="${xml(visible(report.subject))}"></testcase>\n`;
  yield "</testsuite></testsuites>\n";
}

function* cases(report: Told): Generator<string> {
  for (const finding of report.findings) {
    const name = `${finding.code} ${finding.path === undefined ? "" : quotePath(finding.path)}:${finding.line ?? 0}`;
    const text = xml(visible(finding.message));
    const body =
      finding.severity === "block"
        ? `<failure message="${text}">${xml(visible(finding.help ?? ""))}</failure>`
        : `<system-out>${text}</system-out>`;
    yield `<testcase classname="wingman" name="${xml(visible(name))}">${body}</testcase>`;
  }
  for (const one of report.verdicts) {
    const seen = xml(visible(`expected ${one.expected}; observed ${one.observed}`));
    const body =
      one.verdict === "FALSE"
        ? `<failure message="${seen}"></failure>`
        : one.verdict === "UNVERIFIABLE"
          ? `<skipped message="${one.reason ?? ""}: ${seen}"></skipped>`
          : "";
    yield `<testcase classname="${xml(visible(one.claim.type))}" name="${xml(visible(one.claim.name))}">${body}</testcase>`;
  }
}

function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
