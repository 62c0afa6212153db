/**
 * One writer at a time on a worktree's claims: agents call tools side by side, and of two claims that
 * read the same end of the file one would be lost.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Repo } from "@wingman/git";
import { fault } from "@wingman/model";
import { withFileLock } from "./file-lock.ts";
import type { Io } from "./io.ts";

/** How long another writer is waited for, in milliseconds: it writes a few lines and is gone. */
const PATIENCE = 10_000;

/** Does `work` while nobody else writes claims in this worktree. Faults `run/busy` after ten seconds. */
export async function withClaimsLock<T>(repo: Repo, io: Io, work: () => Promise<T>): Promise<T> {
  const folder = join(repo.gitDir, "wingman");
  const path = join(folder, "claims.lock");
  await mkdir(folder, { recursive: true });
  const busy = (): never =>
    fault(`another process writes claims in this worktree, and does not end`, {
      code: "run/busy",
      hint: `wait for it; if none runs, remove ${path}`,
    });
  return await withFileLock(path, io, { patience: PATIENCE, busy }, work);
}
