/**
 * `test.passes`: each test that a claim names ran and passed, with the run's own test files and with those
 * from before it. A name that is not found, or found twice, contradicts nothing.
 */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { DEAF, tamperedWith, unseen } from "../command/command-answers.ts";
import { commandWords, failing, summary } from "../command/command-text.ts";
import { type CommandView, settle, viewCommand } from "../command/command-view.ts";
import { weighFailure } from "../command/weigh-failure.ts";
import { holds, quoted, unverifiable } from "../observation.ts";
import { findTests } from "../results/find-tests.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene } from "../scene.ts";
import { isDeaf } from "../witness/deaf-suite.ts";
import { findTampering } from "../witness/find-tampering.ts";
import { ownersTests } from "../witness/owners-tests.ts";
import { idsOf, named, unnamed } from "./test-names.ts";

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
  if (lines.length > 0) return tamperedWith(expected, lines);
  const { start, end, run } = scene.stage;
  if (run?.incomplete === true)
    return unverifiable("NO_WITNESS", expected, "what the run started from is not all here");
  const over = start === undefined ? new Map() : await ownersTests(scene, "before");
  const old =
    over.size === 0 ? undefined : await viewCommand(scene, command, { tree: end.tree, over });
  if (old !== undefined && !("reason" in old)) {
    const broken = ids.filter((id) => outcomesOf(old, id).includes("fail"));
    if (broken.length > 0)
      return tamperedWith(expected, [`as they stood before the run, they fail: ${named(broken)}`]);
  }
  const passes = (one: CommandView): boolean => one.end.exit === 0 && failing(one).length === 0;
  if (await isDeaf(scene, command, passes)) return tamperedWith(expected, [DEAF]);
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
