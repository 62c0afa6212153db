/** `coverage.*`: the share that tests reach, by a report that the auditor's own run has just written. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import type { CommandView } from "../command-view.ts";
import { settle } from "../command-view.ts";
import { compare, countOf, type Decimal, type Operator } from "../comparison.ts";
import { holds, quoted, unverifiable } from "../observation.ts";
import { coverageTable, type Metric, readCoverage, type Share } from "../results/coverage.ts";
import type { Scene } from "../scene.ts";
import { commandWords, contradictsHere, failing, summary, unseen } from "../suite-judgement.ts";
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
  const good = (view: CommandView): boolean => {
    const share = shareOf(view, metric);
    return share !== undefined && isSo(share, op, value);
  };
  const seen = await settle(scene, command, { tree: scene.stage.end.tree }, good);
  if ("reason" in seen) return unseen(expected, seen);
  const view = "good" in seen ? seen.good : seen.bad;
  const share = shareOf(view, metric);
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
  const lack = view.end.lacks[0];
  if (lack !== undefined)
    return unverifiable("NO_WITNESS", expected, `${says}; the clean copy lacks ${lack}`);
  if ("bad" in seen) {
    // Tests that need what is not here are skipped, and reach nothing.
    if ((view.counts?.skip ?? 0) > 0)
      return unverifiable("AMBIGUOUS", expected, `${says}: what is skipped here is not reached`);
    return await contradictsHere(scene, expected, says);
  }
  const lines = await findTampering(scene, "coverage", commandWords(scene, command));
  if (lines.length === 0) return holds(expected, `${says}; ${view.end.enclosure}`);
  return unverifiable(
    "WITNESS_TAMPERED",
    expected,
    `${says}, but the run changed what decides: ${lines.join("; ")}`,
  );
}

function shareOf(view: CommandView, metric: Metric): Share | undefined {
  return (
    (view.end.coverage && readCoverage(view.end.coverage, metric)) ??
    coverageTable(view.end.stdout.bytes, metric)
  );
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
