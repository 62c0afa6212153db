/** `test.passes` and `test.added`: tests that a claim names, by what the auditor's own run collected. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { type CommandView, settle, type Unseen, viewCommand } from "../command-view.ts";
import { countOf } from "../comparison.ts";
import { environmentMark } from "../environment-marks.ts";
import { findTests, last } from "../find-tests.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene } from "../scene.ts";
import {
  commandWords,
  contradictsHere,
  DEAF,
  failing,
  outputOf,
  summary,
  unseen,
  weighFailure,
} from "../suite-judgement.ts";
import { isDeaf } from "../witness/deaf-suite.ts";
import { findTampering } from "../witness/find-tampering.ts";
import { ownersTests } from "../witness/owners-tests.ts";

/** The ids that a claim names, in `id` or `ids`. */
function idsOf(args: Arguments): readonly string[] {
  const id = args.text("id");
  return [...(id === undefined ? [] : [id]), ...(args.texts("ids") ?? [])];
}

function named(ids: readonly string[]): string {
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return `${ids.slice(0, 3).map(quoted).join(", ")}${more}`;
}

/** Each id ran and passed, with the run's own test files and with those from before it. */
export async function testsPass(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const ids = idsOf(args);
  const expected = `${named(ids)} of ${quoted(command)} pass${ids.length === 1 ? "es" : ""}`;
  if (ids.length === 0) return unverifiable("VACUOUS", expected, "no test is named");
  const good = (view: CommandView): boolean =>
    ids.every((id) => outcomesOf(view, id).every((one) => one === "pass"));
  const seen = await settle(scene, command, { tree: scene.stage.end.tree }, good);
  if ("reason" in seen) return unseen(expected, seen);
  const view = "good" in seen ? seen.good : seen.bad;
  if (view.tests === undefined) return unnamed(expected, view);
  if ("bad" in seen) return await whyNotPassed(scene, { expected, command, ids }, view);
  const lines = await findTampering(scene, "tests", { command: commandWords(scene, command) });
  if (lines.length > 0) return tampered(expected, lines);
  const { start, end, run } = scene.stage;
  if (run?.incomplete === true)
    return unverifiable("NO_WITNESS", expected, "what the run started from is not all here");
  const over = start === undefined ? new Map() : await ownersTests(scene, "before");
  const old =
    over.size === 0 ? undefined : await viewCommand(scene, command, { tree: end.tree, over });
  if (old !== undefined && !("reason" in old)) {
    const broken = ids.filter((id) => outcomesOf(old, id).includes("fail"));
    if (broken.length > 0)
      return tampered(expected, [`as they stood before the run, they fail: ${named(broken)}`]);
  }
  const passes = (one: CommandView): boolean => one.end.exit === 0 && failing(one).length === 0;
  if (await isDeaf(scene, command, passes)) return tampered(expected, [DEAF]);
  return holds(expected, `${ids.length} of ${view.tests.length} tests; ${view.end.enclosure}`);
}

/** How the tests of a name ended; `none` where there is no such, `like` where one only resembles it. */
function outcomesOf(view: CommandView, id: string): readonly string[] {
  const found = findTests(view.tests ?? [], id);
  if (found === "none") return ["none"];
  return "like" in found ? ["like"] : found.found.map((one) => one.outcome);
}

async function whyNotPassed(
  scene: Scene,
  asked: { readonly expected: string; readonly command: string; readonly ids: readonly string[] },
  view: CommandView,
): Promise<Observation> {
  const { expected, command, ids } = asked;
  const failed: TestResult[] = [];
  let other: Observation | undefined;
  for (const id of ids) {
    const found = findTests(view.tests ?? [], id);
    if (found === "none")
      other = unverifiable("VACUOUS", expected, `${quoted(id)} was not collected`);
    else if ("like" in found)
      other = unverifiable(
        "AMBIGUOUS",
        expected,
        `${quoted(id)} was not collected, but ${quoted(found.like)}`,
      );
    else {
      const bad = found.found.filter((one) => one.outcome === "fail");
      // Two tests of one name, one of which passes: nobody can tell which was meant.
      if (bad.length > 0 && bad.length < found.found.length)
        other = unverifiable("AMBIGUOUS", expected, `several tests are named ${quoted(id)}`);
      else if (bad.length > 0) failed.push(...bad);
      else if (found.found.some((one) => one.outcome === "skip"))
        other = unverifiable("VACUOUS", expected, `${quoted(id)} was skipped`);
    }
  }
  if (failed.length > 0)
    return await weighFailure(
      scene,
      { expected, command, ruler: "tests", counted: true },
      view,
      failed,
    );
  return other ?? unverifiable("FLAKY", expected, summary(view));
}

/** The ids (or so many tests) are collected at P and were not at S. */
export async function testsAdded(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const ids = idsOf(args);
  const count = args.number("count") ?? countOf(1);
  const what = ids.length > 0 ? named(ids) : `${count.text} or more tests`;
  const expected = `${what} of ${quoted(command)} ${ids.length === 1 ? "is" : "are"} new`;
  const { start, end, run } = scene.stage;
  if (start === undefined || run === undefined)
    return unverifiable("NO_WITNESS", expected, "there is no run: nobody can tell what is new");
  if (run.incomplete)
    return unverifiable("NO_WITNESS", expected, "what the run started from is not all here");
  if (ids.length === 0 && count.digits <= 0n)
    return unverifiable("VACUOUS", expected, "it says of no test that it is new");
  const before = await viewCommand(scene, command, { tree: start.tree });
  const was = testsBefore(before);
  if (was === undefined) return unseen(expected, before as Unseen);
  const fresh = (view: CommandView): readonly TestResult[] => freshAmong(view.tests ?? [], was);
  const good = (view: CommandView): boolean =>
    ids.length > 0
      ? ids.every((id) => {
          const found = findTests(fresh(view), id);
          return found !== "none" && "found" in found;
        })
      : BigInt(fresh(view).length) >= count.digits;
  const seen = await settle(scene, command, { tree: end.tree }, good);
  if ("reason" in seen) return unseen(expected, seen);
  const view = "good" in seen ? seen.good : seen.bad;
  if (view.tests === undefined) return unnamed(expected, view);
  if ("bad" in seen)
    return whyNotNew(scene, { expected, ids, was, fresh: fresh(view).length }, view);
  const lines = await findTampering(scene, "tests", { command: commandWords(scene, command) });
  if (lines.length > 0) return tampered(expected, lines);
  const own = ids.length === 0 ? fresh(view) : ids.flatMap((id) => foundIn(fresh(view), id));
  if (own.every((one) => one.outcome === "skip"))
    return unverifiable("VACUOUS", expected, "they are collected, and skipped");
  return holds(expected, `${own.length} collected; ${await whatTheyProve(scene, command, own)}`);
}

/** Tests at S; none where the command found nothing there. Undefined where it could not be looked. */
function testsBefore(before: CommandView | Unseen): readonly TestResult[] | undefined {
  if ("reason" in before) return undefined;
  return before.tests ?? [];
}

/** By name, as often as there are more of it: another file may have a test of the same name. */
function freshAmong(now: readonly TestResult[], was: readonly TestResult[]): readonly TestResult[] {
  const left = new Map<string, number>();
  for (const { id } of was) left.set(id, (left.get(id) ?? 0) + 1);
  return now.filter(({ id }) => {
    const many = left.get(id) ?? 0;
    left.set(id, many - 1);
    return many <= 0;
  });
}

function foundIn(tests: readonly TestResult[], id: string): readonly TestResult[] {
  const found = findTests(tests, id);
  return found === "none" || "like" in found ? [] : found.found;
}

async function whyNotNew(
  scene: Scene,
  asked: {
    readonly expected: string;
    readonly ids: readonly string[];
    readonly was: readonly TestResult[];
    readonly fresh: number;
  },
  view: CommandView,
): Promise<Observation> {
  const { expected, ids, was } = asked;
  const lack = view.end.lacks[0];
  if (lack !== undefined)
    return unverifiable("NO_WITNESS", expected, `the clean copy lacks ${lack}`);
  const mark = environmentMark(outputOf(view));
  // A file that cannot be loaded hides what stands in it.
  if (mark !== undefined && failing(view).length > 0)
    return unverifiable(mark.reason, expected, `not all could be collected: ${mark.line}`);
  if (view.tests?.length === 0) return unverifiable("VACUOUS", expected, "no test was collected");
  if (ids.length === 0) {
    if (failing(view).length > 0)
      return unverifiable("NO_WITNESS", expected, `${summary(view)}; more may stand behind them`);
    return await contradictsHere(
      scene,
      expected,
      `${asked.fresh} collected now that were not before the run`,
    );
  }
  for (const id of ids) {
    const now = findTests(view.tests ?? [], id);
    if (now !== "none" && "found" in now) {
      if (freshAmong(now.found, was).length === 0)
        return contradicts(expected, `${quoted(id)} was collected before the run already`);
    } else if (now !== "none")
      return unverifiable("AMBIGUOUS", expected, `not collected, but ${quoted(now.like)} is`);
    else if (await isWritten(scene, last(id)))
      return unverifiable("VACUOUS", expected, `${quoted(id)} is written, but not collected`);
    else if (failing(view).length > 0)
      return unverifiable(
        "NO_WITNESS",
        expected,
        `${summary(view)}; ${quoted(id)} was not collected`,
      );
    else
      return await contradictsHere(
        scene,
        expected,
        `${quoted(id)} is not among the ${view.tests?.length} tests`,
      );
  }
  return unverifiable("FLAKY", expected, "attempts disagree");
}

/** True where a name stands in a file that the run brought: another command may collect it. */
async function isWritten(scene: Scene, name: string): Promise<boolean> {
  for (const { path, after } of scene.stage.own.values()) {
    // The claim itself stands in the run's claims file.
    if (path.startsWith(".wingman/")) continue;
    if (after === undefined || after.mode === "120000" || after.mode === "160000") continue;
    const { end } = scene.stage;
    if ((await end.tree.size(after)) > 1024 * 1024) return true;
    if (Buffer.from(await end.read(after)).includes(name)) return true;
  }
  return false;
}

/** Do the new tests fail without the change? One that passes there too proves nothing of it. */
async function whatTheyProve(
  scene: Scene,
  command: string,
  own: readonly TestResult[],
): Promise<string> {
  const tree = scene.stage.start?.tree;
  if (tree === undefined) return "";
  const bare = await viewCommand(scene, command, { tree, over: await ownersTests(scene, "after") });
  if ("reason" in bare) return `without the change they could not be run: ${bare.why}`;
  const passing = own.filter((one) =>
    bare.tests?.some((there) => there.id === one.id && there.outcome === "pass"),
  );
  if (passing.length === 0) return "they fail without the change";
  return passing.length === own.length
    ? "they pass without the change too, so they prove nothing of it"
    : `${passing.length} of them pass without the change too`;
}

function tampered(expected: string, lines: readonly string[]): Observation {
  const why = `the run changed what decides: ${lines.join("; ")}`;
  return unverifiable("WITNESS_TAMPERED", expected, why);
}

function unnamed(expected: string, view: CommandView): Observation {
  return unverifiable(
    "UNSUPPORTED",
    expected,
    `${summary(view)}; no whole report names its tests: the policy gives the command \`results: {format, path}\``,
  );
}
