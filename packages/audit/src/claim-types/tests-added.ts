/**
 * `test.added`: tests that are collected at P and were not at S. What was written there and could not be
 * collected is not new, and what is written now and not collected accuses nobody.
 */
import type { Entry, Observation } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { contradictsHere, tamperedWith, unseen } from "../command/command-answers.ts";
import { commandWords, failing, outputOf, summary } from "../command/command-text.ts";
import { type CommandView, settle, viewCommand } from "../command/command-view.ts";
import { environmentMark } from "../command/environment-marks.ts";
import { countOf } from "../comparison.ts";
import type { Ground } from "../ground.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import { findTests, last } from "../results/find-tests.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene } from "../scene.ts";
import { findTampering } from "../witness/find-tampering.ts";
import { ownersTests } from "../witness/owners-tests.ts";
import { witnessKind } from "../witness/witness-files.ts";
import { idsOf, named, unnamed } from "./test-names.ts";

const LARGEST = 1024 * 1024;

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
  if ("reason" in before) return unseen(expected, before);
  // None where the command found nothing there.
  const was = before.tests ?? [];
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
  if (lines.length > 0) return tamperedWith(expected, lines);
  const own = ids.length === 0 ? fresh(view) : ids.flatMap((id) => foundIn(fresh(view), id));
  if (own.every((one) => one.outcome === "skip"))
    return unverifiable("VACUOUS", expected, "they are collected, and skipped");
  const stood = before.end.exit === 0 ? undefined : await stoodUncollected(scene, ids, was);
  if (stood !== undefined)
    return unverifiable("NO_WITNESS", expected, `before the run, ${summary(before)}; ${stood}`);
  return holds(expected, `${own.length} collected; ${await whatTheyProve(scene, command, own)}`);
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
    if (path.startsWith(".wingman/") || after === undefined) continue;
    if (await holdsText(scene.stage.end, after, name)) return true;
  }
  return false;
}

/**
 * A command that failed at S may not have collected what stood there: a file that does not load hides its
 * tests, and mending it makes none of them new. Gives the file that says so.
 */
async function stoodUncollected(
  scene: Scene,
  ids: readonly string[],
  was: readonly TestResult[],
): Promise<string | undefined> {
  const { start } = scene.stage;
  if (start === undefined) return undefined;
  const missed = ids.filter((id) => foundIn(was, id).length === 0);
  for (const entry of await start.tree.entries()) {
    if (entry.path.startsWith(".wingman/") || witnessKind(entry.path) !== "test") continue;
    if (ids.length === 0) return `${quotePath(entry.path)} stood there`;
    for (const id of missed)
      if (await holdsText(start, entry, last(id)))
        return `${quoted(id)} may stand in ${quotePath(entry.path)} there`;
  }
  return undefined;
}

/** True where a file has the text, or is too large to tell. */
async function holdsText(ground: Ground, entry: Entry, text: string): Promise<boolean> {
  if (!entry.mode.startsWith("100")) return false;
  if ((await ground.tree.size(entry)) > LARGEST) return true;
  return Buffer.from(await ground.read(entry)).includes(text);
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
