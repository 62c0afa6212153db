/**
 * The hooks of a server: pre-receive is the authority, post-receive writes down what it let in. Any
 * finding or FALSE refuses the whole push. Refusals for a FALSE, a lock, or an attempt on law or
 * ledger are recorded from inside pre-receive, since post-receive does not run then.
 */
import { join } from "node:path";
import type { Purse } from "@wingman/audit";
import {
  type ChangeSet,
  parsePushedLines,
  pushedChanges,
  type RefLine,
  standingLines,
} from "@wingman/git";
import { type Finding, fault, foldPath, isLaw, type JudgedRun } from "@wingman/model";
import { unpinnedFirstPolicy } from "./first-policy.ts";
import { EXIT, type Io } from "./io.ts";
import { auditRuns, judgeOne, judgeSet, purseFor } from "./judge-set.ts";
import { LEDGER_REF } from "./ledger-branch.ts";
import { judgeLedgerPush } from "./ledger-push.ts";
import { openPlaceToJudge, type Place, refuseBroken } from "./place.ts";
import { type AcceptedRef, type RefusedRef, recordAccepted, recordRefused } from "./record.ts";
import { repairsTrustedSide } from "./repair.ts";
import { mergeReports, type Report } from "./report.ts";
import { landingHeads } from "./web-landing.ts";

/** Judges the whole push; exit 1 refuses it. */
export async function preReceive(io: Io): Promise<number> {
  const told = someLines(parsePushedLines(await io.stdin()));
  const place = await openPlaceToJudge(io, { surface: "server" });
  try {
    const lines = await standingLines(place.moment, told);
    const judged = await judgePush(place, io, lines);
    const report = mergeReports(
      "push",
      judged.map((one) => one.report),
    );
    const blocked = report.findings.some((one) => one.severity === "block");
    const lied = blocked && (await recordRefused(place, io, judged.map(refusedRef)));
    // post-receive does not run for a refused push, and whoever must hear of its lie must hear now.
    if (lied) startWatcher(place, io);
    if (report.findings.length > 0) {
      const { formatReport } = await import("./formats/formats.ts");
      io.err(
        formatReport("text", report, { colour: false, all: false, policy: place.trusted.policy }),
      );
    }
    return blocked ? EXIT.findings : EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

/**
 * Git never starts pre-receive without a line. Where none came, a hook before this one has read them
 * all, and every push would pass unseen.
 */
export function someLines(lines: readonly RefLine[]): readonly RefLine[] {
  if (lines.length > 0) return lines;
  return fault("no line says which refs are pushed, so nothing was judged", {
    code: "git/push-lines",
    hint: "a hook that runs before this one must leave standard input to it; wingman init chains them so",
  });
}

interface JudgedLine {
  readonly line: RefLine;
  readonly report: Report;
  readonly runs: readonly JudgedRun[];
}

async function judgePush(
  place: Place,
  io: Io,
  lines: readonly RefLine[],
): Promise<readonly JudgedLine[]> {
  const judged: JudgedLine[] = [];
  const onLedger = lines.filter((line) => isLedgerRef(line.ref));
  for (const line of onLedger)
    judged.push({ line, report: await judgeLedgerPush(place, line), runs: [] });
  const others = lines.filter((line) => !isLedgerRef(line.ref));
  const heads = await landingHeads(place, io);
  const sets = await pushedChanges(place.repo, place.judging, others, heads);
  if (place.broken !== undefined && !(await repairsTrustedSide(place, sets))) refuseBroken(place);
  const purse = await purseFor(sets, { audit: false });
  for (const [at, set] of sets.entries()) {
    const line = others[at];
    if (line === undefined) continue;
    const { report, runs } = await judgeSet(place, io, set, { audit: false, purse });
    judged.push({ line, report, runs });
  }
  const unpinned = await unpinnedFirstPolicy(place, sets);
  if (unpinned.length > 0 && others[0] !== undefined)
    judged.push({
      line: others.find((line) => line.ref === unpinned[0]?.ref) ?? others[0],
      report: { subject: "first policy", findings: unpinned, verdicts: [], notKnown: [] },
      runs: [],
    });
  return judged;
}

/** Folded: `Wingman-Ledger` is the same file on a case-insensitive disk. */
function isLedgerRef(ref: string): boolean {
  return foldPath(ref) === LEDGER_REF;
}

function refusedRef(one: JudgedLine): RefusedRef {
  return { line: one.line, findings: one.report.findings, runs: one.runs };
}

/**
 * Appends what the push brought, before it returns; then starts the watcher, also where the append
 * failed: what was recorded before is told all the same.
 */
export async function postReceive(io: Io): Promise<number> {
  const lines = parsePushedLines(await io.stdin());
  const before = new Map(lines.map((line) => [line.ref, line.before]));
  const place = await openPlaceToJudge(io, { surface: "server", before });
  let watched = false;
  try {
    if (!place.authority) {
      io.err("wingman: no auditor's key beside this repository, so this push is not recorded\n");
      return EXIT.ok;
    }
    watched = true;
    const accepted: AcceptedRef[] = [];
    const others = lines.filter((line) => !isLedgerRef(line.ref));
    const heads = await landingHeads(place, io);
    const sets = await pushedChanges(place.repo, place.judging, others, heads);
    const purse = await purseFor(sets, { audit: true });
    for (const [at, set] of sets.entries()) {
      const line = others[at];
      if (line === undefined) continue;
      accepted.push({ line, set, ...(await judgeArrived(place, io, set, purse)) });
    }
    await recordAccepted(place, io, {
      accepted,
      ledger: lines.filter((one) => isLedgerRef(one.ref)),
    });
  } finally {
    await place.repo.close();
    if (watched) startWatcher(place, io);
  }
  return EXIT.ok;
}

/** Detached: a push never waits for a service. */
function startWatcher(place: Place, io: Io): void {
  io.detach(["watch", "--once"], { cwd: io.cwd, log: join(place.folder, "watch.log") });
}

async function judgeArrived(
  place: Place,
  io: Io,
  set: ChangeSet,
  purse: Purse | undefined,
): Promise<{ findings: readonly Finding[]; runs: readonly JudgedRun[] }> {
  const audited = await auditRuns(place, io, set.runs, { purse });
  const told = await judgeLaw(place, set);
  return { findings: [...audited.findings, ...told], runs: audited.judged };
}

/** What pre-receive warned of where law landed: the push record keeps it, by code and count. */
async function judgeLaw(place: Place, { landing, ref }: ChangeSet): Promise<readonly Finding[]> {
  const { policy } = place.trusted;
  if (landing === undefined || !landing.own.some(({ path }) => isLaw(policy, path))) return [];
  return (await judgeOne(landing, ref?.name ?? "push")).findings;
}
