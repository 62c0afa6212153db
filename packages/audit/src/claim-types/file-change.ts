/**
 * `file.created`, `modified`, `deleted`, `renamed`: the net effect of the run, from S to P. What came
 * and went in between is not looked at, similarity is never judged, and a path that a merge brought
 * is not the run's own (AMBIGUOUS).
 */
import type { Observation, RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { ClaimPath } from "../claim-path.ts";
import type { ClaimType } from "../claim-type.ts";
import { missing, oddAnswer } from "../content.ts";
import type { Standing } from "../ground.ts";
import { contradicts, holds, treeAlone, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { describe, judgeStanding, placeOf } from "./file-standing.ts";

export const fileCreated: ClaimType = onePath({
  type: "file.created",
  title: "this run brought a file (or folder) that was not there before",
  path: "src/keys/rotate.mjs",
  done: "created",
  judge: async (scene, place, expected) => {
    const now = await judgeStanding(scene, place, place.folder ? "folder" : undefined, expected);
    if (now.answer !== "TRUE") return now;
    const was = await scene.atStart(place.path);
    const stood = await scene.atEnd(place.path);
    if (was.what === "nothing")
      return isOwn(scene, place.path) ? holds(expected, now.observed) : unowned(expected);
    if (was.what === stood.what)
      return contradicts(expected, "it already stood there before the run");
    if (isFile(was) && isFile(stood))
      return contradicts(expected, "it already stood there before the run; its mode changed");
    return unverifiable(
      "AMBIGUOUS",
      expected,
      `before the run a ${was.what} stood there, after it a ${stood.what}`,
    );
  },
});

export const fileModified: ClaimType = onePath({
  type: "file.modified",
  title: "this run changed a file that was there before",
  path: "docs/rotation.md",
  done: "modified",
  judge: async (scene, place, expected) => {
    const [was, is] = [await scene.atStart(place.path), await scene.atEnd(place.path)];
    if (is.what === "nothing" && was.what === "nothing")
      return missing(scene.stage.end, place, expected, (why) => contradicts(expected, why));
    if (is.what === "nothing") return contradicts(expected, "it was deleted");
    if (was.what === "nothing")
      return contradicts(expected, "it was not there before: this run created it");
    if (isOwn(scene, place.path)) return holds(expected, await describe(is, scene));
    if (same(was, is)) return contradicts(expected, "it is the same as before the run");
    return unowned(expected);
  },
});

export const fileDeleted: ClaimType = onePath({
  type: "file.deleted",
  title: "this run took away a file (or folder) that was there before",
  path: "src/old.mjs",
  done: "deleted",
  judge: async (scene, place, expected) => {
    const [was, is] = [await scene.atStart(place.path), await scene.atEnd(place.path)];
    if (is.what !== "nothing") {
      if (was.what === is.what || was.what === "nothing" || (isFile(was) && isFile(is)))
        return contradicts(expected, `it still stands there: ${await describe(is, scene)}`);
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `before the run a ${was.what} stood there, after it a ${is.what}`,
      );
    }
    if (was.what === "nothing" && scene.stage.start !== undefined)
      return missing(scene.stage.start, place, expected, (why) =>
        contradicts(expected, `before the run: ${why}`),
      );
    return isOwn(scene, place.path)
      ? holds(expected, `before the run a ${was.what}, after it nothing`)
      : unowned(expected);
  },
});

export const fileRenamed: ClaimType = {
  type: "file.renamed",
  title: "the old path went and the new one came",
  example: { type: "file.renamed", args: { from: "src/old.mjs", to: "src/new.mjs" } },
  args: { from: { kind: "path", required: true }, to: { kind: "path", required: true } },
  witness: "git",
  forgeable: false,
  covers: (args) => ["from", "to"].map((name) => ({ path: placeOf(args, name).path, below: true })),
  judge: async (args, scene) => {
    const [from, to] = [placeOf(args, "from"), placeOf(args, "to")];
    const expected = `${quotePath(from.path)} became ${quotePath(to.path)}`;
    if (from.path === to.path) return unverifiable("VACUOUS", expected, "both names are the same");
    const early = await unjudged(scene, [from, to], expected);
    if (early !== undefined) return early;
    const old = { was: await scene.atStart(from.path), is: await scene.atEnd(from.path) };
    const fresh = { was: await scene.atStart(to.path), is: await scene.atEnd(to.path) };
    if (old.was.what === "nothing" && scene.stage.start !== undefined)
      return missing(scene.stage.start, from, expected, (why) =>
        contradicts(expected, `before the run, the old path: ${why}`),
      );
    if (old.is.what !== "nothing") return contradicts(expected, "the old path still stands");
    if (fresh.is.what === "nothing")
      return missing(scene.stage.end, to, expected, (why) =>
        contradicts(expected, `the new path: ${why}`),
      );
    if (fresh.was.what !== "nothing") {
      // `mv a b` over an existing b: with equal bytes even b's entry stays the same.
      const moved = isOwn(scene, to.path) || same(old.was, fresh.is);
      return moved
        ? unverifiable(
            "AMBIGUOUS",
            expected,
            "the old path went; the new one stood already and may have been replaced",
          )
        : contradicts(expected, "the new path stood already and did not change");
    }
    const own = isOwn(scene, from.path) && isOwn(scene, to.path);
    return own ? holds(expected, "the old path went and the new one came") : unowned(expected);
  },
};

/** A row about one path, judged where the path is the run's to speak of. */
function onePath(row: {
  readonly type: string;
  readonly title: string;
  readonly path: RepoPath;
  readonly done: string;
  judge(scene: Scene, place: ClaimPath, expected: string): Promise<Observation>;
}): ClaimType {
  const { type, title, path, done, judge } = row;
  return {
    type,
    title,
    example: { type, args: { path } },
    args: { path: { kind: "path", required: true } },
    witness: "git",
    forgeable: false,
    covers: (args) => [{ path: placeOf(args).path, below: true }],
    judge: async (args, scene) => {
      const place = placeOf(args);
      const expected = `${quotePath(place.path)} was ${done} by this run`;
      const early = await unjudged(scene, [place], expected);
      return early ?? (await judge(scene, place, expected));
    },
  };
}

/** Without a run, with unreadable history, or over paths that are not the run's: nothing can be said. */
async function unjudged(
  scene: Scene,
  places: readonly ClaimPath[],
  expected: string,
): Promise<Observation | undefined> {
  const { run } = scene;
  if (run === undefined) return treeAlone(expected, "run");
  if (run.incomplete)
    return unverifiable(
      "NO_WITNESS",
      expected,
      "the history of the run is not all here (shallow clone)",
    );
  for (const { path } of places) {
    if (scene.foreignAt(path) !== undefined)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        scene.doubtfulAt(path) === undefined
          ? `${quotePath(path)}: a merge brought a change that is not the run's own`
          : `${quotePath(path)}: nobody can tell whether the run or another changed it`,
      );
    for (const standing of [await scene.atStart(path), await scene.atEnd(path)]) {
      const odd = oddAnswer(standing, expected);
      if (odd !== undefined) return odd;
    }
  }
  return undefined;
}

function isOwn(scene: Scene, path: RepoPath): boolean {
  return scene.ownAt(path) !== undefined;
}

function unowned(expected: string): Observation {
  return unverifiable(
    "AMBIGUOUS",
    expected,
    "it changed during the run, but not by this run's own commits",
  );
}

function isFile(standing: Standing): boolean {
  return standing.what === "file" || standing.what === "executable";
}

function same(was: Standing, is: Standing): boolean {
  if (was.what !== is.what) return false;
  // A folder's own changes were found by isOwn, others by foreignAt.
  if (!("entry" in was) || !("entry" in is)) return true;
  return was.entry.oid === is.entry.oid && was.entry.mode === is.entry.mode;
}
