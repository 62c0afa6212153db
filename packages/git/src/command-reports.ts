/**
 * The reports that a command wrote into its copy: a file, or a folder of them as surefire and Gradle leave one a
 * class. It reads through no link and no pipe, keeps bounds, and takes away what stood there before.
 */
import { constants } from "node:fs";
import { lstat, open, readdir, readFile, rm } from "node:fs/promises";
import { join, sep } from "node:path";

const MiB = 1024 * 1024;
/** Of all reports together. */
const MOST_BYTES = 64 * MiB;
const MOST_FILES = 10_000;
/** In a folder: reports, and not what lies beside them for people. */
const REPORT = /\.(?:xml|json|tap)$/i;

/** What stands at the path after a run; undefined where nothing does, or more than is read. */
export async function commandReports(
  copy: string,
  path: string | undefined,
): Promise<readonly Buffer[] | undefined> {
  if (path === undefined || (await throughLink(copy, path))) return undefined;
  const at = join(copy, path);
  const stat = await lstat(at).catch(() => undefined);
  if (stat === undefined) return undefined;
  const names = stat.isDirectory() ? await reportsIn(at) : [""];
  if (names === undefined || names.length === 0) return undefined;
  const reports: Buffer[] = [];
  let left = MOST_BYTES;
  for (const name of names) {
    const bytes = await reportAt(join(at, name), left);
    if (bytes === undefined) return undefined;
    left -= bytes.length;
    reports.push(bytes);
  }
  return reports;
}

/** Takes away what was committed there: a report of the worker's own. */
export async function removeReport(copy: string, path: string): Promise<void> {
  if (!(await throughLink(copy, path)))
    await rm(join(copy, path), { force: true, recursive: true });
}

/** True where a path of the policy stays below the copy. */
export function isInside(copy: string, path: string): boolean {
  return !path.startsWith("/") && join(copy, path).startsWith(`${copy}${sep}`);
}

/** Files of the folder itself, in an order that every machine gives. */
async function reportsIn(folder: string): Promise<readonly string[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((one) => one.isFile() && REPORT.test(one.name));
  return names.length > MOST_FILES ? undefined : names.map((one) => one.name).sort();
}

async function reportAt(path: string, most: number): Promise<Buffer | undefined> {
  // Unenclosed, something may still live that puts a link or a pipe there just now.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    return stat.isFile() && stat.size <= most ? await readFile(file) : undefined;
  } finally {
    await file.close();
  }
}

async function throughLink(copy: string, path: string): Promise<boolean> {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  for (let count = 1; count <= names.length; count += 1) {
    const stat = await lstat(join(copy, ...names.slice(0, count))).catch(() => undefined);
    // A pipe or a device would hold the reader for ever.
    if (stat !== undefined && !stat.isDirectory() && !stat.isFile()) return true;
  }
  return false;
}
