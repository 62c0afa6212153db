/** Findings and verdicts for people: what, where, the frame, why, what would pass, the code. */
import { type Finding, quotePath, type Verdict, visible } from "@wingman/model";
import pc from "picocolors";
import { type Told, tallyOf } from "../report.ts";
import { stateLines } from "../state-text.ts";

const SHOWN = 20;

/** The whole report as text. Every text of the judged side is made visible first. */
export function* textReport(
  report: Told,
  options: { colour: boolean; all: boolean },
): Generator<string> {
  // A blank line between two parts; each ends its own last line.
  let between = "";
  for (const part of partsOf(report, options)) {
    yield withoutCommands(`${between}${part}`);
    between = "\n";
  }
}

function* partsOf(report: Told, options: { colour: boolean; all: boolean }): Generator<string> {
  const paint = pc.createColors(options.colour);
  const { blocking, warnings } = tallyOf(report);
  const all = options.all || blocking + warnings <= SHOWN;
  const shown = all ? report.findings : firstOf(report.findings, blocking);
  for (const finding of shown) yield findingText(finding, paint);
  if (!all)
    yield `… and ${blocking + warnings - SHOWN} more; wingman check --all-findings shows them in a clone\n`;
  const elsewhere: Verdict[] = [];
  for (const verdict of report.verdicts)
    if (!options.all && verdict.reason === "NOT_KNOWN_HERE") elsewhere.push(verdict);
    else if (options.all || verdict.verdict !== "TRUE") yield verdictText(verdict, paint);
  if (elsewhere.length > 0) yield elsewhereText(elsewhere, paint);
  yield summary(report);
  if (report.instructions !== undefined) yield `${stateLines(report.instructions).join("\n")}\n`;
}

/** As many as are shown, in their order: where not all fit, what refuses goes before what warns. */
function* firstOf(findings: Iterable<Finding>, blocking: number): Generator<Finding> {
  const refused = Math.min(SHOWN, blocking);
  const left = { refused, warned: SHOWN - refused };
  for (const one of findings) {
    const kind = one.severity === "block" ? "refused" : "warned";
    if (left[kind] === 0) continue;
    left[kind] -= 1;
    yield one;
  }
}

/** A CI runner takes a line that begins so, after any blanks, for a command of its own. */
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)(?=::|##\[)/gm, "$1| ");
}

type Paint = ReturnType<typeof pc.createColors>;

/** One finding, as a compiler would show it. */
export function findingText(finding: Finding, paint: Paint): string {
  const head =
    finding.severity === "block"
      ? paint.red(`error[${finding.code}]`)
      : paint.yellow(`warning[${finding.code}]`);
  const lines = [`${head}: ${visible(finding.message)}`];
  const place = placeText(finding);
  if (place !== "") lines.push(`  ${paint.blue("-->")} ${place}`);
  if (finding.frame !== undefined && finding.line !== undefined) {
    const gutter = String(finding.line);
    const frame = cut(visible(finding.frame), 160);
    lines.push(`  ${paint.blue(`${gutter} |`)} ${frame}`);
    if (finding.column !== undefined && finding.column <= frame.length + 1) {
      const before = visible(finding.frame.slice(0, finding.column - 1)).length;
      lines.push(
        `  ${" ".repeat(gutter.length)} ${paint.blue("|")} ${" ".repeat(before)}${paint.red("^")}`,
      );
    }
  }
  if (finding.why !== undefined) lines.push(`  why:  ${visible(finding.why)}`);
  if (finding.help !== undefined) lines.push(`  help: ${indent(visibleLines(finding.help))}`);
  return `${lines.join("\n")}\n`;
}

/** One verdict: the claim, what was expected and what was seen. */
export function verdictText(verdict: Verdict, paint: Paint): string {
  const answer =
    verdict.verdict === "TRUE"
      ? paint.green("TRUE")
      : verdict.verdict === "FALSE"
        ? paint.red("FALSE")
        : paint.yellow(`UNVERIFIABLE (${verdict.reason ?? "no reason"})`);
  const lines = [`${answer} ${visible(verdict.claim.name)} ${visible(verdict.claim.type)}`];
  lines.push(`  expected: ${visible(verdict.expected)}`);
  lines.push(`  observed: ${visible(verdict.observed)}`);
  lines.push(
    `  at:       ${verdict.commit === "" ? "the staged commit" : verdict.commit.slice(0, 12)}`,
  );
  // At the staged commit nobody has heard of it yet: the one moment at which a claim can be mended.
  if (verdict.commit === "" && verdict.verdict === "FALSE")
    lines.push(
      "  help:     make it so and commit again; or take it back: wingman retract the close, then the claim, by their numbers, and wingman done",
    );
  if (verdict.accuses)
    lines.push(`  accuses:  ${verdict.worker} (proven by ${verdict.proof}); this locks`);
  return `${lines.join("\n")}\n`;
}

/** What this surface never looks at, in one part: a hook says it at every commit and push. */
function elsewhereText(verdicts: readonly Verdict[], paint: Paint): string {
  const names = new Map<string, string[]>();
  for (const { claim, observed } of verdicts) {
    const at = claim.name.lastIndexOf("#");
    const said = `${claim.name.slice(at)} ${claim.type}`;
    const key = `${claim.name.slice(0, at)}: ${observed}`;
    names.set(key, [...(names.get(key) ?? []), said]);
  }
  const count = verdicts.length === 1 ? "1 claim is" : `${verdicts.length} claims are`;
  const lines = [`${paint.yellow("UNVERIFIABLE (NOT_KNOWN_HERE)")} ${count} judged elsewhere`];
  for (const [key, said] of names)
    lines.push(`  ${visible(key)}\n    ${cut(visible(said.join(", ")), 400)}`);
  return `${lines.join("\n")}\n`;
}

function placeText(finding: Finding): string {
  const at =
    finding.line === undefined
      ? ""
      : `:${finding.line}${finding.column === undefined ? "" : `:${finding.column}`}`;
  const place = finding.path === undefined ? "" : `${quotePath(finding.path)}${at}`;
  const commit = finding.commit === undefined ? "" : `commit ${finding.commit.slice(0, 12)}`;
  const ref = finding.ref === undefined ? "" : visible(finding.ref);
  return [place, commit, ref].filter((part) => part !== "").join("  ");
}

function summary(report: Told): string {
  const { blocking, warnings, TRUE, FALSE, UNVERIFIABLE } = tallyOf(report);
  const parts = [`${blocking} refused`, `${warnings} warned`];
  if (TRUE + FALSE + UNVERIFIABLE > 0)
    parts.push(`${TRUE} TRUE`, `${FALSE} FALSE`, `${UNVERIFIABLE} UNVERIFIABLE`);
  const first = firstFinding(report, blocking > 0);
  const next = first === undefined ? "" : `; wingman explain ${first.code}`;
  const unknown =
    report.notKnown.length === 0
      ? ""
      : `\n${report.notKnown.length === 1 ? "1 rule asks" : `${report.notKnown.length} rules ask`} what is not known here (who pushes, where it lands) and ${report.notKnown.length === 1 ? "judges" : "judge"} later; --format json lists them`;
  return `${visible(report.subject)}: ${parts.join(", ")}${next}${unknown}\n`;
}

function firstFinding(report: Told, refuses: boolean): Finding | undefined {
  for (const one of report.findings) if (!refuses || one.severity === "block") return one;
  return undefined;
}

function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n        ");
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
