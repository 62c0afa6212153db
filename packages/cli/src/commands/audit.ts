/** `wingman audit`: judges the claims of closed runs; writes verdicts only with `--record`. */
import { readFile } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import {
  type BegunRun,
  CHECKER,
  claimsOf,
  type Reach,
  readForgeEvents,
  Turns,
} from "@wingman/audit";
import { openRepo, resolve, treeAt } from "@wingman/git";
import { digestOf, fault, type Run } from "@wingman/model";
import { type Course, goOn, type Judge, joinParts } from "../audit-course.ts";
import { type AuditPart, passingPart, readShard } from "../audit-part.ts";
import { auditReach, remoteReach } from "../audit-reach.ts";
import type { Io } from "../io.ts";
import { auditLong, beginLong, type LongAudit, type LongSetting } from "../judge-set.ts";
import { fetchLedger, ledgerRemote } from "../ledger-branch.ts";
import { openParts, sameAudit, takeUp, withPartLock } from "../part-files.ts";
import type { PartHead } from "../part-records.ts";
import { auditorKey, holdsKey, openPlace, type Place, refuseBroken } from "../place.ts";
import { howFar, progressOf } from "../progress.ts";
import { recordAudit } from "../record.ts";
import { refuseCommitted } from "../refuse-committed.ts";
import { type RunsAsked, runsToAudit } from "../runs-to-audit.ts";
import { startedReach } from "../started-reach.ts";
import { type TellOptions, tell } from "../tell.ts";
import { VERSION } from "../version.ts";

export interface AuditOptions extends TellOptions, RunsAsked {
  readonly record?: boolean;
  readonly key?: string;
  /** A file of forge facts that the auditor ingested. */
  readonly events?: string;
  /** `2/8`: only every eighth run, from the second. */
  readonly shard?: string;
  /** Where verdicts are kept as they are made. */
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
    const told = async ({ part, course }: Audited): Promise<number> => {
      if (key !== undefined) {
        const late = place.authority && options.all === true;
        const judged = part.runs;
        const count = await recordAudit(place, io, { key, judged, remote, late });
        const where = remote === undefined ? "" : ` of ${remote}`;
        io.err(
          `wingman: ${count === 0 ? "nothing new for" : `${count} record${count === 1 ? "" : "s"} appended to`} the ledger${where}\n`,
        );
      }
      return await report(part, course, options, place, io);
    };
    const setting = { place, options, io };
    if (options.merge !== undefined) return await merged(setting, options.merge, told);
    const file = options.part;
    if (file === undefined) return await inOneGo(setting, told);
    return await withPartLock(place, io, file, async () => await inPart(setting, file, told));
  } finally {
    await place.repo.close();
  }
}

interface Setting {
  readonly place: Place;
  readonly options: AuditOptions;
  readonly io: Io;
}

interface Audited {
  readonly part: AuditPart;
  readonly course: Course;
}

type Told = (audited: Audited) => Promise<number>;

function refuseMixed({ shard, part, merge, record }: AuditOptions): void {
  if (merge !== undefined && (part ?? shard) !== undefined)
    fault("parts are joined, or one of them is judged, not both", {
      code: "usage/option",
      hint: "leave out --part and --shard: wingman audit --all --merge audit-*.jsonl",
    });
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

/** Verdicts lie in a file without a name until they are told. */
async function inOneGo({ place, options, io }: Setting, told: Told): Promise<number> {
  const { runs } = await runsToAudit(place, options);
  const part = await passingPart();
  try {
    const judging = await judgingOf({ place, options, io });
    const course = await judging.until(goOn({ runs, shard: [1, 1], ...judging, part }, undefined));
    return await told({ part, course });
  } finally {
    part.close();
  }
}

/** Judges the runs that are asked for, or of them the shard's; takes up a part that was stopped. */
async function inPart(setting: Setting, file: string, told: Told): Promise<number> {
  const { place, options, io } = setting;
  const shard = options.shard === undefined ? ([1, 1] as const) : readShard(options.shard);
  const { runs, subject } = await runsToAudit(place, options);
  const head = await headOf(setting, { asked: askedOf(options), subject, shard });
  const { part, known } = takeUp(io, { file, head });
  const undo = io.onStop(() =>
    io.err(`\nwingman: stopped; the same command goes on from what ${file} holds\n`),
  );
  try {
    const judging = await judgingOf(setting);
    const course = await judging.until(goOn({ runs, shard, ...judging, part }, known));
    return await told({ part, course });
  } finally {
    undo();
    part.close();
  }
}

/**
 * Joins parts. They must be of what stands here: the same commits, policy and version; and each run that
 * they tell of is held against the repository. To be recorded, what nobody sealed is judged again, and so
 * is a run with an accusing verdict: a part is a file that passed through other hands, and none of them
 * shall lock anybody.
 */
async function merged(setting: Setting, files: readonly string[], told: Told): Promise<number> {
  const { place, options, io } = setting;
  const parts = await openParts(place, io, files);
  const part = await passingPart();
  try {
    const first = parts.cursors[0]?.head;
    const named = options.record === true || Object.keys(askedOf(options)).length > 0;
    const asked = named || first === undefined ? askedOf(options) : first.asked;
    const { runs, subject } = await runsToAudit(place, asked);
    const head = await headOf(setting, { asked, subject, shard: [1, 1] });
    // Which shard each of them is was looked at; a file of facts is needed only to judge.
    const { shard: _shard, events, ...rest } = head;
    sameAudit(parts.cursors, events === null ? rest : { ...rest, events });
    if (!parts.sealed)
      io.err(
        options.record === true
          ? "wingman: these parts are not sealed, so all that they tell of is judged again; WINGMAN_PART_SECRET seals them\n"
          : "wingman: these parts are not sealed: whoever could write them decides what stands here; WINGMAN_PART_SECRET seals them\n",
      );
    const judging = await judgingOf(setting);
    const course = await judging.until(
      joinParts(
        { runs, shard: [1, 1], ...judging, part },
        parts.cursors,
        ({ verdicts }) =>
          options.record !== true || (parts.sealed && !verdicts.some(({ accuses }) => accuses)),
      ),
    );
    return await told({ part, course });
  } finally {
    part.close();
    parts.close();
  }
}

function askedOf({ all, range, run }: AuditOptions): PartHead["asked"] {
  if (run !== undefined) return { run };
  if (all === true) return { all };
  return range === undefined ? {} : { range };
}

async function headOf(
  { place, options, io }: Setting,
  about: Pick<PartHead, "asked" | "subject" | "shard">,
): Promise<PartHead> {
  const head = options.drift === false ? undefined : await driftHead(place);
  const { events } = options;
  return {
    schemaVersion: 2,
    checker: CHECKER,
    program: VERSION,
    policy: place.trusted.policyDigest,
    asked: about.asked,
    subject: about.subject,
    drift: head?.commit ?? null,
    events: events === undefined ? null : digestOf(await readFile(resolvePath(io.cwd, events))),
    shard: about.shard,
  };
}

interface Judging {
  readonly judge: Judge;
  begin(run: Run): Promise<void>;
  /** Waits for the course; then nothing that was started goes on, also where it ended in a fault. */
  until(course: Promise<Course>): Promise<Course>;
}

/** Judges runs with all that this place can reach. */
async function judgingOf({ place, options, io }: Setting): Promise<Judging> {
  const { repo, authority, trusted } = place;
  const keyFiles = [options.key];
  const started = startedReach(io, { repo, authority, policy: trusted.policy, keyFiles });
  const reach = {
    ...auditReach(io, trusted.tree),
    ...started,
    ...remoteReach(repo, repo.bare ? undefined : await ledgerRemote(repo)),
    ...(await eventsOf({ place, options, io })),
  };
  const head = options.drift === false ? undefined : await driftHead(place);
  const setting: LongSetting = { reach, patience: "audit", turns: new Turns() };
  const begun = new WeakMap<Run, BegunRun>();
  const far = howFar(progressOf(io), setting.turns);
  return {
    begin: async (run) => {
      begun.set(run, await beginLong(place, io, run, setting));
    },
    judge: async (run, { number, earlier, keep }) => {
      const before = begun.get(run);
      far.begin(number, earlier?.verdicts.length ?? 0, claimsOf(run));
      const findings = await auditLong(place, io, run, {
        ...setting,
        progress: far.judged,
        keep: async (verdicts, left) => keep({ verdicts, left }),
        ...(before === undefined ? {} : { begun: before }),
        ...(earlier === undefined ? {} : { earlier }),
        ...(head === undefined ? {} : { head }),
      });
      return findings;
    },
    until: async (course) => {
      // A command may take ten minutes, in which nothing else would show that it is not over.
      const waiting = setInterval(far.say, 1_000).unref();
      try {
        return await course;
      } finally {
        clearInterval(waiting);
        far.clear();
        started.commands.close();
      }
    },
  };
}

async function report(
  part: AuditPart,
  { runs, tally }: Course,
  options: AuditOptions,
  place: Place,
  io: Io,
): Promise<number> {
  const subject = `${runs} closed run${runs === 1 ? "" : "s"}`;
  const { findings, verdicts } = part;
  const { all, merge, range, run } = options;
  // What landed is not looked at then: "0 closed runs" would read as if nothing had ever been claimed.
  if (runs === 0 && !all && merge === undefined && range === undefined && run === undefined)
    io.err(
      "wingman: HEAD brings no closed run that the policy branch lacks; wingman audit --all judges those that landed\n",
    );
  return await tell(
    io,
    { subject, findings, verdicts, tally, notKnown: [] },
    options,
    place.trusted.policy,
  );
}

async function eventsOf({ options, place, io }: Setting): Promise<Pick<Reach, "events">> {
  const { events } = options;
  if (events === undefined) return {};
  const path = resolvePath(io.cwd, events);
  await refuseCommitted(place, path, { file: events, code: "audit/events" });
  const read = readForgeEvents(await readFile(path));
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
