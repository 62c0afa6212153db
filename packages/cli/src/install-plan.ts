/**
 * The plan of init, as a pure function: from what stands in a repository and what was decided to the
 * steps that are still due. A step that is done already is not in it, so a half-done init is
 * finished by running it again. Nothing foreign is ever overwritten: it is chained or kept.
 */
import { fault } from "@wingman/model";

/** One thing to do. `says` is what a person reads before it happens. */
export type Step = { readonly says: string } & (
  | { readonly kind: "program" }
  | { readonly kind: "chain"; readonly path: string }
  | { readonly kind: "shim"; readonly path: string; readonly text: string }
  | { readonly kind: "edit"; readonly path: string; readonly text: string }
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "config"; readonly key: string; readonly value: string }
  | { readonly kind: "head"; readonly branch: string }
  | { readonly kind: "key"; readonly path: string }
);

/** A hook's place: where the shim belongs and what stands there. */
export interface HookPlace {
  readonly hook: string;
  /** Absolute. */
  readonly path: string;
  /** For people, relative to the repository. */
  readonly shown: string;
  /** `managed`: written by a hook manager, whose configuration calls us. */
  readonly state: "absent" | "current" | "old" | "foreign" | "managed";
  /** `equal`: the chained file holds the same bytes as the foreign hook. */
  readonly chained: "absent" | "equal" | "other";
}

/** A file of the repository's own that shall call us: a committed hook, a hook manager's configuration. */
export interface EditedFile {
  readonly path: string;
  readonly shown: string;
  readonly says: string;
  /** What it shall say; undefined where it calls us already. */
  readonly text: string | undefined;
}

/** A file that init writes where there is none. */
export interface NewFile {
  readonly path: string;
  readonly shown: string;
  readonly exists: boolean;
  readonly text: string;
}

/** What the plan is made from: read from the disk by install-facts.ts, decided in commands/init.ts. */
export interface PlanInput {
  readonly shim: string;
  readonly program: { readonly current: boolean; readonly version: string };
  readonly hooks: readonly HookPlace[];
  readonly edits: readonly EditedFile[];
  readonly files: readonly NewFile[];
  /** Keys that must stand, with what stands now. */
  readonly config: readonly {
    readonly key: string;
    readonly value: string;
    readonly now: string | undefined;
  }[];
  /** The branch that HEAD shall name, where it names an unborn other one. */
  readonly head: string | undefined;
  /** A server's key; undefined in a clone. */
  readonly key: { readonly path: string; readonly exists: boolean } | undefined;
}

export interface InstallPlan {
  readonly steps: readonly Step[];
  /** What stands already and is left alone. */
  readonly kept: readonly string[];
}

/** Decides every step. Throws a fault where two foreign hooks want the same place. */
export function planInstall(input: PlanInput): InstallPlan {
  const kept: string[] = [];
  const steps: Step[] = [];
  if (input.program.current) kept.push(`the program, version ${input.program.version}`);
  else
    steps.push({
      kind: "program",
      says: `copy the program, version ${input.program.version}, into the git directory`,
    });
  // The key before the hooks: a pre-receive that runs between the two must not find itself no authority.
  if (input.key?.exists) kept.push("the auditor's key");
  else if (input.key)
    steps.push({
      kind: "key",
      path: input.key.path,
      says: "make the auditor's key, readable by this account only",
    });
  for (const { key, value, now } of input.config) {
    if (now === value) kept.push(`git config ${key}`);
    else
      steps.push({
        kind: "config",
        key,
        value,
        says: `git config ${key} ${JSON.stringify(value)}`,
      });
  }
  if (input.head !== undefined)
    steps.push({
      kind: "head",
      branch: input.head,
      says: `let HEAD name ${input.head}: the branch that it names now does not exist`,
    });
  for (const place of input.hooks) planHook(place, input.shim, steps, kept);
  for (const { path, shown, says, text } of input.edits) {
    if (text === undefined) kept.push(shown);
    else steps.push({ kind: "edit", path, text, says });
  }
  for (const file of input.files) {
    if (file.exists) kept.push(file.shown);
    else
      steps.push({ kind: "file", path: file.path, text: file.text, says: `write ${file.shown}` });
  }
  return { steps, kept };
}

function planHook(place: HookPlace, shim: string, steps: Step[], kept: string[]): void {
  const { path, shown, state, chained } = place;
  if (state === "current" || state === "managed") {
    kept.push(state === "current" ? shown : `${shown}, whose configuration calls Wingman`);
    return;
  }
  if (state === "foreign" && chained === "other")
    fault(`${shown} is not Wingman's, and ${shown}.chained holds another hook already`, {
      code: "init/chained",
      hint: `put what both shall do into ${shown}.chained, remove ${shown}, and run wingman init again`,
    });
  if (state === "foreign" && chained === "absent")
    steps.push({
      kind: "chain",
      path,
      says: `keep the hook that stands at ${shown} as ${shown}.chained; it runs first`,
    });
  const verb = state === "old" ? "renew" : "install";
  steps.push({ kind: "shim", path, text: shim, says: `${verb} ${shown}` });
}
