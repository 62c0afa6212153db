/**
 * What one run may cost the auditor. A worker writes the claims, so a thousand of them on the
 * largest file, or patterns made to explode, must end in UNVERIFIABLE (BUDGET), never in a wait: a
 * forge gives all hooks together some five seconds. Counts, not time, so every machine answers alike.
 */

/** The largest file whose content is looked at, in bytes. */
export const LARGEST_FILE = 64 * 1024 * 1024;

/** Steps of the pattern matcher for a single claim. */
export const STEPS_PER_CLAIM = 20_000_000;

/** What is left for all claims of one run together. */
export interface Budget {
  /** Bytes of files searched. */
  bytes: number;
  /** Steps of the pattern matcher. */
  steps: number;
}

/** A fresh budget: half a gigabyte searched, and some two seconds of pattern matching. */
export function newBudget(): Budget {
  return { bytes: 512 * 1024 * 1024, steps: 60_000_000 };
}

/** Takes bytes from the budget; false where it is spent. */
export function spendBytes(budget: Budget, bytes: number): boolean {
  if (budget.bytes < bytes) return false;
  budget.bytes -= bytes;
  return true;
}
