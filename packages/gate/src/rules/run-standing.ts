/**
 * Whether a run may work at all: its instruction is accepted on the trusted side, still the one that
 * the run was opened on, approved where it must be, and the run is not over (TRUST.md §3, §6).
 */
import type { Approval, Change, Finding, Instruction, OpenRecord, RiskLevel } from "@wingman/model";
import {
  globMatcher,
  parseApproval,
  quotePath,
  runText,
  signedBytesOfApproval,
  substanceProblems,
  verifySignedText,
  visible,
} from "@wingman/model";
import { instructionOf, readSmall } from "../reading.ts";

export const STANDING_CODES = [
  "run/instruction",
  "run/outdated",
  "run/approval",
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
  if (needsApproval(change, instruction, touched)) {
    const missing = await whyNotApproved(change, instruction);
    if (missing !== undefined) {
      add(
        "run/approval",
        `${visible(id)} needs an administrator's approval: ${missing}`,
        "its risk or environment asks for one before any run starts",
        `an administrator runs wingman approve ${visible(id)} and lands the file`,
      );
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

const RISKS: readonly RiskLevel[] = ["low", "medium", "high", "critical"];

/** The declared risk, raised by the policy's minimum for environment and touched paths. */
function needsApproval(
  { trusted: { policy } }: Change,
  one: Instruction,
  touched: readonly string[],
): boolean {
  if (policy.approvals.environments.includes(one.environment)) return true;
  const levels = policy.risk
    .filter((row) => row.environment === undefined || row.environment === one.environment)
    .filter((row) => row.paths === undefined || reachesPaths(row.paths, one, touched))
    .map((row) => row.level);
  const level = Math.max(...[one.risk ?? "low", ...levels].map((each) => RISKS.indexOf(each)));
  return policy.approvals.levels.some((each) => RISKS.indexOf(each) === level);
}

/** By what it touches, and by what its boundaries name: asked before the first file is touched. */
function reachesPaths(
  globs: readonly string[],
  one: Instruction,
  touched: readonly string[],
): boolean {
  const matches = globMatcher(globs);
  const named = (one.boundaries?.allow ?? []).flatMap((glob) => [
    glob,
    glob.replaceAll("**", "any").replaceAll(/[*?]/g, "x"),
  ]);
  return [...touched, ...named].some((path) => matches(path));
}

async function whyNotApproved(
  change: Change,
  instruction: Instruction,
): Promise<string | undefined> {
  const path = `.wingman/approvals/${instruction.id}.yaml`;
  const { tree, policy, signers } = change.trusted;
  const entry = await tree.entry(path);
  if (entry === undefined) return `there is no ${quotePath(path)} on the policy branch`;
  const bytes = await readSmall(tree, entry);
  const parsed = bytes === undefined ? undefined : parseApproval(path, bytes);
  if (parsed?.ok !== true) return `${quotePath(path)} cannot be read`;
  const approval: Approval = parsed.value;
  if (approval.instruction !== instruction.id)
    return `it approves ${visible(approval.instruction)}`;
  if (approval.digest !== instruction.digest) return "the instruction was edited after it";
  if (approval.environment !== instruction.environment) return `it is for ${approval.environment}`;
  // No clock, no approval: what cannot be known must not count as valid.
  const now = change.now;
  if (now === undefined || !(Date.parse(approval.expires) > now.getTime())) {
    return `it expired (${visible(approval.expires)})`;
  }
  const shown = verifySignedText({
    message: Buffer.from(signedBytesOfApproval(approval, policy.origin)),
    armored: approval.signature,
    namespace: "wingman-approval",
    signers,
    at: now,
  });
  if (shown.state !== "good") {
    return `its signature does not hold: ${"why" in shown ? visible(shown.why) : "there is none"}`;
  }
  if (!shown.principals.some((name) => policy.administrators.includes(name))) {
    return "it is not signed by an administrator";
  }
  // What reports show is `by`: it must be the one who signed.
  return shown.principals.includes(approval.by) && policy.administrators.includes(approval.by)
    ? undefined
    : `it says ${visible(approval.by)}, who did not sign it`;
}
