/**
 * The answers that all judgements of commands share: not looked at, distrusted, the fault of the auditor's
 * own surroundings; and FALSE, only where none of these could be.
 */
import type { Observation, RepoPath } from "@wingman/model";
import { contradicts, holds, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { findPlaceRead } from "../witness/find-place-reads.ts";
import { summary } from "./command-text.ts";
import type { CommandView, Unseen } from "./command-view.ts";
import type { FoundMark } from "./environment-marks.ts";

/** The answer where a command could not be looked at. */
export function unseen(expected: string, { reason, why }: Unseen): Observation {
  return unverifiable(reason, expected, why);
}

/** What an observation says after its summary. */
export function passed(expected: string, view: CommandView, notes: readonly string[]): Observation {
  return holds(expected, [summary(view), ...notes].join("; "));
}

/** Said where a suite passes whatever its tests expect. */
export const DEAF =
  "the tests from before the run pass now whatever they expect, and did not before it";

/** The run changed what decides, so what it `says` now proves nothing. */
export function tamperedWith(
  expected: string,
  lines: readonly string[],
  says?: string,
): Observation {
  const why = `the run changed what decides: ${lines.join("; ")}`;
  const whole = says === undefined ? why : `${says}, but ${why}`;
  return unverifiable("WITNESS_TAMPERED", expected, whole);
}

/** Where the clean copy is not all that a checkout is, a failure in it contradicts nothing. */
export function lacking(
  expected: string,
  view: CommandView,
  says: string,
): Observation | undefined {
  const lack = view.end.lacks[0];
  if (lack === undefined) return undefined;
  return unverifiable("NO_WITNESS", expected, `${says}; the clean copy lacks ${lack}`);
}

/** What it `says` bears this mark. */
export function ofSurroundings(
  expected: string,
  says: string,
  { reason, line }: FoundMark,
): Observation {
  const why = `${says}; that may be the auditor's surroundings: ${line}`;
  return unverifiable(reason, expected, why);
}

/**
 * A contradiction by what ran on the auditor's machine: FALSE, unless what the run changed or tests reads
 * its surroundings, for then the worker's own machine may have shown something else.
 */
export async function contradictsHere(
  scene: Scene,
  expected: string,
  says: string,
  also: readonly RepoPath[] = [],
): Promise<Observation> {
  const read = await findPlaceRead(scene, also);
  if (read === undefined) return contradicts(expected, says);
  return unverifiable(
    "NO_WITNESS",
    expected,
    `${says}; the auditor's surroundings may be the cause: ${read}`,
  );
}
