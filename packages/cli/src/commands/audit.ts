/** `wingman audit`: judges the claims of closed runs; writes verdicts only with `--record`. */
import { allClosedRuns, rangeChanges, resolve, runOf } from "@wingman/git";
import { fault, parseRunName, type Run } from "@wingman/model";
import type { Io } from "../io.ts";
import { auditRuns } from "../judge-set.ts";
import { auditorKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { recordVerdicts } from "../record.ts";
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
  const place = await openPlace(io, { surface: "push" });
  try {
    refuseBroken(place);
    const key = options.record ? await auditorKey(place, options.key) : undefined;
    const runs = await runsToAudit(place, options);
    const { judged, findings } = await auditRuns(place, io, runs);
    if (key !== undefined) await recordVerdicts(place, io, key, judged);
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

async function runsToAudit(place: Place, options: AuditOptions): Promise<readonly Run[]> {
  const head = await resolve(place.repo, "HEAD");
  if (head === undefined)
    return fault("there is no commit at HEAD to audit", {
      code: "git/unborn",
      hint: "check out the branch whose runs you want judged",
    });
  if (options.run !== undefined) return [await namedRun(place, options.run, head)];
  if (options.all) {
    const runs: Run[] = [];
    for await (const run of allClosedRuns(place.repo, place.judging, head)) runs.push(run);
    return runs;
  }
  const range =
    options.range === undefined
      ? { before: place.trusted.commit, after: head }
      : await resolveRange(place, options.range);
  const set = await rangeChanges(place.repo, place.judging, {
    after: range.after,
    governed: false,
    ...(range.before === undefined ? {} : { before: range.before }),
  });
  return set.runs;
}

async function namedRun(place: Place, text: string, head: string): Promise<Run> {
  const name = parseRunName(text);
  const run = name === undefined ? undefined : await runOf(place.repo, place.judging, name, head);
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
