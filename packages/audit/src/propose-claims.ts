/**
 * Claims that a difference makes by itself: what came, changed, went, or moved unchanged. A proposal for
 * the worker to look at, and only what would be TRUE; nothing is claimed by it.
 */
import type { ClaimsFile, ClaimText, PathChange, RepoPath, Run } from "@wingman/model";
import { pathToBytes, recordPath, visible } from "@wingman/model";
import { checkArguments } from "./arguments.ts";
import { readClaimPath } from "./claim-path.ts";
import { claimTypeOf } from "./claim-types.ts";
import { judgeClaim } from "./judge-claim.ts";
import { stageOf } from "./scene.ts";

/** What can be claimed, and the changes for which no claim would be TRUE. */
export interface Proposals {
  readonly claims: readonly ClaimText[];
  readonly without: readonly { readonly path: RepoPath; readonly why: string }[];
}

/**
 * One claim a path, in the order of the paths; a file that moved unchanged is one rename. Each is judged
 * on the run as it would be closed now: a submodule, say, is another repository, and nothing of it is
 * ever TRUE here.
 */
export async function proposeClaims(run: Run, changes: readonly PathChange[]): Promise<Proposals> {
  const stage = stageOf(run);
  const claims: ClaimText[] = [];
  const without: { path: RepoPath; why: string }[] = [];
  /** Why it would not be TRUE, or undefined where it is proposed. */
  const tried = async (claim: ClaimText): Promise<string | undefined> => {
    const { observation } = await judgeClaim(stage, claim);
    if (observation.answer !== "TRUE") return observation.observed;
    claims.push(claim);
    return undefined;
  };
  const moved = movesOf(changes);
  const arrived = new Set<RepoPath>();
  for (const change of changes) {
    const { path } = change;
    const to = moved.get(path);
    if (to === undefined || (await tried(renameOf(path, to))) !== undefined) continue;
    arrived.add(path).add(to);
  }
  for (const { path, before, after } of changes) {
    if (arrived.has(path)) continue;
    const verb = before === undefined ? "created" : after === undefined ? "deleted" : "modified";
    const why = await tried({ type: `file.${verb}`, args: { path: claimedPath(path) } });
    if (why !== undefined) without.push({ path, why });
  }
  return { claims: claims.sort(byFirstPath(changes)), without };
}

function renameOf(from: RepoPath, to: RepoPath): ClaimText {
  return { type: "file.renamed", args: { from: claimedPath(from), to: claimedPath(to) } };
}

/** A path as a claim takes it and a terminal shows it; else its bytes. */
function claimedPath(path: RepoPath): string | { b64: string } {
  const said = recordPath(path);
  const isPlain = typeof said === "string" && visible(said) === said && !said.startsWith('{"b64"');
  return isPlain && !("why" in readClaimPath(said))
    ? said
    : { b64: pathToBytes(path).toString("base64") };
}

/** The changes that none of these claims speaks for; retracted ones speak for nothing. */
export function uncoveredChanges(
  changes: readonly PathChange[],
  claims: ClaimsFile["claims"],
): PathChange[] {
  const covers = claims.flatMap(({ record, retracted }) => {
    const row = claimTypeOf(record.type);
    const args = row === undefined ? undefined : checkArguments(row.args, record.args);
    return retracted || args === undefined || "why" in args ? [] : (row?.covers?.(args) ?? []);
  });
  return changes.filter(
    ({ path }) =>
      !covers.some((one) => one.path === path || (one.below && path.startsWith(`${one.path}/`))),
  );
}

/** As the changes stand. */
function byFirstPath(changes: readonly PathChange[]) {
  const order = new Map(
    changes.map(({ path }, index) => [JSON.stringify(claimedPath(path)), index] as const),
  );
  const at = ({ args }: ClaimText): number =>
    order.get(JSON.stringify(args["path"] ?? args["from"])) ?? 0;
  return (one: ClaimText, other: ClaimText): number => at(one) - at(other);
}

/** Old path to new one, where exactly one file with these bytes went and one came. */
function movesOf(changes: readonly PathChange[]): Map<string, string> {
  const gone = new Map<string, string[]>();
  const came = new Map<string, string[]>();
  for (const { path, before, after } of changes) {
    if (after === undefined && before !== undefined)
      gone.set(before.oid, [...(gone.get(before.oid) ?? []), path]);
    if (before === undefined && after !== undefined)
      came.set(after.oid, [...(came.get(after.oid) ?? []), path]);
  }
  const moves = new Map<string, string>();
  for (const [oid, [from, ...more]] of gone) {
    const [to, ...others] = came.get(oid) ?? [];
    if (from !== undefined && to !== undefined && more.length === 0 && others.length === 0)
      moves.set(from, to);
  }
  return moves;
}
