/**
 * What a governed branch takes in of a worker: closed runs, on instructions that still stand, whose
 * claims are not FALSE (TRUST.md §5). Unclaimed paths are the auditor's own finding.
 */
import type { Change, Finding, Run, Verdict, Weight } from "@wingman/model";
import { claimsPath, runOfPath, runText, visible } from "@wingman/model";
import { claimsOf, claimsOfRun } from "../reading.ts";
import type { Rule } from "../rule.ts";
import { STANDING_CODES, standing } from "./run-standing.ts";

/** Claims that one landing may bring: pre-receive has seconds (TRUST.md §5). */
const MAX_CLAIMS = 2000;

export const landedRuns: Rule = {
  codes: ["run/open", ...STANDING_CODES],
  title: "runs are closed and their instructions stand when they land",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    if (!change.trusted.established) return [];
    const findings = await openRuns(change);
    for (const { run } of change.runs) {
      const touched = run.diff.map(({ path }) => path);
      const place = { path: claimsPath(run.name), line: 1 };
      const judged = await standing(change, run.file.open, touched, place);
      findings.push(...judged.findings);
    }
    return findings;
  },
};

async function openRuns(change: Change): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, after } of change.own) {
    const name = runOfPath(path);
    if (name === undefined || after === undefined) continue;
    const parsed = await claimsOf(change.after, after);
    // An unsound file is refused where its commit is judged.
    if (!parsed.ok || parsed.value.close !== undefined) continue;
    findings.push({
      code: "run/open",
      severity: "block",
      message: `run ${runText(name)} is still open: its claims are not judged yet`,
      path,
      line: parsed.value.lines.length,
      why: "what lands has been claimed and checked",
      help: "wingman done (or wingman done --partial, --abandon), then push again",
    });
  }
  return findings;
}

export const verdicts: Rule = {
  codes: ["audit/false", "audit/unverifiable", "audit/too-many"],
  title: "no FALSE claim lands",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    let count = 0;
    for (const judged of change.runs) {
      count += judged.run.file.claims.length;
      for (const verdict of judged.verdicts)
        findings.push(...(await ofVerdict(change, judged.run, verdict)));
    }
    if (count > MAX_CLAIMS) findings.push(tooMany(change, count));
    return findings;
  },
};

async function ofVerdict(change: Change, run: Run, verdict: Verdict): Promise<Finding[]> {
  const { file } = run;
  const seq = Number(/#(\d+)$/.exec(verdict.claim.name)?.[1] ?? Number.NaN);
  const told = weightOf(change.trusted.policy.audit.unverifiable, verdict);
  const weight =
    verdict.reason === "STALE" && (await bringsAnew(change, run, seq)) ? "block" : told;
  if (weight === "off") return [];
  const isFalse = verdict.verdict === "FALSE";
  const line = file.lines.find(({ record }) => record.seq === seq)?.line;
  const reason = verdict.reason === undefined ? "" : ` (${verdict.reason})`;
  return [
    {
      code: isFalse ? "audit/false" : "audit/unverifiable",
      severity: weight,
      message: `claim ${visible(verdict.claim.name)} (${visible(verdict.claim.type)}) is ${verdict.verdict}${reason}: expected ${shown(verdict.expected)}, observed ${shown(verdict.observed)}`,
      path: file.path,
      ...(line === undefined ? {} : { line }),
      why: isFalse
        ? "a complete observation contradicts what the worker said"
        : verdict.reason === "STALE"
          ? "the tree that it comes with contradicts it"
          : "nobody could look, so nobody may rely on it",
      help: isFalse
        ? `start a new run that tells it as it is: wingman start ${visible(file.open.instruction)}`
        : `wingman explain ${verdict.reason ?? "UNVERIFIABLE"}`,
    },
  ];
}

/**
 * A contradiction that the worker's own commits bring is no old one that somebody carries: the line was
 * TRUE on some other tree, and what lands is judged anew (TRUST.md §7). It accuses nobody and lands not.
 */
async function bringsAnew(change: Change, run: Run, seq: number): Promise<boolean> {
  for (const line of [seq, run.file.close?.seq ?? seq]) {
    const by = run.broughtBy.get(line);
    if (by?.kind !== "worker" || by.name !== run.name.worker) return false;
  }
  const landed = await claimsOfRun(change.trusted.tree, run.name);
  return landed?.ok !== true || landed.value.close === undefined;
}

/** What only a command or a host could tell is not known here and never blocks (TRUST.md §5). */
function weightOf(unverifiable: Weight, verdict: Verdict): Weight {
  if (verdict.verdict === "FALSE") return "block";
  if (verdict.verdict === "TRUE" || verdict.reason === "NOT_KNOWN_HERE") return "off";
  return unverifiable;
}

function shown(text: string): string {
  const plain = visible(text);
  return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}

function tooMany(change: Change, count: number): Finding {
  return {
    code: "audit/too-many",
    severity: "block",
    message: `${count} claims land at once; at most ${MAX_CLAIMS} can be judged while a push waits`,
    why: "a server has seconds for a push, and what was not judged must not land",
    help: "land the runs in several pushes",
    ...(change.ref === undefined ? {} : { ref: change.ref.name }),
  };
}
