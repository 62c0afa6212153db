/**
 * Tests, suites, builds, linters, type checks and coverage: what a command of the policy shows when the
 * auditor runs it. A worker's own report of a run proves nothing.
 */
import type { Observation } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { compare, countOf } from "../comparison.ts";
import { contradicts, quoted } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { judgePassing, passed, summary } from "../suite-judgement.ts";
import { unbuilt } from "./unbuilt.ts";

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
  ),
  row(
    "test.added",
    "these tests are new: collected at P and not at S",
    { command: "unit", ids: ["keys › expire"] },
    {
      ...COMMAND,
      id: { kind: "text" },
      ids: { kind: "texts" },
      count: { kind: "count" },
    },
  ),
  row(
    "test.intact",
    "this run weakened no test: none deleted, skipped or loosened",
    {},
    {
      paths: { kind: "paths" },
    },
  ),
  row("build.passes", "a command of the policy builds it", { command: "build" }, COMMAND),
  row("lint.passes", "a command of the policy finds nothing", { command: "lint" }, COMMAND),
  row("types.pass", "a command of the policy finds no type error", { command: "types" }, COMMAND),
  row(
    "coverage.atLeast",
    "tests reach at least this share of a metric, in percent",
    { metric: "lines", value: 90 },
    {
      command: { kind: "text" },
      metric: { kind: ["lines", "branches", "functions", "statements"], required: true },
      value: { kind: "number", required: true },
    },
  ),
  row(
    "coverage.lines",
    "the share of lines that tests reach, in percent",
    { op: ">=", value: 90 },
    SHARE,
  ),
  row(
    "coverage.branches",
    "the share of branches that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
  ),
  row(
    "coverage.functions",
    "the share of functions that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
  ),
  row(
    "coverage.statements",
    "the share of statements that tests reach, in percent",
    { op: ">=", value: 80 },
    SHARE,
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  judge?: ClaimType["judge"],
): ClaimType {
  const needs = type === "test.intact" ? "tree" : "commands";
  if (judge !== undefined)
    return {
      type,
      title,
      example: { type, args },
      args: kinds,
      needs,
      witness: "runner",
      forgeable: false,
      judge,
    };
  return unbuilt({ type, title, example: { type, args }, args: kinds, needs, witness: "runner" });
}

async function suitePasses(args: Arguments, scene: Scene): Promise<Observation> {
  const command = args.text("command") ?? "";
  const min = args.number("min");
  const least = min === undefined ? "" : `, at least ${min.text} tests`;
  const expected = `the tests of ${quoted(command)} pass${least}`;
  const seen = await judgePassing(scene, { expected, command, ruler: "tests", counted: true });
  if ("answer" in seen) return seen;
  const all = seen.view.counts?.all ?? 0;
  if (min !== undefined && !compare(countOf(all), ">=", min))
    return contradicts(expected, summary(seen.view));
  return passed(expected, seen.view, seen.notes);
}
