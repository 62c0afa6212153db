/**
 * The open run of a worktree: which claims file `claim`, `retract` and `done` write to. Its name
 * stands in `<git dir of the worktree>/wingman/run`, so two worktrees never share one.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Repo, resolve, treeAt } from "@wingman/git";
import {
  type ClaimsFile,
  claimsPath,
  fault,
  parseClaimsFile,
  parseRunName,
  type RunName,
  runText,
} from "@wingman/model";
import { withClaimsLock } from "./claims-lock.ts";
import type { Io } from "./io.ts";
import { readIfThere, writeWhole } from "./whole-file.ts";

/** The run that WINGMAN_RUN or the worktree names, or a fault that says how to open one. */
export async function openRunName(repo: Repo, io: Io): Promise<RunName> {
  const told = io.env["WINGMAN_RUN"];
  const text = told !== undefined && told !== "" ? told : await readRunFile(repo);
  if (text === undefined)
    return fault("no run is open in this worktree", {
      code: "run/not-open",
      hint: "open one: wingman start INS-0007",
    });
  return (
    parseRunName(text.trim()) ??
    fault(`${JSON.stringify(text.trim())} is no run's name`, {
      code: "run/name",
      hint: "a run's name is harness/worker/YYYYMMDD-HHMMSS-xxxx; open one: wingman start INS-0007",
    })
  );
}

/** The same, or undefined where no run is open: one that HEAD holds closed is over. */
export async function openRunNameOrNone(repo: Repo, io: Io): Promise<RunName | undefined> {
  const told = io.env["WINGMAN_RUN"];
  const text = told !== undefined && told !== "" ? told : await readRunFile(repo);
  const name = text === undefined ? undefined : parseRunName(text.trim());
  return name === undefined || (await isClosedAtHead(repo, name)) ? undefined : name;
}

/** Closed and committed. A close that HEAD does not hold may still be taken back. */
async function isClosedAtHead(repo: Repo, name: RunName): Promise<boolean> {
  const head = await resolve(repo, "HEAD");
  if (head === undefined) return false;
  const tree = await treeAt(repo, head);
  const entry = await tree.entry(claimsPath(name));
  if (entry === undefined) return false;
  const parsed = parseClaimsFile(claimsPath(name), await tree.read(entry));
  return parsed.ok && parsed.value.close !== undefined;
}

/** Remembers (or, with undefined, forgets) the worktree's open run. */
export async function rememberRun(repo: Repo, name: RunName | undefined): Promise<void> {
  const path = runFile(repo);
  if (name === undefined) return await rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${runText(name)}\n`);
}

export interface WorkingClaims {
  readonly path: string;
  readonly bytes: Buffer;
  readonly file: ClaimsFile;
}

/** The run's claims file in the working tree, checked: what is broken is not written on. */
export async function readWorkingClaims(repo: Repo, name: RunName): Promise<WorkingClaims> {
  const path = join(workTreeOf(repo), ...claimsPath(name).split("/"));
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    return fault(`the claims file of ${runText(name)} is not in this worktree`, {
      code: "run/no-file",
      hint: "check out the branch on which the run was opened, or open a new one: wingman start; wingman done --abandon forgets it here",
      cause,
    });
  }
  const parsed = parseClaimsFile(claimsPath(name), bytes);
  if (parsed.ok) return { path, bytes, file: parsed.value };
  const first = parsed.problems[0];
  return fault(
    `${claimsPath(name)}:${first?.line ?? 1}: ${first?.message ?? "the file is broken"} (${first?.code ?? ""})`,
    {
      code: "run/broken-file",
      hint:
        first?.code === "claims/torn"
          ? `remove its unfinished last line and claim that again, or restore it: git checkout HEAD -- ${claimsPath(name)}`
          : `restore it: git checkout HEAD -- ${claimsPath(name)}; if it was never committed, open a new run: wingman start`,
    },
  );
}

/**
 * Appends to the open run's claims file, alone among this worktree's processes: `next` sees the file as
 * it is now and gives its new bytes. What it throws changes nothing.
 */
export async function changeClaims(
  repo: Repo,
  io: Io,
  next: (claims: WorkingClaims, name: RunName) => Uint8Array,
): Promise<{ readonly name: RunName; readonly before: ClaimsFile }> {
  workTreeOf(repo);
  const name = await openRunName(repo, io);
  return await withClaimsLock(repo, io, async () => {
    const claims = await readWorkingClaims(repo, name);
    await writeWorkingClaims(repo, claims.path, next(claims, name));
    return { name, before: claims.file };
  });
}

/** Writes the claims file whole or not at all: a crash or a full disk leaves the old one. */
export async function writeWorkingClaims(
  repo: Repo,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Written in the git directory: what a kill leaves there, `git add -A` never sees.
  const aside = join(repo.gitDir, "wingman", `claims.${randomUUID()}`);
  await mkdir(dirname(aside), { recursive: true });
  try {
    await writeWhole(path, bytes, { aside });
  } catch (error) {
    // A linked worktree may lie on another disk than the repository.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await writeWhole(path, bytes);
  }
}

/** The work tree, or a fault in a bare repository. */
export function workTreeOf(repo: Repo): string {
  return (
    repo.workTree ??
    fault("this is a bare repository: it has no work tree and no index", {
      code: "git/bare",
      hint: "git clone it, and work there",
    })
  );
}

async function readRunFile(repo: Repo): Promise<string | undefined> {
  const text = readIfThere(runFile(repo));
  return text === undefined || text.trim() === "" ? undefined : text;
}

function runFile(repo: Repo): string {
  return join(repo.gitDir, "wingman", "run");
}
