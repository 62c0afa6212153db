/**
 * Findings as GitHub workflow commands, one annotation a line. Text of the judged side is escaped as
 * the runner's own toolkit does, so that it can start no command of its own.
 */
import { type Finding, visible } from "@wingman/model";
import type { Told } from "../report.ts";

/** `::error file=…,line=…::message` lines, verdicts that are FALSE among them. */
export function* githubReport(report: Told): Generator<string> {
  for (const finding of report.findings) yield `${annotation(finding)}\n`;
  for (const one of report.verdicts) {
    if (one.verdict === "TRUE") continue;
    const level = one.verdict === "FALSE" ? "error" : "warning";
    const text = `${one.claim.name} ${one.claim.type}: expected ${one.expected}; observed ${one.observed}`;
    yield `::${level} title=${property(`${one.verdict} claim`)}::${data(visible(text))}\n`;
  }
}

/** A fault as an annotation: no place in the tree, for it is about none. */
export function faultAnnotation(what: string, help: string): string {
  return `::error title=wingman could not judge::${data(`${visible(what)}\nhelp: ${visible(help)}`)}\n`;
}

function annotation(finding: Finding): string {
  const level = finding.severity === "block" ? "error" : "warning";
  const fields = [`title=${property(finding.code)}`];
  if (finding.path !== undefined) fields.push(`file=${property(visible(finding.path))}`);
  if (finding.line !== undefined) fields.push(`line=${finding.line}`);
  if (finding.column !== undefined) fields.push(`col=${finding.column}`);
  const help =
    finding.help === undefined ? "" : `\nhelp: ${finding.help.split("\n").map(visible).join("\n")}`;
  return `::${level} ${fields.join(",")}::${data(visible(finding.message) + help)}`;
}

// The escapes of @actions/core's command.ts: percent first, then line ends; properties also : and ,
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
