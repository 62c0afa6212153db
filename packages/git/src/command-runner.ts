/**
 * Runs a command that the policy names (TRUST.md §9): in a clean copy, with a minimal environment,
 * bounded in time, output, processes, memory and disk, and ended with all that it started. Its output is
 * hostile data. It refuses to run beside a key or a token that the command could read.
 */
import { type StdioOptions, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { lchownSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { freemem, tmpdir } from "node:os";
import { join, sep } from "node:path";
import { parseDuration, type Reason, type Tree } from "@wingman/model";
import { type Overlay, writeCopy } from "./command-copy.ts";
import { descriptorsLeft } from "./command-descriptors.ts";
import { commandUser, enclosedArguments, enclosureHere, homeShown } from "./command-enclosure.ts";
import { commandReports, isInside, removeReport } from "./command-reports.ts";
import type { Environment } from "./repo.ts";

/** A row of the policy's `commands`. */
export interface CommandRowHere {
  readonly run: readonly string[];
  readonly timeout?: string;
  readonly network?: boolean;
  readonly results?: { readonly path?: string };
  readonly coverage?: { readonly path: string };
}

export interface RunnerSetting {
  readonly env: Environment;
  readonly commands: Readonly<Record<string, CommandRowHere>>;
  /** Absolute paths of keys, objects, working tree: never to be seen by a command. */
  readonly hidden: readonly string[];
  /** True where a key or a token is in reach of this user: then only enclosed. */
  readonly keyInReach: boolean;
  /** What the copy's folder is called, as a clone of the repository would be: tests look at it. */
  readonly folder?: string;
  /** Ends a whole process group; only the cli's own file touches `process`. */
  endGroup(leader: number): void;
}

/** How it ended. */
export interface CommandEndHere {
  readonly exit: number;
  readonly ms: number;
  readonly stdout: { readonly sha256: string; readonly bytes: Buffer; readonly whole: boolean };
  readonly stderr: Buffer;
  readonly results?: readonly Buffer[];
  readonly coverage?: Buffer;
  /** What the clean copy lacks of a checkout. */
  readonly lacks: readonly string[];
  /** How it was enclosed. */
  readonly enclosure: string;
}

type Ended =
  | { readonly seen: CommandEndHere }
  | { readonly reason: Exclude<Reason, "MALFORMED">; readonly why: string };

const MiB = 1024 * 1024;
const MOST_OUTPUT = 16 * MiB;
/** Beyond this the command is ended: it floods. */
const FLOOD = 256 * MiB;
const MOST_DISK = 8 * 1024 * MiB;
/** What a command may leave of the machine's memory. */
const LEAST_MEMORY = 96 * MiB;
const USUAL_TIMEOUT = 600_000;

/** The runner of an audit. Same command on same files is run as often as it is asked. */
export function commandRunner(setting: RunnerSetting): {
  run(command: string, at: { readonly tree: Tree; readonly over?: Overlay }): Promise<Ended>;
} {
  return {
    run: async (command, at) => {
      const row = setting.commands[command];
      if (row === undefined)
        return { reason: "NOT_ALLOWED", why: `the policy names no command ${command}` };
      const enclosure = enclosureHere(setting.env);
      if (enclosure.kind === "none" && setting.keyInReach)
        return {
          reason: "PERMISSION",
          why: `the auditor's key or a token is in reach of this user, and a command cannot be shut off from it: ${enclosure.says}`,
        };
      const root = await mkdtemp(join(tmpdir(), "wingman-run-"));
      try {
        return await runIn(root, row, at, setting);
      } finally {
        await rm(root, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
      }
    },
  };
}

async function runIn(
  root: string,
  row: CommandRowHere,
  at: { readonly tree: Tree; readonly over?: Overlay },
  setting: RunnerSetting,
): Promise<Ended> {
  const copy = join(root, "copy", folderName(setting.folder));
  for (const place of [join(root, "copy"), copy, join(root, "home"), join(root, "tmp")])
    await mkdir(place);
  const written = await writeCopy(at.tree, copy, at.over);
  if ("why" in written) return { reason: "BUDGET", why: written.why };
  // A report that was committed is the worker's word; only what this run writes counts.
  const reports = [row.results?.path, row.coverage?.path].filter((path) => path !== undefined);
  for (const path of reports) {
    if (!isInside(copy, path)) return { reason: "NOT_ALLOWED", why: "a report outside the copy" };
    await removeReport(copy, path);
  }
  const enclosure = enclosureHere(setting.env);
  const enclosed = enclosure.kind === "namespaces";
  if (enclosed && commandUser() !== 0) await giveAway(root, commandUser());
  const hidden = setting.hidden.filter((path) => !`${root}${sep}`.startsWith(`${path}${sep}`));
  const timeout =
    (row.timeout === undefined ? undefined : parseDuration(row.timeout)) ?? USUAL_TIMEOUT;
  const env = minimalEnvironment(setting, root);
  const args = enclosed
    ? enclosedArguments({
        run: row.run,
        root,
        copy,
        network: row.network === true,
        hidden,
        home: homeShown(setting.env["HOME"], `${env["PATH"]}:${row.run[0]}`),
      })
    : row.run;
  const ended = await runBounded(args, {
    cwd: copy,
    env,
    timeout,
    told: enclosed,
    endGroup: setting.endGroup,
  });
  if ("reason" in ended)
    return { ...ended, why: withoutPlace(Buffer.from(ended.why), root).toString("utf8") };
  const told = await commandReports(copy, row.results?.path);
  // Each run has a place of its own. Names that hold it (a file that does not load) must be the same in all.
  const results = told?.map((bytes) => withoutPlace(bytes, root));
  const { stdout, stderr } = ended;
  const [coverage] = (await commandReports(copy, row.coverage?.path)) ?? [];
  const open =
    row.network === true ? "network allowed" : enclosed ? "no network" : "network not cut off";
  return {
    seen: {
      ...ended,
      stdout: { ...stdout, bytes: withoutPlace(stdout.bytes, root) },
      stderr: withoutPlace(stderr, root),
      ...(results === undefined ? {} : { results }),
      ...(coverage === undefined ? {} : { coverage }),
      lacks: written.lacks,
      enclosure: `${enclosure.says}, ${open}`,
    },
  };
}

/** `/tmp/wingman-run-x7Kq/copy/shop/a.mjs` as `/copy/shop/a.mjs`; macOS tells the same with `/private` before it. */
function withoutPlace(bytes: Buffer, place: string): Buffer {
  if (!bytes.includes(place)) return bytes;
  const name = Buffer.from(place).toString("latin1");
  const text = bytes.toString("latin1");
  return Buffer.from(text.replaceAll(`/private${name}`, "").replaceAll(name, ""), "latin1");
}

interface Bounds {
  readonly cwd: string;
  readonly env: Environment;
  readonly timeout: number;
  /** True where descriptor 3 tells how it went. */
  readonly told: boolean;
  readonly endGroup: (leader: number) => void;
}

type Raw = Pick<CommandEndHere, "exit" | "ms" | "stdout" | "stderr">;

/** Starts, bounds and ends it. Exit 126, 127, a signal and a time-out are reasons, not exits. */
async function runBounded(
  args: readonly string[],
  bounds: Bounds,
): Promise<Raw | { readonly reason: Exclude<Reason, "MALFORMED">; readonly why: string }> {
  const began = performance.now();
  const [program = "", ...rest] = args;
  const child = spawn(program, rest, {
    cwd: bounds.cwd,
    env: bounds.env as Record<string, string | undefined>,
    stdio: descriptors(bounds.told),
    detached: true,
    windowsHide: true,
  });
  const out = kept(MOST_OUTPUT);
  const err = kept(MiB);
  const told = kept(4096);
  // In an enclosure the group's first process takes all others with it, wherever they hid.
  const stop = (): void => {
    if (child.pid !== undefined) bounds.endGroup(child.pid);
  };
  let why: "time" | "flood" | "disk" | "memory" | undefined;
  const end = (cause: typeof why): void => {
    why ??= cause;
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
  const disk = watchMachine(bounds.cwd, end);
  const { code, signal, failed } = await new Promise<{
    code: number | null;
    signal: string | null;
    failed?: Error;
  }>((done) => {
    child.once("error", (error) => done({ code: null, signal: null, failed: error }));
    child.once("exit", (exit, by) => {
      // What it left behind may hold the pipes open for ever.
      stop();
      const late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        done({ code: exit, signal: by });
      }, 2_000);
      child.once("close", () => {
        clearTimeout(late);
        done({ code: exit, signal: by });
      });
    });
  });
  clearTimeout(timer);
  clearInterval(disk);
  const ms = Math.round(performance.now() - began);
  const first = err.bytes().toString("utf8").trim().split("\n")[0] ?? "";
  if (failed !== undefined)
    return { reason: "TOOL_MISSING", why: `it could not be started: ${failed.message}` };
  if (why === "time") return { reason: "TIMEOUT", why: `not done after ${bounds.timeout} ms` };
  if (why === "flood") return { reason: "BUDGET", why: `it wrote more than ${FLOOD} bytes` };
  if (why === "memory") return { reason: "BUDGET", why: "it ate the machine's memory" };
  if (why === "disk") return { reason: "BUDGET", why: "it filled the disk" };
  const words = told.bytes().toString("latin1");
  if (bounds.told && !words.startsWith("started\n"))
    return { reason: "TOOL_MISSING", why: `the enclosure could not be set up: ${first}` };
  const exit = bounds.told ? Number(/\nexit (\d+)\n$/.exec(words)?.[1] ?? Number.NaN) : code;
  if (exit === null || Number.isNaN(exit))
    return { reason: "TOOL_MISSING", why: `it was ended by ${signal ?? "a signal"}` };
  if (exit === 126 || exit === 127)
    return { reason: "TOOL_MISSING", why: `exit ${exit}: it could not be started; ${first}` };
  if (exit > 128 && exit <= 128 + 64)
    return { reason: "TOOL_MISSING", why: `it was ended by signal ${exit - 128}` };
  const { sha256, bytes, whole } = out.end();
  return { exit, ms, stdout: { sha256, bytes, whole }, stderr: err.bytes() };
}

/** Three of its own, one to be told by; what this process itself was handed is shut off. */
function descriptors(told: boolean): StdioOptions {
  const { leaked, empty } = descriptorsLeft();
  const all: ("ignore" | "pipe" | number)[] = ["ignore", "pipe", "pipe", told ? "pipe" : "ignore"];
  for (let at = 4; at <= (leaked.at(-1) ?? 0); at += 1) all[at] = "ignore";
  for (const at of leaked) if (at > 3 || !told) all[at] = empty;
  return all;
}

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
function watchMachine(folder: string, end: (cause: "disk" | "memory") => void): NodeJS.Timeout {
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

/** Nothing of the caller's but where programs are; no folder of a hidden place among them. */
function minimalEnvironment(setting: RunnerSetting, root: string): Environment {
  const path = (setting.env["PATH"] ?? "")
    .split(":")
    .filter((one) => one.startsWith("/"))
    .filter((one) => !setting.hidden.some((place) => one === place || one.startsWith(`${place}/`)));
  return {
    PATH: path.join(":"),
    HOME: join(root, "home"),
    TMPDIR: join(root, "tmp"),
    LANG: "C.UTF-8",
  };
}

/** A name from a policy: never more than one plain name. */
function folderName(wanted: string | undefined): string {
  return wanted !== undefined && /^[A-Za-z0-9][\w.-]{0,99}$/.test(wanted) ? wanted : "work";
}

async function giveAway(root: string, user: number): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), user, user);
  lchownSync(root, user, user);
}
