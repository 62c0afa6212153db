/**
 * Judges the clauses of a sentence on a stage. What only the form of a word makes a path accuses nobody,
 * and readings of one saying that differ are AMBIGUOUS.
 */
import type { ClaimText, Observation } from "@wingman/model";
import { judgeClaim } from "../judge-claim.ts";
import { unverifiable } from "../observation.ts";
import type { Stage } from "../scene.ts";
import type { Clause, Reading } from "./clause.ts";
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
    for (const reading of clause.readings) {
      const observation = await judgeReading(stage, reading, past);
      observations.push(observation);
      // A process that runs under its first name is not looked for under others.
      if (clause.by === "any" && observation.answer === "TRUE") break;
    }
    const claims = clause.readings.map((one) => one.claim);
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
  const seen = bare ?? (await judgeClaim(stage, claim)).observation;
  const said = reading.not ? contrary(seen) : seen;
  if (said.answer !== "FALSE") return said;
  if (reading.soft !== undefined)
    return unverifiable("AMBIGUOUS", said.expected, `${said.observed}; ${reading.soft}`);
  if (reading.doubtful !== undefined && !(await stands(stage, reading.doubtful)))
    return unverifiable(
      "AMBIGUOUS",
      said.expected,
      `${said.observed}; the word need not be a path: say \`the file "…"\` or claim it typed`,
    );
  return said;
}

function contrary(seen: Observation): Observation {
  if (seen.answer === "UNVERIFIABLE") return seen;
  const answer = seen.answer === "TRUE" ? "FALSE" : "TRUE";
  return { answer, expected: `not so: ${seen.expected}`, observed: seen.observed };
}

/** Whether anything stands, before or after, where the doubtful name begins. */
async function stands(stage: Stage, path: string): Promise<boolean> {
  const first = path.replace(/^\.\//, "").split("/")[0] ?? "";
  if (first === "") return false;
  for (const ground of [stage.end, stage.start])
    if (ground !== undefined && (await ground.standing(first)).what !== "nothing") return true;
  return false;
}
