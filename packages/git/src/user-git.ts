/**
 * Git as a person at a terminal runs it: with hooks, with configuration. For the demo, which plays
 * people and workers; everything that judges goes through `Repo.run`, where no hook fires.
 */
import { spawn } from "node:child_process";
import { notStarted } from "./git-process.ts";
import type { Environment } from "./repo.ts";

export interface UserGitRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one git command; any exit code is an answer. Faults only where git cannot be started. */
export function userGit(
  args: readonly string[],
  where: {
    readonly cwd: string;
    readonly env: Environment;
    readonly input?: string | Uint8Array;
    /** Ends the process when it fires. */
    readonly signal?: AbortSignal;
  },
): Promise<UserGitRun> {
  return new Promise((done, failed) => {
    const child = spawn("git", [...args], {
      cwd: where.cwd,
      env: where.env as Record<string, string | undefined>,
      stdio: "pipe",
      windowsHide: true,
      ...(where.signal === undefined ? {} : { signal: where.signal }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.stdin.on("error", () => {}); // git may end before it read all: its exit code says why
    child.once("error", (error) => {
      try {
        notStarted(error, where.cwd);
      } catch (refusal) {
        failed(refusal);
      }
    });
    child.once("close", (code) =>
      done({
        code: code ?? 255,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
    child.stdin.end(where.input ?? "");
  });
}
