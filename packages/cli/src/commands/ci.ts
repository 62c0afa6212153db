/**
 * `wingman ci gate|audit|watch`: what the GitHub workflows run. The head is read as objects from a
 * throw-away store and never checked out; the policy is that of the policy branch; every way out of
 * here is a verdict, a finding or a fault, never a silent success.
 */

import { appendFile, readFile, stat } from "node:fs/promises";
import type { Reach } from "@wingman/audit";
import { isGoverned, rangeChanges, resolve } from "@wingman/git";
import { fault, isFault } from "@wingman/model";
import { alertOnce } from "../alert.ts";
import { type CiEvent, readEvent } from "../ci-event.ts";
import { auditMissed } from "../ci-missed.ts";
import { openCiStore } from "../ci-store.ts";
import { formatReport } from "../formats/formats.ts";
import { faultAnnotation } from "../formats/github.ts";
import { codeSpan } from "../formats/markdown.ts";
import { EXIT, type Io } from "../io.ts";
import { auditRuns, judgeSet } from "../judge-set.ts";
import { auditorKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { recordAudit } from "../record.ts";
import { exitOf, type Report } from "../report.ts";

/** GitHub sends at most 25 MB; more is not from GitHub. */
const MOST_BYTES = 32 * 1024 * 1024;
/** A job's summary holds 1 MiB; past it nothing of it is shown. */
const SUMMARY = 900_000;

/** Runs one mode. Exit 0 or 3 let a check pass, 1 and 2 do not; a fault is told to the runner, too. */
export async function ci(mode: string, io: Io): Promise<number> {
  try {
    return await run(mode, io);
  } catch (error) {
    await tellFault(io, error);
    throw error;
  }
}

async function run(mode: string, io: Io): Promise<number> {
  const act = MODES.get(mode);
  if (act === undefined)
    return fault(`ci has no mode ${JSON.stringify(mode)}`, {
      code: "usage/action",
      hint: "wingman ci gate, wingman ci audit, wingman ci watch",
    });
  const event = readEvent(await payload(io), {
    GITHUB_EVENT_NAME: io.env["GITHUB_EVENT_NAME"],
    GITHUB_TRIGGERING_ACTOR: io.env["GITHUB_TRIGGERING_ACTOR"],
    GITHUB_REPOSITORY: io.env["GITHUB_REPOSITORY"],
    GITHUB_REF_NAME: io.env["GITHUB_REF_NAME"],
  });
  return await act(io, event);
}

const MODES: ReadonlyMap<string, (io: Io, event: CiEvent) => Promise<number>> = new Map([
  ["gate", gate],
  ["audit", audit],
  ["watch", watch],
]);

/** A job that could not judge says so where people look: it is red, and not by a finding. */
async function tellFault(io: Io, error: unknown): Promise<void> {
  const what = error instanceof Error ? error.message : String(error);
  const help = isFault(error) ? error.hint : "report this defect of Wingman";
  io.out(faultAnnotation(what, help));
  const line = `### Wingman could not judge\n\n${codeSpan(what)}\n\n${codeSpan(help)}\n`;
  await append(io.env["GITHUB_STEP_SUMMARY"], line);
  await append(io.env["GITHUB_OUTPUT"], "status=fault\nfindings=0\n");
}

async function payload(io: Io): Promise<string> {
  const file = io.env["GITHUB_EVENT_PATH"];
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || found === undefined || found.size > MOST_BYTES)
    return fault("there is no event to act on", {
      code: "ci/event",
      hint: "run this in a GitHub workflow, which sets GITHUB_EVENT_PATH",
    });
  return await readFile(file, "utf8");
}

/** A pull request or merge group: may it land on its base branch? */
async function gate(io: Io, event: CiEvent): Promise<number> {
  const { kind, branch, before, after } = event;
  if ((kind !== "pull_request" && kind !== "merge_group") || !branch || !before || !after)
    return fault("the gate judges pull requests and merge groups", {
      code: "ci/event",
      hint: "on: pull_request and merge_group",
    });
  const store = await openCiStore(io, event);
  try {
    const place = await openPlace(store.io, { surface: "push", event: whoOf(event) });
    try {
      refuseBroken(place);
      const ref = `refs/heads/${branch}`;
      // The base as it stands now, not as the event remembers it: it may have moved on since.
      const base = await resolve(place.repo, `refs/remotes/origin/${branch}`);
      const set = await rangeChanges(place.repo, place.judging, {
        before: base ?? before,
        after,
        ref,
        governed: isGoverned(place.trusted, ref),
        proposal: true,
        heads: store.heads,
      });
      const { report } = await judgeSet(place, io, set, { audit: true });
      return await tellRunner(io, place, report);
    } finally {
      await place.repo.close();
    }
  } finally {
    await store.close();
  }
}

function whoOf(event: CiEvent): { pusher: string; lander: string } {
  return { pusher: event.sender, lander: event.lander };
}

/** Claims of what came in, judged with the auditor's key and recorded; then whoever must hear, hears. */
async function audit(io: Io, event: CiEvent): Promise<number> {
  const { branch, before, after } = event;
  if (event.kind === "other" || event.kind === "merge_group")
    return fault("the audit judges pushes and pull requests", {
      code: "ci/event",
      hint: "on: push and pull_request_target",
    });
  if (after === undefined || branch === undefined) {
    io.out("nothing came in: the ref is gone\n");
    return EXIT.ok;
  }
  const store = await openCiStore(io, event);
  try {
    const place = await openPlace(store.io, { surface: "push", event: whoOf(event) });
    let code: number;
    try {
      refuseBroken(place);
      const key = await auditorKey(place, store.keyFile);
      const pushed = event.kind === "push";
      const ref = pushed && !branch.startsWith("refs/") ? `refs/heads/${branch}` : undefined;
      const set = await rangeChanges(place.repo, place.judging, {
        after,
        governed: false,
        proposal: !pushed,
        heads: store.heads,
        ...(before === undefined ? {} : { before }),
        ...(ref === undefined ? {} : { ref }),
      });
      const reach = await reachOfJob(io, place, store.keyFile);
      const { judged, findings } = await auditRuns(place, io, set.runs, { reach });
      await recordAudit(place, io, { key, judged, remote: "origin", late: false, set });
      const verdicts = judged.flatMap((one) => one.verdicts);
      const subject = `${judged.length} closed runs`;
      code = await tellRunner(io, place, { subject, findings, verdicts, notKnown: [] });
      await auditMissed(place, io, { key, judged, reach });
    } finally {
      await place.repo.close();
    }
    await alertOnce(store.io, store.keyFile);
    return code;
  } finally {
    await store.close();
  }
}

/** The key is in this very job: a command is shut off from it, or does not run. */
async function reachOfJob(io: Io, place: Place, keyFile: string | undefined): Promise<Reach> {
  const { startedReach } = await import("../started-reach.ts");
  const { repo, trusted } = place;
  const keyFiles = [keyFile];
  return startedReach(io, { repo, policy: trusted.policy, authority: true, keyFiles });
}

/** The safety net: whatever the ledger says and nobody has heard of. */
async function watch(io: Io, event: CiEvent): Promise<number> {
  const store = await openCiStore(io, { ...event, before: undefined, after: undefined });
  try {
    if (store.keyFile !== undefined) await catchUp(store.io, io, store.keyFile);
    const { performed, failed } = await alertOnce(store.io, store.keyFile);
    io.out(`${performed} step${performed === 1 ? "" : "s"} performed\n`);
    // A safety net that is green while a channel takes nothing would be none.
    return failed === 0 ? EXIT.ok : EXIT.fault;
  } finally {
    await store.close();
  }
}

/** What an audit missed is judged before anybody is told. A broken ledger is the watcher's to tell. */
async function catchUp(inStore: Io, io: Io, keyFile: string): Promise<void> {
  const place = await openPlace(inStore, { surface: "push", bearBrokenLedger: true });
  try {
    if (place.ledgerTrouble !== undefined || place.broken !== undefined) return;
    const missed = await auditMissed(place, io, {
      key: await auditorKey(place, keyFile),
      judged: [],
      reach: await reachOfJob(io, place, keyFile),
    });
    if (missed.length > 0) io.out(`${missed.length} closed runs that no audit had judged\n`);
  } finally {
    await place.repo.close();
  }
}

/** Annotations on the log, the report in the job's summary, the result as outputs. */
async function tellRunner(io: Io, place: Place, report: Report): Promise<number> {
  const policy = place.trusted.policy;
  const code = exitOf(report, policy);
  const options = { colour: false, all: true, policy };
  // The runner shows ten errors and ten warnings of a step: what refuses comes first.
  const bySeverity = [...report.findings].sort(
    (a, b) => Number(a.severity === "warn") - Number(b.severity === "warn"),
  );
  io.out(formatReport("github", { ...report, findings: bySeverity }, options));
  io.out(formatReport("text", report, { ...options, all: false }));
  const summary = formatReport("markdown", report, options);
  await append(io.env["GITHUB_STEP_SUMMARY"], cutAtLine(summary, SUMMARY));
  const status = { 0: "passed", 1: "refused", 3: "neutral" }[code] ?? "fault";
  await append(io.env["GITHUB_OUTPUT"], `status=${status}\nfindings=${report.findings.length}\n`);
  // Neutral for a check: UNVERIFIABLE blocks only where the policy says so, and then the code is 1.
  return code === EXIT.unverifiable ? EXIT.ok : code;
}

async function append(file: string | undefined, text: string): Promise<void> {
  if (file !== undefined && file !== "") await appendFile(file, text);
}

function cutAtLine(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, text.lastIndexOf("\n", most));
  return `${cut}\n\nThe rest does not fit here; the job's log has it.\n`;
}
