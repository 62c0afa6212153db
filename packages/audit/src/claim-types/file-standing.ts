/**
 * `file.exists` and `file.absent`: what stands at a path at P.
 *
 * A symbolic link has two readings, the link itself and what it leads to. Where both agree the claim
 * gets that answer; where they differ it is AMBIGUOUS. So a link whose target is in the tree exists,
 * a dangling one is no file, and nobody is accused over the word "file".
 */
import type { Entry, Observation } from "@wingman/model";
import { isFault, quotePath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import type { ClaimPath } from "../claim-path.ts";
import type { ClaimType, Covered } from "../claim-type.ts";
import { missing, oddAnswer } from "../content.ts";
import type { Leads, Standing } from "../ground.ts";
import { contradicts, holds, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";

const KINDS = ["file", "folder", "symlink", "executable"] as const;
type Kind = (typeof KINDS)[number];

export const fileExists: ClaimType = {
  type: "file.exists",
  title: "a file, folder or link stands at this path",
  example: { type: "file.exists", args: { path: "src/keys/rotate.mjs" } },
  args: { path: { kind: "path", required: true }, kind: { kind: KINDS } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const place = placeOf(args);
    const kind = kindOf(args, place);
    const expected = `${kind ?? "something"} at ${quotePath(place.path)}`;
    if (place.folder && kind !== "folder")
      return unverifiable(
        "MALFORMED",
        expected,
        `the path ends in / and so names a folder, not a ${kind}`,
      );
    return judgeStanding(scene, place, kind, expected);
  },
};

export const fileAbsent: ClaimType = {
  type: "file.absent",
  title: "nothing stands at this path",
  example: { type: "file.absent", args: { path: "src/old.mjs" } },
  args: { path: { kind: "path", required: true } },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const place = placeOf(args);
    const expected = `nothing at ${quotePath(place.path)}`;
    const standing = await scene.atEnd(place.path);
    const odd = oddAnswer(standing, expected);
    if (odd !== undefined) return odd;
    if (standing.what === "nothing") {
      const variant = await scene.stage.end.variant(place.path);
      if (variant === undefined) return holds(expected, "nothing stands there");
      // On a disk that folds names it is there, so neither answer is the whole truth.
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `nothing stands there, but there is ${quotePath(variant)}`,
      );
    }
    if (place.folder && standing.what !== "folder")
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `no folder stands there, but a ${standing.what} does`,
      );
    return contradicts(expected, `a ${standing.what} stands there`);
  },
};

/**
 * Judges that something of a kind (anything where undefined) stands at a path at P. Also the first
 * half of `file.created`.
 */
export async function judgeStanding(
  scene: Scene,
  place: ClaimPath,
  kind: Kind | undefined,
  expected: string,
): Promise<Observation> {
  const standing = await scene.atEnd(place.path);
  const odd = oddAnswer(standing, expected);
  if (odd !== undefined) return odd;
  if (standing.what === "nothing")
    return missing(scene.stage.end, place, expected, (why) => contradicts(expected, why));
  if (standing.what === "symlink") return judgeLink(standing.leads, kind, expected);
  const observed = await describe(standing, scene);
  return fits(standing.what, kind) ? holds(expected, observed) : contradicts(expected, observed);
}

/** What stands there, for people; a file with its size, since an empty one proves little. */
export async function describe(standing: Standing, scene: Scene): Promise<string> {
  if (standing.what === "file" || standing.what === "executable") {
    const size = await sizeOf(standing.entry, scene);
    return `${standing.what === "file" ? "a file" : "an executable file"} ${size === undefined ? "whose content is not here" : `of ${size} bytes`}`;
  }
  if (standing.what === "symlink") return `a symbolic link (it leads to: ${standing.leads})`;
  return standing.what === "nothing" ? "nothing stands there" : `a ${standing.what} stands there`;
}

/** Undefined in a partial clone: the entry stands there all the same. */
async function sizeOf(entry: Entry, scene: Scene): Promise<number | undefined> {
  try {
    return await scene.stage.end.tree.size(entry);
  } catch (error) {
    if (isFault(error) && error.code === "git/missing-object") return undefined;
    throw error;
  }
}

function judgeLink(leads: Leads, kind: Kind | undefined, expected: string): Observation {
  const observed = `a symbolic link stands there (it leads to: ${leads})`;
  if (kind === "symlink") return holds(expected, observed);
  const itself = kind === undefined;
  const followed = leads === "outside" || leads === "submodule" ? undefined : fits(leads, kind);
  if (itself && followed === true) return holds(expected, observed);
  if (!itself && followed === false) return contradicts(expected, observed);
  return unverifiable("AMBIGUOUS", expected, observed);
}

function fits(
  what: "nothing" | "file" | "executable" | "folder" | "submodule" | "behind",
  kind: Kind | undefined,
): boolean {
  if (what === "nothing" || what === "behind") return false;
  if (kind === undefined) return true;
  // An executable is a file as well.
  return what === kind || (kind === "file" && what === "executable");
}

function kindOf(args: Arguments, place: ClaimPath): Kind | undefined {
  const kind = KINDS.find((one) => one === args.text("kind"));
  return kind ?? (place.folder ? "folder" : undefined);
}

/** The claim's `path`, which its description requires. */
export function placeOf(args: Arguments, name = "path"): ClaimPath {
  const place = args.path(name);
  if (place === undefined) throw new TypeError(`no path argument ${name}`);
  return place;
}

export function exactPath(args: Arguments): readonly Covered[] {
  return [{ path: placeOf(args).path, below: false }];
}
