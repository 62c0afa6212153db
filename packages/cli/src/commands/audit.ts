/** `wingman audit`: judges the claims of closed runs; writes verdicts only with `--record`. */
import { readFile } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import { CHECKER, type Reach, readForgeEvents } from "@wingman/audit";
import {
  allClosedRuns,
  commitTips,
  openRepo,
  rangeChanges,
  resolve,
  runOf,
  treeAt,
} from "@wingman/git";
import { fault, foldPath, type JudgedRun, parseRunName, type Run, runText } from "@wingman/model";
import { appendPart, joinParts, openPart, type PartRun, readShard } from "../audit-part.ts";
import { auditReach, remoteReach } from "../audit-reach.ts";
import type { Io } from "../io.ts";
import { auditOne, type LongAudit } from "../judge-set.ts";
import { fetchLedger, LEDGER_REF, ledgerRemote } from "../ledger-branch.ts";
import { auditorKey, holdsKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { recordAudit } from "../record.ts";
import { startedReach } from "../started-reach.ts";
import { type TellOptions, tell } from "../tell.ts";
import { resolveRange } from "./check.ts";

export interface AuditOptions extends TellOptions {
  readonly range?: string;
  readonly run?: string;
  readonly all?: boolean;
  readonly record?: boolean;
  readonly key?: string;
  /** A file of forge facts that the auditor ingested. */
  readonly events?: string;
  /** `2/8`: only every eighth run, from the second. */
  readonly shard?: string;
  /** Where each run's result is kept as it is made. */
  readonly part?: string;
  /** Part files to join, instead of judging. */
  readonly merge?: readonly string[];
  readonly drift?: boolean;
}

/** Exit 1 on a FALSE, 3 where something is UNVERIFIABLE, 2 on a fault. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  refuseMixed(options);
  const remote = options.record ? await followedRemote(io) : undefined;
  const place = await openPlace(io, { surface: "push" });
  try {
    refuseBroken(place);
    const key = options.record ? await auditorKey(place, options.key) : undefined;
    if (options.merge !== undefined)
      return await report(await joinParts(options.merge), options, place, io);
    const { runs, judged } = await judgeRuns(place, options, io);
    if (key !== undefined) {
      const late = place.authority && options.all === true;
      const count = await recordAudit(place, io, { key, judged, remote, late });
      const where = remote === undefined ? "" : ` of ${remote}`;
      io.err(
        `wingman: ${count === 0 ? "nothing new for" : `${count} record${count === 1 ? "" : "s"} appended to`} the ledger${where}\n`,
      );
    }
    return await report(runs, options, place, io);
  } finally {
    await place.repo.close();
  }
}

function refuseMixed({ shard, part, merge, record }: AuditOptions): void {
  if (shard !== undefined && part === undefined)
    fault("a shard's result has to be kept somewhere", {
      code: "usage/option",
      hint: "wingman audit --all --shard 2/8 --part audit-2.jsonl; later: wingman audit --merge audit-*.jsonl",
    });
  if (record && (merge !== undefined || part !== undefined))
    fault("--record judges by itself, in one go", {
      code: "usage/option",
      hint: "leave out --part and --merge, or --record",
    });
}

async function report(
  runs: readonly PartRun[],
  options: AuditOptions,
  place: Place,
  io: Io,
): Promise<number> {
  const subject = `${runs.length} closed run${runs.length === 1 ? "" : "s"}`;
  const findings = runs.flatMap((one) => one.findings);
  const verdicts = runs.flatMap((one) => one.verdicts);
  return await tell(
    io,
    { subject, findings, verdicts, notKnown: [] },
    options,
    place.trusted.policy,
  );
}

/** Judges the runs that are asked for, or of them the shard's; takes up a part that was stopped. */
async function judgeRuns(
  place: Place,
  options: AuditOptions,
  io: Io,
): Promise<{ runs: PartRun[]; judged: JudgedRun[] }> {
  const shard = options.shard === undefined ? ([1, 1] as const) : readShard(options.shard);
  const asked = await runsToAudit(place, options);
  const known =
    options.part === undefined ? [] : await begin(place, options.part, asked.subject, shard);
  const done = new Map(known.map((one) => [one.index, one]));
  const { repo, authority, trusted } = place;
  const keyFiles = [options.key];
  const reach = {
    ...auditReach(io, trusted.tree),
    ...startedReach(io, { repo, authority, policy: trusted.policy, keyFiles }),
    ...remoteReach(repo, repo.bare ? undefined : await ledgerRemote(repo)),
    ...(await eventsOf(options, io)),
  };
  const head = options.drift === false ? undefined : await driftHead(place);
  const runs: PartRun[] = [];
  const judged: JudgedRun[] = [];
  const line = progressLine(io);
  let index = -1;
  for await (const run of asked.runs) {
    index += 1;
    if (index % shard[1] !== shard[0] - 1) continue;
    const earlier = done.get(index);
    if (earlier !== undefined) {
      runs.push(earlier);
      continue;
    }
    const one = await auditOne(place, io, run, {
      reach,
      patience: "audit",
      progress: (claims, all) => line.say(`run ${index + 1}, claim ${claims} of ${all}`),
      ...(head === undefined ? {} : { head }),
    });
    const result = { index, run: runText(run.name), ...one };
    if (options.part !== undefined) await appendPart(options.part, result);
    runs.push(result);
    // A run holds its trees: kept only where it is recorded, or a thousand of them fill the memory.
    if (options.record) judged.push({ run, verdicts: one.verdicts });
  }
  line.clear();
  if (options.part !== undefined) await appendPart(options.part, { end: true });
  return { runs, judged };
}

async function begin(
  place: Place,
  file: string,
  subject: string,
  shard: readonly [number, number],
): Promise<readonly PartRun[]> {
  const policy = place.trusted.policyDigest;
  return await openPart(file, { schemaVersion: 1, checker: CHECKER, policy, subject, shard });
}

async function eventsOf({ events }: AuditOptions, io: Io): Promise<Pick<Reach, "events">> {
  if (events === undefined) return {};
  const read = readForgeEvents(await readFile(resolvePath(io.cwd, events)));
  if ("why" in read)
    return fault(`${events} is no event file: ${read.why}`, {
      code: "audit/events",
      hint: "webhook payloads or REST answers of the forge, as JSON or JSON lines",
    });
  return { events: read };
}

/** Where the branch stands that is checked out; on a server, the policy branch. */
async function driftHead(place: Place): Promise<LongAudit["head"]> {
  const name = place.repo.bare ? `refs/heads/${place.policyBranch}` : "HEAD";
  const commit = await resolve(place.repo, name);
  if (commit === undefined) return undefined;
  return { tree: await treeAt(place.repo, commit), name, commit };
}

/** One line on a terminal, written anew at most five times a second. */
function progressLine(io: Io): { say(text: string): void; clear(): void } {
  if (!io.isTerminal) return { say: () => {}, clear: () => {} };
  let last = io.clock();
  let shown = false;
  return {
    say: (text) => {
      if (io.clock() - last < 200) return;
      last = io.clock();
      shown = true;
      io.err(`\r\u001b[Kwingman: ${text}`);
    },
    clear: () => {
      if (shown) io.err("\r\u001b[K");
    },
  };
}

/** A clone of the auditor judges by the remote's ledger and appends to it; so that comes first. */
async function followedRemote(io: Io): Promise<string | undefined> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    if (holdsKey(repo)) return undefined;
    const remote = await ledgerRemote(repo);
    if (remote !== undefined) await fetchLedger(repo, remote);
    return remote;
  } finally {
    await repo.close();
  }
}

interface Asked {
  /** Names what is audited, for parts of it to find each other. */
  readonly subject: string;
  readonly runs: AsyncIterable<Run> | Iterable<Run>;
}

async function runsToAudit(place: Place, options: AuditOptions): Promise<Asked> {
  if (options.run !== undefined)
    return { subject: options.run, runs: [await namedRun(place, options.run)] };
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
