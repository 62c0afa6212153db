/**
 * The course of an audit: one run after the other, judged or taken from what parts hold of it, and put
 * into a part; what the next ones wait for is under way meanwhile. Whatever a part says is held against the run itself, as this repository has it.
 */
import { claimsOf, whyNotOf } from "@wingman/audit";
import { type Finding, fault, type Run, runText, type Verdict } from "@wingman/model";
import type { AuditPart } from "./audit-part.ts";
import type { KeptRun, PartCursor } from "./part-cursor.ts";
import type { PartVerdicts } from "./part-records.ts";
import { added, NOTHING, type Tally } from "./report.ts";
import type { Sealed } from "./sealed-lines.ts";

/** Judges one run from where an earlier audit stopped, and hands on each batch. Gives the findings. */
export type Judge = (
  run: Run,
  about: {
    readonly number: number;
    readonly earlier?: KeptRun;
    keep(batch: Omit<PartVerdicts, "index">): void;
  },
) => Promise<readonly Finding[]>;

/** What was audited: how many runs of the shard, and what they come to. */
export interface Course {
  readonly runs: number;
  readonly tally: Tally;
}

interface Way {
  readonly runs: AsyncIterable<Run> | Iterable<Run>;
  readonly shard: readonly [number, number];
  readonly judge: Judge;
  /** Begins what a run waits for before it is judged. */
  begin?(run: Run): Promise<void>;
  readonly part: AuditPart;
}

/** Runs that are begun while an earlier one is judged: what their commands wrote is held until then. */
const RUNS_AHEAD = 2;

/** Judges what the part does not hold yet. `known`: the part as it was found. */
export async function goOn(way: Way, known: PartCursor | undefined): Promise<Course> {
  const { part } = way;
  const course = newCourse();
  const all = { runs: 0 };
  const coming = ofShard(way, all);
  let at: Sealed | undefined = known?.begin;
  while (at !== undefined) {
    const next = await coming.next();
    if (next.done === true) break;
    const { run, index } = next.value;
    const kept = known?.take(index);
    if (kept !== undefined && known !== undefined) holdAgainst(run, kept, known.path);
    course.add(kept?.verdicts ?? [], kept?.whole?.findings ?? []);
    if (kept?.whole !== undefined) at = kept.after;
    else {
      part.goOnFrom(kept?.after ?? at);
      at = undefined;
      await judgeInto(way, run, { index, course, ...(kept === undefined ? {} : { kept }) });
    }
    course.runs += 1;
  }
  if (at !== undefined && known?.isDone() === true && known.end?.runs === all.runs) {
    part.goOnFrom(known.end.after);
    return course;
  }
  if (at !== undefined) part.goOnFrom(at);
  for await (const { run, index } of begunAhead(coming, way)) {
    await judgeInto(way, run, { index, course });
    course.runs += 1;
  }
  part.add({ end: all.runs });
  return course;
}

interface Numbered {
  readonly run: Run;
  readonly index: number;
}

/** The shard's runs, by their number among all. `all` counts them. */
async function* ofShard({ runs, shard }: Way, all: { runs: number }): AsyncGenerator<Numbered> {
  for await (const run of runs) {
    const index = all.runs;
    all.runs += 1;
    if (index % shard[1] === shard[0] - 1) yield { run, index };
  }
}

/** The same, each handed on when the ones behind it are begun. */
async function* begunAhead(
  coming: AsyncGenerator<Numbered>,
  { begin }: Way,
): AsyncGenerator<Numbered> {
  const begun: Numbered[] = [];
  for await (const one of coming) {
    await begin?.(one.run);
    begun.push(one);
    const first = begun.length > RUNS_AHEAD ? begun.shift() : undefined;
    if (first !== undefined) yield first;
  }
  yield* begun;
}

/**
 * Joins the parts of one audit, by the number of their shard. `trusts`: whether what a part holds of a
 * run is taken over as it is; else that run is judged anew.
 */
export async function joinParts(
  way: Way,
  parts: readonly PartCursor[],
  trusts: (kept: KeptRun) => boolean,
): Promise<Course> {
  const course = newCourse();
  let index = -1;
  for await (const run of way.runs) {
    index += 1;
    const from = parts[index % parts.length];
    const kept = from?.take(index);
    if (from === undefined || kept?.whole === undefined) return cut(from);
    holdAgainst(run, kept, from.path);
    if (trusts(kept)) {
      const { verdicts, left, whole } = kept;
      if (left !== undefined) way.part.add({ verdicts, index, left });
      way.part.add({ findings: whole.findings, index, run: whole.run });
      course.add(verdicts, whole.findings);
    } else await judgeInto(way, run, { index, course });
    course.runs += 1;
  }
  for (const one of parts)
    if (!one.isDone()) cut(one);
    else if (one.end?.runs !== index + 1)
      fault(`${one.path} is of an audit of ${one.end?.runs} runs; here are ${index + 1}`, {
        code: "audit/part",
        hint: "join parts where the history is that they were made of",
      });
  return course;
}

async function judgeInto(
  { judge, part }: Way,
  run: Run,
  { index, course, kept }: { index: number; course: GrowingCourse; kept?: KeptRun },
): Promise<void> {
  const findings = await judge(run, {
    number: index + 1,
    ...(kept === undefined ? {} : { earlier: kept }),
    keep: ({ verdicts, left }) => {
      part.add({ verdicts, index, left });
      course.add(verdicts, []);
    },
  });
  part.add({ findings, index, run: runText(run.name) });
  course.add([], findings);
}

interface GrowingCourse {
  runs: number;
  tally: Tally;
  add(verdicts: readonly Verdict[], findings: readonly Finding[]): void;
}

function newCourse(): GrowingCourse {
  return {
    runs: 0,
    tally: NOTHING,
    add(verdicts, findings) {
      this.tally = added(this.tally, { verdicts, findings });
    },
  };
}

function holdAgainst(run: Run, kept: KeptRun, path: string): void {
  const { whole, verdicts } = kept;
  const name = runText(run.name);
  const why =
    whole !== undefined && (whole.run !== name || verdicts.length !== claimsOf(run))
      ? `it has ${verdicts.length} verdicts on ${JSON.stringify(whole.run)}, where ${claimsOf(run)} are due`
      : whyNotOf(run, verdicts);
  if (why === undefined) return;
  fault(`${path} does not tell of the run ${name} as it stands here: ${why}`, {
    code: "audit/part",
    hint: "somebody changed it, or it is of another history: remove it, and audit again",
  });
}

function cut(part: PartCursor | undefined): never {
  return fault(`${part?.path} was not judged to its end, or was changed since`, {
    code: "audit/part",
    hint: `take it up again: wingman audit --shard ${part?.head.shard.join("/")} --part ${part?.path}, with the runs as named before`,
  });
}
