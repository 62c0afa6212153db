/**
 * Scans files and folders as they stand on disk, in a repository or not. Links are read as text, as git
 * would store them, never followed; git's own directory is left out. A file that cannot be opened is
 * a fault: it may hold anything.
 */
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import {
  type Content,
  findingsOfFile,
  type Judged,
  scanBytes,
  scanFile,
  secretFindings,
} from "@wingman/gate";
import { type Finding, fault, pathFromBytes, quotePath } from "@wingman/model";

/** All findings below some paths; `base` is what paths in findings are relative to. */
export async function scanDisk(
  paths: readonly string[],
  base: string,
  judged: Judged,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const path of paths)
    for await (const file of filesBelow(path))
      findings.push(...(await scanOne(file, base, judged)));
  return findings;
}

async function scanOne(file: string, base: string, judged: Judged): Promise<Finding[]> {
  const path = pathFromBytes(Buffer.from(relative(base, file).split(sep).join("/")));
  const { origin } = judged.trusted.policy;
  const scanned = await scanFile(await contentOf(file), { path, origin });
  const findings = await findingsOfFile(judged, path, scanned);
  for (const hit of await scanBytes(Buffer.from(path)))
    findings.push(...secretFindings(judged, hit, {}, "the name of a file"));
  return findings;
}

async function contentOf(file: string): Promise<Content> {
  const found = await lstat(file);
  if (found.isSymbolicLink()) {
    const target = await readlink(file, { encoding: "buffer" });
    return { size: target.length, read: async () => target };
  }
  return {
    size: found.size,
    read: () => readFile(file),
    stream: () => createReadStream(file, { highWaterMark: 1 << 18 }),
  };
}

async function* filesBelow(path: string): AsyncGenerator<string> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) {
    return fault(`there is no ${quotePath(path)}`, {
      code: "usage/path",
      hint: "name files or folders that are there",
    });
  }
  if (!found.isDirectory()) {
    if (found.isFile() || found.isSymbolicLink()) yield path;
    return;
  }
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === ".git") continue;
    const below = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(below);
    else if (entry.isFile() || entry.isSymbolicLink()) yield below;
  }
}
