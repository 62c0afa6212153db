/**
 * `git.adds`, `git.diffWithin`, `git.diffNonEmpty`: what the run, a commit, or two commits change. Both
 * ends of a rename are paths of the diff, so nothing leaves the closed world by being moved.
 */
import type { Entry, Observation, PathChange, RepoPath, Run } from "@wingman/model";
import { foldPath, globFault, globMatcher, quotePath, runOfPath, runText } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { spend } from "../budget.ts";
import type { ClaimType } from "../claim-type.ts";
import { tooMuch } from "../content.ts";
import type { Ground } from "../ground.ts";
import { contradicts, holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { placeOf } from "./file-standing.ts";
import { anyCommit, findCommit } from "./find-commit.ts";

const RANGE = { base: { kind: "text" }, head: { kind: "text" } } as const;
/** Larger files are not compared line by line. */
const LARGEST_COMPARED = 4 * 1024 * 1024;

const gitAdds: ClaimType = {
  type: "git.adds",
  title: "a commit (or `run`) adds this text to a file",
  example: {
    type: "git.adds",
    args: { commit: "run", path: "docs/rotation.md", literal: "## Rolling back" },
  },
  args: {
    commit: { kind: "text", required: true },
    path: { kind: "path", required: true },
    literal: { kind: "text", required: true },
  },
  needs: "history",
  apart: (args) => args.text("commit") !== "run",
  witness: "git",
  forgeable: false,
  covers: (args) => [{ path: placeOf(args).path, below: false }],
  judge: async (args, scene) => {
    const { path } = placeOf(args);
    const literal = args.text("literal") ?? "";
    const name = args.text("commit") ?? "";
    const expected = `${name === "run" ? "the run" : `commit ${quoted(name)}`} adds ${quoted(literal)} to ${quotePath(path)}`;
    if (literal.trim() === "")
      return unverifiable("VACUOUS", expected, "an empty text is in every change");
    const change = await changeOf(name, path, scene, expected);
    if ("answer" in change) return change;
    const { start, end } = scene.stage;
    const before = await textOf(change.before, start ?? end, scene, expected);
    const after = await textOf(change.after, end, scene, expected);
    if (typeof before !== "string") return before;
    if (typeof after !== "string") return after;
    const added = judgeAdded(before, after, literal, expected);
    if (added.answer === "TRUE" && change.movedFrom !== undefined)
      return unverifiable("AMBIGUOUS", expected, `it is ${quotePath(change.movedFrom)}, moved`);
    const shared = name === "run" && (await scene.run?.history.byOthers(path)) !== false;
    return added.answer === "TRUE" && shared
      ? unverifiable("AMBIGUOUS", expected, "commits that are not the run's changed the file too")
      : added;
  },
};

interface FileChange {
  readonly before?: Entry;
  readonly after?: Entry;
  readonly movedFrom?: RepoPath;
}

/** A file's change, both sides undefined where it did not change. */
async function changeOf(
  name: string,
  path: RepoPath,
  scene: Scene,
  expected: string,
): Promise<FileChange | Observation> {
  const { run } = scene;
  if (run === undefined) return treeAlone(expected, "run");
  if (name === "run") {
    if (run.incomplete)
      return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
    if (scene.foreignAt(path) !== undefined)
      return unverifiable("AMBIGUOUS", expected, "a merge brought what changed there");
    const change = scene.stage.own.get(path);
    if (change === undefined && isFormOf(path, scene.stage.own.keys()))
      return unverifiable("AMBIGUOUS", expected, OTHER_FORM);
    scene.note("own", path, change?.before?.oid ?? "", change?.after?.oid ?? "");
    return withSource(change, scene.stage.own.values());
  }
  const commit = await findCommit(scene, name, expected);
  if ("answer" in commit) return commit;
  const touched = await run.history.touched(commit);
  if (touched === "unknown")
    return unverifiable("NO_WITNESS", expected, "the commit's own changes are not all here");
  const change = touched.find((one) => one.path === path);
  if (
    change === undefined &&
    isFormOf(
      path,
      touched.map((one) => one.path),
    )
  )
    return unverifiable("AMBIGUOUS", expected, OTHER_FORM);
  return withSource(change, touched);
}

const OTHER_FORM = "a name changed that differs in its Unicode form only";

/** ASCII has one form, and a thousand claims should not look through a thousand paths for another. */
function isFormOf(path: RepoPath, paths: Iterable<RepoPath>): boolean {
  if (/^[\x00-\x7f]*$/.test(path)) return false;
  const form = path.normalize("NFC");
  for (const one of paths) if (one.normalize("NFC") === form) return true;
  return false;
}

/** The same bytes that went elsewhere in the same change: nothing was added, though a diff may show it so. */
function withSource(change: PathChange | undefined, all: Iterable<PathChange>): FileChange {
  if (change === undefined) return {};
  if (change.before !== undefined || change.after === undefined) return change;
  for (const { path, before, after } of all)
    if (after === undefined && before?.oid === change.after.oid)
      return { ...change, movedFrom: path };
  return change;
}

async function textOf(
  entry: Entry | undefined,
  { tree }: Ground,
  scene: Scene,
  expected: string,
): Promise<string | Observation> {
  if (entry === undefined) return "";
  if (!entry.mode.startsWith("100"))
    return unverifiable("UNSUPPORTED", expected, "no regular file stands there");
  const size = await tree.size(entry);
  if (size > LARGEST_COMPARED)
    return unverifiable("BUDGET", expected, `${size} bytes are too many to compare`);
  if (!spend(scene.stage.budget, "bytes", size)) return tooMuch(expected);
  const bytes = Buffer.from(await tree.read(entry));
  if (bytes.includes(0)) return unverifiable("UNSUPPORTED", expected, "a binary file");
  return bytes.toString("utf8").replaceAll("\r\n", "\n").normalize("NFC");
}

/**
 * More occurrences than before: added, whatever a diff would show. None at all: not added. The same
 * number in what changed may have been moved, and a moved line is an added one to git.
 */
function judgeAdded(before: string, after: string, said: string, expected: string): Observation {
  const literal = said.replaceAll("\r\n", "\n").normalize("NFC");
  const now = after.split(literal).length - 1;
  const was = before.split(literal).length - 1;
  if (now === 0) return contradicts(expected, "the text is not there after it");
  if (now > was) return holds(expected, `${was} times before, ${now} times after`);
  const observed = `${was} times before, ${now} times after`;
  if (before === after) return contradicts(expected, "the file is the same before and after");
  return middle(before, after, literal.split("\n").length - 1).includes(literal)
    ? unverifiable("AMBIGUOUS", expected, `${observed}; it may have been moved or written anew`)
    : contradicts(expected, `${observed}, and only outside of what changed`);
}

/** The lines of `after` between what both begin and end with, and `more` lines on both sides. */
function middle(before: string, after: string, more: number): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  // A text of several lines may begin or end in what did not change.
  return b.slice(Math.max(0, head - more), b.length - Math.max(0, tail - more)).join("\n");
}

const diffWithin: ClaimType = {
  type: "git.diffWithin",
  title: "the run (or base..head) changed nothing outside these globs",
  example: {
    type: "git.diffWithin",
    args: { allow: ["src/keys/**"], deny: ["src/keys/vault/**"] },
  },
  args: { ...RANGE, allow: { kind: "globs", required: true }, deny: { kind: "globs" } },
  needs: "history",
  apart: namesBothEnds,
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const [allow, deny] = [args.texts("allow") ?? [], args.texts("deny") ?? []];
    const list = allow.slice(0, 5).map(quoted).join(", ");
    const expected = `nothing changed outside ${list}${allow.length > 5 ? ", …" : ""}`;
    if (allow.length === 0) return unverifiable("VACUOUS", expected, "no glob is named");
    for (const glob of [...allow, ...deny]) {
      const why =
        globFault(glob) ?? (glob.trim() === glob ? undefined : "begins or ends in a blank");
      if (why !== undefined)
        return unverifiable("MALFORMED", expected, `the glob ${quoted(glob)} ${why}`);
    }
    const changes = await changesOf(args, scene, expected);
    if ("answer" in changes) return changes;
    const fences = { allow, deny, folded: deny.map(foldPath) };
    const outside = changes.list.find((change) => fenceOf(change, fences) === "outside");
    if (outside !== undefined) return contradicts(expected, `${quotePath(outside.path)} changed`);
    const near = changes.list.find((change) => fenceOf(change, fences) === "near");
    if (near !== undefined)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${quotePath(near.path)} changed: on many a disk, or through it, that is what is denied`,
      );
    const open = changes.doubtful.find((change) => fenceOf(change, fences) !== "inside");
    if (open !== undefined)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${quotePath(open.path)} changed, and nobody can tell whether the run or another did it`,
      );
    const foreign = changes.foreign === 0 ? "" : `; ${changes.foreign} more came by merges`;
    return holds(expected, `${changes.list.length} paths changed, all within${foreign}`);
  },
};

interface Fences {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** `deny`, as a disk without case reads it. */
  readonly folded: readonly string[];
}

/**
 * On which side of the globs a change is. A submodule or link stands for all that is seen through it:
 * with the folder denied it is outside, with something below it denied nobody can tell.
 */
function fenceOf(
  { path, before, after }: PathChange,
  fences: Fences,
): "inside" | "outside" | "near" {
  const denied = globMatcher(fences.deny);
  if (denied(path)) return "outside";
  const door = [before, after].some(
    (entry) => entry?.mode === "160000" || entry?.mode === "120000",
  );
  if (door && denied(`${path}/anything`)) return "outside";
  if (door && fences.deny.some((glob) => glob.replace(/^\//, "").startsWith(`${path}/`)))
    return "near";
  if (!globMatcher(fences.allow)(path)) {
    const form = path.normalize("NFC");
    const allow = fences.allow.map((glob) => glob.normalize("NFC"));
    return form !== path && globMatcher(allow)(form) ? "near" : "outside";
  }
  return globMatcher(fences.folded)(foldPath(path)) ? "near" : "inside";
}

const diffNonEmpty: ClaimType = {
  type: "git.diffNonEmpty",
  title: "the run (or base..head) changed something",
  example: { type: "git.diffNonEmpty", args: {} },
  args: RANGE,
  needs: "history",
  apart: namesBothEnds,
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const expected = "something changed";
    const changes = await changesOf(args, scene, expected);
    if ("answer" in changes) return changes;
    if (changes.list.length > 0) return holds(expected, `${changes.list.length} paths changed`);
    return changes.foreign + changes.doubtful.length > 0
      ? unverifiable("AMBIGUOUS", expected, "what differs was brought by a merge")
      : contradicts(expected, "nothing changed");
  },
};

function namesBothEnds(args: Arguments): boolean {
  const ends = [args.text("base"), args.text("head")];
  return ends.every((end) => end !== undefined && end !== "run");
}

interface Changes {
  readonly list: readonly PathChange[];
  /** Of the run's diff and what a merge brought: nobody can tell whose. */
  readonly doubtful: readonly PathChange[];
  /** How many paths merges brought that are not the run's. */
  readonly foreign: number;
}

/** The run's own diff without its claims file, or what differs between two commits. */
async function changesOf(
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<Changes | Observation> {
  const { run } = scene;
  if (run === undefined) return treeAlone(expected, "run");
  const [base, head] = [args.text("base"), args.text("head")];
  if (base === undefined && head !== undefined && head !== "run")
    return unverifiable("MALFORMED", expected, "`head` without `base`");
  if (base === undefined) {
    if (run.incomplete)
      return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
    scene.note("diff", run.start.commit ?? "");
    const own = withoutOwnClaims(run.diff, runText(run.name));
    const list = own.filter(({ path }) => !run.doubtful.has(path));
    const doubtful = await Promise.all([...run.doubtful].map((path) => changeAt(scene, path)));
    const foreign = [...run.foreign].filter((path) => !run.doubtful.has(path)).length;
    return { list, doubtful, foreign };
  }
  const from = await anyCommit(scene, base, expected);
  if ("answer" in from) return from;
  const to = await anyCommit(scene, head ?? "run", expected);
  if ("answer" in to) return to;
  const changes = await run.history.between(from, to);
  return changes === "unknown"
    ? unverifiable("NO_WITNESS", expected, "one of the two trees is not all here")
    : splitRange(withoutOwnClaims(changes, runText(run.name)), run);
}

/** Between two commits, too, what a merge brought into the run is not what the worker speaks of. */
function splitRange(changes: readonly PathChange[], run: Run): Changes {
  const brought = (path: RepoPath): boolean => run.foreign.has(path) || run.doubtful.has(path);
  return {
    list: changes.filter(({ path }) => !brought(path)),
    doubtful: changes.filter(({ path }) => brought(path)),
    foreign: 0,
  };
}

async function changeAt({ stage }: Scene, path: RepoPath): Promise<PathChange> {
  const [before, after] = [await stage.start?.entry(path), await stage.end.entry(path)];
  return { path, ...(before && { before }), ...(after && { after }) };
}

function withoutOwnClaims(changes: readonly PathChange[], name: string): readonly PathChange[] {
  return changes.filter(({ path }) => {
    const claims = runOfPath(path);
    return claims === undefined || runText(claims) !== name;
  });
}

export const gitDiffTypes: readonly ClaimType[] = [gitAdds, diffWithin, diffNonEmpty];
