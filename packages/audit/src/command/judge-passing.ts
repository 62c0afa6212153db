/**
 * Does a command of the policy pass? The one judgement behind suites, builds, linters and type checks: run
 * over P, looked at again where it contradicts, held against S in the same surroundings, and distrusted
 * where the run changed what decides.
 */
import { type Observation, quotePath } from "@wingman/model";
import { unverifiable } from "../observation.ts";
import type { TestCounts } from "../results/counts.ts";
import type { Scene } from "../scene.ts";
import { isDeaf } from "../witness/deaf-suite.ts";
import { findTampering } from "../witness/find-tampering.ts";
import { ownersTests } from "../witness/owners-tests.ts";
import { DEAF, tamperedWith, unseen } from "./command-answers.ts";
import { commandWords, failing, lostTests, named, summary } from "./command-text.ts";
import { type CommandView, settle, viewCommand } from "./command-view.ts";
import { type Asked, passes, weighFailure } from "./weigh-failure.ts";

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
  if (tampered.length > 0) return tamperedWith(expected, tampered, summary(view));
  if (!asked.counted) return { view, notes: [view.end.enclosure] };
  return await againstBase(scene, asked, view);
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

/** S in the same surroundings: fewer tests or more skips than there, and the base's own tests over P. */
async function againstBase(
  scene: Scene,
  asked: Asked,
  view: CommandView,
): Promise<{ readonly view: CommandView; readonly notes: readonly string[] } | Observation> {
  const { expected, command } = asked;
  const { start, end, run } = scene.stage;
  if (start === undefined || run === undefined) return { view, notes: [view.end.enclosure] };
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
    if (fewer.length > 0) return tamperedWith(expected, fewer, summary(view));
  }
  const over = await ownersTests(scene, "before");
  const notes = [view.end.enclosure];
  if (await isDeaf(scene, command, (one) => passes(one, asked)))
    return tamperedWith(expected, [DEAF], summary(view));
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
    return tamperedWith(expected, [`${fewer}${lostTests(before, old)}`], summary(view));
  }
  return { view, notes: [...notes, "the tests from before the run pass too"] };
}

function ran({ all, skip }: TestCounts): number {
  return all - skip;
}
