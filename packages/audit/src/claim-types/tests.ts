/**
 * Tests, suites, builds, linters, type checks and coverage: what a command of the policy shows when the
 * auditor runs it. A worker's own report of a run proves nothing.
 */
import type { Observation } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { contradictsHere, passed } from "../command/command-answers.ts";
import { summary } from "../command/command-text.ts";
import { judgePassing } from "../command/judge-passing.ts";
import { compare, countOf } from "../comparison.ts";
import { holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import type { Metric } from "../results/coverage-share.ts";
import type { Scene } from "../scene.ts";
import { findTampering } from "../witness/find-tampering.ts";
import type { Ruler } from "../witness/tamper-checks.ts";
import { coverageHolds } from "./coverage.ts";
import { testsAdded } from "./tests-added.ts";
import { testsPass } from "./tests-pass.ts";

const COMMAND = { command: { kind: "text", required: true } } as const;
const SHARE = {
  command: { kind: "text" },
  op: { kind: "operator" },
  value: { kind: "number", required: true },
} as const;

export const testTypes: readonly ClaimType[] = [
  row(
    "suite.passes",
    "a command of the policy runs its tests and all pass",
    { command: "unit" },
    {
      ...COMMAND,
      min: { kind: "count" },
    },
    suitePasses,
  ),
  row(
    "test.passes",
    "these tests run and pass",
    { command: "unit", ids: ["keys › expire"] },
    {
      ...COMMAND,
      id: { kind: "text" },
      ids: { kind: "texts" },
    },
    testsPass,
  ),
  row(
    "test.added",
    "these tests are new: collected after the run and not before it",
    { command: "unit", ids: ["keys › expire"] },
    {
      ...COMMAND,
      id: { kind: "text" },
      ids: { kind: "texts" },
      count: { kind: "count" },
    },
    testsAdded,
  ),
  row(
    "test.intact",
    "this run weakened no test: none deleted, skipped or loosened",
    {},
    {
      paths: { kind: "paths" },
    },
    testsIntact,
  ),
  row(
    "build.passes",
    "a command of the policy builds it",
    { command: "build" },
    COMMAND,
    passesBy("build"),
  ),
  row(
    "lint.passes",
    "a command of the policy finds nothing",
    { command: "lint" },
    COMMAND,
    passesBy("lint"),
  ),
  row(
    "types.pass",
    "a command of the policy finds no type error",
    { command: "types" },
    COMMAND,
    passesBy("lint"),
  ),
  row(
    "coverage.atLeast",
    "tests reach at least this share of a metric, in percent",
    { metric: "lines", value: 90 },
    {
      command: { kind: "text" },
      metric: { kind: ["lines", "branches", "functions", "statements"], required: true },
      value: { kind: "number", required: true },
    },
    (args, scene) => coverageHolds(args, scene, (args.text("metric") ?? "lines") as Metric),
  ),
  row(
    "coverage.lines",
    "the share of lines that tests reach, in percent",
    { op: ">=", value: 90 },
    SHARE,
    (args, scene) => coverageHolds(args, scene, "lines"),
  ),
  row(
    "coverage.branches",
    "the share of branches that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
    (args, scene) => coverageHolds(args, scene, "branches"),
  ),
  row(
    "coverage.functions",
    "the share of functions that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
    (args, scene) => coverageHolds(args, scene, "functions"),
  ),
  row(
    "coverage.statements",
    "the share of statements that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
    (args, scene) => coverageHolds(args, scene, "statements"),
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  judge: ClaimType["judge"],
): ClaimType {
  const needs = type === "test.intact" ? "tree" : "commands";
  const example = { type, args };
  return { type, title, example, args: kinds, needs, witness: "runner", forgeable: false, judge };
}

async function suitePasses(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const min = args.number("min");
  const least = min === undefined ? "" : `, at least ${min.text} tests`;
  const expected = `the tests of ${quoted(command)} pass${least}`;
  const seen = await judgePassing(scene, { expected, command, ruler: "tests", counted: true });
  if ("answer" in seen) return seen;
  const { counts, tests } = seen.view;
  if (min !== undefined && !compare(countOf(counts?.all ?? 0), ">=", min)) {
    const says = summary(seen.view);
    if (tests !== undefined) return await contradictsHere(scene, expected, says);
    // A summary for people is the last runner's of those that a command starts.
    return unverifiable(
      "AMBIGUOUS",
      expected,
      `${says} by its last summary; more may stand before`,
    );
  }
  return passed(expected, seen.view, seen.notes);
}

/** Builds, linters and type checks: the command ends with 0, and the run did not make it look away. */
function passesBy(ruler: Ruler): ClaimType["judge"] {
  return async (args, scene) => {
    const command = args.text("command") ?? "";
    const expected = `${quoted(command)} passes`;
    const seen = await judgePassing(scene, { expected, command, ruler, counted: false });
    return "answer" in seen ? seen : passed(expected, seen.view, seen.notes);
  };
}

/** Nothing in the run's own diff weakens a test. What looks so is shown; a person judges. */
async function testsIntact(args: Arguments, scene: Scene): Promise<Observation> {
  const paths = args.paths("paths");
  const expected = "the run weakened no test";
  if (scene.run === undefined) return treeAlone(expected, "run");
  if (scene.run.incomplete)
    return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
  const below = (path: string): boolean =>
    paths === undefined ||
    paths.some((one) => path === one.path || path.startsWith(`${one.path}/`));
  const lines = await findTampering(scene, "tests", { within: below, unrun: true });
  if (lines.length > 0) return unverifiable("WITNESS_TAMPERED", expected, lines.join("; "));
  return holds(expected, `nothing that weakens one among ${scene.stage.own.size} changed paths`);
}
