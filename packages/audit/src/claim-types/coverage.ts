/** `coverage.*`: the share that tests reach, by a report that the auditor's own run has just written. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import {
  contradictsHere,
  lacking,
  ofSurroundings,
  tamperedWith,
  unseen,
} from "../command/command-answers.ts";
import { commandWords, failing, outputOf, summary } from "../command/command-text.ts";
import type { CommandView } from "../command/command-view.ts";
import { settle } from "../command/command-view.ts";
import { environmentMark } from "../command/environment-marks.ts";
import { compare, countOf, type Decimal, type Operator } from "../comparison.ts";
import { holds, quoted, unverifiable } from "../observation.ts";
import { coverageTable, readCoverage, type Share } from "../results/coverage.ts";
import type { Metric } from "../results/coverage-share.ts";
import type { Scene } from "../scene.ts";
import { findTampering } from "../witness/find-tampering.ts";

/** Judges one metric against `op value`. */
export async function coverageHolds(
  args: Arguments,
  scene: Scene,
  metric: Metric,
): Promise<Observation> {
  const op = args.operator("op") ?? ">=";
  const value = args.number("value") ?? countOf(0);
  const command = args.text("command") ?? theOneWithCoverage(scene);
  const expected = `${metric} covered ${op} ${value.text} %`;
  if (command === undefined)
    return unverifiable(
      "AMBIGUOUS",
      expected,
      "say which command; not exactly one of the policy's names a coverage report",
    );
  const reported = scene.stage.policy.commands[command]?.coverage !== undefined;
  const good = (view: CommandView): boolean => {
    const share = shareOf(view, metric, reported);
    return share !== undefined && isSo(share, op, value);
  };
  const seen = await settle(scene, command, { tree: scene.stage.end.tree }, good);
  if ("reason" in seen) return unseen(expected, seen);
  const view = "good" in seen ? seen.good : seen.bad;
  const share = shareOf(view, metric, reported);
  if (share === undefined)
    return unverifiable(
      "NO_WITNESS",
      expected,
      `${quoted(command)} wrote no coverage report that tells it`,
    );
  const says = `${percent(share)} % of ${metric}; ${summary(view)}`;
  if ((view.counts?.fail ?? 0) > 0 || failing(view).length > 0)
    return unverifiable(
      "AMBIGUOUS",
      expected,
      `${says}: tests that fail reach less than they would`,
    );
  if (view.counts?.all === 0) return unverifiable("VACUOUS", expected, "no test was collected");
  const lacks = lacking(expected, view, says);
  if (lacks !== undefined) return lacks;
  if ("bad" in seen)
    return await lessThanClaimed(scene, { expected, says, op, value }, view, share);
  const lines = await findTampering(scene, "coverage", { command: commandWords(scene, command) });
  if (lines.length === 0) return holds(expected, `${says}; ${view.end.enclosure}`);
  return tamperedWith(expected, lines, says);
}

/** Every attempt shows another share. What the auditor's surroundings leave out would reach more. */
async function lessThanClaimed(
  scene: Scene,
  asked: {
    readonly expected: string;
    readonly says: string;
    readonly op: Operator;
    readonly value: Decimal;
  },
  view: CommandView,
  share: Share,
): Promise<Observation> {
  const { expected, says, op, value } = asked;
  if ((view.counts?.skip ?? 0) > 0)
    return unverifiable("AMBIGUOUS", expected, `${says}: what is skipped here is not reached`);
  if (asShown(share, value.scale).some((shown) => compare(shown, op, value)))
    return unverifiable("AMBIGUOUS", expected, `${says}: it is so where a tool rounds it`);
  const mark = environmentMark(outputOf(view));
  if (mark !== undefined) return ofSurroundings(expected, says, mark);
  return await contradictsHere(scene, expected, says);
}

/** What tools show of a share with so many decimals: cut off (istanbul) or rounded (node, coverage.py). */
function asShown(share: Share, decimals: number): readonly Decimal[] {
  const scale = Math.min(Math.max(decimals, 0), 20);
  const [part, all] =
    "all" in share
      ? [share.covered * 100n, share.all]
      : [share.digits, 10n ** BigInt(Math.max(share.scale, 0))];
  const units = part * 10n ** BigInt(scale);
  return [units / all, (2n * units + all) / (2n * all)].map((digits) => ({
    digits,
    scale,
    text: "",
  }));
}

/** Where the policy names a report, nothing that a command can print takes its place. */
function shareOf(view: CommandView, metric: Metric, reported: boolean): Share | undefined {
  if (reported) return view.end.coverage && readCoverage(view.end.coverage, metric);
  return view.end.stdout.whole ? coverageTable(view.end.stdout.bytes, metric) : undefined;
}

function theOneWithCoverage(scene: Scene): string | undefined {
  const all = Object.entries(scene.stage.policy.commands);
  const named = all.filter(([, row]) => row.coverage !== undefined).map(([name]) => name);
  return named.length === 1 ? named[0] : undefined;
}

/** Exactly: `covered / all * 100 op value` without a division. */
function isSo(share: Share, op: Operator, value: Decimal): boolean {
  if (!("all" in share)) return compare(share, op, value);
  const left = { digits: share.covered * 100n, scale: 0, text: "" };
  return compare(left, op, { digits: value.digits * share.all, scale: value.scale, text: "" });
}

function percent(share: Share): string {
  if (!("all" in share)) return share.text;
  const hundredths = (share.covered * 10_000n) / share.all;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}
