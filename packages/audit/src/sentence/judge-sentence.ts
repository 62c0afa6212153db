/**
 * Judges the clauses of a sentence on a stage. What only the form of a word makes a path decides nothing,
 * and readings of one saying that differ are AMBIGUOUS.
 */
import type { ClaimText, Observation } from "@wingman/model";
import { claimTypeOf } from "../claim-types.ts";
import { judgeClaim } from "../judge-claim.ts";
import { unverifiable } from "../observation.ts";
import type { Stage } from "../scene.ts";
import type { Clause, Reading } from "./clause.ts";
import { doubtAbout } from "./doubt.ts";
import { landing } from "./landing.ts";
import { judgeWithoutRange, type PathHistory } from "./without-range.ts";

/** One clause's answer. */
export interface JudgedClause {
  readonly claims: readonly ClaimText[];
  readonly observation: Observation;
}

/** `past` answers for changes where the stage is a tree alone. */
export async function judgeSentence(
  stage: Stage,
  clauses: readonly Clause[],
  past?: PathHistory,
): Promise<JudgedClause[]> {
  const judged: JudgedClause[] = [];
  for (const clause of clauses) {
    const observations: Observation[] = [];
    const claims: ClaimText[] = [];
    for (const reading of clause.readings) {
      const landed = await landing(stage, reading);
      const observation = await judgeReading(stage, landed, past);
      claims.push(landed.claim);
      observations.push(observation);
      // A process that runs under its first name is not looked for under others.
      if (clause.by === "any" && observation.answer === "TRUE") break;
    }
    judged.push({ claims, observation: combined(clause, observations) });
  }
  return judged;
}

function combined({ by }: Clause, seen: readonly Observation[]): Observation {
  const [first] = seen;
  if (first === undefined) throw new TypeError("a clause without readings");
  const held = seen.find((one) => one.answer === "TRUE");
  const open = seen.find((one) => one.answer === "UNVERIFIABLE");
  if (by === "any") return held ?? open ?? seen.at(-1) ?? first;
  if (open !== undefined) return open;
  const other = seen.find((one) => one.answer !== first.answer);
  return other === undefined
    ? first
    : unverifiable(
        "AMBIGUOUS",
        first.expected,
        `${first.observed}; but also: ${other.observed}. Claim it typed`,
      );
}

async function judgeReading(
  stage: Stage,
  reading: Reading,
  past: PathHistory | undefined,
): Promise<Observation> {
  const { claim } = reading;
  const bare = stage.run === undefined ? await judgeWithoutRange(stage, claim, past) : undefined;
  const seen =
    bare ?? (await judgeClaim(isOfNow(claim) ? withoutRun(stage) : stage, claim)).observation;
  const said = reading.not ? contrary(seen) : seen;
  if (said.answer === "UNVERIFIABLE") return said;
  const open = (why: string): Observation =>
    unverifiable("AMBIGUOUS", said.expected, `${said.observed}; ${why}`);
  if (said.answer === "FALSE" && reading.soft !== undefined) return open(reading.soft);
  if (said.answer === "FALSE" && reading.addingAside !== undefined && onlyAdded(stage, reading))
    return open("files were added; none that stood there was changed. Claim git.diffWithin");
  // History held it under exactly this name.
  if (said.answer === "TRUE" && bare !== undefined && !reading.not) return said;
  const isRef = async (name: string): Promise<boolean> => (await past?.isRef(name)) ?? false;
  for (const name of reading.names ?? []) {
    const doubt = await doubtAbout(stage, name, said, claim.type, isRef);
    if (doubt !== undefined) return open(doubt);
  }
  return said;
}

/** Whether all that the run changed there was not there before. */
function onlyAdded(stage: Stage, { names = [], addingAside }: Reading): boolean {
  const tops = names.map(({ path }) => path.replace(/^\.\/|\/$/g, ""));
  const within = (path: string): boolean =>
    tops.some((one) => path === one || path.startsWith(`${one}/`));
  return [...stage.own.values()].every(
    ({ path, before }) =>
      before === undefined ||
      path.startsWith(".wingman/claims/") ||
      within(path) === (addingAside === "outside"),
  );
}

/** What runs is asked of this moment, whatever range the sentence's other clauses are about. */
function isOfNow({ type }: ClaimText): boolean {
  const needs = claimTypeOf(type)?.needs;
  return needs === "host" || needs === "engine";
}

function withoutRun(stage: Stage): Stage {
  return { ...stage, run: undefined, start: undefined };
}

function contrary(seen: Observation): Observation {
  if (seen.answer === "UNVERIFIABLE") return seen;
  const answer = seen.answer === "TRUE" ? "FALSE" : "TRUE";
  return { answer, expected: `not so: ${seen.expected}`, observed: seen.observed };
}
