/**
 * The test files that a run changed, as they were or as they are, to be laid over the other side: its code
 * under the tests from before it, or its tests over the code from before it.
 */
import type { Entry, PathChange, RepoPath } from "@wingman/model";
import type { Scene } from "../scene.ts";
import { touchedFile } from "./touched-file.ts";
import { witnessKind } from "./witness-files.ts";

const RELATIVE = /(['"])\.{1,2}\/[^'"]*\1/g;

/** By path; undefined takes a file away. What only moved, imports aside, stays as the run has it. */
export async function ownersTests(
  scene: Scene,
  side: "before" | "after",
): Promise<ReadonlyMap<RepoPath, Entry | undefined>> {
  const changed = [...scene.stage.own.values()].filter(
    ({ path }) => !path.startsWith(".wingman/") && witnessKind(path) !== undefined,
  );
  const kept = side === "before" ? await onlyMoved(scene, changed) : new Set<RepoPath>();
  return new Map(
    changed.filter(({ path }) => !kept.has(path)).map((change) => [change.path, change[side]]),
  );
}

/** Pairs of a file that went and one that came with the same lines, but for where they import from. */
async function onlyMoved(
  scene: Scene,
  changed: readonly PathChange[],
): Promise<ReadonlySet<RepoPath>> {
  const came = new Map<string, RepoPath>();
  const kept = new Set<RepoPath>();
  for (const change of changed)
    if (change.before === undefined) {
      const text = await textOf(scene, change, "after");
      if (text !== undefined) came.set(text, change.path);
    }
  for (const change of changed) {
    if (change.after !== undefined || came.size === 0) continue;
    const text = await textOf(scene, change, "before");
    const to = text === undefined ? undefined : came.get(text);
    if (text === undefined || to === undefined) continue;
    came.delete(text);
    kept.add(change.path).add(to);
  }
  return kept;
}

async function textOf(
  scene: Scene,
  change: PathChange,
  side: "before" | "after",
): Promise<string | undefined> {
  const lines = (await touchedFile(scene, change))?.[side];
  return lines?.join("\n").replace(RELATIVE, '"./"');
}
