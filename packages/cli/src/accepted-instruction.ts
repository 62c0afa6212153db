/**
 * The instruction that a command is about, as it stands on the trusted side. Refuses an id that is not
 * there with the one that was probably meant, a draft, and one without its ten points.
 */
import {
  fault,
  INSTRUCTIONS_DIR,
  type Instruction,
  nearestInstruction,
  parseInstruction,
  substanceProblems,
  type Tree,
} from "@wingman/model";
import type { Place } from "./place.ts";

/** Whether it stands in this tree, whatever is wrong with it. */
export async function standsIn(tree: Tree, id: string): Promise<boolean> {
  for (const end of [".md", ".yaml"])
    if ((await tree.entry(`${INSTRUCTIONS_DIR}/${id}${end}`)) !== undefined) return true;
  return false;
}

/** The instruction with this id in `tree` (default: the trusted side). Faults `run/instruction`. */
export async function completeInstruction(
  place: Place,
  id: string,
  tree: Tree = place.trusted.tree,
): Promise<Instruction> {
  for (const end of [".md", ".yaml"]) {
    const entry = await tree.entry(`${INSTRUCTIONS_DIR}/${id}${end}`);
    if (entry === undefined) continue;
    const parsed = parseInstruction(entry.path, await tree.read(entry));
    if (parsed.ok && parsed.value.draft)
      return fault(`${id} is a draft`, {
        code: "run/instruction",
        hint: "remove draft: true and land it first",
      });
    const { policy, established } = place.trusted;
    const commands = established ? { commands: Object.keys(policy.commands) } : {};
    const problem = parsed.ok ? substanceProblems(parsed.value, commands)[0] : parsed.problems[0];
    if (!parsed.ok || problem !== undefined)
      return fault(`${entry.path}:${problem?.line ?? 1}: ${problem?.message ?? "cannot be read"}`, {
        code: "run/instruction",
        hint: `mend it and land it: wingman check ${entry.path}`,
      });
    return parsed.value;
  }
  const near = nearestInstruction(id, await instructionIds(tree));
  return fault(
    `${JSON.stringify(id)} is not accepted: it does not stand on ${place.policyBranch}`,
    {
      code: "run/instruction",
      hint: `${near === undefined ? "" : `did you mean ${near}? `}land the instruction first: ${INSTRUCTIONS_DIR}/${id}.md on ${place.policyBranch}, then git fetch`,
    },
  );
}

/** The ids of a tree's instructions. */
export async function instructionIds(tree: Tree): Promise<string[]> {
  const entries = await tree.entries(INSTRUCTIONS_DIR);
  return entries.flatMap(({ path }) => /\/(INS-\d+)\.(?:md|yaml)$/.exec(path)?.[1] ?? []);
}
