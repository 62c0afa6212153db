/**
 * Walks the steps of an install. Each step can be done again and none overwrites what is foreign: new
 * files are created exclusively, shims are swapped in by a rename.
 */
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { configSet, type Repo } from "@wingman/git";
import { generateAuditorKey } from "@wingman/ledger";
import { fault } from "@wingman/model";
import type { Step } from "./install-plan.ts";
import { installProgram, programFolder } from "./install-program.ts";

export interface PerformContext {
  readonly repo: Repo;
  readonly programDir: string;
  /** Makes temporary names unique. */
  readonly mark: string;
  done(step: Step): void;
}

/** Does every step in order. Throws `init/read-only` or `init/disk` with the step that failed. */
export async function performInstall(
  steps: readonly Step[],
  context: PerformContext,
): Promise<void> {
  for (const step of steps) {
    try {
      await performStep(step, context);
    } catch (error) {
      refuseDisk(error, step);
      throw error;
    }
    context.done(step);
  }
}

async function performStep(step: Step, context: PerformContext): Promise<void> {
  const { repo, mark } = context;
  switch (step.kind) {
    case "program":
      return await installProgram(context.programDir, programFolder(repo.commonDir), mark);
    case "chain":
      return await rename(step.path, `${step.path}.chained`);
    case "shim":
      return await swapIn(step.path, step.text, 0o755, mark);
    case "edit":
      return await swapIn(step.path, step.text, (await modeOf(step.path)) ?? 0o755, mark);
    case "file":
      return await writeNew(step.path, step.text, 0o644);
    case "key":
      // Exclusively: a key that came in between is the server's key, and losing it loses the ledger.
      return await writeNew(step.path, generateAuditorKey().pem, 0o600);
    case "config":
      return await configSet(repo, step.key, step.value);
    case "head":
      await repo.run(["symbolic-ref", "HEAD", `refs/heads/${step.branch}`]);
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx", mode });
}

async function swapIn(path: string, text: string, mode: number, mark: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${mark}.part`;
  try {
    await writeFile(part, text, { mode });
    // The file's mode goes through the umask; a hook that is not executable is silently skipped by git.
    await chmod(part, mode);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function refuseDisk(error: unknown, step: Step): void {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    fault(`this account may not write there (${code}): ${step.says}`, {
      code: "init/read-only",
      hint: "run it as the account that owns the repository; what was done stays, and running it again goes on from here",
      cause: error,
    });
  if (code === "EEXIST")
    fault(`something came in between: ${step.says}`, {
      code: "init/race",
      hint: "is another init running here? Run it again; what stands is kept",
      cause: error,
    });
  if (code === "ENOSPC" || code === "EDQUOT")
    fault(`the disk is full (${code}): ${step.says}`, {
      code: "init/disk",
      hint: "make room and run wingman init again; it goes on from here",
      cause: error,
    });
}
