/**
 * From a contradiction to a verdict (TRUST.md §7): who brought the line, who closed the run on this
 * tree, and was it judged before? A FALSE accuses only the worker whose own commits, proven, did both:
 * else anyone could close another's open run on a tree that makes its claims FALSE. Carried by anyone
 * else, or judged before on another commit, a contradiction is UNVERIFIABLE (STALE).
 */
import type { Identity, LedgerState, Observation, Run } from "@wingman/model";
import { runText, settledMark } from "@wingman/model";

export interface Accusation {
  readonly observation: Observation;
  readonly proof: Identity["proof"];
  readonly accuses: boolean;
}

/** What decides besides the observation itself. */
export interface Circumstances {
  readonly run: Run;
  /** Of the claim: its `seq`, its line's digest, its name in the ledger. */
  readonly claim: { readonly seq: number; readonly digest: string; readonly name: string };
  readonly ledger: LedgerState;
  /** True only for a push to the server itself under `identity.unproven: lock`. */
  readonly unprovenMayLock: boolean;
}

/** Weighs an observation. Only FALSE is ever changed. */
export function weigh(observation: Observation, about: Circumstances): Accusation {
  const brought = about.run.broughtBy.get(about.claim.seq);
  const proof = brought?.proof ?? "none";
  if (observation.answer !== "FALSE") return { observation, proof, accuses: false };
  if (isElsewhere(about))
    return {
      observation: stale(observation, "this line was judged before, on another commit"),
      proof,
      accuses: false,
    };
  const { run } = about;
  const closer = run.file.close && run.broughtBy.get(run.file.close.seq);
  const both = [brought, closer];
  if (both.every((one) => isOwn(one, run))) return { observation, proof, accuses: true };
  for (const [one, what] of [
    [brought, "this line was carried here by another than its worker"],
    [closer, "this run was closed by another than its worker"],
  ] as const)
    if (one?.anyProof === true && !isOwn(one, run))
      return { observation: stale(observation, what), proof, accuses: false };
  if (both.some((one) => one?.several === true))
    return {
      observation: stale(observation, "a commit of several hands brought it, perhaps a squash"),
      proof,
      accuses: false,
    };
  const trailers = both.every(
    (one) => one?.run !== undefined && runText(one.run) === runText(run.name),
  );
  return { observation, proof, accuses: about.unprovenMayLock && trailers };
}

function isOwn(one: Identity | undefined, run: Run): boolean {
  return one?.kind === "worker" && one.name === run.name.worker && one.proven;
}

/**
 * The line has a TRUE or FALSE from another commit. An UNVERIFIABLE shields nothing: else a first push in a
 * form that nobody can judge would make a lie safe for good. Nor does it lift the shield: a line that was
 * rebased twice is no more a new one than one that was rebased once.
 */
function isElsewhere({ ledger, claim, run }: Circumstances): boolean {
  const settled = settledMark(ledger.verdicts.get(claim.name), claim.digest);
  return settled !== undefined && settled.commit !== run.end.commit;
}

function stale(observation: Observation, why: string): Observation {
  return {
    answer: "UNVERIFIABLE",
    reason: "STALE",
    expected: observation.expected,
    observed: `${observation.observed} (${why})`,
  };
}
