/**
 * Verdict: what reality says of one claim. Three answers; what could not be looked at is
 * UNVERIFIABLE, with a reason from a closed list.
 */

export type Answer = "TRUE" | "FALSE" | "UNVERIFIABLE";

/** Why a claim could not be judged. Closed: a new reason needs a row here and in `explain`. */
export const REASONS = [
  "TIMEOUT",
  "TOOL_MISSING",
  "PERMISSION",
  "UNREACHABLE",
  "NO_WITNESS",
  "AMBIGUOUS",
  "FLAKY",
  "STALE",
  "WITNESS_TAMPERED",
  "OUT_OF_WINDOW",
  "NOT_ALLOWED",
  "UNSUPPORTED",
  "MALFORMED",
  "BUDGET",
  "VACUOUS",
  "NOT_KNOWN_HERE",
] as const;
export type Reason = (typeof REASONS)[number];

/** What one claim type saw in the tree or the history. */
export interface Observation {
  readonly answer: Answer;
  readonly reason?: Reason;
  /** What the claim says should be seen, short, for people. */
  readonly expected: string;
  /** What was seen. Never a file's secret content; bounded. */
  readonly observed: string;
}

/** One claim's verdict, as the ledger records it. */
export interface Verdict {
  readonly claim: { readonly name: string; readonly digest: string; readonly type: string };
  readonly run: string;
  readonly worker: string;
  readonly instruction: string;
  /** P, the commit that the claim is judged at. */
  readonly commit: string;
  readonly tree: string;
  readonly verdict: Answer;
  readonly reason?: Reason;
  readonly expected: string;
  readonly observed: string;
  /** `sha256:` over what was looked at: tree, paths, ids. The same tree gives the same digest. */
  readonly evidence: string;
  readonly witness: "git" | "fs" | "os" | "runner" | "api";
  readonly forgeable: boolean;
  /** What proves who brought the claim's line. */
  readonly proof: "signature" | "pusher" | "none";
  /** True only for a FALSE whose line was proven the worker's own: it locks. */
  readonly accuses: boolean;
  /** Each look at what may change from look to look, in order; one for what was looked at once. */
  readonly attempts: readonly Attempt[];
}

/** One look: when it began (RFC 3339 UTC), how long it took, what it alone would have said. */
export interface Attempt {
  readonly at: string;
  readonly ms: number;
  readonly outcome: Answer;
}
