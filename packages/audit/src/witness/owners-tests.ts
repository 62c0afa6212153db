/**
 * The test files that a run changed, as they were or as they are, to be laid over the other side: its code
 * under the tests from before it, or its tests over the code from before it.
 */
import type { Entry, PathChange, RepoPath } from "@wingman/model";
import type { Scene } from "../scene.ts";
import { relativePath } from "./relative-path.ts";
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
  const own = (path: RepoPath): PathChange => scene.stage.own.get(path) ?? { path };
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
    const [was, is] = [
      await importsOf(scene, change, "before"),
      await importsOf(scene, own(to), "after"),
    ];
    const isElsewhere = was.some((path, at) => path !== is[at] && !isGone(scene, path));
    if (isElsewhere) continue;
    came.delete(text);
    kept.add(change.path).add(to);
  }
  return kept;
}

/** What a test imports by a relative path, as paths of the tree. */
async function importsOf(
  scene: Scene,
  change: PathChange,
  side: "before" | "after",
): Promise<readonly RepoPath[]> {
  const text = (await touchedFile(scene, change))?.[side]?.join("\n") ?? "";
  return [...text.matchAll(RELATIVE)].map(([quoted]) =>
    relativePath(change.path, quoted.slice(1, -1)),
  );
}

/** True where the run took it away: a test that asks another file while the old one stands asks less. */
function isGone(scene: Scene, path: RepoPath): boolean {
  for (const change of scene.stage.own.values())
    if (change.after === undefined && (change.path === path || change.path.startsWith(`${path}.`)))
      return true;
  return false;
}

async function textOf(
  scene: Scene,
  change: PathChange,
  side: "before" | "after",
): Promise<string | undefined> {
  const lines = (await touchedFile(scene, change))?.[side];
  return lines?.join("\n").replace(RELATIVE, '"./"');
}
