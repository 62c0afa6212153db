/** `wingman audit`: judges the claims of closed runs; writes verdicts only with `--record`. */
import { allClosedRuns, commitTips, openRepo, rangeChanges, resolve, runOf } from "@wingman/git";
import { fault, foldPath, parseRunName, type Run } from "@wingman/model";
import type { Io } from "../io.ts";
import { auditRuns } from "../judge-set.ts";
import { fetchLedger, LEDGER_REF, ledgerRemote } from "../ledger-branch.ts";
import { auditorKey, holdsKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { recordAudit } from "../record.ts";
import { type TellOptions, tell } from "../tell.ts";
import { resolveRange } from "./check.ts";

export interface AuditOptions extends TellOptions {
  readonly range?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly record?: boolean;
  readonly key?: string;
}

/** Exit 1 on a FALSE, 3 where something is UNVERIFIABLE, 2 on a fault. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const remote = options.record ? await followedRemote(io) : undefined;
  const place = await openPlace(io, { surface: "push" });
  try {
    refuseBroken(place);
    const key = options.record ? await auditorKey(place, options.key) : undefined;
    const runs = await runsToAudit(place, options);
    const { judged, findings } = await auditRuns(place, io, runs);
    if (key !== undefined) {
      const late = place.authority && options.all === true;
      const count = await recordAudit(place, io, { key, judged, remote, late });
      const where = remote === undefined ? "" : ` of ${remote}`;
      io.err(
        `wingman: ${count === 0 ? "nothing new for" : `${count} record${count === 1 ? "" : "s"} appended to`} the ledger${where}\n`,
      );
    }
    const verdicts = judged.flatMap((one) => one.verdicts);
    const subject = `${runs.length} closed run${runs.length === 1 ? "" : "s"}`;
    return await tell(
      io,
      { subject, findings, verdicts, notKnown: [] },
      options,
      place.trusted.policy,
    );
  } finally {
    await place.repo.close();
  }
}

/** A clone of the auditor judges by the remote's ledger and appends to it; so that comes first. */
async function followedRemote(io: Io): Promise<string | undefined> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    if (await holdsKey(repo)) return undefined;
    const remote = await ledgerRemote(repo);
    if (remote !== undefined) await fetchLedger(repo, remote);
    return remote;
  } finally {
    await repo.close();
  }
}

async function runsToAudit(place: Place, options: AuditOptions): Promise<readonly Run[]> {
  if (options.run !== undefined) return [await namedRun(place, options.run)];
  if (options.all) {
    const runs: Run[] = [];
    const tips = await tipsOf(place);
    for await (const run of allClosedRuns(place.repo, place.judging, tips)) runs.push(run);
    return runs;
  }
  const after = options.range === undefined ? await headOf(place) : undefined;
  const range =
    options.range === undefined
      ? { before: place.trusted.commit, after: after ?? "" }
      : await resolveRange(place, options.range);
  const set = await rangeChanges(place.repo, place.judging, {
    after: range.after,
    governed: false,
    ...(range.before === undefined ? {} : { before: range.before }),
  });
  return set.runs;
}

async function headOf(place: Place): Promise<string> {
  return (
    (await resolve(place.repo, "HEAD")) ??
    fault("there is no commit at HEAD to audit", {
      code: "git/unborn",
      hint: "check out the branch whose runs you want judged; in a bare repository: wingman audit --all",
    })
  );
}

/**
 * Where closed runs are looked for: at HEAD in a clone; on a server at every branch and tag, the policy
 * branch first, since HEAD may name a branch that nobody ever pushed.
 */
async function tipsOf(place: Place): Promise<readonly string[]> {
  if (!place.repo.bare) return [await headOf(place)];
  const policyRef = `refs/heads/${place.policyBranch}`;
  const tips = [...(await commitTips(place.repo))].filter(([ref]) => foldPath(ref) !== LEDGER_REF);
  tips.sort(([a], [b]) => Number(b === policyRef) - Number(a === policyRef));
  return [...new Set(tips.map(([, commit]) => commit))];
}

async function namedRun(place: Place, text: string): Promise<Run> {
  const name = parseRunName(text);
  let run: Run | undefined;
  if (name !== undefined)
    for (const tip of await tipsOf(place)) {
      run = await runOf(place.repo, place.judging, name, tip);
      if (run?.file.close !== undefined) break;
    }
  if (run === undefined)
    return fault(`there is no run ${JSON.stringify(text)} in this history`, {
      code: "run/unknown",
      hint: "a run is named harness/worker/YYYYMMDD-HHMMSS-xxxx, as its file below .wingman/claims",
    });
  if (run.file.close === undefined)
    return fault(`${text} is not closed; only closed runs are judged`, {
      code: "run/open",
      hint: "its worker closes it: wingman done, commit, push",
    });
  return run;
}
