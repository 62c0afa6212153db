/**
 * The one file of the program that touches `process` (its starter, code-cache.ts, apart). It also starts the detached watcher: a child of this very
 * program, never git, which only packages/git starts.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import type { Io } from "./io.ts";

/** The real process as an {@link Io}. */
export function processIo(): Io {
  const { env } = process;
  // Asked when somebody wants to know, and of the descriptors: a hook that has nothing to say must not
  // wait for node to set up its terminals.
  const shown = (): boolean => isatty(1);
  const terminal = (): boolean => shown() && isatty(0);
  return {
    cwd: process.cwd(),
    env,
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    stdin: readStdin,
    ask: async (question) => (terminal() ? await askPerson(question) : undefined),
    get isTerminal() {
      return terminal();
    },
    get errIsTerminal() {
      return isatty(2);
    },
    get colour() {
      return wantsColour(env, shown());
    },
    programDir: programDir(),
    nodePath: process.execPath,
    now: () => new Date(),
    clock: () => performance.now(),
    owner: String(process.pid),
    isAlive,
    runSelf,
    endGroup,
    onStop,
    detach,
  };
}

/**
 * Lets node 22 and newer keep what it compiles of the installed program, in `wingman/cache/code` beside
 * it: whoever can write there can write the program too. Never in a shared temporary folder, which is
 * node's own choice and anybody's to fill; a program that runs from elsewhere keeps nothing.
 */
export function keepCompiledCode(): void {
  const folder = programDir();
  if (!/[/\\]wingman[/\\]program$/.test(folder)) return;
  nodeModule.enableCompileCache?.(join(dirname(folder), "cache", "code"));
}

function programDir(): string {
  return dirname(fileURLToPath(import.meta.url)).replace(/[/\\]chunks$/, "");
}

/** The whole program, also where a hook's own entry runs, which knows no other command. */
function program(): string {
  return (process.argv[1] ?? "").replace(/([/\\])hook\.cjs$/, "$1wingman.mjs");
}

/** True where nobody but this account can have written a file. Windows knows no such owner and bits. */
export function ownFile(stat: { readonly uid: number; readonly mode: number }): boolean {
  return (
    process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0)
  );
}

/** Ends the process with this code once the streams are written. */
export function exitWith(code: number): void {
  process.exitCode = code;
}

/** The arguments of the command line, program and script left out. */
export function commandLine(): readonly string[] {
  return process.argv.slice(2);
}

/**
 * Writes all of it, synchronously: a pipe to `head` that closes early ends quietly, and a hook's last
 * line is never lost to an exit.
 */
function write(descriptor: 1 | 2, text: string): void {
  let rest = Buffer.from(text, "utf8");
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE") return;
      throw error;
    }
  }
}

async function readStdin(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    // At once: a hook's input is a pipe that ends, and node's streams are slow to set up.
    for (;;) {
      const piece = Buffer.allocUnsafe(1 << 16);
      const length = readSync(0, piece);
      if (length === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, length));
    }
  } catch {
    // Not to be read so any further (EAGAIN, a terminal of Windows): the rest comes as it comes.
  }
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

/** https://no-color.org and FORCE_COLOR, as the field does. */
function wantsColour(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"] && env["FORCE_COLOR"] !== "0") return true;
  return terminal && env["TERM"] !== "dumb";
}

/** Signal 0 only asks. EPERM: it runs, and belongs to somebody else. */
function isAlive(owner: string): boolean {
  const pid = Number(owner);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function runSelf(
  args: readonly string[],
  where: { cwd: string; env: Readonly<Record<string, string | undefined>>; signal?: AbortSignal },
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [program(), ...args], {
      cwd: where.cwd,
      env: where.env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      ...(where.signal === undefined ? {} : { signal: where.signal }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => err.push(piece));
    child.once("error", failed);
    child.once("close", (code) =>
      done({
        code: code ?? 255,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
  });
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

function onStop(act: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const undo = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  const stop = (signal: NodeJS.Signals): void => {
    undo();
    try {
      act();
    } finally {
      // Ended by the signal itself, as a shell expects of a command that somebody stopped.
      process.kill(process.pid, signal);
    }
  };
  for (const signal of signals) process.on(signal, stop);
  return undo;
}

function detach(args: readonly string[], options: { cwd: string; log: string }): void {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, "a", 0o600);
  // Inside a hook git's own variables point at the push; the watcher looks at the repository as it is.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")),
  );
  const child = spawn(process.execPath, [program(), ...args], {
    cwd: options.cwd,
    env,
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.on("error", () => {}); // A watcher that cannot start is caught up by the next one.
  child.unref();
  closeSync(log);
}
