/** Which closed runs an audit is of: a range's, one by its name, or all that a history shows. */
import { allClosedRuns, commitTips, rangeChanges, resolve, runOf } from "@wingman/git";
import { fault, foldPath, parseRunName, type Run } from "@wingman/model";
import { resolveRange } from "./commands/check.ts";
import { LEDGER_REF } from "./ledger-branch.ts";
import type { Place } from "./place.ts";

/** How somebody asks for runs; without any of them, for those that HEAD would bring. */
export interface RunsAsked {
  readonly range?: string;
  readonly run?: string;
  readonly all?: boolean;
}

interface Asked {
  /** Names what is audited, for parts of it to find each other. */
  readonly subject: string;
  readonly runs: AsyncIterable<Run> | Iterable<Run>;
}

export async function runsToAudit(place: Place, options: RunsAsked): Promise<Asked> {
  if (options.run !== undefined) {
    const run = await namedRun(place, options.run);
    return { subject: `${options.run} at ${run.end.commit}`, runs: [run] };
  }
  if (options.all) {
    const tips = await tipsOf(place);
    return { subject: tips.join(" "), runs: allClosedRuns(place.repo, place.judging, tips) };
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
  return { subject: `${range.before ?? ""}..${range.after}`, runs: set.runs };
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

/** A closed run by its name; faults where there is none. */
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
