/** One test of a run, as any results format tells it, and the bounds that all readers keep. */

export interface TestResult {
  /** From the outermost suite inwards, joined with ` › `. */
  readonly id: string;
  readonly outcome: "pass" | "fail" | "skip";
  /** What it says of a failure; bounded. */
  readonly message: string;
}

/** At most so many tests are read of one run. */
export const MOST_TESTS = 200_000;
/** Characters of one failure that are kept. */
export const MESSAGE = 4_000;
/** Characters of an id that are kept. */
export const ID = 2_000;
/** Between the names of nested suites. */
export const JOINT = " › ";
