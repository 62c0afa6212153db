/**
 * Gaps: how governed branches moved, told from push records alone and held against where they stand now.
 * A movement without a record came in past the gate; one that was judged by a looser policy, or written
 * down afterwards, is told as that. Neither reflogs nor dates are asked. Pure.
 */
import type { LedgerRecord, PushDraft } from "./records.ts";

/** What is known of a policy that records name by its digest. */
export type PolicyMode = "enforce" | "warn";

export interface GapsInput {
  readonly records: readonly LedgerRecord[];
  /** Where branches stand now, by full name as records write it. */
  readonly tips: ReadonlyMap<string, string>;
  /** True where the ref is, or ever was, governed. */
  readonly governed: (ref: string) => boolean;
  /** By policy digest; undefined where no such policy is found any more. */
  readonly modeOf: (digest: string) => PolicyMode | undefined;
}

/** One gap in what the ledger says of a governed branch. Ids are undefined where the ref was not there. */
export interface Gap {
  /**
   * `unrecorded`: it moved, and no record says how. `weakened`: accepted under a looser policy than before.
   * `late`: the record was made afterwards. `unknown`: the policy that judged it is not found any more.
   */
  readonly kind: "unrecorded" | "weakened" | "late" | "unknown";
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The records around it (unrecorded), or the first and the last that it is about. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** How many movements it stands for. */
  readonly moves: number;
}

type Push = PushDraft & { readonly seq: number };

/**
 * Every gap, by ref and then in the ledger's order. A ref's records are put in the order in which they
 * follow one another: two pushes that end together may be written down in either order.
 */
export function findGaps(input: GapsInput): Gap[] {
  const byRef = new Map<string, Push[]>();
  for (const one of input.records) {
    if (one.kind !== "push" || one.outcome !== "accepted" || !input.governed(one.ref)) continue;
    const list = byRef.get(one.ref);
    if (list === undefined) byRef.set(one.ref, [one]);
    else list.push(one);
  }
  for (const ref of input.tips.keys())
    if (input.governed(ref) && !byRef.has(ref)) byRef.set(ref, []);
  const began = firstBatchEnd(input.records);
  const enforcedFrom = firstEnforced(input, byRef);
  const gaps: Gap[] = [];
  for (const [ref, pushes] of [...byRef].sort(([a], [b]) => (a < b ? -1 : 1))) {
    gaps.push(...unrecorded(ref, pushes, { began, tip: input.tips.get(ref) }));
    gaps.push(...told(pushes, (one) => kindOf(one, input, { began, enforcedFrom })));
  }
  return gaps;
}

/** Where the first batch ends: it holds where branches stood at adoption, which is nobody's gap. */
function firstBatchEnd(records: readonly LedgerRecord[]): number {
  return records.find((one) => one.kind === "checkpoint")?.seq ?? 0;
}

/** The first record that a policy in `enforce` judged: before it the repository was only adopting. */
function firstEnforced(input: GapsInput, byRef: ReadonlyMap<string, readonly Push[]>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const pushes of byRef.values())
    for (const one of pushes)
      if (one.seq < first && input.modeOf(one.policy) === "enforce") first = one.seq;
  return first;
}

function kindOf(
  one: Push,
  { modeOf }: GapsInput,
  at: { readonly began: number; readonly enforcedFrom: number },
): Exclude<Gap["kind"], "unrecorded"> | undefined {
  if (one.seq < at.began) return undefined;
  if (one.late === true) return "late";
  // "" is the built-in policy: after the first batch it means that the law was gone.
  const mode = one.policy === "" ? "warn" : modeOf(one.policy);
  if (mode === undefined) return "unknown";
  return mode === "warn" && one.seq > at.enforcedFrom ? "weakened" : undefined;
}

// Pushes that end together differ by a handful of records; a longer search would only cost time.
const WINDOW = 64;

/** Walks a ref's moves from its birth to where it stands, and names each step that no record is of. */
function unrecorded(
  ref: string,
  pushes: readonly Push[],
  { began, tip }: { readonly began: number; readonly tip: string | undefined },
): Gap[] {
  const gaps: Gap[] = [];
  const left = [...pushes];
  let stands: string | undefined;
  let last: number | undefined;
  const step = (after: string | undefined, to: number | undefined): void => {
    if (after === stands) return;
    gaps.push({ kind: "unrecorded", ref, before: stands, after, from: last, to, moves: 1 });
    stands = after;
  };
  while (left.length > 0) {
    const [push] = left.splice(nextOf(left.slice(0, WINDOW), stands), 1);
    if (push === undefined) break;
    // The push that brought the first policy found a history here: no ledger could have told of it.
    if (last === undefined && push.seq < began) stands = present(push.old);
    step(present(push.old), push.seq);
    stands = present(push.new);
    last = Math.max(last ?? 0, push.seq);
  }
  step(tip, undefined);
  return gaps;
}

/** The record that goes on from where the ref stands; behind a gap the first that no other leads to. */
function nextOf(near: readonly Push[], stands: string | undefined): number {
  const next = near.findIndex((one) => present(one.old) === stands);
  if (next !== -1) return next;
  const reached = new Set(near.map((one) => one.new));
  return Math.max(
    near.findIndex((one) => !reached.has(one.old)),
    0,
  );
}

/** Runs of neighbouring records of one kind become one gap: a month in `mode: warn` is one line. */
function told(
  pushes: readonly Push[],
  kind: (one: Push) => Exclude<Gap["kind"], "unrecorded"> | undefined,
): Gap[] {
  const gaps: Gap[] = [];
  let open: Gap | undefined;
  for (const one of pushes) {
    const now = kind(one);
    if (now !== undefined && open !== undefined && open.kind === now && now !== "late") {
      open = { ...open, after: present(one.new), to: one.seq, moves: open.moves + 1 };
      gaps[gaps.length - 1] = open;
      continue;
    }
    open =
      now === undefined
        ? undefined
        : {
            kind: now,
            ref: one.ref,
            before: present(one.old),
            after: present(one.new),
            from: one.seq,
            to: one.seq,
            moves: 1,
          };
    if (open !== undefined) gaps.push(open);
  }
  return gaps;
}

function present(oid: string): string | undefined {
  return /^0+$/.test(oid) ? undefined : oid;
}
