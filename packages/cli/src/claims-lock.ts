/**
 * One writer at a time on a worktree's claims: agents call tools side by side, and of two claims that
 * read the same end of the file one would be lost. A lock whose holder was killed is taken over.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Repo } from "@wingman/git";
import { fault } from "@wingman/model";
import type { Io } from "./io.ts";

/** How long another writer is waited for, in milliseconds: it writes a few lines and is gone. */
const PATIENCE = 10_000;
const EVERY = 20;

/** Does `work` while nobody else writes claims in this worktree. Faults `run/busy` after ten seconds. */
export async function withClaimsLock<T>(repo: Repo, io: Io, work: () => Promise<T>): Promise<T> {
  const folder = join(repo.gitDir, "wingman");
  const path = join(folder, "claims.lock");
  await mkdir(folder, { recursive: true });
  const began = io.clock();
  while (!(await take(path, io))) {
    if (io.clock() - began > PATIENCE)
      fault(`another process writes claims in this worktree, and does not end`, {
        code: "run/busy",
        hint: `wait for it; if none runs, remove ${path}`,
      });
    await pause(EVERY);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** True where the lock is ours now. */
async function take(path: string, io: Io): Promise<boolean> {
  const mine = `${path}.${randomUUID()}`;
  try {
    await writeFile(mine, io.owner, { flag: "wx", mode: 0o600 });
    // A link is there whole or not at all: nobody ever reads a lock without its holder's name.
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(mine, { force: true });
  }
  await removeDead(path, io);
  return false;
}

/** Takes the lock of a dead holder away; the next try decides who gets it. */
async function removeDead(path: string, io: Io): Promise<void> {
  const holder = await ownerOf(path);
  if (holder === undefined || io.isAlive(holder)) return;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    // Another may have been quicker, and this is its new lock: it goes back.
    if ((await ownerOf(aside)) !== holder) await link(aside, path);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function ownerOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
