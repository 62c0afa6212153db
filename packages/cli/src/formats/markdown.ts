/**
 * The report as Markdown for a job summary or a comment. Text of the judged side stands in code
 * spans only, so it can mention nobody, link nothing and close no issue.
 */
import { quotePath, visible } from "@wingman/model";
import type { Report } from "../report.ts";

/** A heading, a table of findings, a table of verdicts that are not TRUE. */
export function markdownReport(report: Report): string {
  const lines = [`### Wingman: ${codeSpan(report.subject)}`, ""];
  if (report.findings.length === 0 && report.verdicts.every((one) => one.verdict === "TRUE"))
    lines.push(`Nothing wrong. ${report.verdicts.length} claims TRUE.`, "");
  if (report.findings.length > 0) {
    lines.push("| | rule | where | what |", "|---|---|---|---|");
    for (const finding of report.findings) {
      const where =
        finding.path === undefined
          ? (finding.ref ?? "")
          : `${quotePath(finding.path)}:${finding.line ?? 1}`;
      const level = finding.severity === "block" ? "refused" : "warned";
      lines.push(
        `| ${level} | ${codeSpan(finding.code)} | ${codeSpan(where)} | ${codeSpan(finding.message)} |`,
      );
    }
    lines.push("");
  }
  const open = report.verdicts.filter((one) => one.verdict !== "TRUE");
  if (open.length > 0) {
    lines.push("| verdict | claim | expected | observed |", "|---|---|---|---|");
    for (const one of open) {
      const answer = one.reason === undefined ? one.verdict : `${one.verdict} (${one.reason})`;
      lines.push(
        `| ${answer} | ${codeSpan(`${one.claim.name} ${one.claim.type}`)} | ${codeSpan(one.expected)} | ${codeSpan(one.observed)} |`,
      );
    }
    lines.push("");
  }
  return `${lines.join("\n")}\n`;
}

/** A code span that its text cannot leave: a fence longer than any run of backticks, `|` escaped. */
export function codeSpan(text: string): string {
  const shown = visible(text).replaceAll("|", "\\|");
  if (shown === "") return "";
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
