/**
 * What an instruction claims, asked for a run: its own order's claims, or another's. What an order says of
 * "the run" (created, stayed within) may be the deed of a run before, or of another order's run; whoever did
 * not do it is no liar for that, and what this run did is no answer to it.
 */
import type { ClaimsFile, ClaimText, Observation } from "@wingman/model";
import {
  CLAIMS_DIR,
  claimName,
  parseClaimsFile,
  runOfPath,
  runText,
  sameClaim,
  settledMark,
} from "@wingman/model";
import { holds, quoted, unverifiable } from "./observation.ts";
import type { Stage } from "./scene.ts";

/** Whose claim it is, and how a claim is asked. */
export interface Order {
  readonly instruction: string;
  readonly ask: (claim: ClaimText) => Promise<Observation>;
}

/** Judges one claim of an instruction for the stage's run. */
export async function judgeOrdered(
  stage: Stage,
  { type, args }: ClaimText,
  { instruction: id, ask }: Order,
): Promise<Observation> {
  // Without an id, an order speaks of itself.
  const claim =
    type === "instr.complete" ? { type, args: { instruction: id, ...args } } : { type, args };
  const own = stage.run?.file.open.instruction === id;
  if (stage.run === undefined || !isOfRun(claim)) return await ask(claim);
  const seen = own ? await ask(claim) : undefined;
  if (seen !== undefined && (seen.answer !== "FALSE" || !isDeed(claim))) return seen;
  const left = remains(claim);
  for (const one of left) {
    const still = await ask(one);
    // Whoever did it, its outcome is not there.
    if (still.answer !== "TRUE") return own && seen !== undefined ? seen : open(claim, id);
  }
  const runs = await runsBefore(stage, id);
  const doer = runs.find((run) => isProven(stage, run, claim));
  if (doer !== undefined)
    return holds(
      `${quoted(type)} by a run of ${id}`,
      `run ${runText(doer.name)} did, says the ledger`,
    );
  if (seen === undefined) return open(claim, id);
  return runs.length === 0
    ? seen
    : unverifiable("AMBIGUOUS", seen.expected, `${seen.observed}; a run of ${id} before may have`);
}

function open({ type }: ClaimText, id: string): Observation {
  return unverifiable("NO_WITNESS", quoted(type), `it speaks of the run that carries out ${id}`);
}

/** Types that tell what a run did, or left alone. */
const OF_RUN =
  /^(?:file\.(?:created|modified|deleted|renamed|untouched)|test\.(?:added|intact)|dep\.unchanged|diff\.claimed)$/;
/** Those that one of several runs does for all of them. */
const DEEDS = /^(?:file\.(?:created|modified|deleted|renamed)|test\.added|git\.)/;

function isOfRun({ type, args }: ClaimText): boolean {
  if (type === "secret.absent") return args["scope"] === undefined;
  if (type === "git.diffWithin" || type === "git.diffNonEmpty") return args["base"] === undefined;
  return OF_RUN.test(type) || ["commit", "of"].some((name) => args[name] === "run");
}

function isDeed({ type }: ClaimText): boolean {
  return DEEDS.test(type) && type !== "git.diffWithin";
}

/** What of a deed is still seen, whoever did it. */
function remains({ type, args: { path, from, to } }: ClaimText): readonly ClaimText[] {
  const there = (at: unknown): ClaimText => ({ type: "file.exists", args: { path: at } });
  const gone = (at: unknown): ClaimText => ({ type: "file.absent", args: { path: at } });
  switch (type) {
    case "file.created":
    case "file.modified":
      return [there(path)];
    case "file.deleted":
      return [gone(path)];
    case "file.renamed":
      return [gone(from), there(to)];
    default:
      return [];
  }
}

/** Claims files that are read for it; where there are more, the newest. */
const MOST_FILES = 1000;
const LARGEST = 5 << 20;

/** Runs of an instruction that had landed when this one began. */
async function runsBefore({ start, run }: Stage, id: string): Promise<readonly ClaimsFile[]> {
  const found: ClaimsFile[] = [];
  const files = (await start?.tree.entries(CLAIMS_DIR))?.flatMap((entry) => {
    const name = runOfPath(entry.path);
    const isOwn = name !== undefined && run !== undefined && runText(name) === runText(run.name);
    return name === undefined || isOwn || !entry.mode.startsWith("100")
      ? []
      : [{ entry, at: name.run }];
  });
  const newest = (files ?? []).sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MOST_FILES);
  for (const { entry } of newest) {
    if (start === undefined || (await start.tree.size(entry)) > LARGEST) continue;
    const parsed = parseClaimsFile(entry.path, await start.tree.read(entry));
    if (parsed.ok && parsed.value.open.instruction === id) found.push(parsed.value);
  }
  return found;
}

/** True where the ledger says of this run's own claim in the same words that it was so. */
function isProven({ ledger }: Stage, run: ClaimsFile, wanted: ClaimText): boolean {
  return run.claims.some(({ record, line, retracted }) => {
    const mark = ledger.verdicts.get(claimName(run.name, record.seq));
    const isTrue = settledMark(mark, line.digest)?.verdict === "TRUE";
    return isTrue && !retracted && sameClaim(record, wanted);
  });
}
