/**
 * `git.ancestor`, `git.merged`, `git.tag`, `git.pushed`, `git.clean`: how commits stand to branches and
 * tags. Refs move: where those here may be older than the truth (a clone, a push under way), what they
 * do not hold is no contradiction.
 */
import type { Commit, Observation } from "@wingman/model";
import { branchMatcher, quotePath } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import { contradicts, holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { anyCommit, findCommit } from "./find-commit.ts";

const COMMIT = { commit: { kind: "text", required: true } } as const;

const gitAncestor: ClaimType = {
  type: "git.ancestor",
  title: "a commit is another one or one of its ancestors",
  example: { type: "git.ancestor", args: { commit: "0123456", of: "run" } },
  args: { ...COMMIT, of: { kind: "text", required: true } },
  needs: "history",
  apart: (args) => args.text("commit") !== "run" && args.text("of") !== "run",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [name, of] = [args.text("commit") ?? "", args.text("of") ?? ""];
    const expected = `commit ${quoted(name)} is ${quoted(of)} or one of its ancestors`;
    const commit = await anyCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const from = await anyCommit(scene, of, expected);
    if ("answer" in from) return from;
    const reached = await scene.run?.history.reaches(commit, from);
    const observed = `${short(commit)} and ${short(from)}`;
    if (reached === true) return holds(expected, observed);
    return reached === false
      ? contradicts(expected, `${observed}: not among its ancestors`)
      : unverifiable("NO_WITNESS", expected, "the history is not all here (shallow clone)");
  },
};

const gitMerged: ClaimType = {
  type: "git.merged",
  title: "a commit has come into a branch, itself or by equal patch",
  example: { type: "git.merged", args: { commit: "0123456", into: "main" } },
  args: { ...COMMIT, into: { kind: "text", required: true } },
  needs: "history",
  apart: (args) => args.text("commit") !== "run",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [name, into] = [args.text("commit") ?? "", args.text("into") ?? ""];
    const expected = `commit ${quoted(name)} has come into ${quoted(into)}`;
    const commit = await anyCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const { run } = scene;
    const tips = await run?.history.branch(into.replace(/^refs\/heads\//, ""));
    if (run === undefined || tips === undefined || tips.length === 0)
      return unverifiable("NO_WITNESS", expected, "no branch of that name is here");
    let open = run.history.incomplete;
    for (const tip of tips) {
      scene.note("tip", into, tip.oid);
      const reached = await run.history.reaches(commit, tip);
      if (reached === true) return holds(expected, `${short(tip)} holds it`);
      open ||= reached === "unknown";
    }
    return open
      ? unverifiable("NO_WITNESS", expected, "the history is not all here (shallow clone)")
      : await byPatch(commit, tips, { name, into, expected }, scene);
  },
};

/** A squash or rebase gave it another id: its patch tells. */
async function byPatch(
  commit: Commit,
  tips: readonly Commit[],
  about: { readonly name: string; readonly into: string; readonly expected: string },
  scene: Scene,
): Promise<Observation> {
  const { expected } = about;
  const history = scene.run?.history;
  let open = false;
  for (const tip of tips) {
    const same = await history?.samePatch(commit, tip);
    if (same === "equal") return holds(expected, `a commit of equal patch is in ${short(tip)}`);
    if (same === "squash")
      return holds(
        expected,
        `one commit with the patch of its whole line is in ${short(tip)}: a squash`,
      );
    open ||= same !== "none";
  }
  const tip = tips.map(short).join(", ");
  if (open) return unverifiable("AMBIGUOUS", expected, `not in ${tip}; patches cannot be compared`);
  // The closing commit itself can only come into a branch after it was made.
  if (about.name === "run" || (await history?.refsMayLag()) !== false)
    return unverifiable("STALE", expected, `not in ${tip}, which may have moved on elsewhere`);
  if (await editedSquash(commit, tips, scene))
    return unverifiable(
      "AMBIGUOUS",
      expected,
      `not in ${tip}; its paths changed there, perhaps by a squash with edits`,
    );
  const observed = `neither it nor its patch is in ${tip}`;
  const kept = branchMatcher(scene.stage.policy.governed)(about.into.replace(/^refs\/heads\//, ""));
  return kept || (await stoodBefore(scene, tips))
    ? contradicts(expected, observed)
    : unverifiable("STALE", expected, `${observed}, which may have been rewritten since`);
}

/**
 * True where all that a ref names was there before P. What names other commits was moved after the claim,
 * or made elsewhere: nobody knows what it named then.
 */
async function stoodBefore(scene: Scene, named: readonly Commit[]): Promise<boolean> {
  const end = await findCommit(scene, "run", "");
  if ("answer" in end) return false;
  for (const one of named) if ((await scene.run?.history.reaches(one, end)) !== true) return false;
  return true;
}

/** True where all that the commit changed stands changed on the branch too, in another way. */
async function editedSquash(
  commit: Commit,
  tips: readonly Commit[],
  scene: Scene,
): Promise<boolean> {
  const history = scene.run?.history;
  const own = await history?.touched(commit);
  if (own === undefined || own === "unknown" || own.length === 0) return true;
  for (const tip of tips) {
    const changed = await history?.between(tip, commit);
    if (changed === undefined || changed === "unknown") return true;
    const differs = new Map(changed.map((change) => [change.path, change]));
    // `before` of the difference is what stands at the branch's tip.
    const untouched = own.some(({ path, before }) => {
      const there = differs.get(path);
      return there !== undefined && there.before?.oid === before?.oid;
    });
    if (!untouched) return true;
  }
  return false;
}

const gitTag: ClaimType = {
  type: "git.tag",
  title: "a tag names this commit",
  example: { type: "git.tag", args: { name: "v1.2.0", commit: "0123456" } },
  args: { name: { kind: "text", required: true }, commit: { kind: "text" } },
  needs: "history",
  apart: (args) => args.text("commit") !== "run",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [name, wanted] = [args.text("name") ?? "", args.text("commit")];
    const expected =
      wanted === undefined
        ? `there is a tag ${quoted(name)}`
        : `tag ${quoted(name)} names commit ${quoted(wanted)}`;
    if (scene.run === undefined) return treeAlone(expected, "tags");
    const { history } = scene.run;
    const tagged = await history.tag(name.replace(/^refs\/tags\//, ""));
    if (tagged === "absent")
      return unverifiable("NO_WITNESS", expected, "no such tag is here; it may not be fetched");
    if (tagged === "odd") return unverifiable("UNSUPPORTED", expected, "it names no commit");
    scene.note("tag", name, tagged.oid);
    if (wanted === undefined) return holds(expected, `it names ${short(tagged)}`);
    const commit = await anyCommit(scene, wanted, expected);
    if ("answer" in commit) return commit;
    if (commit.oid === tagged.oid) return holds(expected, short(tagged));
    if (await history.refsMayLag())
      return unverifiable("STALE", expected, `it names ${short(tagged)} here, which may be old`);
    // The run's own commit can be tagged only after it was made.
    return wanted !== "run" && (await stoodBefore(scene, [tagged]))
      ? contradicts(expected, `it names ${short(tagged)}`)
      : unverifiable("STALE", expected, `it names ${short(tagged)}, and may have been moved since`);
  },
};

const gitPushed: ClaimType = {
  type: "git.pushed",
  title: "the remote's ref holds this commit",
  example: { type: "git.pushed", args: { ref: "main", commit: "0123456" } },
  args: { ref: { kind: "text", required: true }, ...COMMIT },
  needs: "remote",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [ref, name] = [args.text("ref") ?? "", args.text("commit") ?? ""];
    const full = ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
    const { run } = scene;
    const { remote } = scene.stage.reach;
    const expected = `${quotePath(full)} of the remote holds commit ${quoted(name)}`;
    if (run === undefined || remote === undefined)
      return unverifiable("NO_WITNESS", expected, "a tree alone has no remote");
    const commit = await anyCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const seen = await remote.ref(full);
    if (!("seen" in seen)) return unverifiable(seen.reason, expected, seen.why);
    scene.note("remote", full, seen.seen ?? "");
    if (seen.seen === commit.oid) return holds(expected, `it names ${short(commit)}`);
    if (seen.seen === undefined)
      // A branch that was merged is often deleted.
      return unverifiable("STALE", expected, "the remote has no such ref now");
    const tip = await run.history.present(seen.seen);
    if (typeof tip === "string")
      return unverifiable(
        "NO_WITNESS",
        expected,
        "what the remote's ref names is not here; fetch it",
      );
    const reached = await run.history.reaches(commit, tip);
    if (reached === true) return holds(expected, `${short(tip)} holds it`);
    const observed = `it names ${short(tip)}, which does not hold it`;
    // A branch that nothing governs may have been forced, rebased or squashed since.
    const kept = branchMatcher(scene.stage.policy.governed)(full.replace(/^refs\/heads\//, ""));
    return kept && reached === false && name !== "run"
      ? contradicts(expected, `${observed}; a governed branch forgets nothing`)
      : unverifiable("STALE", expected, observed);
  },
};

const gitClean: ClaimType = {
  type: "git.clean",
  title: "the working tree has nothing uncommitted",
  example: { type: "git.clean", args: { about: "worktree" } },
  args: {},
  needs: "worktree",
  witness: "fs",
  forgeable: false,
  judge: async (_args, scene) => {
    const expected = "nothing in the working tree is uncommitted";
    const seen = await scene.stage.reach.worktree?.status();
    if (seen === undefined || !("seen" in seen))
      return unverifiable(seen?.reason ?? "NO_WITNESS", expected, seen?.why ?? "nobody looked");
    const [first] = seen.seen;
    return first === undefined
      ? holds(expected, "clean at the moment of looking")
      : contradicts(expected, `${seen.seen.length} paths, ${quotePath(first)} among them`);
  },
};

function short(commit: Commit): string {
  return commit.oid.slice(0, 12);
}

export const gitRefsTypes: readonly ClaimType[] = [
  gitAncestor,
  gitMerged,
  gitTag,
  gitPushed,
  gitClean,
];
