/**
 * The program's own copy in a repository's git directory: hooks run that one and nothing from the
 * judged side. It is copied whole, held against the release's manifest, and swapped in by a rename.
 */
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fault } from "@wingman/model";

/** dist/manifest.json, as the build writes it. */
export interface Manifest {
  readonly version: string;
  /** Over all files: `sha256:…` */
  readonly digest: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Where a repository keeps its copy. */
export function programFolder(commonDir: string): string {
  return join(commonDir, "wingman", "program");
}

/** The manifest of a program folder; undefined where none can be read there. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, "manifest.json"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const value: Manifest = JSON.parse(text);
  return value;
}

/** The running program's manifest; a fault where it runs from source. */
export async function ownManifest(programDir: string): Promise<Manifest> {
  return (
    (await readManifest(programDir)) ??
    fault("this program has no manifest beside it, so it cannot be installed", {
      code: "init/no-build",
      hint: "run pnpm build, and then node dist/wingman.mjs init",
    })
  );
}

/** True where the installed copy is, file by file, the running program. */
export async function isInstalled(programDir: string, target: string): Promise<boolean> {
  if (resolve(programDir) === resolve(target)) return true;
  const own = await ownManifest(programDir);
  const installed = await readManifest(target);
  if (installed?.digest !== own.digest) return false;
  return (await firstDamage(target, own)) === undefined;
}

/** True where an installed copy is what its own manifest says. */
export async function isWhole(target: string): Promise<boolean> {
  const manifest = await readManifest(target);
  return manifest !== undefined && (await firstDamage(target, manifest)) === undefined;
}

/** The first file that is absent or not the manifest's. */
async function firstDamage(folder: string, manifest: Manifest): Promise<string | undefined> {
  for (const [path, digest] of Object.entries(manifest.files)) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== digest)
      return path;
  }
  return undefined;
}

/** Copies the program. `mark` makes the temporary names unique. A copy that broke off leaves the old one. */
export async function installProgram(
  programDir: string,
  target: string,
  mark: string,
): Promise<void> {
  const manifest = await ownManifest(programDir);
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const fresh = join(parent, `program.${mark}.part`);
  for (const path of [...Object.keys(manifest.files), "manifest.json"]) {
    await mkdir(dirname(join(fresh, path)), { recursive: true });
    await copyFile(join(programDir, path), join(fresh, path));
  }
  await chmod(join(fresh, "wingman.mjs"), 0o755);
  const damaged = await firstDamage(fresh, manifest);
  if (damaged !== undefined)
    fault(`the copy of the program differs from its manifest at ${damaged}`, {
      code: "init/damaged-program",
      hint: "build or download the program again; the repository keeps the one that it had",
    });
  // What the old program kept may mean something else to the new one.
  await rm(join(parent, "cache"), { recursive: true, force: true });
  const old = join(parent, `program.${mark}.old`);
  await rename(target, old).catch(ignoreAbsent);
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

/** What an init that was cut off left behind. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent))
    if (/^program\..+\.(part|old)$/.test(name))
      await rm(join(parent, name), { recursive: true, force: true });
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
