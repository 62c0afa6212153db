/**
 * Files that are there whole or not at all: a full disk or a kill leaves what stood there before. And
 * reading a file that may not be there. Errors of either name the path, which Node leaves out of some.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, rename, rm, stat, writeFile } from "node:fs/promises";

export interface WholeOptions {
  /** Refuses (EEXIST) where the file exists already. */
  readonly fresh?: boolean;
  /** Permissions of a new file. */
  readonly mode?: number;
  /** Where it is written first; on the same disk. Default: beside it. */
  readonly aside?: string;
}

/** Writes a file whole or not at all. A device or a pipe (as /dev/stdout) is simply written to. */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string | Iterable<string>,
  options: WholeOptions = {},
): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile() && !there.isDirectory())
    return await writeFile(path, bytes);
  const aside = options.aside ?? `${path}.${randomUUID()}`;
  try {
    await writeFile(aside, bytes, { flush: true, flag: "wx", mode: options.mode ?? 0o666 });
    if (options.fresh === true) await link(aside, path);
    else await rename(aside, path);
  } catch (error) {
    throw ofTarget(error, { aside, path });
  } finally {
    await rm(aside, { force: true }).catch(() => {}); // A broken disk: the error above says it.
  }
}

/** A file's text, or undefined where there is none. At once: hooks read a few small ones. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw named(error, path);
  }
}

/** The file beside it is nobody's business: a folder that is not there is said of the path that was asked for. */
function ofTarget(error: unknown, { aside, path }: { aside: string; path: string }): unknown {
  if (error instanceof Error && "path" in error && error.path === aside)
    return Object.assign(error, { path });
  return named(error, path);
}

/** `EISDIR: illegal operation on a directory, read`: which one? */
function named(error: unknown, path: string): unknown {
  return error instanceof Error && !("path" in error) ? Object.assign(error, { path }) : error;
}
