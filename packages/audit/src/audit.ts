/**
 * Audits one run: every unretracted claim gets one verdict, and what no claim covers is a finding.
 * It asks trees, history and what its reach hands in; it prints nothing and writes nothing.
 */
import type { Finding, LedgerState, Policy, Run, Tree, Verdict } from "@wingman/model";
import { claimName, runText } from "@wingman/model";
import { weigh } from "./accuse.ts";
import { Ahead } from "./ahead.ts";
import type { Budget, Patience } from "./budget.ts";
import type { Covered } from "./claim-type.ts";
import { findDrift } from "./find-drift.ts";
import { findUndelivered } from "./find-undelivered.ts";
import { coveredBy, judgeClaim, saysNothing } from "./judge-claim.ts";
import type { Reach } from "./reach.ts";
import type { Stage, StageSetting } from "./scene.ts";
import { stageOf } from "./scene.ts";
import type { Turns } from "./turns.ts";
import { findUnclaimed } from "./unclaimed.ts";

/** Version of the judging code, as verdict records name it. Grows when any answer could change. */
export const CHECKER = "wingman-audit/3";

export interface AuditContext {
  readonly ledger: LedgerState;
  /** The trusted side's. */
  readonly policy: Policy;
  /** RFC 3339 UTC with milliseconds. */
  readonly now: () => string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /**
   * True where a FALSE without any proof may lock: a push to the server itself, and the policy says
   * `unproven: lock`. Never for a pull request. Default false.
   */
  readonly unprovenMayLock?: boolean;
  /** What may be asked besides tree and history. Default: nothing, as in pre-receive. */
  readonly reach?: Reach;
  /** Default: a push waits. */
  readonly patience?: Patience;
  /** The run's part of what a push may cost. Default: all of it. */
  readonly budget?: Budget;
  /** Who may be under way together, shared by the runs of one audit. Default: this run's own. */
  readonly turns?: Turns;
  /** This run, where {@link beginRun} began it. */
  readonly begun?: BegunRun;
  /** Told after each claim how many of the run's are judged. */
  readonly progress?: (judged: number, all: number) => void;
  /** Where a branch stands now: what was TRUE and no longer holds there is a finding. */
  readonly head?: { readonly tree: Tree; readonly name: string; readonly commit: string };
  /** What an audit of this run that was stopped had judged: the run's first claims, in order. */
  readonly earlier?: Earlier;
  /**
   * Handed each batch of verdicts as soon as it is there, with what is left to spend after it. Batches
   * end at the same claims on every machine. Those of {@link AuditContext.earlier} are not repeated.
   */
  readonly keep?: (verdicts: readonly Verdict[], left: Budget) => Promise<void>;
}

/** Verdicts that stand, and what their run had left to spend after them. */
export interface Earlier {
  readonly verdicts: readonly Verdict[];
  readonly left?: Budget;
}

/** Verdicts of a batch; one that a command or a host was asked for ends its batch, for it cost most. */
const BATCH = 64;

export interface Audit {
  /** In the order of the claims; retracted ones have none. */
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
  /** What the run had left to spend. */
  readonly left: Budget;
}

/** A run of which what waits for hosts and commands is under way. */
export interface BegunRun {
  readonly stage: Stage;
  readonly ahead: Ahead<JudgedClaim>;
}

/**
 * Begins what a run waits for, so that it need not wait for the run before it. Throws nothing: a fault is
 * thrown by {@link auditRun}, to which it is handed with the same context.
 */
export function beginRun(run: Run, context: AuditContext): BegunRun {
  const left = context.earlier?.left ?? context.budget;
  const setting = settingOf(context);
  const stage = stageOf(run, left === undefined ? setting : { ...setting, left });
  const judged = context.earlier?.verdicts.length ?? 0;
  const ahead = new Ahead(stage, unretracted(run).slice(judged), (claim) =>
    judgeOne(stage, run, claim, context),
  );
  return { stage, ahead };
}

/**
 * Judges a run's claims at P. Throws faults only; a missing object is UNVERIFIABLE. Claims are
 * judged one after the other, so memory holds one large file at most; those that wait for hosts and
 * commands are begun before their turn.
 */
export async function auditRun(run: Run, context: AuditContext): Promise<Audit> {
  const earlier = context.earlier?.verdicts ?? [];
  const { stage, ahead } = context.begun ?? beginRun(run, context);
  const verdicts: Verdict[] = [...earlier];
  const claims = unretracted(run);
  const covers: Covered[] = earlier.flatMap(({ reason }, at) => {
    const claim = claims[at]?.record;
    if (claim === undefined) return [];
    const covered = saysNothing(reason) ? [] : coveredBy(claim);
    stage.covered.known.set(claim.seq, covered);
    return covered;
  });
  let kept = verdicts.length;
  for (const claim of claims.slice(kept)) {
    const judging = ahead.take(claim) ?? judgeOne(stage, run, claim, context);
    const { verdict, covered, costly } = await judging;
    covers.push(...covered);
    stage.covered.known.set(claim.record.seq, covered);
    verdicts.push(verdict);
    context.progress?.(verdicts.length, claims.length);
    const last = verdicts.length === claims.length;
    if (context.keep === undefined || !(costly || last || verdicts.length % BATCH === 0)) continue;
    await context.keep(verdicts.slice(kept), { ...stage.budget });
    kept = verdicts.length;
  }
  const findings = findUnclaimed(run, context.policy, covers, claims.length);
  findings.push(...(await findUndelivered(stage, run, context.reach?.trusted)));
  if (context.head !== undefined)
    findings.push(...(await findDrift(run, verdicts, context.head, settingOf(context))));
  return { verdicts, findings, left: { ...stage.budget } };
}

function settingOf(context: AuditContext): StageSetting {
  const { policy, reach, patience, turns } = context;
  return {
    policy,
    ...(reach === undefined ? {} : { reach }),
    ...(patience === undefined ? {} : { patience }),
    ...(turns === undefined ? {} : { turns }),
    clocks: { now: context.now, clock: context.clock },
    ledger: context.ledger,
  };
}

interface JudgedClaim {
  readonly verdict: Verdict;
  readonly covered: readonly Covered[];
  /** It asked a command or something outside. */
  readonly costly: boolean;
}

type Claim = Run["file"]["claims"][number];

function unretracted(run: Run): readonly Claim[] {
  return run.file.claims.filter((claim) => !claim.retracted);
}

async function judgeOne(
  stage: Stage,
  run: Run,
  { line, record }: Claim,
  context: AuditContext,
): Promise<JudgedClaim> {
  const at = context.now();
  const began = context.clock();
  const ready = stage.covered.ready.get(record.seq);
  stage.covered.ready.delete(record.seq);
  const judged =
    ready ??
    (await judgeClaim(
      stage,
      { type: record.type, args: record.args },
      {
        claimed: {
          at: record.ts,
          // When it is looked at, which may be a while after it was asked for.
          get now() {
            return context.now();
          },
        },
      },
    ));
  const ms = Math.max(0, Math.round(context.clock() - began));
  const name = claimName(run.name, record.seq);
  const weighed = weigh(judged.observation, {
    run,
    claim: { seq: record.seq, digest: line.digest, name },
    ledger: context.ledger,
    unprovenMayLock: context.unprovenMayLock ?? false,
  });
  const observation =
    weighed.observation.reason === "MALFORMED"
      ? { ...weighed.observation, observed: `line ${line.line}: ${weighed.observation.observed}` }
      : weighed.observation;
  const verdict: Verdict = {
    claim: { name, digest: line.digest, type: record.type },
    run: runText(run.name),
    worker: run.name.worker,
    instruction: run.file.open.instruction,
    commit: run.end.commit,
    tree: run.end.tree.id,
    verdict: observation.answer,
    ...(observation.reason === undefined ? {} : { reason: observation.reason }),
    expected: observation.expected,
    observed: observation.observed,
    evidence: judged.evidence,
    witness: judged.row?.witness ?? "git",
    forgeable: judged.row?.forgeable ?? false,
    proof: weighed.proof,
    // `mode: warn` locks nobody (TRUST.md §5), also not later, when the policy enforces.
    accuses: weighed.accuses && context.policy.mode !== "warn",
    attempts:
      judged.attempts.length > 0 ? judged.attempts : [{ at, ms, outcome: observation.answer }],
  };
  const need = judged.row?.needs ?? "tree";
  return { verdict, covered: judged.covers, costly: OUTSIDE.has(need) };
}

/** What is asked of others, and may take minutes. */
const OUTSIDE: ReadonlySet<string> = new Set(["commands", "host", "engine", "remote"]);

/**
 * Why these are not verdicts on the run's first claims at its commit, or undefined where they are. What
 * a file says of a run is held against the run itself before anybody goes on from it.
 */
export function whyNotOf(run: Run, verdicts: readonly Verdict[]): string | undefined {
  const claims = unretracted(run);
  if (verdicts.length > claims.length)
    return `it has ${verdicts.length} verdicts, and the run ${claims.length} claims`;
  for (const [at, one] of verdicts.entries()) {
    const claim = claims[at];
    if (claim === undefined) break;
    const name = claimName(run.name, claim.record.seq);
    if (one.claim.name !== name || one.claim.digest !== claim.line.digest)
      return `where ${name} is due, it has a verdict on another line`;
    if (one.commit !== run.end.commit || one.tree !== run.end.tree.id)
      return `its verdict on ${name} is of another commit`;
    const own = one.run === runText(run.name) && one.worker === run.name.worker;
    if (!own || one.instruction !== run.file.open.instruction)
      return `its verdict on ${name} names another run`;
  }
  return undefined;
}

/** How many verdicts a run gets. */
export function claimsOf(run: Run): number {
  return unretracted(run).length;
}

/**
 * True where the ledger already has this verdict: same line, same commit, same answer. The recorder
 * leaves it out, so that judging a run again neither repeats an occurrence nor locks anew.
 */
export function isRecorded(verdict: Verdict, ledger: LedgerState): boolean {
  const mark = ledger.verdicts.get(verdict.claim.name);
  if (mark?.digest !== verdict.claim.digest) return false;
  return [mark, mark.settled].some(
    (one) => one?.commit === verdict.commit && one.verdict === verdict.verdict,
  );
}
