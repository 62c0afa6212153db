/** The table of the story's steps. A step that does not go as it should throws; the report names it. */
import type { Scene } from "./scene.ts";
import { gapSeen, pastPreCommit, seenToFire } from "./story-gate.ts";
import { carried, incident, locked, unlock } from "./story-incident.ts";
import { complete, withForce, withoutMitigation, withSecret } from "./story-instructions.ts";
import { tampered, verifies } from "./story-ledger.ts";
import { honestRun, lieOnBranch, lieOnMain } from "./story-runs.ts";

export interface Step {
  readonly title: string;
  run(): Promise<void>;
}

/** All steps in their order; each builds on those before it. */
export function storySteps(scene: Scene): readonly Step[] {
  return [
    { title: "an instruction without mitigation is refused", run: () => withoutMitigation(scene) },
    { title: "an instruction with a hard-coded secret is refused", run: () => withSecret(scene) },
    {
      title: "an instruction that orders git push --force is refused",
      run: () => withForce(scene),
    },
    { title: "a complete instruction is accepted and lands", run: () => complete(scene) },
    { title: "doctor sees every hook fire", run: () => seenToFire(scene) },
    {
      title: "commit --no-verify on the governed branch is refused",
      run: () => pastPreCommit(scene),
    },
    { title: "an honest run is TRUE and lands", run: () => honestRun(scene) },
    { title: "a lying run on its branch is FALSE", run: () => lieOnBranch(scene) },
    {
      title: "a lie pushed straight to the governed branch is refused and recorded",
      run: () => lieOnMain(scene),
    },
    { title: "the incident is told", run: () => incident(scene) },
    { title: "the liar is locked: the next push is refused", run: () => locked(scene) },
    { title: "the same claims carried by somebody else accuse nobody", run: () => carried(scene) },
    {
      title: "an administrator unlocks; the worker's push goes in again",
      run: () => unlock(scene),
    },
    { title: "the ledger verifies", run: () => verifies(scene) },
    { title: "one changed byte of the ledger is caught", run: () => tampered(scene) },
    { title: "a branch that moved past every hook is listed", run: () => gapSeen(scene) },
  ];
}
