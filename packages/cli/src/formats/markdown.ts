/**
 * The report as Markdown for a job summary or a comment. Text of the judged side stands in code
 * spans only, so it can mention nobody, link nothing and close no issue.
 */
import { quotePath, visible } from "@wingman/model";
import { type Told, tallyOf } from "../report.ts";

/** A heading, a table of findings, a table of verdicts that are not TRUE. */
export function* markdownReport(report: Told): Generator<string> {
  const { blocking, warnings, TRUE, FALSE, UNVERIFIABLE } = tallyOf(report);
  const [findings, open] = [blocking + warnings, FALSE + UNVERIFIABLE];
  yield `### Wingman: ${codeSpan(report.subject)}\n\n`;
  if (findings + open === 0) yield `Nothing wrong. ${TRUE} claims TRUE.\n\n`;
  if (findings > 0)
    yield* table("| | rule | where | what |\n|---|---|---|---|", findingRows(report));
  if (open > 0)
    yield* table(
      "| verdict | claim | expected | observed |\n|---|---|---|---|",
      verdictRows(report),
    );
}

function* table(head: string, rows: Iterable<string>): Generator<string> {
  yield `${head}\n`;
  for (const row of rows) yield `${row}\n`;
  yield "\n";
}

function* findingRows(report: Told): Generator<string> {
  for (const finding of report.findings) {
    const where =
      finding.path === undefined
        ? (finding.ref ?? "")
        : `${quotePath(finding.path)}:${finding.line ?? 1}`;
    const level = finding.severity === "block" ? "refused" : "warned";
    yield `| ${level} | ${codeSpan(finding.code)} | ${codeSpan(where)} | ${codeSpan(finding.message)} |`;
  }
}

function* verdictRows(report: Told): Generator<string> {
  for (const one of report.verdicts) {
    if (one.verdict === "TRUE") continue;
    const answer = one.reason === undefined ? one.verdict : `${one.verdict} (${one.reason})`;
    yield `| ${answer} | ${codeSpan(`${one.claim.name} ${one.claim.type}`)} | ${codeSpan(one.expected)} | ${codeSpan(one.observed)} |`;
  }
}

/** A code span that its text cannot leave: a fence longer than any run of backticks, `|` escaped. */
export function codeSpan(text: string): string {
  const shown = visible(text).replaceAll("|", "\\|");
  if (shown === "") return "";
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
