/**
 * Starts one process of a command, bounds it in time, output, memory and disk, and ends it with its whole
 * group. How an enclosed one went is told by the enclosure, never by the command itself.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { freemem } from "node:os";
import type { CommandEnd, Unseen } from "@wingman/model";
import { descriptorsLeft } from "./command-descriptors.ts";
import type { Environment } from "./repo.ts";

const MiB = 1024 * 1024;
const MOST_OUTPUT = 16 * MiB;
/** Beyond this the command is ended: it floods. */
const FLOOD = 256 * MiB;
const MOST_DISK = 8 * 1024 * MiB;
/** What a command may leave of the machine's memory. */
const LEAST_MEMORY = 96 * MiB;

interface Bounds {
  readonly cwd: string;
  readonly env: Environment;
  readonly timeout: number;
  /** True where descriptor 3 tells how it went. */
  readonly told: boolean;
  readonly endGroup: (leader: number) => void;
  /** Told of the group's leader; gives what is to be done when it has ended. */
  readonly started: (leader: number) => () => void;
}

type Raw = Pick<CommandEnd, "exit" | "ms" | "stdout" | "stderr">;

/** Why it was ended before it was done. */
type Cut = "time" | "flood" | "disk" | "memory";

/** Starts, bounds and ends it. Exit 126, 127, a signal and a time-out are reasons, not exits. */
export async function runBounded(args: readonly string[], bounds: Bounds): Promise<Raw | Unseen> {
  const began = performance.now();
  const [program = "", ...rest] = args;
  const child = spawn(program, rest, {
    cwd: bounds.cwd,
    env: bounds.env as Record<string, string | undefined>,
    stdio: descriptors(bounds.told),
    detached: true,
    windowsHide: true,
  });
  const gone = child.pid === undefined ? () => {} : bounds.started(child.pid);
  const [out, err, told] = [kept(MOST_OUTPUT), kept(MiB), kept(4096)];
  // In an enclosure the group's first process takes all others with it, wherever they hid.
  const stop = (): void => {
    if (child.pid !== undefined) bounds.endGroup(child.pid);
  };
  let cut: Cut | undefined;
  const end = (why: Cut): void => {
    cut ??= why;
    stop();
  };
  for (const [stream, into] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const)
    stream?.on("data", (piece: Buffer) => {
      into.add(piece);
      if (out.seen() + err.seen() > FLOOD) end("flood");
    });
  child.stdio[3]?.on("data", (piece: Buffer) => told.add(piece));
  child.stdio[3]?.on("error", () => {});
  const timer = setTimeout(() => end("time"), bounds.timeout);
  const machine = watchMachine(bounds.cwd, end);
  const ended = await endOf(child, stop);
  gone();
  clearTimeout(timer);
  clearInterval(machine);
  const ms = Math.round(performance.now() - began);
  const words = bounds.told ? told.bytes().toString("latin1") : undefined;
  const [first = ""] = err.bytes().toString("utf8").trim().split("\n");
  const exit = cut === undefined ? exitOf(ended, words, first) : CUT[cut](bounds.timeout);
  if (typeof exit !== "number") return exit;
  const { sha256, bytes, whole } = out.end();
  return { exit, ms, stdout: { sha256, bytes, whole }, stderr: err.bytes() };
}

const CUT: Readonly<Record<Cut, (timeout: number) => Unseen>> = {
  time: (timeout) => ({ reason: "TIMEOUT", why: `not done after ${timeout} ms` }),
  flood: () => ({ reason: "BUDGET", why: `it wrote more than ${FLOOD} bytes` }),
  memory: () => ({ reason: "BUDGET", why: "it ate the machine's memory" }),
  disk: () => ({ reason: "BUDGET", why: "it filled the disk" }),
};

type Ended =
  | { readonly code: number | null; readonly signal: string | null }
  | { readonly failed: Error };

/** Waits for the process, and at most two seconds longer for what it left behind with its pipes. */
function endOf(child: ChildProcess, stop: () => void): Promise<Ended> {
  return new Promise((done) => {
    child.once("error", (failed) => done({ failed }));
    child.once("exit", (code, signal) => {
      stop();
      const late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        done({ code, signal });
      }, 2_000);
      child.once("close", () => {
        clearTimeout(late);
        done({ code, signal });
      });
    });
  });
}

/** `words`: what the enclosure tells of it, where there is one; `first`: the first line of its errors. */
function exitOf(ended: Ended, words: string | undefined, first: string): number | Unseen {
  const missing = (why: string): Unseen => ({ reason: "TOOL_MISSING", why });
  if ("failed" in ended) return missing(`it could not be started: ${ended.failed.message}`);
  if (words !== undefined && !words.startsWith("started\n"))
    return missing(`the enclosure could not be set up: ${first}`);
  const told = words === undefined ? ended.code : /\nexit (\d+)\n$/.exec(words)?.[1];
  if (told === null || told === undefined)
    return missing(`it was ended by ${ended.signal ?? "a signal"}`);
  const exit = Number(told);
  if (exit === 126 || exit === 127)
    return missing(`exit ${exit}: it could not be started; ${first}`);
  if (exit > 128 && exit <= 128 + 64) return missing(`it was ended by signal ${exit - 128}`);
  return exit;
}

/** Three of its own, one to be told by; what this process itself was handed is shut off. */
function descriptors(told: boolean): StdioOptions {
  const { leaked, empty } = descriptorsLeft();
  const all: ("ignore" | "pipe" | number)[] = ["ignore", "pipe", "pipe", told ? "pipe" : "ignore"];
  for (let at = 4; at <= (leaked.at(-1) ?? 0); at += 1) all[at] = "ignore";
  for (const at of leaked) if (at > 3 || !told) all[at] = empty;
  return all;
}

/** The first bytes of a stream, and the digest of all. */
function kept(most: number) {
  const hash = createHash("sha256");
  const pieces: Buffer[] = [];
  let held = 0;
  let seen = 0;
  const bytes = (): Buffer => Buffer.concat(pieces);
  return {
    add(piece: Buffer): void {
      hash.update(piece);
      seen += piece.length;
      const room = most - held;
      if (room <= 0) return;
      pieces.push(piece.subarray(0, room));
      held += Math.min(room, piece.length);
    },
    seen: () => seen,
    bytes,
    end: () => ({ sha256: hash.digest("hex"), bytes: bytes(), whole: seen <= most }),
  };
}

/** A command that eats the disk or the memory of the machine takes the auditor's ledger with it. */
function watchMachine(folder: string, end: (why: Cut) => void): NodeJS.Timeout {
  let before: number | undefined;
  return setInterval(() => {
    if (freemem() < LEAST_MEMORY) end("memory");
    statfs(folder)
      .then((now) => {
        const free = now.bavail * now.bsize;
        before ??= free;
        if (before - free > MOST_DISK || free < 64 * MiB) end("disk");
      })
      .catch(() => {});
  }, 500);
}
