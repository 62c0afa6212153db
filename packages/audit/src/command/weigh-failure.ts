/**
 * What a failure over P says of the run: nothing where it bears a mark of the auditor's own surroundings,
 * comes and goes, or was there before the run as well.
 */
import type { Observation } from "@wingman/model";
import { contradicts, unverifiable } from "../observation.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene } from "../scene.ts";
import { otherCase } from "../witness/other-case.ts";
import type { Ruler } from "../witness/tamper-checks.ts";
import { contradictsHere, lacking, ofSurroundings } from "./command-answers.ts";
import { failing, lastLine, named, outputOf, summary } from "./command-text.ts";
import { type CommandView, viewCommand } from "./command-view.ts";
import { environmentMark } from "./environment-marks.ts";

export interface Asked {
  readonly expected: string;
  readonly command: string;
  readonly ruler: Ruler;
  /** True where nothing passes unless tests were counted. */
  readonly counted: boolean;
}

/** Whether one run says what is asked. */
export function passes(view: CommandView, asked: Asked): boolean {
  if (view.end.exit !== 0) return false;
  return !asked.counted || (view.counts?.fail ?? 0) === 0;
}

/**
 * Every attempt failed over P. That contradicts only if the failure is not one of the auditor's own
 * surroundings: it leaves no mark of them, and the same did not fail before the run as well.
 */
export async function weighFailure(
  scene: Scene,
  asked: Asked,
  view: CommandView,
  only?: readonly TestResult[],
): Promise<Observation> {
  const { expected } = asked;
  const lacks = lacking(expected, view, summary(view));
  if (lacks !== undefined) return lacks;
  const output = outputOf(view);
  const tests = only ?? failing(view);
  const told = tests.filter((one) => environmentMark(textOf(one, output)) === undefined);
  const mark = environmentMark(tests.length === 0 ? output : textOf(tests[0], output));
  if (mark !== undefined && told.length === 0) return ofSurroundings(expected, summary(view), mark);
  const texts = told.length === 0 ? [output] : told.map((one) => textOf(one, output));
  const other = await otherCase(scene, texts.join("\n"));
  if (other !== undefined)
    return unverifiable(
      "NO_WITNESS",
      expected,
      `${summary(view)}; on a disk that folds case it may pass: ${other}`,
    );
  if (view.end.exit === 0 && triedAgain(view, tests))
    return unverifiable(
      "AMBIGUOUS",
      expected,
      `it ends with 0, and yet ${summary(view)}${named(tests.map((one) => one.id))}`,
    );
  if (asked.counted && tests.length === 0 && view.counts !== undefined) {
    if (view.counts.all === 0)
      return unverifiable("VACUOUS", expected, `no test was collected; exit ${view.end.exit}`);
    if (view.counts.fail === 0)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `every test passes, and yet it ends with ${view.end.exit}: ${lastLine(view)}`,
      );
  }
  return await heldAgainstBase(scene, asked, view, told);
}

/** Those that fail at every attempt over P: each attempt may be red by another test. */
async function failAlways(
  scene: Scene,
  command: string,
  failed: readonly TestResult[],
): Promise<readonly TestResult[]> {
  let left = failed;
  for (let attempt = 1; attempt < scene.stage.policy.audit.attempts; attempt += 1) {
    if (left.length === 0) break;
    const view = await viewCommand(scene, command, { tree: scene.stage.end.tree }, attempt);
    if ("reason" in view) return [];
    const again = new Set(failing(view).map((one) => one.id));
    left = left.filter((one) => again.has(one.id));
  }
  return left;
}

/** A runner that tries again may list each try; and a summary for people may be that of an inner run. */
function triedAgain(view: CommandView, failed: readonly TestResult[]): boolean {
  const passing = new Set(view.tests?.filter((one) => one.outcome === "pass").map((one) => one.id));
  return failed.every((one) => passing.has(one.id));
}

async function heldAgainstBase(
  scene: Scene,
  asked: Asked,
  view: CommandView,
  failed: readonly TestResult[],
): Promise<Observation> {
  const { expected, command } = asked;
  const { start, run } = scene.stage;
  const told = await failAlways(scene, command, failed);
  if (failed.length > 0 && told.length === 0)
    return unverifiable(
      "FLAKY",
      expected,
      `${summary(view)}${named(failed.map((one) => one.id))}; at another attempt others fail, and not these`,
    );
  const says = `${summary(view)}${named(told.map((one) => one.id))}${told.length === 0 ? `: ${lastLine(view)}` : ""}`;
  if (start === undefined || run === undefined) {
    if (told.length > 0) return contradicts(expected, says);
    return unverifiable("NO_WITNESS", expected, `${says}; there is no run to hold it against`);
  }
  if (run.incomplete)
    return unverifiable("NO_WITNESS", expected, `${says}; what the run started from is not here`);
  // As often as the contradiction was: a test that fails now and then is not of the run's making.
  const failedBefore = new Set<string>();
  for (let attempt = 0; attempt < scene.stage.policy.audit.attempts; attempt += 1) {
    const before = await viewCommand(scene, command, { tree: start.tree }, attempt);
    if ("reason" in before)
      return unverifiable("NO_WITNESS", expected, `${says}; before the run: ${before.why}`);
    for (const one of failing(before)) failedBefore.add(one.id);
    const isFresh =
      told.length > 0
        ? told.some((one) => !failedBefore.has(one.id))
        : passes(before, { ...asked, counted: false });
    if (!isFresh)
      return unverifiable(
        attempt === 0 ? "NO_WITNESS" : "FLAKY",
        expected,
        `${says}; the same fails ${attempt === 0 ? "" : "now and then "}before the run as well where the auditor runs it, so its surroundings may be the cause`,
      );
  }
  return await contradictsHere(scene, expected, says);
}

/** A runner that keeps its errors elsewhere says them on its output. */
function textOf(test: TestResult | undefined, output: string): string {
  return test === undefined || test.message.trim() === "" ? output : test.message;
}
