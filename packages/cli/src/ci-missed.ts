/**
 * Runs that closed on a branch and that no audit has judged: a forge drops waiting jobs and loses
 * events, so an audit reconciles with the ledger instead of trusting that it hears of everything.
 * Nobody is known to have pushed them, so what is not signed accuses nobody.
 */
import type { Reach } from "@wingman/audit";
import { allClosedRuns, listRefs } from "@wingman/git";
import { claimName, type JudgedRun, type Run } from "@wingman/model";
import type { Io } from "./io.ts";
import { auditRuns } from "./judge-set.ts";
import type { WholePlace } from "./place.ts";
import { recordAudit } from "./record.ts";

/** In one pass; what is left is the next pass's. */
const MOST_RUNS = 2000;

/** Judges and records them. `judged` are the runs that this job has judged by its own event. */
export async function auditMissed(
  place: WholePlace,
  io: Io,
  job: { readonly key: string; readonly judged: readonly JudgedRun[]; readonly reach: Reach },
): Promise<readonly JudgedRun[]> {
  const tips = (await listRefs(place.moment, "refs/remotes/origin/"))
    .filter((ref) => ref.symref === undefined && !ref.name.endsWith("/wingman-ledger"))
    .map((ref) => ref.oid);
  const judging = { ...place.judging, pusher: undefined, lander: undefined, local: true };
  const missed: Run[] = [];
  for await (const run of allClosedRuns(place.repo, judging, tips)) {
    if (isJudged(place, job.judged, run)) continue;
    missed.push(run);
    if (missed.length === MOST_RUNS) break;
  }
  if (missed.length === 0) return [];
  const { judged } = await auditRuns({ ...place, judging }, io, missed, { reach: job.reach });
  await recordAudit(place, io, { key: job.key, judged, remote: "origin", late: false });
  return judged;
}

function isJudged(place: WholePlace, own: readonly JudgedRun[], run: Run): boolean {
  const here = own.some(
    (one) =>
      // By name alone, as the ledger is asked: a forge's squash closes a run once more on its own commit.
      one.run.name.run === run.name.run && one.run.name.worker === run.name.worker,
  );
  const { verdicts } = place.ledger.state;
  return (
    here ||
    run.file.claims.every(
      (one) => one.retracted || verdicts.has(claimName(run.name, one.record.seq)),
    )
  );
}
