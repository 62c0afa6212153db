/**
 * Starting git: the environment and the options that every call gets, and one call from start to
 * exit. Never a shell; no hook, fsmonitor, replacement, graft, pager or prompt of the repository's.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { fault } from "@wingman/model";
import type { Environment, RunResult } from "./repo.ts";

/** What receive-pack sets while a push waits for its hooks. */
export const QUARANTINE = [
  "GIT_QUARANTINE_PATH",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
] as const;

// A hook, an fsmonitor or a pager named by the repository's own configuration would be code of the
// judged side; quotePath would turn bytes of a name into escapes.
const OVERRIDES = [
  ...["-c", `core.hooksPath=${devNull}`],
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "core.quotePath=false"],
  "--no-pager",
];

const FORCED: Environment = {
  // refs/replace/* would show other objects than the ones that were pushed.
  GIT_NO_REPLACE_OBJECTS: "1",
  // Grafts rewrite parents. No file can stand below the null device, so none is read.
  GIT_GRAFT_FILE: join(devNull, "grafts"),
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
  LANGUAGE: "C",
};

// A path is a path here, whatever the caller's shell says of pathspecs: some contradict each other.
const FORGOTTEN = ["LITERAL", "GLOB", "NOGLOB", "ICASE"].map((how) => `GIT_${how}_PATHSPECS`);

/** A partial clone's git then asks no remote for what is absent (git 2.39.4 and newer). */
export const NO_FETCH: Environment = { GIT_NO_LAZY_FETCH: "1" };

/** The environment of a git child: the caller's, `more` laid over it, and what we always force. */
export function gitEnvironment(env: Environment, more: Environment = {}): Environment {
  const all: Record<string, string | undefined> = { ...env, ...more, ...FORCED };
  for (const name of FORGOTTEN) delete all[name];
  return all;
}

/** The same environment without the quarantine's variables. */
export function outOfQuarantine(env: Environment): Environment {
  const rest: Record<string, string | undefined> = { ...env };
  for (const name of QUARANTINE) delete rest[name];
  return rest;
}

/** Where and with what git is started. */
export interface Start {
  readonly cwd: string;
  readonly env: Environment;
  readonly plainConfig?: boolean;
}

/** Starts git with all three pipes. The caller listens for `error` (git missing) and `close`. */
export function startGit(args: readonly string[], start: Start): ChildProcessWithoutNullStreams {
  const all = start.plainConfig === true ? ["--no-pager", ...args] : [...OVERRIDES, ...args];
  return spawn("git", all, {
    cwd: start.cwd,
    env: gitEnvironment(start.env) as Record<string, string | undefined>,
    stdio: "pipe",
    windowsHide: true,
  });
}

/** One git call from start to exit. Gives any exit code; faults only where git cannot be started. */
export function callGit(
  args: readonly string[],
  start: Start,
  input?: Uint8Array | string,
): Promise<RunResult> {
  return new Promise((done, failed) => {
    const child = startGit(args, start);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // Git may exit before it read all input; its exit code then says why, not the broken pipe.
    child.stdin.on("error", () => {});
    child.once("error", (error) => {
      try {
        notStarted(error, start.cwd);
      } catch (refusal) {
        failed(refusal);
      }
    });
    child.once("close", (code, signal) => {
      const stderr = Buffer.concat(err).toString("utf8");
      done({
        stdout: Buffer.concat(out),
        // A killed git said nothing of its own: never let that look like an empty answer.
        stderr: signal === null ? stderr : `fatal: git was ended by ${signal}\n${stderr}`,
        code: code ?? 255,
      });
    });
    child.stdin.end(input ?? "");
  });
}

/** Throws the fault for a git that could not be started. */
export function notStarted(error: Error, cwd: string): never {
  // ENOENT means the program or the directory; only a look at the directory tells which.
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    fault(`there is no directory ${cwd}`, {
      code: "git/no-repository",
      hint: "start Wingman inside a Git repository",
      cause: error,
    });
  return fault(`git could not be started: ${error.message}`, {
    code: "git/not-installed",
    hint: "install Git 2.38 or newer and make sure that `git` is on PATH",
    cause: error,
  });
}
