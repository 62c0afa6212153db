/**
 * The manifests and lock files that a claim about packages speaks of, read. One that cannot be read is the
 * whole answer; a name that another file of the tree holds makes no claim a lie.
 */
import type { Observation, RepoPath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { heldContentAt } from "../content.ts";
import { unverifiable } from "../observation.ts";
import type { Ecosystem, Lock, LockFormat } from "../packages/ecosystem.ts";
import { ECOSYSTEMS, plainName } from "../packages/ecosystem.ts";
import { LOCKS } from "../packages/locks.ts";
import { Unparsed } from "../parsed-node.ts";
import { parsedOnce } from "../parsed-once.ts";
import type { Scene } from "../scene.ts";

/** Bytes of a manifest. */
export const LARGEST = 1024 * 1024;
const MOST_MANIFESTS = 200;

/** Arguments that say which lock file or manifest. */
export const ECOSYSTEM = {
  ecosystem: { kind: ECOSYSTEMS, required: true },
  folder: { kind: "path" },
} as const;
export const NAMED = { ...ECOSYSTEM, name: { kind: "text", required: true } } as const;

/** The ecosystem of a claim, which its description requires. */
export function ecosystemOf(args: Arguments): Ecosystem {
  return ECOSYSTEMS.find((one) => one === args.text("ecosystem")) ?? "npm";
}

function inFolder(args: Arguments, file: string): RepoPath {
  const folder = args.path("folder")?.path;
  return folder === undefined ? file : `${folder}/${file}`;
}

/** The lock files (or manifests) of a claim's folder, read. Or the whole answer. */
export async function readAll<T>(
  /** Names the readers: what one file says is another thing to each of them. */
  what: "locks" | "manifests" | "peers" | "besides",
  formats: readonly {
    readonly ecosystem: Ecosystem;
    readonly file: string;
    read(text: string, path: RepoPath): Promise<T> | T;
  }[],
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<readonly { readonly path: RepoPath; readonly value: T }[] | Observation> {
  const found: { path: RepoPath; value: T }[] = [];
  for (const format of formats.filter((one) => one.ecosystem === ecosystemOf(args))) {
    const path = inFolder(args, format.file);
    const standing = await scene.atEnd(path);
    if (standing.what === "nothing") continue;
    const place = { path, folder: false };
    const content = await heldContentAt(scene, place, expected, { parse: "later" });
    if ("answer" in content) return content;
    try {
      const how = `${format.ecosystem} ${what} ${path}`;
      const value = await parsedOnce(scene, content, how, expected, async () => ({
        read: await format.read(content.bytes.toString("utf8"), path),
      }));
      if ("answer" in value) return value;
      found.push({ path, value: value.read });
    } catch (error) {
      if (!(error instanceof Unparsed)) throw error;
      return unverifiable(error.reason, expected, `${path}: ${error.message}`);
    }
  }
  return found;
}

/** The lock files of a claim's folder: real ones, or else a list of requirements that pins. */
export async function locksAt(
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<readonly { readonly path: RepoPath; readonly value: Lock }[] | Observation> {
  const formats: readonly LockFormat[] = LOCKS;
  const real = await readAll(
    "locks",
    formats.filter((one) => one.file !== "requirements.txt"),
    args,
    scene,
    expected,
  );
  if ("answer" in real || real.length > 0 || ecosystemOf(args) !== "python") return real;
  return await readAll(
    "locks",
    formats.filter((one) => one.file === "requirements.txt"),
    args,
    scene,
    expected,
  );
}

/**
 * A file of the ecosystem, anywhere in the tree, whose text has the name: a workspace's own manifest, a
 * peer dependency, an override. Whoever claimed it without a folder did not lie.
 */
export async function namedIn(
  formats: readonly { readonly ecosystem: Ecosystem; readonly file: string }[],
  args: Arguments,
  name: string,
  scene: Scene,
): Promise<RepoPath | undefined> {
  const ecosystem = ecosystemOf(args);
  const files = new Set(
    formats.filter((one) => one.ecosystem === ecosystem).map((one) => one.file),
  );
  const { end } = scene.stage;
  let read = 0;
  for (const entry of await end.tree.entries()) {
    const file = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (!files.has(file) || !entry.mode.startsWith("100")) continue;
    read += 1;
    if (read > MOST_MANIFESTS || (await end.tree.size(entry)) > LARGEST) return entry.path;
    const text = Buffer.from(await end.read(entry))
      .toString("utf8")
      .toLowerCase();
    scene.note("named", entry.path, entry.oid);
    if (isNamed(plainName(ecosystem, text), plainName(ecosystem, name.toLowerCase())))
      return entry.path;
  }
  return undefined;
}

/** True where the name stands in the text as a word of its own: `yaml` is not in `js-yaml`. */
function isNamed(text: string, name: string): boolean {
  if (name === "") return true;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/[\w.-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + name.length)))
      return true;
  return false;
}
