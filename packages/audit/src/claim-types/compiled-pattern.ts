/** A claim's pattern, compiled at the claim's cost. One that matches every text says nothing. */
import type { Observation } from "@wingman/model";
import { STEPS_PER_CLAIM } from "../budget.ts";
import { tooMuch } from "../content.ts";
import { unverifiable } from "../observation.ts";
import { compilePattern, LARGEST_PROGRAM, type Program } from "../pattern/program.ts";
import { search } from "../pattern/search.ts";
import { PatternRefused } from "../pattern/syntax.ts";
import type { Scene } from "../scene.ts";

/** Texts that any pattern without content matches, and that no other one matches all. */
const PROBES = ["", "\u{10fffe}", "\u{10fffe}\u{10fffe}ab \u{10fffd}"];

/** The program, or the whole answer. */
export function compiledPattern(
  pattern: string,
  scene: Scene,
  expected: string,
): Program | Observation {
  const { budget } = scene.stage;
  if (budget.steps <= 0) return tooMuch(expected);
  try {
    const program = compilePattern(pattern);
    const steps = {
      left: Math.min(STEPS_PER_CLAIM, budget.steps) - program.steps.length * COMPILED,
    };
    const before = steps.left;
    const found = PROBES.map((probe) => search(program, probe, 0, steps, true));
    budget.steps -= program.steps.length * COMPILED + (before - steps.left);
    if (found.includes("over")) return tooMuch(expected);
    const empty = found.every((one) => one !== "none");
    return empty ? unverifiable("VACUOUS", expected, "the pattern matches every text") : program;
  } catch (error) {
    if (!(error instanceof PatternRefused)) throw error;
    // To find that out may have cost a whole program.
    if (error.reason === "BUDGET") budget.steps -= LARGEST_PROGRAM * COMPILED;
    return unverifiable(error.reason, expected, `the pattern: ${error.message}`);
  }
}

/** What writing out one step costs, in steps of the matcher. */
const COMPILED = 5;
