/** Starts programs as a story does: git, and the built program, with no word of the caller's own git. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
}

/** The built program's entry. */
export const PROGRAM = fileURLToPath(new URL("../../../dist/wingman.mjs", import.meta.url));

/** This process's environment without any `GIT_*` that points into a repository. */
export function gitEnvironment(
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const keep = /^GIT_(CONFIG_GLOBAL|CONFIG_NOSYSTEM|TERMINAL_PROMPT)$/;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...more })) {
    const foreign = name.startsWith("GIT_") && !keep.test(name) && !(name in more);
    if (value !== undefined && !foreign) env[name] = value;
  }
  return env;
}

/** Runs a program to its end. Rejects only where it cannot be started; a code is an answer. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  const child = spawn(file, [...args], {
    cwd: options.cwd,
    env: gitEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
  child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
  // A program that never reads its input closes the pipe: that is its right.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number>((done, failed) => {
    child.on("error", failed);
    child.on("close", (exit) => done(exit ?? -1));
  });
  const text = (pieces: Buffer[]): string => Buffer.concat(pieces).toString("utf8");
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs the built program (`pnpm build` makes it). */
export async function runWingman(args: readonly string[], options: RunOptions): Promise<Ran> {
  return await runProgram(process.execPath, [PROGRAM, ...args], options);
}
