/**
 * Judges one claim on a stage: finds its row, reads its arguments, asks. An object that the
 * repository does not hold is UNVERIFIABLE; every other fault goes on up and blocks.
 */
import type { Attempt, ClaimText, Observation, Tree } from "@wingman/model";
import { isFault } from "@wingman/model";
import type { Arguments } from "./arguments.ts";
import { checkArguments } from "./arguments.ts";
import type { ClaimType, Covered } from "./claim-type.ts";
import { CLAIM_TYPES, claimTypeOf } from "./claim-types.ts";
import { didYouMean } from "./did-you-mean.ts";
import { quoted, unverifiable } from "./observation.ts";
import { UNREACHED } from "./reach.ts";
import type { Claimed, Stage, StageSetting } from "./scene.ts";
import { Scene, stageOfTree } from "./scene.ts";
import { LOOKS } from "./turns.ts";

/** An observation, and what it rests on. */
export interface Judged {
  readonly observation: Observation;
  /** `sha256:…` over all that was looked at. */
  readonly evidence: string;
  readonly row: ClaimType | undefined;
  /** What the claim speaks for in the diff; nothing where it asserts nothing. */
  readonly covers: readonly Covered[];
  /** Each look, where it looked more than once for all. */
  readonly attempts: readonly Attempt[];
}

/**
 * Judges one claim. Throws faults only, and never `git/missing-object`. `claimed`: when it was recorded;
 * absent for what is asked now.
 */
export async function judgeClaim(
  stage: Stage,
  claim: ClaimText,
  { within = { orders: [], left: { asks: MOST_ASKED } }, claimed }: Asking = {},
): Promise<Judged> {
  const scene = new Scene(stage, claimed, {
    ask: async (other) =>
      await asked(stage, other, { within: inside(within, claim, stage), claimed }),
    covered: async () => {
      stage.covered.all ??= coveredByRun(stage);
      return await stage.covered.all;
    },
  });
  const row = claimTypeOf(claim.type);
  if (row === undefined) {
    const near = didYouMean(
      claim.type,
      CLAIM_TYPES.map((one) => one.type),
    );
    const observation = unverifiable(
      "UNSUPPORTED",
      quoted(claim.type),
      `no such claim type${near}`,
    );
    return { observation, evidence: scene.evidence(), row, covers: [], attempts: [] };
  }
  const args = checkArguments(row.args, claim.args);
  if ("why" in args) {
    const observation = unverifiable("MALFORMED", row.title, args.why);
    return { observation, evidence: scene.evidence(), row, covers: [], attempts: [] };
  }
  const unreached = whyUnreached(row, args, stage);
  const observation =
    unreached !== undefined
      ? unverifiable("NOT_KNOWN_HERE", row.title, unreached)
      : isBehindTheCut(row, args, stage)
        ? unverifiable("NO_WITNESS", row.title, BEHIND)
        : await inTurn(row, stage, () => row.judge(args, scene)).catch((error: unknown) =>
            whenMissing(error, row),
          );
  return {
    observation,
    evidence: scene.evidence(),
    row,
    covers: saysNothing(observation.reason) ? [] : (row.covers?.(args) ?? []),
    attempts: scene.attempts,
  };
}

/** Looks at what is outside wait for room; commands do so for each of their runs (command-view.ts). */
async function inTurn(
  { needs }: ClaimType,
  { turns }: Stage,
  judge: () => Promise<Observation>,
): Promise<Observation> {
  const looks = needs === "host" || needs === "engine" || needs === "remote";
  return looks ? (await turns.take("look", LOOKS, judge)).value : await judge();
}

/** True where a claim with this reason asserts nothing, and so covers nothing. */
export function saysNothing(reason: Observation["reason"]): boolean {
  return reason === "MALFORMED" || reason === "VACUOUS";
}

/** What a claim is asked for. */
interface Asking {
  /** When it was recorded, and now. */
  readonly claimed?: Claimed | undefined;
  readonly within?: Within;
}

/** The orders whose completeness is being asked, and what may still be asked for the outermost. */
interface Within {
  readonly orders: readonly unknown[];
  readonly left: { asks: number };
}

/** Orders that name others, each many times, would ask without end. */
const MOST_ASKED = 2000;

function inside({ orders, left }: Within, { type, args }: ClaimText, stage: Stage): Within {
  const id = args["instruction"] ?? stage.run?.file.open.instruction;
  return { orders: type === WHOLE ? [...orders, id] : orders, left };
}

const WHOLE = "instr.complete";

async function asked(
  stage: Stage,
  claim: ClaimText,
  { within, claimed }: { readonly within: Within; readonly claimed: Claimed | undefined },
): Promise<Observation> {
  // An instruction may claim that another is complete, and that one the first.
  if (claim.type === WHOLE && within.orders.includes(claim.args["instruction"]))
    return unverifiable("UNSUPPORTED", claim.type, "instructions that ask for each other");
  within.left.asks -= 1;
  if (within.left.asks < 0)
    return unverifiable("BUDGET", claim.type, `more than ${MOST_ASKED} claims are asked for one`);
  return (await judgeClaim(stage, claim, { within, claimed })).observation;
}

/** What a claim speaks for, whatever its answer; nothing where it is malformed. */
export function coveredBy(claim: ClaimText): readonly Covered[] {
  const row = claimTypeOf(claim.type);
  const args = row === undefined ? undefined : checkArguments(row.args, claim.args);
  return args === undefined || "why" in args ? [] : (row?.covers?.(args) ?? []);
}

/** What the run's claims speak for, whatever their answers; nothing where they say nothing. */
async function coveredByRun(stage: Stage): Promise<readonly Covered[]> {
  const covers: Covered[] = [];
  for (const { record, retracted } of stage.run?.file.claims ?? []) {
    const claim = { type: record.type, args: record.args };
    const before = stage.covered.known.get(record.seq);
    covers.push(...(before ?? []));
    if (before !== undefined || retracted || coveredBy(claim).length === 0) continue;
    const judged = await judgeClaim(stage, claim);
    stage.covered.ready.set(record.seq, judged);
    covers.push(...judged.covers);
  }
  return covers;
}

/** Why this surface cannot look, or undefined where it can. */
function whyUnreached(row: ClaimType, args: Arguments, stage: Stage): string | undefined {
  const need = row.needs ?? "tree";
  const inRepository = need === "tree" || need === "history";
  const about = args.text("about");
  const onDisk = about === "worktree" && row.onDisk === true && stage.reach.worktree !== undefined;
  if (inRepository && about !== undefined && about !== "tree" && !onDisk)
    return `about: ${about} can be seen on that machine only`;
  return inRepository || stage.reach[need] !== undefined ? undefined : UNREACHED[need];
}

const BEHIND =
  "the commit that closed the run may lie behind what this clone holds; git fetch --unshallow";

/** What hangs on P, where nobody can tell which commit that is. */
function isBehindTheCut(row: ClaimType, args: Arguments, stage: Stage): boolean {
  if (stage.run?.placed !== false) return false;
  const need = row.needs ?? "tree";
  const elsewhere = need === "host" || need === "engine" || need === "events" || need === "remote";
  return elsewhere ? args.text("commit") === "run" : row.apart?.(args) !== true;
}

/** Judges one typed claim on a tree without a run, for `verify`. */
export async function judgeAgainst(
  tree: Tree,
  claim: ClaimText,
  setting: StageSetting = {},
): Promise<Observation> {
  return (await judgeClaim(stageOfTree(tree, setting), claim)).observation;
}

/**
 * What a worker put into the repository is the answer to its own claims, never the end of an audit of
 * everybody's: a tree that no git would write, or one that unfolds without end, is one claim nobody judges.
 */
function whenMissing(error: unknown, row: ClaimType): Observation {
  if (!isFault(error)) throw error;
  switch (error.code) {
    case "git/missing-object":
      return unverifiable(
        "NO_WITNESS",
        row.title,
        "an object that it needs is not in this repository",
      );
    case "git/hostile-tree":
    case "git/hostile-commit":
      return unverifiable("UNSUPPORTED", row.title, error.message);
    case "git/object-too-large":
      return unverifiable("BUDGET", row.title, error.message);
    default:
      throw error;
  }
}
