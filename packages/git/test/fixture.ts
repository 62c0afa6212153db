/** Real repositories in temporary directories, with every GIT_* variable of the caller stripped. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type Environment, openRepo, type Repo } from "../src/index.ts";

const made: string[] = [];
const opened: Repo[] = [];

afterAll(async () => {
  for (const repo of opened.splice(0)) await repo.close();
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A clean environment: no GIT_* of whoever runs the tests, no configuration of theirs. */
export const cleanEnv: Environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Dana",
  GIT_AUTHOR_EMAIL: "dana@acme.example",
  GIT_COMMITTER_NAME: "Dana",
  GIT_COMMITTER_EMAIL: "dana@acme.example",
};

export function temporaryDir(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "wingman-door-")));
  made.push(dir);
  return dir;
}

/** Runs git and gives its stdout without the last line end; throws where it fails. */
export function git(
  cwd: string,
  args: readonly string[],
  more: { input?: string | Uint8Array; env?: Environment } = {},
): string {
  return execFileSync("git", args, {
    cwd,
    env: { ...cleanEnv, ...more.env } as NodeJS.ProcessEnv,
    input: more.input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  })
    .toString("utf8")
    .replace(/\n$/, "");
}

/** The same, for commands that may fail. */
export function tryGit(cwd: string, args: readonly string[], env: Environment = {}) {
  const { status, stdout, stderr } = spawnSync("git", args, {
    cwd,
    env: { ...cleanEnv, ...env } as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

export function newRepo(...flags: readonly string[]): string {
  const dir = temporaryDir();
  git(dir, ["-c", "init.defaultBranch=main", "init", "--quiet", ...flags, "."]);
  return dir;
}

export async function open(cwd: string, env: Environment = cleanEnv): Promise<Repo> {
  const repo = await openRepo({ cwd, env });
  opened.push(repo);
  return repo;
}

/** Files of a commit without a work tree: path to content, null removes. */
export function commit(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
  more: { parents?: readonly string[]; ref?: string; message?: string } = {},
): string {
  const ref = more.ref ?? "refs/heads/main";
  const tip = tryGit(dir, ["rev-parse", "--verify", "-q", ref]).stdout.trim();
  const parents = more.parents ?? (tip === "" ? [] : [tip]);
  const index = join(temporaryDir(), "index");
  const env = { GIT_INDEX_FILE: index };
  if (parents[0] !== undefined) git(dir, ["read-tree", parents[0]], { env });
  const zero = "0".repeat(git(dir, ["hash-object", "-t", "blob", "--stdin"]).length);
  for (const [path, content] of Object.entries(files)) {
    const blob =
      content === null ? zero : git(dir, ["hash-object", "-w", "--stdin"], { input: content });
    const mode = content === null ? "0" : "100644";
    git(dir, ["update-index", "-z", "--index-info"], { env, input: `${mode} ${blob}\t${path}\0` });
  }
  const tree = git(dir, ["write-tree"], { env });
  const args = parents.flatMap((parent) => ["-p", parent]);
  const oid = git(dir, ["commit-tree", tree, ...args, "-m", more.message ?? "a commit"]);
  git(dir, ["update-ref", ref, oid]);
  return oid;
}

/** A tree object from raw items, past every check of git. */
export function rawTree(
  dir: string,
  items: readonly { mode: string; name: string | Uint8Array; oid: string }[],
): string {
  const bytes = Buffer.concat(
    items.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} `),
      Buffer.from(name as string),
      Buffer.from([0]),
      Buffer.from(oid, "hex"),
    ]),
  );
  return git(dir, ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], { input: bytes });
}

/** Path lists for short expectations: `+` came, `-` went, `*` changed. */
export function signs(
  changes: readonly { path: string; before?: unknown; after?: unknown }[],
): string[] {
  return changes.map(
    ({ path, before, after }) =>
      `${before === undefined ? "+" : after === undefined ? "-" : "*"}${path}`,
  );
}
