/**
 * Runs a command that the policy names (TRUST.md §9): in a clean copy, with a minimal environment,
 * bounded in time, output, processes, memory and disk, and ended with all that it started. Its output is
 * hostile data. It refuses to run beside a key or a token that the command could read.
 */
import { lchownSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, sep } from "node:path";
import {
  type CommandEnd,
  type CommandRow,
  parseDuration,
  type Seen,
  type Tree,
} from "@wingman/model";
import { runBounded } from "./command-bounds.ts";
import { type Overlay, writeCopy } from "./command-copy.ts";
import { commandUser, enclosedArguments, enclosureHere, homeShown } from "./command-enclosure.ts";
import { type LiveCommands, liveCommands, type Stopping } from "./command-live.ts";
import { commandReports, isInside, removeReport } from "./command-reports.ts";
import type { Environment } from "./repo.ts";

interface RunnerSetting extends Stopping {
  readonly env: Environment;
  readonly commands: Readonly<Record<string, CommandRow>>;
  /** Absolute paths of keys, objects, working tree: never to be seen by a command. */
  readonly hidden: readonly string[];
  /** True where a key or a token is in reach of this user: then only enclosed. */
  readonly keyInReach: boolean;
  /** What the copy's folder is called, as a clone of the repository would be: tests look at it. */
  readonly folder?: string;
}

const USUAL_TIMEOUT = 600_000;

/**
 * Commands that run together, where nothing is shared but processors and memory. A suite that reckons
 * takes a processor at least, and one is left to the auditor where there are three; more than eight would
 * be more memory than most machines have. Where two is all there is, two that wait still halve the time.
 */
export function commandsAtOnce(processors: number = availableParallelism()): number {
  return Math.min(8, Math.max(processors - 1, Math.min(2, processors)));
}

/** The runner of an audit. Same command on same files is run as often as it is asked. */
export interface CommandRunnerHere {
  run(
    command: string,
    at: { readonly tree: Tree; readonly over?: Overlay },
  ): Promise<Seen<CommandEnd>>;
  /** How many may run together where this one does; alone with a network, or where nothing is shut off. */
  atOnce(command: string): number;
  /** Ends all that is under way, as where the audit ended in a fault, and starts nothing any more. */
  close(): void;
}

/** A runner by the policy's table. A signal that ends the program ends what it started. */
export function commandRunner(setting: RunnerSetting): CommandRunnerHere {
  const live = liveCommands(setting);
  return {
    atOnce: (command) =>
      setting.commands[command]?.network !== true && enclosureHere(setting.env).kind !== "none"
        ? commandsAtOnce()
        : 1,
    close: live.close,
    run: async (command, at) => {
      if (live.closed()) return STOPPED;
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
      const leave = live.enter(root);
      try {
        return await runIn(root, row, at, { ...setting, started: live.started });
      } finally {
        await rm(root, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
        leave();
      }
    },
  };
}

const STOPPED = { reason: "TIMEOUT", why: "the audit was stopped" } as const;

async function runIn(
  root: string,
  row: CommandRow,
  at: { readonly tree: Tree; readonly over?: Overlay },
  setting: RunnerSetting & Pick<LiveCommands, "started">,
): Promise<Seen<CommandEnd>> {
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
    started: setting.started,
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
