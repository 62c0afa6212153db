/**
 * Opens a repository: bare or not, worktree, subdirectory, hook with `GIT_DIR=.`, SHA-1 or SHA-256.
 * Refuses what is none, a git that is missing or too old, and a repository of dubious ownership.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fault, isFault } from "@wingman/model";
import type { Asked } from "./asked.ts";
import { BatchReader, type ObjectReader } from "./batch-reader.ts";
import { fileReader } from "./file-reader.ts";
import { gitFailed } from "./git-failure.ts";
import { callGit, NO_FETCH, outOfQuarantine, QUARANTINE, type Start } from "./git-process.ts";
import { looseReader } from "./loose-reader.ts";
import { nulList } from "./nul-list.ts";
import { OBJECT_LIMIT, objectStore } from "./object-store.ts";
import { LIST_REFS, type Ref, refsOf } from "./refs.ts";
import type { Environment, Repo, RunOptions, RunResult, Scratch } from "./repo.ts";
import { makeScratch } from "./scratch.ts";

interface Layout {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly workTree: string | undefined;
  readonly bare: boolean;
  readonly format: "sha1" | "sha256";
}

/** `merge-tree --write-tree` came with 2.38. */
const OLDEST: readonly [number, number] = [2, 38];

/**
 * Opens the repository that git itself would use at `cwd`: `GIT_DIR` in `env` beats it. Faults
 * `git/no-repository`, `git/not-installed`, `git/too-old`, `git/dubious-ownership`.
 */
export async function openRepo(where: { cwd: string; env: Environment }): Promise<Repo> {
  return repoOf(where, (await askLayout(where, TOLD)).layout);
}

/** A repository, and the view of it as it stood when it was opened, for judging. */
export interface OpenedAtOnce {
  readonly repo: Repo;
  readonly moment: Repo;
}

/**
 * As {@link openRepo}, with everything that a judgement needs of git asked for in one go: processes
 * side by side, where one after the other they would be most of a hook's time. `asked` is what the
 * hook's shim asked git while node was starting (asked.ts); a clone's objects are read from their files.
 */
export async function openAtOneMoment(where: {
  cwd: string;
  env: Environment;
  asked?: Asked | undefined;
}): Promise<OpenedAtOnce> {
  const start: Start = { cwd: where.cwd, env: where.env };
  const reader = new BatchReader(start, OBJECT_LIMIT);
  const told = where.asked === undefined ? undefined : layoutTold(where.asked.layout);
  const listing = told === undefined ? callGit(LIST_REFS, start) : where.asked?.refs;
  // Where there is no repository the layout's fault says so, and nobody awaits these.
  if (listing instanceof Promise) listing.catch(() => undefined);
  const own = ownObjects(start.env);
  try {
    const asking = told ?? askWithSettings(start);
    if (!own) reader.warm();
    const { layout, settings } = await asking;
    const hexLength = layout.format === "sha256" ? 64 : 40;
    const objects = join(layout.commonDir, "objects");
    const repo = repoOf(start, layout, own ? fileReader(objects, hexLength, reader) : reader);
    let refs: Promise<readonly Ref[]> | undefined;
    const listed = async (): Promise<readonly Ref[]> => {
      const result = (await listing) ?? (await callGit(LIST_REFS, start));
      return result.code === 0 ? refsOf(result.stdout) : gitFailed(LIST_REFS, result);
    };
    const moment = {
      settings,
      refs: () => {
        refs ??= listed();
        return refs;
      },
    };
    return { repo, moment: { ...repo, moment } };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** False where objects lie elsewhere as well: a push that waits in quarantine, or a caller's own stores. */
function ownObjects(env: Environment): boolean {
  return QUARANTINE.every((name) => env[name] === undefined);
}

/** The shim's answer, or undefined where it is not one in every respect: git is asked again then. */
function layoutTold(result: RunResult): AskedLayout | undefined {
  try {
    return readLayout(result);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function repoOf(
  start: Start,
  layout: Layout,
  reader: ObjectReader = new BatchReader(start, OBJECT_LIMIT),
): Repo {
  const hexLength = layout.format === "sha256" ? 64 : 40;
  let scratch: Promise<Scratch> | undefined;
  let scratchReader: ObjectReader | undefined;
  let outside: Repo | undefined;
  let still: Promise<Repo> | undefined;
  const objects = objectStore(reader, hexLength, () => scratchReader, start);

  async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const base = options.withoutQuarantine ? outOfQuarantine(start.env) : start.env;
    const env = { ...base, ...options.env };
    const plainConfig = options.plainConfig === true;
    const result = await callGit(args, { cwd: start.cwd, env, plainConfig }, options.input);
    if (!(options.okCodes ?? [0]).includes(result.code)) gitFailed(args, result);
    return result;
  }

  async function stillRepo(): Promise<Repo> {
    const args = ["config", "--get-regexp", PROMISED];
    if ((await run(args, { okCodes: [0, 1], plainConfig: true })).code === 1) return repo;
    return repoOf({ cwd: start.cwd, env: { ...start.env, ...NO_FETCH } }, layout);
  }

  const repo: Repo = {
    cwd: start.cwd,
    ...layout,
    zero: "0".repeat(hexLength),
    env: start.env,
    objects,
    run,
    shallow: async () => {
      const { stdout } = await run(["rev-parse", "--is-shallow-repository"]);
      return stdout.toString("latin1").trim() === "true";
    },
    outsideQuarantine: async () => {
      outside ??= repoOf({ cwd: start.cwd, env: outOfQuarantine(start.env) }, layout);
      return outside;
    },
    withoutFetching: () => {
      still ??= stillRepo();
      return still;
    },
    scratch: () => {
      scratch ??= makeScratch(repo).then((made) => {
        scratchReader = looseReader(made.objects, OBJECT_LIMIT);
        return made;
      });
      return scratch;
    },
    close: async () => {
      await outside?.close();
      const other = await still?.catch(() => undefined);
      if (other !== repo) await other?.close();
      const made = await scratch?.catch(() => undefined);
      await objects.close();
      if (made !== undefined) await rm(made.dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return repo;
}

/** What git writes down of a partial clone. */
const PROMISED = "^(extensions\\.partialclone|remote\\..*\\.promisor)$";

interface AskedLayout {
  readonly layout: Layout;
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Git's own trace of this one call tells its version and, where asked, Wingman's settings: two processes
 * less. https://git-scm.com/docs/api-trace2 (events `version`, `def_param`); `2` is standard error.
 */
const TOLD: Environment = {
  GIT_TRACE2_EVENT: "2",
  GIT_TRACE2_CONFIG_PARAMS: "",
  GIT_TRACE2_ENV_VARS: "",
};
const TOLD_SETTINGS: Environment = { ...TOLD, GIT_TRACE2_CONFIG_PARAMS: "wingman.*" };

async function askWithSettings(start: Start): Promise<AskedLayout> {
  try {
    return await askLayout(start, TOLD_SETTINGS);
  } catch (error) {
    // Git 2.39 dies of telling a setting without a value (`[wingman] pusher`, no `=`).
    if (!isFault(error) || !/was ended by SIG/.test(error.message)) throw error;
    const { layout } = await askLayout(start, TOLD);
    return { layout, settings: await listSettings(start) };
  }
}

async function listSettings(start: Start): Promise<Map<string, string>> {
  const args = ["config", "-z", "--get-regexp", "^wingman\\."];
  const result = await callGit(args, { ...start, plainConfig: true });
  if (result.code > 1) gitFailed(args, result);
  const rows = nulList(result.stdout).map((row) => row.toString("utf8").split("\n"));
  return new Map(rows.map(([key = "", ...value]) => [key, value.join("\n")]));
}

async function askLayout(start: Start, told: Environment): Promise<AskedLayout> {
  return readLayout(await callGit(ASK_LAYOUT, { ...start, env: { ...start.env, ...told } }));
}

// The work tree comes last: git dies there in a bare repository, after it told the rest.
const ASK_LAYOUT = [
  ...["rev-parse", "--path-format=absolute", "--is-bare-repository", "--show-object-format"],
  ...["--git-dir", "--git-common-dir", "--show-toplevel"],
];

function readLayout(answer: RunResult): AskedLayout {
  const { events, rest } = eventsIn(answer.stderr);
  const result = { ...answer, stderr: rest };
  const lines = result.stdout.toString("utf8").split("\n");
  const [bare, format = "", gitDir, commonDir, workTree] = lines;
  refuseOldGit(events);
  if (result.code !== 0 && lines.length !== 5) gitFailed(ASK_LAYOUT, result);
  // A directory's name may hold a line end.
  if (!/^sha(1|256)$/.test(format) || lines.length > 6 || !gitDir || !commonDir)
    fault("git's answer about this repository cannot be read", {
      code: "git/no-repository",
      hint: "use Git 2.38 or newer, and a path without line ends",
    });
  const layout = {
    bare: bare === "true",
    format: format === "sha256" ? "sha256" : "sha1",
    gitDir,
    commonDir,
    workTree: result.code === 0 && workTree ? workTree : undefined,
  } as const;
  return { layout, settings: settingsIn(events) };
}

type TraceEvent = Readonly<Record<string, unknown>>;

/** The trace's lines, and what else stood on standard error. */
function eventsIn(stderr: string): { events: TraceEvent[]; rest: string } {
  const events: TraceEvent[] = [];
  const others: string[] = [];
  for (const line of stderr.split("\n")) {
    try {
      // A line that only looks like one (a path in git's message) is text.
      if (!line.startsWith('{"event":"')) others.push(line);
      else events.push(JSON.parse(line) as TraceEvent);
    } catch {
      others.push(line);
    }
  }
  return { events, rest: others.join("\n") };
}

function settingsIn(events: readonly TraceEvent[]): Map<string, string> {
  const settings = new Map<string, string>();
  // The last one counts, as for git: it tells them from the system's to the command line's.
  for (const { event, param, value } of events)
    if (event === "def_param" && typeof param === "string" && param.startsWith("wingman."))
      settings.set(param, typeof value === "string" ? value : "");
  return settings;
}

function refuseOldGit(events: readonly TraceEvent[]): void {
  const told = events.find(({ event }) => event === "version")?.["exe"];
  const text = typeof told === "string" ? told : "";
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const [oldMajor, oldMinor] = OLDEST;
  if (Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor)) return;
  fault(`this git is too old: ${text === "" ? "no version" : `git version ${text}`}`, {
    code: "git/too-old",
    hint: "install Git 2.38 or newer",
  });
}
