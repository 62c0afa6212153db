/** The report as JUnit XML: a finding or a FALSE is a failure, an UNVERIFIABLE is skipped. */
import { quotePath, visible } from "@wingman/model";
import type { Report } from "../report.ts";

/** One `testsuites` document; a clean report holds one passing case, so that empty is not green. */
export function junitReport(report: Report): string {
  const cases: string[] = [];
  for (const finding of report.findings) {
    const name = `${finding.code} ${finding.path === undefined ? "" : quotePath(finding.path)}:${finding.line ?? 0}`;
    const text = xml(visible(finding.message));
    const body =
      finding.severity === "block"
        ? `<failure message="${text}">${xml(visible(finding.help ?? ""))}</failure>`
        : `<system-out>${text}</system-out>`;
    cases.push(`<testcase classname="wingman" name="${xml(visible(name))}">${body}</testcase>`);
  }
  for (const one of report.verdicts) {
    const seen = xml(visible(`expected ${one.expected}; observed ${one.observed}`));
    const body =
      one.verdict === "FALSE"
        ? `<failure message="${seen}"></failure>`
        : one.verdict === "UNVERIFIABLE"
          ? `<skipped message="${one.reason ?? ""}: ${seen}"></skipped>`
          : "";
    cases.push(
      `<testcase classname="${xml(visible(one.claim.type))}" name="${xml(visible(one.claim.name))}">${body}</testcase>`,
    );
  }
  if (cases.length === 0)
    cases.push(`<testcase classname="wingman" name="${xml(visible(report.subject))}"></testcase>`);
  const failures = cases.filter((one) => one.includes("<failure ")).length;
  const skipped = cases.filter((one) => one.includes("<skipped ")).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="wingman" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">\n${cases.join("\n")}\n</testsuite></testsuites>\n`;
}

function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
