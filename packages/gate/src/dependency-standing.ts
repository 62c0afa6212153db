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
import { CLAIMS_DIR, claimName, runOfPath, runText, settledMark } from "@wingman/model";
import { claimsOf } from "./reading.ts";

/** What is known of an instruction's completeness. */
export type Completeness =
  | { readonly state: "complete" }
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

/** Looks at the runs of one instruction. `instruction` is undefined where it does not stand any more. */
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
  for (const wanted of deliverables(instruction)) {
    const found = closed.flatMap((run) => answersOf(run, wanted, judged));
    if (found.includes("TRUE")) continue;
    const name = `its deliverable ${wanted.type} (${shown(wanted)})`;
    if (!closed.some((run) => sameClaims(run, wanted).length > 0))
      return { state: "unknown", why: `no run of it claims ${name} in these words` };
    if (found.includes("FALSE")) return { state: "false", why: `${name} was judged FALSE` };
    return {
      state: "unknown",
      why: found.includes("UNVERIFIABLE")
        ? `${name} could not be verified`
        : `${name} has no verdict that is known here`,
    };
  }
  return { state: "complete" };
}

/** Deliverables that are claims; what only text says is not machine-enforced. */
function deliverables(instruction: Instruction | undefined): ClaimText[] {
  const value = instruction?.points.deliverables?.value;
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== "object" || item === null) return [];
    const [type, args] = Object.entries(item)[0] ?? [];
    return type === undefined || typeof args !== "object" || args === null
      ? []
      : [{ type, args: args as ClaimText["args"] }];
  });
}

function sameClaims(run: ClaimsFile, wanted: ClaimText): ClaimsFile["claims"] {
  return run.claims.filter(
    ({ record, retracted }) =>
      !retracted && record.type === wanted.type && sameArgs(record.args, wanted.args),
  );
}

function answersOf(run: ClaimsFile, wanted: ClaimText, judged: Judged): Answer[] {
  return sameClaims(run, wanted).flatMap(({ record, line }) => {
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

/** YAML knows 0.5 where a claims file has the text "0.5": they are one number. */
function sameArgs(a: ClaimText["args"], b: ClaimText["args"]): boolean {
  return plain(a) === plain(b);
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(String(value));
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${plain(one)}`).join(",")}}`;
}

function shown({ args }: ClaimText): string {
  const text = Object.entries(args)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? "…" : String(value)}`)
    .join(", ");
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
