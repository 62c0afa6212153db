/**
 * Where canaries live: a git directory of its own inside the real one, with its own HEAD, index, reflog
 * and objects, that shares configuration and hooks with the real repository as a linked worktree does.
 * A commit there moves nobody's branch, whether a hook refuses it or not; killed at any moment it leaves
 * a folder that the next doctor removes, and nothing that lands.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { scanBytes } from "@wingman/gate";
import { type Repo, userGit } from "@wingman/git";
import { fault } from "@wingman/model";
import type { Io } from "../io.ts";
import type { CanaryRun } from "./proof.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Canary commits, all without a place in anybody's history. */
export interface Canaries {
  /** One harmless file. */
  readonly clean: string;
  /** Clean, and a secret on top of it. */
  readonly leak: string;
}

export interface CanaryPlace {
  readonly dir: string;
  readonly canaries: Canaries;
  /** Runs git as a person would, hooks and all, in this place: nothing of the real repository moves. */
  aside(args: readonly string[], more?: { index?: string; env?: Environment }): Promise<CanaryRun>;
  /** The same in the real repository, which only sees the canaries' objects. Never let it commit. */
  real(args: readonly string[], more?: { input?: string; env?: Environment }): Promise<CanaryRun>;
  /** A file of this place, as COMMIT_EDITMSG; "" where there is none. */
  text(name: string): Promise<string>;
  close(): Promise<void>;
}

const PREFIX = "canary-";
const WHO: Environment = {
  GIT_AUTHOR_NAME: "Wingman canary",
  GIT_AUTHOR_EMAIL: "canary@wingman.invalid",
  GIT_COMMITTER_NAME: "Wingman canary",
  GIT_COMMITTER_EMAIL: "canary@wingman.invalid",
};
// Nobody is asked, nothing is tidied: an editor that fails ends what no hook has refused.
const QUIET = [
  ...["-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "advice.detachedHead=false"],
  // A push goes to a path on this disk, whatever the user's settings make of paths.
  ...["-c", "protocol.file.allow=always", "-c", "core.fsmonitor=false"],
];

/** Makes the place, with its canaries. Close it. */
export async function makeCanaryPlace(repo: Repo, io: Io): Promise<CanaryPlace> {
  const home = join(repo.commonDir, "wingman");
  await mkdir(home, { recursive: true });
  await removeLeftovers(home, io);
  const dir = join(home, `${PREFIX}${io.owner}`);
  const undo = io.onStop(() => rmSync(dir, { recursive: true, force: true }));
  const close = async (): Promise<void> => {
    undo();
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await mkdir(join(dir, "objects"), { recursive: true });
    const objects = objectsOf(repo, dir);
    const canaries = await makeCanaries(repo, objects);
    await writeFile(join(dir, "commondir"), `${repo.commonDir}\n`);
    await mkdir(join(dir, "info"));
    await writeFile(join(dir, "info", "sparse-checkout"), "/*\n!/wingman-canary*\n");
    await writeFile(join(dir, "HEAD"), `${canaries.clean}\n`);
    // A linked worktree may have settings of its own, core.hooksPath among them.
    await copyFile(join(repo.gitDir, "config.worktree"), join(dir, "config.worktree")).catch(
      () => undefined,
    );
    return { dir, canaries, ...runners(repo, io, dir, objects), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function runners(
  repo: Repo,
  io: Io,
  dir: string,
  objects: Environment,
): Pick<CanaryPlace, "aside" | "real" | "text"> {
  const cwd = repo.workTree ?? repo.cwd;
  const base = { ...io.env, ...objects, ...WHO, GIT_EDITOR: "false", GIT_TERMINAL_PROMPT: "0" };
  const traced = async (
    args: readonly string[],
    env: Environment,
    input?: string,
  ): Promise<CanaryRun> => {
    const trace = join(dir, "trace");
    await rm(trace, { force: true });
    const ran = await userGit([...QUIET, ...args], {
      cwd,
      env: { ...env, GIT_TRACE2_EVENT: trace, GIT_TRACE2_EVENT_NESTING: "1" },
      ...(input === undefined ? {} : { input }),
    });
    return {
      code: ran.code,
      stderr: ran.stderr,
      trace: await readFile(trace, "utf8").catch(() => ""),
    };
  };
  return {
    aside: async (args, more = {}) => {
      const index = join(dir, "index");
      const env = { ...base, GIT_DIR: dir, GIT_WORK_TREE: cwd, GIT_INDEX_FILE: index, ...more.env };
      if (more.index !== undefined) {
        await repo.run(["read-tree", more.index], { env });
        // No file of a canary stands in the work tree: a hook that tidies it must not take that for a change.
        const { stdout } = await repo.run(["ls-files", "-z"], { env });
        await repo.run(["update-index", "-z", "--skip-worktree", "--stdin"], {
          env,
          input: stdout,
        });
      }
      return await traced(args, env);
    },
    real: async (args, more = {}) => await traced(args, { ...base, ...more.env }, more.input),
    text: async (name) => await readFile(join(dir, name), "utf8").catch(() => ""),
  };
}

/** The canaries' objects lie here, on top of the repository's. */
function objectsOf(repo: Repo, dir: string): Environment {
  const others = repo.env["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
  const real = resolve(repo.commonDir, "objects");
  return {
    GIT_OBJECT_DIRECTORY: join(dir, "objects"),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: others ? `${real}${delimiter}${others}` : real,
  };
}

async function makeCanaries(repo: Repo, objects: Environment): Promise<Canaries> {
  const env = { ...objects, ...WHO };
  const write = async (args: readonly string[], input = ""): Promise<string> =>
    (await repo.run(args, { env, input })).stdout.toString("latin1").trim();
  const blob = (text: string) => write(["hash-object", "-w", "--stdin"], text);
  const file = async (name: string, text: string): Promise<string> =>
    `100644 blob ${await blob(text)}\t${name}\n`;
  const commit = async (lines: readonly string[], ...parents: string[]): Promise<string> => {
    const tree = await write(["mktree"], lines.join(""));
    const from = parents.flatMap((parent) => ["-p", parent]);
    return await write(["commit-tree", "--no-gpg-sign", tree, ...from, "-m", "Wingman canary"]);
  };
  // No ending: what other hooks do by a file's ending, they do not do to a canary.
  const harmless = await file("wingman-canary", "This file is no part of any history.\n");
  const secret = await file("wingman-canary-secret", `token: ${await canarySecret()}\n`);
  const clean = await commit([harmless]);
  return { clean, leak: await commit([harmless, secret], clean) };
}

/**
 * Something that the scanner takes for a secret beyond doubt, put together here and valid nowhere. The
 * first of several shapes that it does: a canary that the scanner forgives would prove nothing.
 */
async function canarySecret(): Promise<string> {
  const letters = (count: number): string =>
    [...randomBytes(count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  for (let tries = 0; tries < 8; tries += 1)
    for (const shape of [
      ["gh", "p_", letters(36)].join(""),
      ["np", "m_", letters(36)].join(""),
      ["sk-", "ant-", "api03-", letters(93), "AA"].join(""),
    ]) {
      const hits = await scanBytes(Buffer.from(`token: ${shape}\n`));
      if (hits.some((hit) => hit.confidence === "high")) return shape;
    }
  return fault("no canary can be made that the scanner takes for a secret", {
    code: "doctor/no-canary",
    hint: "the scanner of this build finds nothing: install a released one",
  });
}

const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** What a doctor that was killed left behind. */
async function removeLeftovers(home: string, io: Io): Promise<void> {
  for (const name of await readdir(home))
    if (name.startsWith(PREFIX) && !io.isAlive(name.slice(PREFIX.length)))
      await rm(join(home, name), { recursive: true, force: true });
}
