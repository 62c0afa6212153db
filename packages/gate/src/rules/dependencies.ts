/**
 * What an instruction needs of others: ids that are there, no circle of them, and each one complete
 * before work on it lands (TRUST.md §5). What is not known here is told, and refuses nothing.
 */
import type { Change, Finding, Instruction, JudgedRun } from "@wingman/model";
import {
  claimsPath,
  cycleThrough,
  cyclic,
  INSTRUCTIONS_DIR,
  nearestInstruction,
  quotePath,
  visible,
} from "@wingman/model";
import { type Completeness, completeness, runsByInstruction } from "../dependency-standing.ts";
import { instructionsBrought } from "../instructions-of.ts";
import { instructionOf } from "../reading.ts";
import type { Rule } from "../rule.ts";

/** A circle longer than this is nobody's plan; looking further would only cost time. */
const MOST_READ = 2000;

export const dependencyGraph: Rule = {
  codes: ["dependencies/unknown", "dependencies/cycle"],
  title: "an instruction needs instructions that exist, and never itself",
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const brought = (await instructionsBrought(change)).filter(({ needs }) => needs.length > 0);
    if (brought.length === 0) return [];
    const graph = await graphFrom(change, brought);
    const ids = await knownIds(change);
    const needsOf = needsIn(graph);
    const inCircle = cyclic(graph.keys(), needsOf);
    const told = new Set<string>();
    return brought.flatMap((one) => [
      ...unknownNeeds(change, one, graph, ids),
      ...(inCircle.has(one.id) ? cycleOf(change, one, graph, told) : []),
    ]);
  },
};

/** Instructions reached from these, as they would stand; those of the trusted side count as well. */
type Graph = ReadonlyMap<string, Instruction | "broken">;

async function graphFrom(change: Change, brought: readonly Instruction[]): Promise<Graph> {
  const graph = new Map<string, Instruction | "broken">(brought.map((one) => [one.id, one]));
  const waiting = brought.flatMap(({ needs }) => needs);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (graph.has(id) || graph.size > MOST_READ) continue;
    const found =
      (await instructionOf({ tree: change.after }, id)) ??
      (await instructionOf(change.trusted, id));
    if (found === undefined) continue;
    graph.set(id, found.ok ? found.value : "broken");
    if (found.ok) waiting.push(...found.value.needs);
  }
  return graph;
}

function needsIn(graph: Graph): (id: string) => readonly string[] {
  return (id) => {
    const found = graph.get(id);
    return found === undefined || found === "broken" ? [] : found.needs;
  };
}

async function knownIds({ after, trusted }: Change): Promise<string[]> {
  const ids = new Set<string>();
  for (const tree of [after, trusted.tree])
    for (const { path } of await tree.entries(INSTRUCTIONS_DIR)) {
      const id = /^([^/]+)\.(?:md|yaml)$/.exec(path.slice(INSTRUCTIONS_DIR.length + 1))?.[1];
      if (id !== undefined) ids.add(id);
    }
  return [...ids];
}

function unknownNeeds(
  change: Change,
  one: Instruction,
  graph: Graph,
  ids: readonly string[],
): Finding[] {
  const known = ids.filter((id) => id !== one.id);
  return one.needs
    .filter((id) => !graph.has(id) && !ids.includes(id))
    .map((id) => {
      const near = nearestInstruction(id, known);
      const meant = near === undefined ? "" : `did you mean ${near}? `;
      return {
        ...place(change, one, id),
        code: "dependencies/unknown",
        // A document of old may name what never was an instruction here; it is told, and let through.
        severity: one.draft || one.form === "text" ? "warn" : "block",
        message: `${quotePath(one.path)} needs ${visible(id)}, which is no instruction here`,
        help: `${meant}land ${INSTRUCTIONS_DIR}/${visible(id)}.md first, or take it out of the dependencies`,
      } satisfies Finding;
    });
}

function cycleOf(change: Change, one: Instruction, graph: Graph, told: Set<string>): Finding[] {
  if (told.has(one.id)) return [];
  const cycle = cycleThrough(one.id, needsIn(graph));
  if (cycle === undefined) return [];
  for (const id of cycle) told.add(id);
  const drafts = cycle.every((id) => {
    const found = graph.get(id);
    return typeof found === "object" && found.draft;
  });
  const path = cycle.map(visible);
  const shown =
    path.length > 12
      ? [...path.slice(0, 6), `… ${path.length - 12} more …`, ...path.slice(-6)]
      : path;
  return [
    {
      ...place(change, one, cycle[1] ?? one.id),
      code: "dependencies/cycle",
      severity: drafts ? "warn" : "block",
      message: `${quotePath(one.path)} needs itself: ${shown.join(" → ")}`,
      help: `take ${visible(cycle[1] ?? one.id)} out of its dependencies, or one further on out of theirs`,
    },
  ];
}

function place({ ref }: Change, one: Instruction, id: string) {
  const point = one.points.dependencies;
  const at = point?.texts.find(({ text }) => text.includes(id)) ?? point;
  return {
    path: one.path,
    ...(at === undefined ? {} : { line: at.line, column: at.column }),
    why: "point 4 of 10: work on it could never be complete",
    ...(ref === undefined ? {} : { ref: ref.name }),
  };
}

export const dependenciesDone: Rule = {
  codes: ["run/dependency"],
  title: "what an instruction needs is complete before work on it lands",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    if (!change.trusted.established || change.runs.length === 0) return [];
    const wanted = new Map<string, JudgedRun["run"][]>();
    for (const { run } of change.runs) {
      const parsed = await instructionOf(change.trusted, run.file.open.instruction);
      if (parsed?.ok !== true) continue;
      for (const id of parsed.value.needs) wanted.set(id, [...(wanted.get(id) ?? []), run]);
    }
    if (wanted.size === 0) return [];
    const runs = await runsByInstruction(change.after);
    const verdicts = change.runs.flatMap((one) => one.verdicts);
    const findings: Finding[] = [];
    for (const [id, waiting] of wanted) {
      const parsed = await instructionOf(change.trusted, id);
      const instruction = parsed?.ok === true ? parsed.value : undefined;
      const found = completeness(instruction, runs.get(id) ?? [], {
        ledger: change.ledger,
        verdicts,
      });
      if (found.state === "complete") continue;
      // A clone need not have the ledger; the server answers.
      if (found.state === "unknown" && change.local) continue;
      for (const run of waiting) findings.push(unmet(change, run, id, found));
    }
    return findings;
  },
};

function unmet(
  { trusted }: Change,
  run: JudgedRun["run"],
  needed: string,
  found: Exclude<Completeness, { state: "complete" }>,
): Finding {
  const unsure = found.state === "unknown" && trusted.policy.audit.unverifiable !== "block";
  const what = found.state === "unknown" ? "whether that is complete is not known here: " : "";
  return {
    code: "run/dependency",
    severity: unsure ? "warn" : "block",
    message: `${visible(run.file.open.instruction)} needs ${visible(needed)}; ${what}${visible(found.why)}`,
    path: claimsPath(run.name),
    line: 1,
    why: "point 4 of 10: dependencies",
    help:
      found.state === "open"
        ? `land a run of ${visible(needed)} first`
        : `land a run of ${visible(needed)} that claims each deliverable as its instruction words it`,
  };
}
