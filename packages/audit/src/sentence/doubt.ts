/**
 * Why an answer about a name is not the last word. Nothing stands there, before or after, but people name
 * files by their last part (`index.ts`), from the folder they work in, with other capitals, and use words
 * that are no path at all. Then neither "it is not there" nor "it was not touched" tells anything.
 */
import type { Observation, RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { readClaimPath } from "../claim-path.ts";
import type { Ground } from "../ground.ts";
import type { Stage } from "../scene.ts";
import type { Name } from "./names.ts";

const NO_PATH = 'the word need not be a path: say `the file "…"` or claim it typed';

/** What only a file can have: of a folder it is said in another sense ("src contains x"). */
const OF_FILES = new Set(["file.size", "file.lines", "file.contains", "file.lacks", "file.mode"]);

/** Gives the doubt, or undefined where the answer about this name stands. */
export async function doubtAbout(
  stage: Stage,
  name: Name,
  { answer }: Observation,
  type: string,
  isRef: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  const place = readClaimPath(name.path);
  if ("why" in place) return undefined;
  const { path } = place;
  const grounds = [stage.end, ...(stage.start === undefined ? [] : [stage.start])];
  const standing = await Promise.all(grounds.map((one) => one.standing(path)));
  if (standing.some(({ what }) => what !== "nothing")) {
    if (answer === "FALSE" && name.doubt === "loose") return NO_PATH;
    if (answer === "FALSE" && OF_FILES.has(type) && standing[0]?.what === "folder")
      return "a folder stands there";
    const asFolder = place.folder || name.kind === "folder";
    return answer === "FALSE" && asFolder && standing.some(({ what }) => what === "submodule")
      ? "a submodule stands there"
      : undefined;
  }
  const isAbove = await nothingAt(grounds, path.split("/")[0] ?? "");
  for (const ground of grounds) {
    // From a folder above, or as `git diff` writes it: `shop/src/a.ts`, `b/src/a.ts`.
    const below = isAbove ? path.slice(path.indexOf("/") + 1) : path;
    const other =
      (await ground.standing(below)).what === "nothing"
        ? await elsewhere(ground, name, path)
        : below;
    if (other !== undefined)
      return `but there is ${quotePath(other)}: name the whole path, or \`./…\` at the top`;
    const above = await fileAbove(ground, path);
    if (above !== undefined) return `${quotePath(above)} is no folder`;
  }
  if (name.doubt === "whole" || name.doubt === "loose") return NO_PATH;
  if (name.doubt === "word" && (await isProse(grounds, path))) return NO_PATH;
  return name.doubt === "word" && (await isRef(path))
    ? "a branch or a tag has that name"
    : undefined;
}

async function elsewhere(
  ground: Ground,
  name: Name,
  path: RepoPath,
): Promise<RepoPath | undefined> {
  const variant = await ground.variant(path);
  if (variant !== undefined || name.path.startsWith("./")) return variant;
  if (name.bare !== undefined && (await ground.standing(name.bare)).what !== "nothing")
    return name.bare;
  const tail = `/${path}`;
  const folder = `${tail}/`;
  const found = (await ground.tree.entries()).find(
    (one) => one.path.endsWith(tail) || one.path.includes(folder),
  );
  return found?.path;
}

/** The first part of a path that is a file: `README.md/## Usage`. */
async function fileAbove(ground: Ground, path: RepoPath): Promise<RepoPath | undefined> {
  for (let cut = path.indexOf("/"); cut > 0; cut = path.indexOf("/", cut + 1)) {
    const at = path.slice(0, cut);
    if ((await ground.entry(at)) !== undefined) return at;
  }
  return undefined;
}

/** `read/write`, and `docs/tests` where both are folders of the top: nothing that begins so stands there. */
async function isProse(grounds: readonly Ground[], path: RepoPath): Promise<boolean> {
  const parts = path.split("/");
  if (await nothingAt(grounds, parts[0] ?? "")) return true;
  const tops = await Promise.all(
    parts.map(async (part) => {
      const seen = await Promise.all(grounds.map((one) => one.standing(part)));
      return seen.some(({ what }) => what === "folder");
    }),
  );
  return parts.length > 1 && tops.every((stands) => stands);
}

async function nothingAt(grounds: readonly Ground[], path: RepoPath): Promise<boolean> {
  const seen = await Promise.all(grounds.map((one) => one.standing(path)));
  return seen.every(({ what }) => what === "nothing");
}
