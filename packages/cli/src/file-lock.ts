/**
 * A lock that is a file with its holder's name in it: one writer at a time, and a lock whose holder was
 * killed is taken over.
 */
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Io } from "./io.ts";

const EVERY = 20;

/** Does `work` while nobody else holds the lock; `busy` says so where that takes longer than `patience` ms. */
export async function withFileLock<T>(
  path: string,
  io: Io,
  wait: { readonly patience: number; busy(): never },
  work: () => Promise<T>,
): Promise<T> {
  const began = io.clock();
  while (!(await take(path, io))) {
    if (io.clock() - began > wait.patience) wait.busy();
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
