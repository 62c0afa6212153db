/**
 * Does one state of the ledger branch only add to another? Asked of each commit of its history and of
 * each push: old bytes stay the head of the new ones, and the checkpoint never goes back.
 */
import type { Tree } from "@wingman/model";
import { CHECKPOINT_PATH, layoutOf } from "./layout.ts";
import { parseCheckpoint, verifyCheckpoint } from "./note.ts";
import type { LedgerProblem } from "./report.ts";
import type { Scan } from "./scan.ts";

/** One commit of the ledger branch. */
export interface HistoryStep {
  readonly commit: string;
  readonly parents: readonly string[];
  /** Opens its tree: asked for once, when the walk comes there. */
  readonly tree: () => Promise<Tree>;
}

/** Walks the branch: one parent each, only additions, each commit ending in a checkpoint of the key. */
export async function historyProblem(
  history: AsyncIterable<HistoryStep> | Iterable<HistoryStep>,
  tip: Tree | undefined,
  scan: Scan,
): Promise<LedgerProblem | undefined> {
  let before: { commit: string; tree: Tree } | undefined;
  for await (const step of history) {
    const { commit } = step;
    if (
      step.parents.length !== (before === undefined ? 0 : 1) ||
      (before !== undefined && step.parents[0] !== before.commit)
    )
      return {
        outcome: "FORKED",
        file: CHECKPOINT_PATH,
        line: 1,
        commit,
        message: `commit ${commit.slice(0, 12)} of the ledger branch does not follow the one before it alone`,
      };
    const tree = await step.tree();
    const problem =
      (await extensionProblem(before?.tree, tree, scan.head.auditor)) ??
      (await foreignRoot(tree, scan));
    if (problem !== undefined) return { ...problem, commit };
    before = { commit, tree };
  }
  if (before === undefined || tip === undefined) return undefined;
  const last = await extensionProblem(before.tree, tip, scan.head.auditor);
  return last === undefined || before.tree.id === tip.id
    ? undefined
    : { ...last, commit: before.commit };
}

/** A commit's own checkpoint must be over the first lines of today's list. */
async function foreignRoot(tree: Tree, scan: Scan): Promise<LedgerProblem | undefined> {
  const entry = await tree.entry(CHECKPOINT_PATH);
  const signed = parseCheckpoint(
    entry === undefined ? "" : Buffer.from(await tree.read(entry)).toString("utf8"),
  );
  if (!("bad" in signed) && scan.roots.get(signed.size) === signed.root) return undefined;
  return {
    outcome: "FORKED",
    file: CHECKPOINT_PATH,
    line: 3,
    message: "the commit's checkpoint is over other lines than the log has",
  };
}

/** Old bytes must be a prefix of the new ones, and the new checkpoint larger and of the key. */
export async function extensionProblem(
  old: Tree | undefined,
  now: Tree,
  auditor: string | undefined,
): Promise<LedgerProblem | undefined> {
  const layout = await layoutOf(now);
  const prior = old === undefined ? undefined : await layoutOf(old);
  if (layout.stray !== undefined)
    return {
      outcome: "REWRITTEN",
      file: layout.stray.path,
      line: 1,
      message: `it does not belong there: ${layout.stray.why}`,
    };
  for (const [index, was] of (prior?.segments ?? []).entries()) {
    const is = layout.segments[index];
    if (is === undefined)
      return { outcome: "TRUNCATED", file: was.path, line: 1, message: "the segment is gone" };
    if (is.oid === was.oid || old === undefined) continue;
    const line = firstDifference(await old.read(was), await now.read(is));
    if (line !== undefined)
      return {
        outcome: "REWRITTEN",
        file: was.path,
        line,
        message: "the line is not what it was one commit before",
      };
    if (index < (prior?.segments.length ?? 0) - 1)
      return {
        outcome: "REWRITTEN",
        file: was.path,
        line: 1,
        message: "a segment that was full grew",
      };
  }
  if (layout.checkpoint === undefined || auditor === undefined)
    return {
      outcome: "BAD_SIG",
      file: CHECKPOINT_PATH,
      line: 1,
      message: "the commit has no signed checkpoint",
    };
  const note = Buffer.from(await now.read(layout.checkpoint)).toString("utf8");
  const signed = verifyCheckpoint(note, auditor, { alone: true });
  if (!signed.ok)
    return { outcome: "BAD_SIG", file: CHECKPOINT_PATH, line: signed.line, message: signed.why };
  if (prior?.checkpoint === undefined || old === undefined) return undefined;
  const earlier = parseCheckpoint(Buffer.from(await old.read(prior.checkpoint)).toString("utf8"));
  if (!("bad" in earlier) && earlier.size > signed.checkpoint.size)
    return {
      outcome: "TRUNCATED",
      file: CHECKPOINT_PATH,
      line: 2,
      message: "the checkpoint went back",
    };
  return undefined;
}

/** The first line (from 1) in which the old bytes are not the head of the new ones, or undefined. */
function firstDifference(old: Uint8Array, now: Uint8Array): number | undefined {
  const head = Buffer.from(now.buffer, now.byteOffset, Math.min(now.length, old.length));
  if (now.length >= old.length && head.equals(old)) return undefined;
  let line = 1;
  for (let at = 0; at < old.length && old[at] === now[at]; at += 1) if (old[at] === 10) line += 1;
  return line;
}
