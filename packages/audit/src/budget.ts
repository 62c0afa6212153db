/**
 * What one run may cost the auditor. A worker writes the claims, so a thousand of them on the largest
 * file, or patterns made to explode, must end in UNVERIFIABLE (BUDGET), never in a wait. Counts, not
 * time, so every machine answers alike.
 */

/** The largest file that is held in memory, for patterns and parsers, in bytes; others are streamed. */
export const LARGEST_HELD = 64 * 1024 * 1024;

/** Steps of the pattern matcher for a single claim. */
export const STEPS_PER_CLAIM = 20_000_000;

/** How long somebody waits: a push (a forge gives all hooks some five seconds), or nobody. */
export type Patience = "push" | "audit";

/** What is left for all claims of one run together; a push's is shared among its runs. */
export interface Budget {
  /** Bytes of files looked through. */
  bytes: number;
  /** Steps of the pattern matcher. */
  steps: number;
  /** Bytes of files parsed, as data or as source. */
  parsed: number;
  /** Milliseconds of parsing source: the one cost that no count tells beforehand. */
  parsingMs: number;
}

const MiB = 1024 * 1024;

/** A fresh budget: for a push some two seconds of looking; without one, whatever files of gigabytes take. */
export function newBudget(patience: Patience = "push"): Budget {
  return patience === "push"
    ? { bytes: 512 * MiB, steps: 60_000_000, parsed: 32 * MiB, parsingMs: 3_000 }
    : { bytes: 65_536 * MiB, steps: 2_000_000_000, parsed: 2_048 * MiB, parsingMs: 600_000 };
}

/** Takes from the budget; false where it is spent. */
export function spend(budget: Budget, what: "bytes" | "parsed", count: number): boolean {
  if (budget[what] < count) return false;
  budget[what] -= count;
  return true;
}

/** What one push may cost, handed out to its runs. */
export interface Purse {
  /** A run's part: an equal share of what is left, so that none is starved by those before it. */
  take(): Budget;
  /** What a run did not spend goes to those after it. */
  giveBack(left: Budget): void;
}

/**
 * The budget that a push waits for, for so many runs together: two hundred of them take as long as one.
 */
export function purseOf(runs: number, whole: Budget = newBudget("push")): Purse {
  let waiting = Math.max(1, runs);
  const rest = { ...whole };
  return {
    take: () => {
      const share = { ...rest };
      for (const what of KINDS) {
        share[what] = Math.floor(rest[what] / Math.max(1, waiting));
        rest[what] -= share[what];
      }
      waiting -= 1;
      return share;
    },
    giveBack: (left) => {
      for (const what of KINDS) rest[what] += Math.max(0, left[what]);
    },
  };
}

const KINDS = ["bytes", "steps", "parsed", "parsingMs"] as const;
