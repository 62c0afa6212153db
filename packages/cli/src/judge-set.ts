/**
 * Judges what a ref would bring: every commit, the tip, and on a governed branch the landing with its
 * runs audited on the spot. The one composition of git's values, the gate and the auditor; staged,
 * range and push all come through here, so their findings are the same bytes.
 */
import type { AuditContext, BegunRun, Budget, Earlier, Purse, Reach, Turns } from "@wingman/audit";
import { judgeChange } from "@wingman/gate";
import type { ChangeSet } from "@wingman/git";
import type { Change, Finding, JudgedRun, Run, Tree, Verdict } from "@wingman/model";
import type { Io } from "./io.ts";
import type { Place } from "./place.ts";
import { mergeReports, type Report } from "./report.ts";
import { findingsWithoutSecrets, verdictsWithoutSecrets } from "./withheld.ts";

/** What a judged set gives: the report, and the runs for those who record verdicts. */
export interface JudgedSet {
  readonly report: Report;
  readonly runs: readonly JudgedRun[];
}

/** Judges one change by the gate's table. */
export async function judgeOne(change: Change, subject: string): Promise<Report> {
  const judged = await judgeChange(change);
  const findings = await findingsWithoutSecrets(judged.findings);
  return { subject, findings, verdicts: [], notKnown: judged.notKnown };
}

/** What the runs of an audit that nobody waits for have in common. */
export interface LongSetting {
  readonly reach: Reach;
  readonly patience: "audit";
  /** Who may be under way together. */
  readonly turns: Turns;
}

/** What such an audit adds to what every surface has. */
export interface LongAudit extends LongSetting {
  /** The run, where it was begun with the same setting. */
  readonly begun?: BegunRun;
  readonly progress?: (judged: number, all: number) => void;
  readonly head?: { readonly tree: Tree; readonly name: string; readonly commit: string };
  /** What an audit that was stopped had judged of the run. */
  readonly earlier?: Earlier;
  /** Handed each batch of verdicts as it is made. */
  readonly keep: NonNullable<AuditContext["keep"]>;
}

/** What the runs of all refs of one push may cost together; undefined where none is audited. */
export async function purseFor(
  sets: readonly ChangeSet[],
  options: { readonly audit: boolean },
): Promise<Purse | undefined> {
  const audited = sets.filter((set) => set.landing !== undefined || options.audit);
  const runs = audited.reduce((sum, set) => sum + set.runs.length, 0);
  return runs === 0 ? undefined : (await import("./audit-run.ts")).purseOf(runs);
}

/**
 * Audits runs: verdicts and the auditor's own findings (unclaimed paths). `reach`: what can be asked
 * besides, where nobody's push waits, and each run may spend what it alone could. Elsewhere all of them
 * share a `purse`: with the runs of other refs, or with each other.
 */
export async function auditRuns(
  place: Place,
  io: Io,
  runs: readonly Run[],
  how: { readonly reach?: Reach; readonly purse?: Purse | undefined } = {},
): Promise<{ judged: JudgedRun[]; findings: Finding[] }> {
  const judged: JudgedRun[] = [];
  const findings: Finding[] = [];
  if (runs.length === 0) return { judged, findings };
  // Most commits close no run, and need not pay for loading the auditor.
  const { auditReach, purseOf } = await import("./audit-run.ts");
  const reach = { ...auditReach(io, place.trusted.tree), ...how.reach };
  const purse = how.reach === undefined ? (how.purse ?? purseOf(runs.length)) : undefined;
  for (const run of runs) {
    const budget = purse?.take();
    const one = await auditOne(place, io, run, { reach, ...(budget && { budget }) });
    purse?.giveBack(one.left);
    judged.push({ run, verdicts: one.verdicts });
    findings.push(...one.findings);
  }
  return { judged, findings };
}

/** Audits one run. Nothing that it gives holds a secret. */
export async function auditOne(
  place: Place,
  io: Io,
  run: Run,
  more: Pick<LongAudit, "reach"> & { readonly budget?: Budget },
): Promise<{
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
  readonly left: Budget;
}> {
  const { auditRun } = await import("./audit-run.ts");
  const result = await auditRun(run, { ...contextOf(place, io), ...more });
  return {
    left: result.left,
    verdicts: await verdictsWithoutSecrets(result.verdicts),
    findings: await findingsWithoutSecrets(result.findings),
  };
}

/** The same where nobody waits: verdicts are handed on batch by batch. Gives the findings. */
export async function auditLong(
  place: Place,
  io: Io,
  run: Run,
  more: LongAudit,
): Promise<readonly Finding[]> {
  const { auditRun } = await import("./audit-run.ts");
  const { findings } = await auditRun(run, {
    ...contextOf(place, io),
    ...more,
    keep: async (verdicts, left) => more.keep(await verdictsWithoutSecrets(verdicts), left),
  });
  return await findingsWithoutSecrets(findings);
}

/** Begins what a run waits for, while those before it are judged. */
export async function beginLong(
  place: Place,
  io: Io,
  run: Run,
  setting: LongSetting,
): Promise<BegunRun> {
  const { beginRun } = await import("./audit-run.ts");
  return beginRun(run, { ...contextOf(place, io), ...setting });
}

function contextOf(place: Place, io: Io): AuditContext {
  return {
    ledger: place.ledger.state,
    policy: place.trusted.policy,
    now: () => io.now().toISOString(),
    clock: () => io.clock(),
    // Only what was pushed to the server itself, never what a clone or a request shows (TRUST.md §7).
    unprovenMayLock: !place.judging.local && place.trusted.policy.identity.unproven === "lock",
  };
}

/** Judges all that one ref would bring. `audit` also where nothing lands (local hooks, CI). */
export async function judgeSet(
  place: Place,
  io: Io,
  set: ChangeSet,
  options: { readonly audit: boolean; readonly purse?: Purse | undefined },
): Promise<JudgedSet> {
  const subject = set.ref?.name ?? "range";
  const reports: Report[] = [];
  for await (const change of set.commits()) reports.push(await judgeOne(change, subject));
  if (set.tip !== undefined) reports.push(await judgeOne(set.tip, subject));
  let runs: readonly JudgedRun[] = [];
  if (set.landing !== undefined || options.audit) {
    const audited = await auditRuns(place, io, set.runs, { purse: options.purse });
    runs = audited.judged;
    reports.push({
      subject,
      findings: audited.findings,
      verdicts: runs.flatMap((one) => one.verdicts),
      notKnown: [],
    });
  }
  const landing = set.withRuns(runs).landing;
  if (landing !== undefined) reports.push(await judgeOne(landing, subject));
  return { report: mergeReports(subject, reports), runs };
}
