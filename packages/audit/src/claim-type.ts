/**
 * A claim type: one kind of statement and the code that judges it. A row of the table in
 * claim-types.ts; nothing registers itself.
 */
import type { ClaimText, Observation, RepoPath, Verdict } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "./arguments.ts";
import type { Need } from "./reach.ts";
import type { Scene } from "./scene.ts";

/** What a claim speaks for in the run's diff: one path, or a folder and all below it. */
export interface Covered {
  readonly path: RepoPath;
  readonly below: boolean;
}

/** One row of the table. */
export interface ClaimType {
  /** As claims write it: `file.exists`. */
  readonly type: string;
  /** One line: what the claim says. */
  readonly title: string;
  /** A claim that can be pasted. */
  readonly example: ClaimText;
  /** The closed list of its arguments: any other is MALFORMED. */
  readonly args: ArgumentKinds;
  /** What must be there to be asked; `tree` where absent. */
  readonly needs?: Need;
  /** True where `about: worktree` is looked at on the disk, on surfaces that have one. */
  readonly onDisk?: true;
  /**
   * True where the answer does not hang on P: each commit is named by its id. Asked of what is judged in
   * the repository only; what is seen elsewhere never does. Absent: it does.
   */
  apart?(args: Arguments): boolean;
  /** Who was asked. `forgeable`: the answer's bytes were written by the claimant. */
  readonly witness: Verdict["witness"];
  readonly forgeable: boolean;
  /** Paths for which `audit/unclaimed` is silent where this claim stands. None where absent. */
  covers?(args: Arguments): readonly Covered[];
  /** Looks, through the scene only, and answers. Throws nothing but faults. */
  judge(args: Arguments, scene: Scene): Promise<Observation>;
}
