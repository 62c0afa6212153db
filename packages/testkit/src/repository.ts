/**
 * Real repositories for stories: `newRepository()` gives a clone with one branch `main`, `bareRemote()`
 * a bare one that it pushes to. A git command that fails throws with git's own words, unless `tryGit`
 * is asked.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { signSsh } from "@wingman/model";
import { type KeyHolder, mark, type Person } from "./person.ts";
import { type Ran, type RunOptions, runProgram, runWingman } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface RepositoryOptions {
  readonly bare?: boolean;
  readonly format?: "sha1" | "sha256";
  /** HEAD's branch; `main` unless told. */
  readonly branch?: string;
  /** Committed at once. */
  readonly files?: Files;
  /** Where it shall stand, instead of a new temporary folder. */
  readonly folder?: string;
}

/** Path to text, bytes, a link's target, or undefined to remove it. */
export type Files = Readonly<
  Record<
    string,
    string | Uint8Array | { readonly link: string } | { readonly run: string } | undefined
  >
>;

export interface CommitOptions {
  /** Author and committer; Mark unless told. */
  readonly as?: Person;
  readonly files?: Files;
  /** Signs with this person's key, in process. */
  readonly sign?: KeyHolder;
  /** A `Wingman-Run` trailer's value. */
  readonly trailer?: string;
  /** Runs the repository's hooks; without it hooks stay silent. */
  readonly hooks?: boolean;
  readonly env?: RunOptions["env"];
}

export type TestRepository = Awaited<ReturnType<typeof newRepository>>;

/** A new repository in a temporary folder, removed after the test file. */
export async function newRepository(options: RepositoryOptions = {}) {
  const folder = options.folder ?? temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const branch = options.branch ?? "main";
  const format = options.format === "sha256" ? ["--object-format=sha256"] : [];
  const bare = options.bare ? ["--bare"] : [];
  await git(folder, ["init", "-q", `--initial-branch=${branch}`, ...format, ...bare]);
  const repository = repositoryAt(folder);
  if (options.files !== undefined) await repository.commit("Begin", { files: options.files });
  return repository;
}

/** A repository that stands already, as a clone or a worktree. */
export function repositoryAt(folder: string) {
  const write = (path: string, content: Files[string]): void =>
    writeFile(join(folder, path), content);
  const repository = {
    folder,
    /** Runs git and gives its output without the last line's end. */
    git: async (...args: string[]): Promise<string> => await git(folder, args),
    /** Runs git and gives whatever came of it. */
    tryGit: async (args: readonly string[], more: Omit<RunOptions, "cwd"> = {}): Promise<Ran> =>
      await runProgram("git", args, { cwd: folder, ...more }),
    write,
    read: (path: string): string => readFileSync(join(folder, path), "utf8"),
    /** Commits what `files` changes (or what is staged, where there are none). Gives the id. */
    commit: async (message: string, how: CommitOptions = {}): Promise<string> => {
      for (const [path, content] of Object.entries(how.files ?? {})) write(path, content);
      if (how.files !== undefined)
        await git(folder, ["add", "-A", "-f", "--", ...Object.keys(how.files)]);
      const ran = await tryCommit(folder, message, how);
      if (ran.code !== 0) throw new Error(`git commit: ${ran.stderr}${ran.stdout}`);
      if (how.sign !== undefined) await signHead(folder, how.sign);
      return await git(folder, ["rev-parse", "HEAD"]);
    },
    /** The same, but gives whatever came of it: for hooks that may refuse. Hooks run. */
    tryCommit: async (message: string, how: CommitOptions = {}): Promise<Ran> => {
      for (const [path, content] of Object.entries(how.files ?? {})) write(path, content);
      if (how.files !== undefined)
        await git(folder, ["add", "-A", "-f", "--", ...Object.keys(how.files)]);
      return await tryCommit(folder, message, { hooks: true, ...how });
    },
    /** A new bare repository, added as remote `origin`. */
    bareRemote: async (at: RepositoryOptions = {}) => {
      const remote = await newRepository({ ...at, bare: true });
      await git(folder, ["remote", "add", "origin", remote.folder]);
      return remote;
    },
    clone: async (into = temporaryFolder()) => {
      await git(folder, ["clone", "-q", folder, into]);
      return repositoryAt(into);
    },
    /** Pushes, as the server's authenticated `pusher` where one is told. Gives whatever came of it. */
    push: async (args: readonly string[], how: { pusher?: string; env?: RunOptions["env"] } = {}) =>
      await runProgram("git", ["push", ...args], {
        cwd: folder,
        env: { ...how.env, ...(how.pusher === undefined ? {} : { WINGMAN_PUSHER: how.pusher }) },
      }),
    wingman: async (args: readonly string[], more: Omit<RunOptions, "cwd"> = {}): Promise<Ran> =>
      await runWingman(args, { cwd: folder, ...more }),
  };
  return repository;
}

async function git(folder: string, args: readonly string[], input?: Uint8Array): Promise<string> {
  const ran = await runProgram("git", args, { cwd: folder, ...(input ? { input } : {}) });
  if (ran.code !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout.replace(/\n$/, "");
}

async function tryCommit(folder: string, message: string, how: CommitOptions): Promise<Ran> {
  const { name, email } = how.as ?? mark;
  const text = how.trailer === undefined ? message : `${message}\n\nWingman-Run: ${how.trailer}`;
  const silent = how.hooks ? [] : ["-c", "core.hooksPath=/dev/null"];
  const args = [...silent, "-c", `user.name=${name}`, "-c", `user.email=${email}`];
  return await runProgram("git", [...args, "commit", "-q", "--allow-empty", "-F", "-"], {
    cwd: folder,
    input: text,
    ...(how.env ? { env: how.env } : {}),
  });
}

/** Puts a signature into HEAD's commit, in process: a test machine may have no ssh-keygen. */
async function signHead(folder: string, signer: KeyHolder): Promise<void> {
  const ran = await runProgram("git", ["cat-file", "commit", "HEAD"], { cwd: folder });
  const raw = ran.stdout;
  const header =
    (await git(folder, ["rev-parse", "--show-object-format"])) === "sha256"
      ? "gpgsig-sha256"
      : "gpgsig";
  const message = Buffer.from(raw);
  const armored = signSsh({ key: signer.key, message, namespace: "git" }).trimEnd();
  const cut = raw.indexOf("\n\n");
  // Folded as git folds a header of several lines: each further one begins with a space.
  const signed = `${raw.slice(0, cut)}\n${header} ${armored.replaceAll("\n", "\n ")}${raw.slice(cut)}`;
  const oid = await git(
    folder,
    ["hash-object", "-t", "commit", "-w", "--stdin"],
    Buffer.from(signed),
  );
  await git(folder, ["update-ref", "HEAD", oid]);
}

function writeFile(path: string, content: Files[string]): void {
  if (content === undefined) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(path, content);
  else if ("link" in content) symlinkSync(content.link, path);
  else {
    writeFileSync(path, content.run);
    chmodSync(path, 0o755);
  }
}
