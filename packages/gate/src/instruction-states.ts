/**
 * The state of every instruction (draft, proposed, accepted, active, done, withdrawn), derived from
 * files and ledger and stored nowhere. Pure but for the trees that it reads.
 */
import type { ClaimsFile, Instruction, LedgerState, Parsed, Tree, Trusted } from "@wingman/model";
import { INSTRUCTIONS_DIR, runText, substanceProblems } from "@wingman/model";
import { approvalAsked, approvalStanding } from "./approval-standing.ts";
import { type Completeness, completeness, runsByInstruction } from "./dependency-standing.ts";
import { instructionAt } from "./reading.ts";

export type InstructionState = "draft" | "proposed" | "accepted" | "active" | "done" | "withdrawn";

/** One instruction as it stands. */
export interface InstructionStanding {
  readonly id: string;
  readonly title: string;
  readonly state: InstructionState;
  /** Why it is no further than that, or what somebody should know of it. */
  readonly why?: string;
  /** Its runs on any tree that was looked at. */
  readonly runs: readonly { readonly run: string; readonly state: string }[];
  /** The instructions that it needs, each with what is known of its completeness. */
  readonly needs: readonly { readonly id: string; readonly state: Completeness["state"] }[];
  /** Set where the only administrator approved what he wrote. */
  readonly selfApprovedBy?: string;
}

export interface StatesView {
  readonly trusted: Trusted;
  readonly ledger: LedgerState;
  readonly now: Date;
  readonly authorsOf?: (path: string) => Promise<ReadonlySet<string> | undefined>;
  /** Tips of other branches: proposals and runs that have not landed stand there. */
  readonly branches: readonly Tree[];
}

/** All of them, by id. */
export async function instructionStates(view: StatesView): Promise<InstructionStanding[]> {
  const landed = await runsByInstruction(view.trusted.tree);
  const everywhere = await runsOfAll([view.trusted.tree, ...view.branches]);
  const own = await instructionsIn(view.trusted.tree);
  const proposed = new Map<string, Parsed<Instruction>>();
  for (const tree of view.branches)
    for (const [id, parsed] of await instructionsIn(tree))
      if (!own.has(id) && !proposed.has(id)) proposed.set(id, parsed);
  const ids = [...new Set([...own.keys(), ...proposed.keys(), ...landed.keys()])].sort();
  const judged = { ledger: view.ledger, verdicts: [] };
  const known = (id: string): Completeness => {
    const parsed = own.get(id);
    return completeness(
      parsed?.ok === true ? parsed.value : undefined,
      landed.get(id) ?? [],
      judged,
    );
  };
  const states: InstructionStanding[] = [];
  for (const id of ids) {
    const parsed = own.get(id) ?? proposed.get(id);
    const instruction = parsed?.ok === true ? parsed.value : undefined;
    const runs = everywhere.get(id) ?? [];
    states.push({
      id,
      title: instruction?.title ?? "",
      ...(await stateOf(view, { id, own: own.get(id), proposed: proposed.get(id), runs, known })),
      runs: runs.map((one) => ({ run: runText(one.name), state: one.close?.outcome ?? "open" })),
      needs: (instruction?.needs ?? []).map((need) => ({ id: need, state: known(need).state })),
    });
  }
  return states;
}

type State = Pick<InstructionStanding, "state" | "why" | "selfApprovedBy">;

async function stateOf(
  view: StatesView,
  one: {
    readonly id: string;
    readonly own: Parsed<Instruction> | undefined;
    readonly proposed: Parsed<Instruction> | undefined;
    readonly runs: readonly ClaimsFile[];
    readonly known: (id: string) => Completeness;
  },
): Promise<State> {
  const order = view.ledger.withdrawn.get(one.id);
  if (order !== undefined)
    return { state: "withdrawn", why: `ledger record ${order.since}: ${order.reason}` };
  if (one.own === undefined && one.proposed === undefined)
    return { state: "withdrawn", why: "its file is gone from the policy branch" };
  const parsed = one.own ?? one.proposed;
  if (parsed?.ok === true && parsed.value.draft) return { state: "draft" };
  if (one.own === undefined) return { state: "proposed", why: "it has not landed" };
  if (!one.own.ok) return { state: "proposed", why: "it cannot be read" };
  const complete = one.known(one.id);
  if (complete.state === "complete") {
    const { inWords } = complete;
    return inWords === 0
      ? { state: "done" }
      : { state: "done", why: `${inWords} of its deliverables are words, which nobody judged` };
  }
  const accepted = await acceptance(view, one.own.value);
  if (accepted.state !== "accepted") return accepted;
  const working = one.runs.some(({ close }) => close?.outcome !== "abandoned");
  if (!working) return accepted;
  // An open run is reason enough; what a closed one lacks should be said.
  return complete.state === "open"
    ? { ...accepted, state: "active" }
    : { ...accepted, state: "active", why: complete.why };
}

async function acceptance(view: StatesView, one: Instruction): Promise<State> {
  const { policy, established } = view.trusted;
  const commands = established ? { commands: Object.keys(policy.commands) } : {};
  const [first] = substanceProblems(one, commands);
  if (first !== undefined) return { state: "proposed", why: first.message };
  const asked = approvalAsked(policy, one);
  if (asked === undefined) return { state: "accepted" };
  const found = await approvalStanding(view, one);
  if ("why" in found)
    return { state: "proposed", why: `it needs an approval (${asked}): ${found.why}` };
  return found.own
    ? { state: "accepted", selfApprovedBy: found.approval.by }
    : { state: "accepted" };
}

async function instructionsIn(tree: Tree): Promise<ReadonlyMap<string, Parsed<Instruction>>> {
  const found = new Map<string, Parsed<Instruction>>();
  for (const entry of await tree.entries(INSTRUCTIONS_DIR)) {
    const id = /^(INS-\d{1,9})\.(?:md|yaml)$/.exec(
      entry.path.slice(INSTRUCTIONS_DIR.length + 1),
    )?.[1];
    if (id !== undefined && !found.has(id)) found.set(id, await instructionAt(tree, entry));
  }
  return found;
}

/** Runs of several trees, each once, in the state that goes furthest. */
async function runsOfAll(
  trees: readonly Tree[],
): Promise<ReadonlyMap<string, readonly ClaimsFile[]>> {
  const byRun = new Map<string, ClaimsFile>();
  for (const tree of trees)
    for (const runs of (await runsByInstruction(tree)).values())
      for (const run of runs) {
        const name = runText(run.name);
        const other = byRun.get(name);
        if (other === undefined || other.lines.length < run.lines.length) byRun.set(name, run);
      }
  const found = new Map<string, ClaimsFile[]>();
  for (const run of byRun.values())
    found.set(run.open.instruction, [...(found.get(run.open.instruction) ?? []), run]);
  return found;
}
