/**
 * Audits one run: every unretracted claim gets one verdict, and what no claim covers is a finding.
 * It asks trees, history and what its reach hands in; it prints nothing and writes nothing.
 */
import type { Finding, LedgerState, Policy, Run, Tree, Verdict } from "@wingman/model";
import { claimName, runText } from "@wingman/model";
import { weigh } from "./accuse.ts";
import type { Patience } from "./budget.ts";
import type { Covered } from "./claim-type.ts";
import { findDrift } from "./find-drift.ts";
import { findUndelivered } from "./find-undelivered.ts";
import { judgeClaim } from "./judge-claim.ts";
import type { Reach } from "./reach.ts";
import type { StageSetting } from "./scene.ts";
import { stageOf } from "./scene.ts";
import { findUnclaimed } from "./unclaimed.ts";

/** Version of the judging code, as verdict records name it. Grows when any answer could change. */
export const CHECKER = "wingman-audit/2";

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
  /** Told after each claim how many of the run's are judged. */
  readonly progress?: (judged: number, all: number) => void;
  /** Where a branch stands now: what was TRUE and no longer holds there is a finding. */
  readonly head?: { readonly tree: Tree; readonly name: string; readonly commit: string };
}

export interface Audit {
  /** In the order of the claims; retracted ones have none. */
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
}

/**
 * Judges a run's claims at P. Throws faults only; a missing object is UNVERIFIABLE. Claims are
 * judged one after the other, so memory holds one large file at most.
 */
export async function auditRun(run: Run, context: AuditContext): Promise<Audit> {
  const setting: StageSetting = {
    policy: context.policy,
    ...(context.reach === undefined ? {} : { reach: context.reach }),
    ...(context.patience === undefined ? {} : { patience: context.patience }),
    clocks: { now: context.now, clock: context.clock },
  };
  const stage = stageOf(run, setting);
  const verdicts: Verdict[] = [];
  const covers: Covered[] = [];
  const claims = run.file.claims.filter((claim) => !claim.retracted);
  for (const { line, record } of claims) {
    const at = context.now();
    const began = context.clock();
    const judged = await judgeClaim(
      stage,
      { type: record.type, args: record.args },
      { claimed: { at: record.ts, now: at } },
    );
    const ms = Math.max(0, Math.round(context.clock() - began));
    const name = claimName(run.name, record.seq);
    const weighed = weigh(judged.observation, {
      run,
      claim: { seq: record.seq, digest: line.digest, name },
      ledger: context.ledger,
      unprovenMayLock: context.unprovenMayLock ?? false,
    });
    const { proof } = weighed;
    const observation =
      weighed.observation.reason === "MALFORMED"
        ? { ...weighed.observation, observed: `line ${line.line}: ${weighed.observation.observed}` }
        : weighed.observation;
    // `mode: warn` locks nobody (TRUST.md §5), also not later, when the policy enforces.
    const accuses = weighed.accuses && context.policy.mode !== "warn";
    covers.push(...judged.covers);
    verdicts.push({
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
      proof,
      accuses,
      attempts:
        judged.attempts.length > 0 ? judged.attempts : [{ at, ms, outcome: observation.answer }],
    });
    context.progress?.(verdicts.length, claims.length);
  }
  const findings = findUnclaimed(run, context.policy, covers, claims.length);
  findings.push(...(await findUndelivered(stage, run, context.reach?.trusted)));
  if (context.head !== undefined)
    findings.push(...(await findDrift(run, verdicts, context.head, setting)));
  return { verdicts, findings };
}

/**
 * True where the ledger already has this verdict: same line, same commit, same answer. The recorder
 * leaves it out, so that judging a run again neither repeats an occurrence nor locks anew.
 */
export function isRecorded(verdict: Verdict, ledger: LedgerState): boolean {
  const mark = ledger.verdicts.get(verdict.claim.name);
  return (
    mark !== undefined &&
    mark.digest === verdict.claim.digest &&
    mark.commit === verdict.commit &&
    mark.verdict === verdict.verdict
  );
}
