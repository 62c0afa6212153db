/**
 * A fault: Wingman could not do its job. It is never the user's finding, it blocks, it is thrown
 * where it happens and caught once, in the cli's `main`.
 */

/** What went wrong, and what to do about it. */
export interface FaultDetail {
  /** A stable code, as `git/missing-object`; `wingman explain CODE` tells more. */
  readonly code: string;
  /** What to do: one sentence, or something to paste. */
  readonly hint: string;
  readonly cause?: unknown;
}

/** Thrown when Wingman cannot judge. Exit code 2. */
export class Fault extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(message: string, detail: FaultDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "Fault";
    this.code = detail.code;
    this.hint = detail.hint;
  }
}

/** Throws a {@link Fault}; an expression, so that it can stand behind `??`. */
export function fault(message: string, detail: FaultDetail): never {
  throw new Fault(message, detail);
}

/** Tells a fault by its shape, so that two bundled copies of the class cannot disagree. */
export function isFault(error: unknown): error is Fault {
  return (
    error instanceof Error && "hint" in error && "code" in error && typeof error.hint === "string"
  );
}
