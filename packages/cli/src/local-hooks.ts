/**
 * The hooks of a clone: pre-commit, commit-msg, pre-push. A courtesy: an honest worker hears first.
 * They judge with the same table as the server and move nothing on disk.
 */
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import {
  type Asked,
  parsePrePushLines,
  prePushChanges,
  readAsked,
  stagedChange,
  stagedRun,
} from "@wingman/git";
import { fault, type JudgedRun } from "@wingman/model";
import { keepGovernedList } from "./governed-list.ts";
import type { Io } from "./io.ts";
import { auditRuns, judgeOne, judgeSet, purseFor } from "./judge-set.ts";
import { workTreeOf } from "./open-run.ts";
import { openPlaceToJudge, type Place, refuseBroken } from "./place.ts";
import { exitOf, mergeReports, type Report } from "./report.ts";

/** Judges the index; with `message` also what only a message tells. */
export async function judgeStaged(
  place: Place,
  io: Io,
  message: string | undefined,
): Promise<Report> {
  workTreeOf(place.repo); // A bare repository has no index: an empty answer there would be green.
  const reports: Report[] = [];
  const changes = await stagedChange(
    place.moment,
    place.judging,
    message === undefined ? {} : { message },
  );
  for (const change of changes) reports.push(await judgeOne(change, "staged commit"));
  const runs = await stagedRun(place.moment, place.judging, changes);
  const audited = await auditRuns(place, io, runs);
  reports.push({
    subject: "staged commit",
    findings: audited.findings,
    verdicts: audited.judged.flatMap((one: JudgedRun) => one.verdicts),
    notKnown: [],
  });
  return mergeReports("staged commit", reports);
}

/** pre-commit and pre-merge-commit. */
export async function preCommit(io: Io): Promise<number> {
  const place = await openPlaceToJudge(io, { surface: "local", asked: await askedBefore(io) });
  try {
    refuseBroken(place);
    await keepGovernedList(place, place.moment);
    return await tell(io, place, await judgeStaged(place, io, undefined));
  } finally {
    await place.repo.close();
  }
}

/** commit-msg: the same once more, now with the message, its trailer and so its run. */
export async function commitMsg(file: string, io: Io): Promise<number> {
  if (file === "")
    return fault("commit-msg was called without the message's file", {
      code: "usage/hook",
      hint: "git calls this hook itself; run wingman init again if its shim was edited",
    });
  const message = readFileSync(isAbsolute(file) ? file : join(io.cwd, file), "utf8");
  const place = await openPlaceToJudge(io, { surface: "local", asked: await askedBefore(io) });
  try {
    refuseBroken(place);
    return await tell(io, place, await judgeStaged(place, io, withoutComments(message)));
  } finally {
    await place.repo.close();
  }
}

/** What the shim asked git already, on standard input; the variable says that it did. */
async function askedBefore(io: Io): Promise<Asked | undefined> {
  return io.env["WINGMAN_ASKED"] === "1" ? readAsked(await io.stdin()) : undefined;
}

/** pre-push: once more, since a rebase moves what claims are about. */
export async function prePush(_args: readonly string[], io: Io): Promise<number> {
  const text = (await io.stdin()).toString("utf8");
  const place = await openPlaceToJudge(io, { surface: "push" });
  try {
    refuseBroken(place);
    const reports: Report[] = [];
    const sets = await prePushChanges(place.moment, place.judging, parsePrePushLines(text));
    const purse = await purseFor(sets, { audit: true });
    for (const set of sets)
      reports.push((await judgeSet(place, io, set, { audit: true, purse })).report);
    return await tell(io, place, mergeReports("push", reports));
  } finally {
    await place.repo.close();
  }
}

/** Silent when all is well: a hook that talks on every commit is switched off. */
async function tell(io: Io, place: Place, report: Report): Promise<number> {
  const policy = place.trusted.policy;
  const code = exitOf(report, policy);
  const worth = report.findings.length > 0 || report.verdicts.some((one) => one.verdict !== "TRUE");
  if (!worth) return code;
  const { formatReport } = await import("./formats/formats.ts");
  io.err(formatReport("text", report, { colour: io.colour, all: false, policy }));
  return code;
}

/** What git would strip: comment lines, and all below the scissors of `commit -v`. */
function withoutComments(message: string): string {
  const lines = message.split("\n");
  const scissors = lines.findIndex((line) => /^# -+ >8 -+/.test(line));
  const kept = scissors === -1 ? lines : lines.slice(0, scissors);
  return kept.filter((line) => !line.startsWith("#")).join("\n");
}
