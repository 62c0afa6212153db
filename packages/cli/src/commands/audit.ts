/** `wingman audit`: judges the claims of closed runs; writes verdicts only with `--record`. */
import { readFile } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import { CHECKER, type Reach, readForgeEvents } from "@wingman/audit";
import { openRepo, resolve, treeAt } from "@wingman/git";
import { fault, type Run, runText } from "@wingman/model";
import {
  appendPart,
  type Joined,
  joinParts,
  openPart,
  type PartRun,
  readShard,
} from "../audit-part.ts";
import { auditReach, remoteReach } from "../audit-reach.ts";
import type { Io } from "../io.ts";
import { auditOne, type LongAudit } from "../judge-set.ts";
import { fetchLedger, ledgerRemote } from "../ledger-branch.ts";
import { auditorKey, holdsKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { recordAudit } from "../record.ts";
import { namedRun, type RunsAsked, runsToAudit } from "../runs-to-audit.ts";
import { startedReach } from "../started-reach.ts";
import { type TellOptions, tell } from "../tell.ts";

export interface AuditOptions extends TellOptions, RunsAsked {
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
    const runs =
      options.merge === undefined
        ? await judgeRuns(place, options, io)
        : await joinedRuns(await joinParts(options.merge), place, options, io);
    if (key !== undefined) {
      const late = place.authority && options.all === true;
      const count = await recordAudit(place, io, { key, judged: runs, remote, late });
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

function refuseMixed({ shard, part, record }: AuditOptions): void {
  if (shard !== undefined && part === undefined)
    fault("a shard's result has to be kept somewhere", {
      code: "usage/option",
      hint: "wingman audit --all --shard 2/8 --part audit-2.jsonl; later: wingman audit --merge audit-*.jsonl",
    });
  if (record && part !== undefined)
    fault("a part is not recorded alone", {
      code: "usage/option",
      hint: "leave out --record here; all parts together: wingman audit --all --record --merge audit-*.jsonl",
    });
}

/**
 * The runs of joined parts. To be recorded they must be of what is asked for here, by this policy and
 * checker; and a run with an accusing verdict is judged again on the spot: a part is a file that passed
 * through other hands, and none of them shall lock anybody.
 */
async function joinedRuns(
  { head, runs }: Joined,
  place: Place,
  options: AuditOptions,
  io: Io,
): Promise<readonly PartRun[]> {
  if (options.record !== true) return runs;
  const { subject } = await runsToAudit(place, options);
  const here = [CHECKER, place.trusted.policyDigest, subject];
  if ([head.checker, head.policy, head.subject].some((one, at) => one !== here[at]))
    return fault("these parts are of another audit than would be recorded here", {
      code: "audit/part",
      hint: "name the same runs (--all, --range) at the same commit, policy and version as for the parts",
    });
  const judge = await judgeOf(place, options, io);
  const fit: PartRun[] = [];
  for (const one of runs)
    fit.push(
      one.verdicts.some(({ accuses }) => accuses)
        ? { ...one, ...(await judge(await namedRun(place, one.run))) }
        : one,
    );
  return fit;
}

/** Judges one run with all that this place can reach. */
async function judgeOf(
  place: Place,
  options: AuditOptions,
  io: Io,
): Promise<(run: Run, progress?: LongAudit["progress"]) => ReturnType<typeof auditOne>> {
  const { repo, authority, trusted } = place;
  const keyFiles = [options.key];
  const reach = {
    ...auditReach(io, trusted.tree),
    ...startedReach(io, { repo, authority, policy: trusted.policy, keyFiles }),
    ...remoteReach(repo, repo.bare ? undefined : await ledgerRemote(repo)),
    ...(await eventsOf(options, io)),
  };
  const head = options.drift === false ? undefined : await driftHead(place);
  return async (run, progress) =>
    await auditOne(place, io, run, {
      reach,
      patience: "audit",
      ...(progress === undefined ? {} : { progress }),
      ...(head === undefined ? {} : { head }),
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
async function judgeRuns(place: Place, options: AuditOptions, io: Io): Promise<readonly PartRun[]> {
  const shard = options.shard === undefined ? ([1, 1] as const) : readShard(options.shard);
  const asked = await runsToAudit(place, options);
  const known =
    options.part === undefined ? [] : await begin(place, options.part, asked.subject, shard);
  const done = new Map(known.map((one) => [one.index, one]));
  const judge = await judgeOf(place, options, io);
  const runs: PartRun[] = [];
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
    const one = await judge(run, (claims, all) =>
      line.say(`run ${index + 1}, claim ${claims} of ${all}`),
    );
    const result = { index, run: runText(run.name), ...one };
    if (options.part !== undefined) await appendPart(options.part, result);
    runs.push(result);
  }
  line.clear();
  if (options.part !== undefined) await appendPart(options.part, { end: true });
  return runs;
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
