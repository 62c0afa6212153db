/** What every step of the story holds in its hands, and how it says that something went otherwise. */
import type { UserGitRun } from "@wingman/git";
import { visible } from "@wingman/model";
import type { SetUp } from "./set-up.ts";
import type { Actor, ActorName, Stage } from "./stage.ts";

export interface Told {
  /** Prints one line of narration. */
  say(line: string): void;
  /** Prints the lines of real output that match. */
  show(output: string, pattern: RegExp): void;
  /** Prints the first block of real output whose first line matches: a finding with its frame and help. */
  frame(output: string, pattern: RegExp): void;
}

export interface Scene extends SetUp {
  readonly stage: Stage;
  readonly actors: Readonly<Record<ActorName, Actor>>;
  readonly told: Told;
}

/** Throws with what was seen, where a step did not go as it should. */
export function expect(condition: boolean, what: string, run: UserGitRun): void {
  if (condition) return;
  const seen = `${run.stdout}\n${run.stderr}`.trim();
  throw new Error(
    `${what}; exit ${run.code}: ${visible(seen).replaceAll("\\n", "\n").slice(-3000)}`,
  );
}

/** Expects that git was refused, with what a pattern names. */
export function refused(run: UserGitRun, pattern: RegExp, what: string): void {
  expect(
    run.code !== 0 && pattern.test(run.stderr),
    `${what} was not refused as it should be`,
    run,
  );
}
