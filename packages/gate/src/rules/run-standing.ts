/**
 * Whether a run may work at all: its instruction is accepted on the trusted side, still the one that
 * the run was opened on, approved where it must be, and the run is not over (TRUST.md §3, §6).
 */
import type { Change, Finding, Instruction, OpenRecord } from "@wingman/model";
import { runText, substanceProblems, visible } from "@wingman/model";
import { approvalAsked, approvalStanding } from "../approval-standing.ts";
import { instructionOf } from "../reading.ts";

export const STANDING_CODES = [
  "run/instruction",
  "run/outdated",
  "run/approval",
  "run/self-approved",
  "run/over",
] as const;

/** What `standing` found: the accepted instruction where there is one, and what is wrong. */
export interface Standing {
  readonly instruction: Instruction | undefined;
  readonly findings: Finding[];
}

/**
 * Judges a run by its `open` record against the trusted side. `touched` are the paths that it works
 * on here: a path can raise the risk that the instruction declares. `place` goes into each finding.
 */
export async function standing(
  change: Change,
  open: OpenRecord,
  touched: readonly string[],
  place: Partial<Finding>,
): Promise<Standing> {
  const findings: Finding[] = [];
  const add = (
    code: (typeof STANDING_CODES)[number],
    message: string,
    why: string,
    help: string,
  ): void => {
    findings.push({ code, severity: "block", message, why, help, ...place });
  };
  const name = runText(open);
  if (change.ledger.falseRuns.has(name)) {
    add(
      "run/over",
      `run ${name} is over: one of its claims is FALSE`,
      "a run with a FALSE stays as it is; work goes on in a new one",
      `wingman start ${visible(open.instruction)}`,
    );
  }
  const id = open.instruction;
  const parsed = await instructionOf(change.trusted, id);
  if (parsed?.ok !== true) {
    const what = parsed === undefined ? "is not on the policy branch" : "cannot be read there";
    add(
      "run/instruction",
      `${visible(id)} ${what}: no work on it gets in`,
      "a worker works on what a person has landed; its own instruction is a proposal",
      `land .wingman/instructions/${visible(id)}.md first, in a change of its own`,
    );
    return { instruction: undefined, findings };
  }
  const instruction = parsed.value;
  const order = change.ledger.withdrawn.get(id);
  if (order !== undefined)
    add(
      "run/instruction",
      `${visible(id)} is withdrawn since ledger record ${order.since}: ${visible(order.reason)}`,
      "an administrator took the order back",
      "stop, and work on another instruction: wingman status lists them",
    );
  const problem = notAccepted(change, instruction, open.worker);
  if (problem !== undefined)
    add("run/instruction", `${visible(id)} ${problem.what}`, problem.why, problem.help);
  if (instruction.digest !== open.digest) {
    add(
      "run/outdated",
      `run ${name} was opened on another version of ${visible(id)} (${open.digest.slice(0, 19)}…, now ${instruction.digest.slice(0, 19)}…)`,
      "a run answers for the words that it was given",
      `start a new one: wingman start ${visible(id)}`,
    );
  }
  const asked = approvalAsked(change.trusted.policy, instruction, touched);
  if (asked !== undefined) {
    const found = await approvalStanding(change, instruction);
    if ("why" in found) {
      add(
        "run/approval",
        `${visible(id)} needs an administrator's approval: ${found.why}`,
        `${asked}, and no run on it starts before one stands`,
        `an administrator runs wingman approve ${visible(id)} --reason "…" and lands the file`,
      );
    } else if (found.own && change.scope === "landing") {
      findings.push({
        code: "run/self-approved",
        severity: "warn",
        message: `${visible(id)} was approved by its own author, ${visible(found.approval.by)}, the only administrator who can`,
        why: "nobody else could; whoever reads this should know it",
        help: "name a second administrator in .wingman/policy.yaml",
        ...place,
      });
    }
  }
  return { instruction, findings };
}

function notAccepted(
  { trusted }: Change,
  instruction: Instruction,
  worker: string,
): { what: string; why: string; help: string } | undefined {
  if (instruction.draft) {
    const help = "take `draft: true` out and land it";
    return { what: "is a draft", why: "a draft is no order yet", help };
  }
  if (instruction.worker !== undefined && instruction.worker !== worker) {
    return {
      what: `is for ${instruction.worker}, not for ${worker}`,
      why: "an instruction that names its worker is that worker's alone",
      help: "work on an instruction that is yours, or ask a person to change `worker:`",
    };
  }
  const commands = Object.keys(trusted.policy.commands);
  const first = substanceProblems(instruction, { commands })[0];
  if (first === undefined) return undefined;
  return {
    what: `does not have its ten points: ${first.message}`,
    why: "without all ten, with real content, no work on it gets in",
    help: first.help ?? "complete it and land it",
  };
}
