/**
 * The commit that a claim names. One that cannot be reached is never FALSE: amend and rebase give commits
 * new ids, and the worker that named the old one did not lie.
 */
import type { Commit, Observation } from "@wingman/model";
import { treeAlone, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";

/** A commit by its id, reachable from P; `run` is P itself. Or the whole answer where there is none. */
export async function findCommit(
  scene: Scene,
  name: string,
  expected: string,
): Promise<Commit | Observation> {
  const { run } = scene;
  if (run === undefined) return treeAlone(expected, "history");
  if (name === "run" && run.end.commit === "")
    return unverifiable("NOT_KNOWN_HERE", expected, "the commit is not made yet");
  if (name !== "run" && !/^[0-9a-f]{7,64}$/i.test(name)) {
    return /^[0-9a-f]{1,6}$/i.test(name)
      ? unverifiable("AMBIGUOUS", expected, "an id needs 7 digits at least")
      : unverifiable("UNSUPPORTED", expected, "a name moves; give a commit's id, or `run`");
  }
  // A staged run has no commit of its own yet; its history ends in what it builds on.
  const from = run.end.commit === "" ? (run.start.commit ?? "") : run.end.commit;
  if (from === "") return unverifiable("NO_WITNESS", expected, "there is no history yet");
  const found = await run.history.find(name === "run" ? from : name.toLowerCase(), from);
  if (found === "ambiguous")
    return unverifiable("AMBIGUOUS", expected, "several objects' ids begin so");
  if (found === "unknown")
    return unverifiable("NO_WITNESS", expected, "the history is not all here (shallow clone)");
  if (found === "absent")
    return unverifiable(
      "NO_WITNESS",
      expected,
      "no such commit is reachable; amend and rebase give new ids",
    );
  scene.note("commit", found.oid, found.tree);
  return found;
}

/**
 * A commit by its id, wherever it stands in this repository: for claims about branches and tags, which
 * the run's own history need not reach.
 */
export async function anyCommit(
  scene: Scene,
  name: string,
  expected: string,
): Promise<Commit | Observation> {
  if (name === "run" || scene.run === undefined || !/^[0-9a-f]{7,64}$/i.test(name))
    return await findCommit(scene, name, expected);
  const found = await scene.run.history.present(name.toLowerCase());
  if (found === "ambiguous")
    return unverifiable("AMBIGUOUS", expected, "several objects' ids begin so");
  if (found === "unknown" || found === "absent")
    return unverifiable("NO_WITNESS", expected, "no such commit is in this repository");
  scene.note("commit", found.oid, found.tree);
  return found;
}
