/**
 * Judges the clauses of a sentence on a stage. What only the form of a word makes a path accuses nobody,
 * and readings of one saying that differ are AMBIGUOUS.
 */
import type { ClaimText, Observation } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { readClaimPath } from "../claim-path.ts";
import { claimTypeOf } from "../claim-types.ts";
import type { Ground } from "../ground.ts";
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
  const seen =
    bare ?? (await judgeClaim(isOfNow(claim) ? withoutRun(stage) : stage, claim)).observation;
  const said = reading.not ? contrary(seen) : seen;
  if (said.answer !== "FALSE") return said;
  if (reading.soft !== undefined)
    return unverifiable("AMBIGUOUS", said.expected, `${said.observed}; ${reading.soft}`);
  const other = await elsewhere(stage, claim);
  if (other !== undefined)
    return unverifiable(
      "AMBIGUOUS",
      said.expected,
      `${said.observed}; but there is ${quotePath(other)}: name the whole path, or \`./…\` at the top`,
    );
  if (reading.doubtful !== undefined && !(await stands(stage, reading.doubtful)))
    return unverifiable(
      "AMBIGUOUS",
      said.expected,
      `${said.observed}; the word need not be a path: say \`the file "…"\` or claim it typed`,
    );
  return said;
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

/**
 * Why a contradiction about a path is none: nothing stands there, before or after, but people name files
 * by their last part (`index.ts`), from the folder they work in, and with other capitals.
 */
async function elsewhere(stage: Stage, claim: ClaimText): Promise<string | undefined> {
  for (const said of [claim.args["path"], claim.args["from"], claim.args["to"]]) {
    const place = typeof said === "string" ? readClaimPath(said) : undefined;
    if (place === undefined || "why" in place) continue;
    const { path } = place;
    const grounds = [stage.end, ...(stage.start === undefined ? [] : [stage.start])];
    const there = await Promise.all(grounds.map((one) => one.standing(path)));
    if (there.some((one) => one.what !== "nothing")) continue;
    for (const ground of grounds) {
      const other =
        (await ground.variant(path)) ??
        (/^\.\//.test(String(said)) ? undefined : await endingIn(ground, path));
      if (other !== undefined) return other;
    }
  }
  return undefined;
}

async function endingIn({ tree }: Ground, path: string): Promise<string | undefined> {
  const tail = `/${path}`;
  const folder = `${tail}/`;
  const found = (await tree.entries()).find(
    (one) => one.path.endsWith(tail) || one.path.includes(folder),
  );
  return found?.path;
}

/** Whether anything stands, before or after, where the doubtful name begins. */
async function stands(stage: Stage, path: string): Promise<boolean> {
  const first = path.replace(/^\.\//, "").split("/")[0] ?? "";
  if (first === "") return false;
  for (const ground of [stage.end, stage.start])
    if (ground !== undefined && (await ground.standing(first)).what !== "nothing") return true;
  return false;
}
