/**
 * The text that `wingman new` writes. Every point holds a REQUIRED marker, which the rules about
 * substance refuse: a scaffold that nobody filled in lands nowhere.
 */
import type { PointName } from "./instruction.ts";
import { POINTS } from "./instruction.ts";
import type { Environment } from "./policy.ts";

/** What the scaffold says in each point. Also what the substance rules look for. */
export const SCAFFOLD: Readonly<Record<PointName, string>> = {
  deliverables: "REQUIRED: what will exist when this is done, as claims or sentences",
  success_criteria: "REQUIRED: how anyone can tell that it worked",
  boundaries: "REQUIRED: the paths that may change",
  dependencies: "REQUIRED: why nothing else is needed, or a list of what is",
  mitigation: "REQUIRED: what to do when it goes wrong",
  test_process: "REQUIRED: names of the policy's commands, or the steps",
  test_results_format: "REQUIRED: junit, tap, json or text, and where the results stand",
  resource_requirements: "REQUIRED: time, compute, access and cost",
  risk_assessment: "REQUIRED: low, medium, high or critical, and why",
  quality_metrics: "REQUIRED: what is measured, and the value that it has to reach",
};

/** A short text that passes, for each point: what a refusal shows. */
export const EXAMPLES: Readonly<Record<PointName, string>> = {
  deliverables: "deliverables:\n  - file.exists: {path: src/keys/rotate.mjs}",
  success_criteria: "success_criteria:\n  - A key older than 30 days is refused with KEY_EXPIRED",
  boundaries: 'boundaries: {allow: ["src/keys/**", "test/keys/**"]}',
  dependencies: "dependencies: {none: The key store interface is already on main}",
  mitigation: "mitigation: Revert the merge; old keys stay valid for 7 days",
  test_process: "test_process: [unit]",
  test_results_format: "test_results_format: {format: tap, path: out/unit.tap}",
  resource_requirements:
    "resource_requirements: {time: 2h, compute: one CI runner, access: this repository only, cost: under 1 USD}",
  risk_assessment:
    "risk_assessment: {level: medium, why: A wrong expiry would refuse valid logins}",
  quality_metrics: 'quality_metrics:\n  - {name: coverage.lines, op: ">=", value: 90}',
};

/** What is known when an instruction is begun. */
export interface ScaffoldFields {
  readonly id: string;
  readonly title: string;
  readonly environment?: Environment;
  readonly worker?: string;
  /** Globs, as from the staged paths. Without them boundaries stay to be filled in. */
  readonly allow?: readonly string[];
}

/** The text of a new instruction file. Parses, and fails on every point that is not yet filled in. */
export function scaffoldInstruction(fields: ScaffoldFields): string {
  return [
    "---",
    `id: ${fields.id}`,
    `title: ${JSON.stringify(fields.title)}`,
    `environment: ${fields.environment ?? "dev"}`,
    ...(fields.worker === undefined ? [] : [`worker: ${fields.worker}`]),
    ...POINTS.map((name) => scaffoldPoint(name, fields)),
    "---",
    "Write here what the worker is to do.",
    "",
  ].join("\n");
}

/** One point of a scaffold, with its number behind its key. */
export function scaffoldPoint(name: PointName, fields: Pick<ScaffoldFields, "allow">): string {
  const number = `   # ${POINTS.indexOf(name) + 1}`;
  const todo = JSON.stringify(SCAFFOLD[name]);
  if (name === "boundaries") {
    const allow = (fields.allow ?? []).length > 0 ? fields.allow : [SCAFFOLD.boundaries];
    const globs = (allow ?? []).map((glob) => JSON.stringify(glob)).join(", ");
    return `${name}:${number}\n  allow: [${globs}]\n  deny: []`;
  }
  if (name === "dependencies") return `${name}:${number}\n  none: ${todo}`;
  const isList = ["deliverables", "success_criteria", "test_process", "quality_metrics"].includes(
    name,
  );
  return isList ? `${name}:${number}\n  - ${todo}` : `${name}: ${todo}${number}`;
}
