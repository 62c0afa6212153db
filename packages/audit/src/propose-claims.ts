/**
 * Claims that a difference makes by itself: what came, changed, went, or moved unchanged. A proposal for
 * the worker to look at; nothing is claimed by it.
 */
import type { ClaimsFile, ClaimText, PathChange } from "@wingman/model";
import { recordPath } from "@wingman/model";
import { checkArguments } from "./arguments.ts";
import { claimTypeOf } from "./claim-types.ts";

/** One claim a path, in the order of the paths; a file that moved unchanged is one rename. */
export function proposeClaims(changes: readonly PathChange[]): ClaimText[] {
  const moved = movesOf(changes);
  const arrived = new Set(moved.values());
  return changes.flatMap((change): ClaimText[] => {
    const { path, before, after } = change;
    if (arrived.has(path)) return [];
    const to = moved.get(path);
    if (to !== undefined)
      return [{ type: "file.renamed", args: { from: recordPath(path), to: recordPath(to) } }];
    const verb = before === undefined ? "created" : after === undefined ? "deleted" : "modified";
    return [{ type: `file.${verb}`, args: { path: recordPath(path) } }];
  });
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
