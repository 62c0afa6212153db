/**
 * Whether an instruction is complete: a run of it is done and its deliverables were judged TRUE
 * (TRUST.md §5). What no verdict tells is not known here, which is neither complete nor a lie.
 */
import type {
  Answer,
  ClaimsFile,
  ClaimText,
  Instruction,
  LedgerState,
  Tree,
  Verdict,
} from "@wingman/model";
import {
  CLAIMS_DIR,
  claimName,
  claimsOfPoint,
  runOfPath,
  runText,
  sameClaim,
  settledMark,
} from "@wingman/model";
import { claimsOf } from "./reading.ts";

/** What is known of an instruction's completeness; `inWords`: deliverables that nobody can judge. */
export type Completeness =
  | { readonly state: "complete"; readonly inWords: number }
  | { readonly state: "open" | "false" | "unknown"; readonly why: string };

/** Every sound claims file of a tree, by the instruction that its run carries out. */
export async function runsByInstruction(
  tree: Tree,
): Promise<ReadonlyMap<string, readonly ClaimsFile[]>> {
  const found = new Map<string, ClaimsFile[]>();
  for (const entry of await tree.entries(CLAIMS_DIR)) {
    if (runOfPath(entry.path) === undefined) continue;
    const parsed = await claimsOf(tree, entry);
    if (!parsed.ok) continue;
    const { instruction } = parsed.value.open;
    found.set(instruction, [...(found.get(instruction) ?? []), parsed.value]);
  }
  return found;
}

/** What judged claims: the verdicts of this very landing first, then the ledger's. */
export interface Judged {
  readonly ledger: LedgerState;
  readonly verdicts: readonly Verdict[];
}

/** Looks at the runs of one instruction. `instruction` is undefined where none stands that can be read. */
export function completeness(
  instruction: Instruction | undefined,
  runs: readonly ClaimsFile[],
  judged: Judged,
): Completeness {
  const closed = runs.filter(({ close }) => close !== undefined && close.outcome !== "abandoned");
  const done = closed.filter(({ close }) => close?.outcome === "done");
  if (done.length === 0) return { state: "open", why: "no run of it is done here" };
  const sound = done.filter(({ name }) => !judged.ledger.falseRuns.has(runText(name)));
  if (sound.length === 0)
    return { state: "false", why: "each of its done runs holds a claim that is FALSE" };
  if (instruction === undefined)
    return { state: "unknown", why: "its text, which says what was to come, is not here" };
  const { claims, inWords } = claimsOfPoint(instruction, "deliverables");
  // Words have no verdict of their own: whoever was done with others was not done with these.
  if (inWords > 0 && sound.every(({ open }) => open.digest !== instruction.digest))
    return { state: "unknown", why: "each of its done runs was opened on another text of it" };
  const whole = closed.flatMap((run) => wholeAnswers(run, instruction, judged));
  for (const wanted of claims) {
    const isWanted = (one: ClaimText): boolean => sameClaim(one, wanted);
    const found = closed.flatMap((run) => answersOf(run, isWanted, judged));
    if ([...found, ...whole].includes("TRUE")) continue;
    const name = `its deliverable ${wanted.type} (${shown(wanted)})`;
    if (!closed.some((run) => claimsLike(run, isWanted).length > 0))
      return { state: "unknown", why: `no run of it claims ${name} in these words` };
    if (found.includes("FALSE")) return { state: "false", why: `${name} was judged FALSE` };
    return {
      state: "unknown",
      why: found.includes("UNVERIFIABLE")
        ? `${name} could not be verified`
        : `${name} has no verdict that is known here`,
    };
  }
  return { state: "complete", inWords };
}

/** Answers to a run's `instr.complete`: TRUE of this very text speaks for each of its deliverables. */
function wholeAnswers(run: ClaimsFile, { id, digest }: Instruction, judged: Judged): Answer[] {
  if (run.open.digest !== digest) return [];
  const isWhole = ({ type, args }: ClaimText): boolean =>
    type === "instr.complete" && (args["instruction"] ?? id) === id;
  return answersOf(run, isWhole, judged);
}

function claimsLike(
  run: ClaimsFile,
  isWanted: (claim: ClaimText) => boolean,
): ClaimsFile["claims"] {
  return run.claims.filter(({ record, retracted }) => !retracted && isWanted(record));
}

function answersOf(
  run: ClaimsFile,
  isWanted: (claim: ClaimText) => boolean,
  judged: Judged,
): Answer[] {
  return claimsLike(run, isWanted).flatMap(({ record, line }) => {
    const name = claimName(run.name, record.seq);
    const here = judged.verdicts.find(
      ({ claim }) => claim.name === name && claim.digest === line.digest,
    );
    if (here !== undefined && here.reason !== "NOT_KNOWN_HERE") return [here.verdict];
    const mark = judged.ledger.verdicts.get(name);
    if (mark?.digest !== line.digest) return [];
    return [settledMark(mark, line.digest)?.verdict ?? mark.verdict];
  });
}

function shown({ args }: ClaimText): string {
  const text = Object.entries(args)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? "…" : String(value)}`)
    .join(", ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
