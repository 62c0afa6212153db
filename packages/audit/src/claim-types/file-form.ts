/**
 * `file.mode`, `file.owner`, `file.linksTo`, `file.untouched`. Git stores one bit of a mode and no owner:
 * what it does not store is NO_WITNESS, never FALSE.
 */
import type { RepoPath } from "@wingman/model";
import { pathFromBytes, quotePath } from "@wingman/model";
import { above } from "../below.ts";
import type { ClaimPath } from "../claim-path.ts";
import type { ClaimType } from "../claim-type.ts";
import { behindAnswer, missing, oddAnswer } from "../content.ts";
import { contradicts, holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { exactPath, placeOf } from "./file-standing.ts";

const PATH = { path: { kind: "path", required: true } } as const;

/** What people write for git's own modes. */
const MODES: Readonly<Record<string, string>> = {
  "100644": "100644",
  "0644": "100644",
  "644": "100644",
  "-x": "100644",
  "100755": "100755",
  "0755": "100755",
  "755": "100755",
  "+x": "100755",
  executable: "100755",
  "120000": "120000",
  symlink: "120000",
  "160000": "160000",
  submodule: "160000",
};

const fileMode: ClaimType = {
  type: "file.mode",
  title: "the file has this mode of git",
  example: { type: "file.mode", args: { path: "bin/run", mode: "100755" } },
  args: { ...PATH, mode: { kind: "text", required: true } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const place = placeOf(args);
    const said = args.text("mode") ?? "";
    const expected = `${quotePath(place.path)} has mode ${quoted(said)}`;
    const wanted = Object.hasOwn(MODES, said) ? MODES[said] : undefined;
    if (wanted === undefined)
      return /^(?:100|0)?[0-7]{3}$/.test(said)
        ? unverifiable("NO_WITNESS", expected, "git stores no more of a mode than 644 or 755")
        : unverifiable("MALFORMED", expected, "a mode is 100644, 100755, 120000 or 160000");
    const standing = await scene.atEnd(place.path);
    if (standing.what === "nothing")
      return missing(scene.stage.end, place, expected, (why) => contradicts(expected, why));
    if (standing.what === "behind") return behindAnswer(standing, expected);
    if (standing.what === "folder") return contradicts(expected, "a folder stands there");
    const { mode } = standing.entry;
    if (mode === wanted) return holds(expected, `mode ${mode}`);
    // `chmod +x link` and `stat link` follow it: the worker may speak of what it leads to.
    if (mode === "120000" && wanted.startsWith("100"))
      return unverifiable("AMBIGUOUS", expected, "a symbolic link stands there");
    return contradicts(expected, `mode ${mode}`);
  },
};

const fileOwner: ClaimType = {
  type: "file.owner",
  title: "the file belongs to this user (and group) of the host",
  example: { type: "file.owner", args: { path: "bin/run", user: "root", about: "worktree" } },
  args: { ...PATH, user: { kind: "text", required: true }, group: { kind: "text" } },
  onDisk: true,
  witness: "fs",
  forgeable: false,
  judge: async (args, scene) => {
    const { path } = placeOf(args);
    const [user, group] = [args.text("user") ?? "", args.text("group")];
    const whom = group === undefined ? quoted(user) : `${quoted(user)} and ${quoted(group)}`;
    const expected = `${quotePath(path)} belongs to ${whom}`;
    if (args.text("about") !== "worktree")
      return unverifiable("NO_WITNESS", expected, "git stores no owner; say about=worktree");
    const seen = await scene.stage.reach.worktree?.owner(path);
    if (seen === undefined || !("seen" in seen))
      return unverifiable(seen?.reason ?? "NO_WITNESS", expected, seen?.why ?? "nobody looked");
    const { uid, gid, users, groups } = seen.seen;
    const observed = `user ${nameOf(uid, users)}, group ${nameOf(gid, groups)}`;
    const said = [idOf(user, users), group === undefined ? gid : idOf(group, groups)];
    // A name of a directory service stands in no file of this host.
    if (said.includes(undefined))
      return unverifiable("NO_WITNESS", expected, `${observed}; this host knows no such name`);
    return said[0] === uid && said[1] === gid
      ? holds(expected, observed)
      : contradicts(expected, observed);
  },
};

/** `0` and `root` are one. */
function idOf(said: string, names: ReadonlyMap<string, number>): number | undefined {
  return names.get(said) ?? (/^\d{1,10}$/.test(said) ? Number(said) : undefined);
}

function nameOf(id: number, names: ReadonlyMap<string, number>): string {
  const name = [...names].find(([, one]) => one === id)?.[0];
  return name === undefined ? String(id) : `${quoted(name)} (${id})`;
}

const fileLinksTo: ClaimType = {
  type: "file.linksTo",
  title: "a symbolic link with exactly this target stands there",
  example: { type: "file.linksTo", args: { path: "latest", target: "releases/v2" } },
  args: { ...PATH, target: { kind: "text", required: true } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const place = placeOf(args);
    const target = args.text("target") ?? "";
    const expected = `${quotePath(place.path)} links to ${quoted(target)}`;
    if (target === "") return unverifiable("MALFORMED", expected, "the target is empty");
    const standing = await scene.atEnd(place.path);
    if (standing.what === "nothing")
      return missing(scene.stage.end, place, expected, (why) => contradicts(expected, why));
    const odd = oddAnswer(standing, expected);
    if (odd !== undefined) return odd;
    if (standing.what !== "symlink" || !("entry" in standing))
      return contradicts(expected, `a ${standing.what} stands there, no link`);
    const seen = pathFromBytes(await scene.stage.end.read(standing.entry));
    const observed = `a link to ${quoted(seen)}`;
    if (seen === target) return holds(expected, observed);
    return sameTarget(seen, target)
      ? unverifiable("AMBIGUOUS", expected, `${observed}, another spelling of that`)
      : contradicts(expected, observed);
  },
};

function sameTarget(a: string, b: string): boolean {
  const plain = (text: string): string =>
    text
      .normalize("NFC")
      .replaceAll("\\", "/")
      .replace(/\/{2,}/g, "/")
      .replace(/^(?:\.\/)+/, "")
      .replace(/\/$/, "");
  return plain(a) === plain(b);
}

const fileUntouched: ClaimType = {
  type: "file.untouched",
  title: "this run did not touch this file, or anything below this folder",
  example: { type: "file.untouched", args: { path: "src/keys/vault" } },
  args: { path: { kind: "path" }, paths: { kind: "paths" } },
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const one = args.path("path");
    const places: readonly ClaimPath[] = one === undefined ? (args.paths("paths") ?? []) : [one];
    const list = places.slice(0, 5).map(({ path }) => quotePath(path));
    const expected = `the run did not touch ${list.join(", ")}${places.length > 5 ? ", …" : ""}`;
    if (one !== undefined && args.has("paths"))
      return unverifiable("MALFORMED", expected, "give `path` or `paths`");
    if (places.length === 0) return unverifiable("VACUOUS", expected, "no path is named");
    const { run } = scene;
    if (run === undefined) return treeAlone(expected, "run");
    if (run.incomplete)
      return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
    const open: string[] = [];
    for (const { path } of places) {
      const touched = scene.ownAt(path);
      scene.note("own", path, touched ?? "");
      const doubt = whyDoubtful(scene, path);
      if (touched !== undefined && scene.doubtfulAt(path) === undefined)
        return contradicts(expected, `the run changed ${quotePath(touched)}`);
      if (doubt !== undefined) open.push(doubt);
    }
    const [doubt] = open;
    return doubt === undefined
      ? holds(expected, "the run's own commits left it as it was before")
      : unverifiable("AMBIGUOUS", expected, doubt);
  },
};

/** Why nobody can say that a path was left alone, though no own change names it. */
function whyDoubtful(scene: Scene, path: RepoPath): string | undefined {
  const doubtful = scene.doubtfulAt(path);
  if (doubtful !== undefined)
    return `${quotePath(doubtful)} changed, and nobody can tell whether the run or another did it`;
  // A submodule, a link or a file that stands, or stood, where this path has a folder.
  const over = above(path).find((one) => one !== path && scene.stage.own.has(one));
  if (over !== undefined) return `the run changed ${quotePath(over)}, which it stands behind`;
  const variant = scene.ownVariant(path);
  return variant === undefined || variant === path
    ? undefined
    : `the run changed ${quotePath(variant)}, another spelling of that name`;
}

export const fileFormTypes: readonly ClaimType[] = [
  fileMode,
  fileOwner,
  fileLinksTo,
  fileUntouched,
];
