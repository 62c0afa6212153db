/**
 * Does a command of the policy pass? The one judgement behind suites, builds, linters and type checks: run
 * over P, looked at again where it contradicts, held against S in the same surroundings, and distrusted
 * where the run changed what decides. What fails on S as well says nothing of the run.
 */
import { type Observation, quotePath, type RepoPath } from "@wingman/model";
import { type CommandView, settle, type Unseen, viewCommand } from "./command-view.ts";
import { environmentMark } from "./environment-marks.ts";
import { contradicts, holds, unverifiable } from "./observation.ts";
import type { TestCounts } from "./results/counts.ts";
import { plainText } from "./results/report-text.ts";
import type { TestResult } from "./results/test-result.ts";
import type { Scene } from "./scene.ts";
import { isDeaf } from "./witness/deaf-suite.ts";
import { findPlaceRead } from "./witness/find-place-reads.ts";
import { findTampering } from "./witness/find-tampering.ts";
import { otherCase } from "./witness/other-case.ts";
import { ownersTests } from "./witness/owners-tests.ts";
import type { Ruler } from "./witness/tamper-checks.ts";

export interface Asked {
  readonly expected: string;
  readonly command: string;
  readonly ruler: Ruler;
  /** True where nothing passes unless tests were counted. */
  readonly counted: boolean;
}

/** Said where a suite passes whatever its tests expect. */
export const DEAF =
  "the tests from before the run pass now whatever they expect, and did not before it";

/** A command's end over P that says what is claimed, and what it rests on; or the whole answer. */
export async function judgePassing(
  scene: Scene,
  asked: Asked,
): Promise<{ readonly view: CommandView; readonly notes: readonly string[] } | Observation> {
  const { expected, command } = asked;
  const tree = scene.stage.end.tree;
  const seen = await settle(scene, command, { tree }, (view) => passes(view, asked));
  if ("reason" in seen) return unseen(expected, seen);
  if ("bad" in seen) return await weighFailure(scene, asked, seen.bad);
  const view = seen.good;
  if (asked.counted && (view.counts?.all ?? 0) === 0) return vacuous(scene, asked, view);
  const tampered = await findTampering(scene, asked.ruler, {
    command: commandWords(scene, command),
  });
  if (tampered.length > 0) return tamperedWith(expected, tampered, view);
  if (!asked.counted) return { view, notes: notesOf(view) };
  return await againstBase(scene, asked, view);
}

/** The answer where a command could not be looked at. */
export function unseen(expected: string, { reason, why }: Unseen): Observation {
  return unverifiable(reason, expected, why);
}

/** Program and arguments, as the policy names them. */
export function commandWords(scene: Scene, command: string): readonly string[] {
  return scene.stage.policy.commands[command]?.run ?? [];
}

function passes(view: CommandView, asked: Asked): boolean {
  if (view.end.exit !== 0) return false;
  return !asked.counted || (view.counts?.fail ?? 0) === 0;
}

function vacuous(scene: Scene, { expected, command }: Asked, view: CommandView): Observation {
  if (view.counts !== undefined) return unverifiable("VACUOUS", expected, "no test was collected");
  const results = scene.stage.policy.commands[command]?.results;
  const why =
    results === undefined || results.format === "text"
      ? "nothing says how many tests ran; give the command `results: {format, path}` in the policy"
      : `it left no whole ${results.format} report ${results.path === undefined ? "as its output" : `at ${quotePath(results.path)}`}`;
  return unverifiable("VACUOUS", expected, `it ends with 0, but ${why}`);
}

function tamperedWith(expected: string, lines: readonly string[], view: CommandView): Observation {
  return unverifiable(
    "WITNESS_TAMPERED",
    expected,
    `${summary(view)}, but the run changed what decides: ${lines.join("; ")}`,
  );
}

/** S in the same surroundings: fewer tests or more skips than there, and the base's own tests over P. */
async function againstBase(
  scene: Scene,
  asked: Asked,
  view: CommandView,
): Promise<{ readonly view: CommandView; readonly notes: readonly string[] } | Observation> {
  const { expected, command } = asked;
  const { start, end, run } = scene.stage;
  if (start === undefined || run === undefined) return { view, notes: notesOf(view) };
  if (run.incomplete)
    return unverifiable("NO_WITNESS", expected, "what the run started from is not all here");
  const before = await viewCommand(scene, command, { tree: start.tree });
  const was = "reason" in before ? undefined : before.counts;
  const now = view.counts;
  if (was !== undefined && now !== undefined) {
    const lost = lostTests(before, view);
    const fewer: string[] = [];
    if (now.all < was.all)
      fewer.push(`${was.all} tests before the run, ${now.all} after it${lost}`);
    if (now.skip > was.skip) fewer.push(`${was.skip} skipped before the run, ${now.skip} after it`);
    if (fewer.length > 0) return tamperedWith(expected, fewer, view);
  }
  const over = await ownersTests(scene, "before");
  const notes = notesOf(view);
  if (await isDeaf(scene, command, (one) => passes(one, asked)))
    return tamperedWith(expected, [DEAF], view);
  if (over.size === 0) return { view, notes };
  const old = await viewCommand(scene, command, { tree: end.tree, over });
  if ("reason" in old)
    return unverifiable(
      "WITNESS_TAMPERED",
      expected,
      `${summary(view)} with the run's own tests; with those from before it: ${old.why}`,
    );
  // Nothing was tested before: there is nothing to hold it against.
  if ((was?.all ?? 0) === 0 && (old.counts?.all ?? 0) === 0) return { view, notes };
  if (!passes(old, asked)) {
    const names = failing(old).map((one) => one.id);
    return unverifiable(
      "WITNESS_TAMPERED",
      expected,
      `${summary(view)} with the run's own tests, but with those from before it: ${summary(old)}${named(names)}`,
    );
  }
  if (was !== undefined && old.counts !== undefined && ran(old.counts) < ran(was)) {
    const fewer = `of the tests from before the run ${ran(was)} ran, and ${ran(old.counts)} do now`;
    return tamperedWith(expected, [`${fewer}${lostTests(before, old)}`], view);
  }
  return { view, notes: [...notes, "the tests from before the run pass too"] };
}

function ran({ all, skip }: TestCounts): number {
  return all - skip;
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
  const { expected, command } = asked;
  const lacks = view.end.lacks;
  if (lacks.length > 0)
    return unverifiable(
      "NO_WITNESS",
      expected,
      `${summary(view)}; the clean copy lacks ${lacks[0]}`,
    );
  const output = outputOf(view);
  const tests = only ?? failing(view);
  const told = tests.filter((one) => environmentMark(textOf(one, output)) === undefined);
  const mark = environmentMark(tests.length === 0 ? output : textOf(tests[0], output));
  if (tests.length > 0 ? told.length === 0 : mark !== undefined) {
    const line = mark ?? environmentMark(output);
    return unverifiable(
      line?.reason ?? "NO_WITNESS",
      expected,
      `${summary(view)}; that may be the auditor's surroundings: ${line?.line ?? "see the output"}`,
    );
  }
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
  return await heldAgainstBase(scene, { ...asked, command }, view, told);
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
  for (let attempt = 0; attempt < Math.max(1, scene.stage.policy.audit.attempts); attempt += 1) {
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

/** The tests that failed, by the results. */
export function failing(view: CommandView): readonly TestResult[] {
  return view.tests?.filter((one) => one.outcome === "fail") ?? [];
}

/** `exit 1, 2 of 5 tests failed`. */
export function summary({ end, counts }: CommandView): string {
  if (counts === undefined) return `it ends with ${end.exit}`;
  const { all, fail, skip } = counts;
  const skipped = skip > 0 ? `, ${skip} skipped` : "";
  const tests = `${all} test${all === 1 ? "" : "s"}`;
  return fail > 0
    ? `${fail} of ${tests} failed${skipped} (exit ${end.exit})`
    : `${tests} passed${skipped} (exit ${end.exit})`.replace(`${all} test`, `${all - skip} test`);
}

function notesOf(view: CommandView): readonly string[] {
  return [view.end.enclosure];
}

/** What an observation says after its summary. */
export function passed(expected: string, view: CommandView, notes: readonly string[]): Observation {
  return holds(expected, [summary(view), ...notes].join("; "));
}

function lostTests(before: CommandView | Unseen, view: CommandView): string {
  if ("reason" in before || before.tests === undefined || view.tests === undefined) return "";
  const now = new Set(view.tests.map((one) => one.id));
  return named(before.tests.map((one) => one.id).filter((id) => !now.has(id)));
}

function named(ids: readonly string[]): string {
  if (ids.length === 0) return "";
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return `: ${ids.slice(0, 3).join(", ")}${more}`;
}

/** A runner that keeps its errors elsewhere says them on its output. */
function textOf(test: TestResult | undefined, output: string): string {
  return test === undefined || test.message.trim() === "" ? output : test.message;
}

/** The end of all that it wrote. */
export function outputOf({ end }: CommandView): string {
  return [end.stdout.bytes, end.stderr]
    .map((bytes) => plainText(bytes.subarray(-65_536)))
    .join("\n");
}

function lastLine({ end }: CommandView): string {
  for (const bytes of [end.stderr, end.stdout.bytes]) {
    const line = plainText(bytes.subarray(-4_096)).trim().split("\n").at(-1)?.trim();
    if (line) return line.slice(0, 160);
  }
  return "no output";
}
