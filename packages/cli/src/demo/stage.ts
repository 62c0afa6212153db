/**
 * The demo's stage: a throw-away folder with a clone of a real repository, a bare remote of it, and
 * people and workers whose keys are made in process. Everything runs as it would for them: real git,
 * real hooks, this very program as a process of its own.
 */
import { rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type UserGitRun, userGit } from "@wingman/git";
import { fault, generateSshKey, visible } from "@wingman/model";
import type { Io } from "../io.ts";
import { type Doubles, openDoubles } from "./doubles.ts";

/** Somebody who acts in the story. */
export interface Actor {
  readonly name: string;
  readonly email: string;
  /** What the server authenticates: the value of WINGMAN_PUSHER. */
  readonly login: string;
  readonly keyFile: string;
  /** The line of allowed_signers. */
  readonly signersLine: string;
  /** The actor's own clone. */
  readonly clone: string;
}

export interface Stage {
  readonly root: string;
  readonly remote: string;
  /** Telegram and GitHub, as far as this story's watcher can tell. */
  readonly doubles: Doubles;
  git(actor: Actor, ...args: string[]): Promise<UserGitRun>;
  /** Git by nobody in particular, in a folder. */
  gitIn(folder: string, ...args: string[]): Promise<UserGitRun>;
  gitWithInput(folder: string, input: string, ...args: string[]): Promise<UserGitRun>;
  /** This program, run by an actor in their clone. */
  wingman(actor: Actor, ...args: string[]): Promise<UserGitRun>;
  /** This program on the server's console. */
  wingmanOnServer(...args: string[]): Promise<UserGitRun>;
  /** Writes a file in the actor's clone. */
  write(actor: Actor, path: string, content: string): Promise<void>;
  /** Waits until every watcher that an accepted push has started is through. */
  settled(): Promise<void>;
  close(): Promise<void>;
  /** Ends what runs and removes the folder at once: for a signal, which waits for nothing. */
  drop(): void;
}

export const ACTORS = ["mark", "dana", "alice", "bob", "carol"] as const;
export type ActorName = (typeof ACTORS)[number];

/** Where the story's alerts go, in the policy and at the doubles. */
export const CHAT = "-1001";
export const REPOSITORY = "demo/copy";

const LOGINS: Readonly<Record<ActorName, string>> = {
  mark: "mark",
  dana: "dana",
  alice: "alice-bot",
  bob: "bob-bot",
  carol: "carol-bot",
};

/** Sets the empty stage: folder, git configuration, keys. */
export async function openStage(
  io: Io,
  source: string,
): Promise<{ stage: Stage; actors: Readonly<Record<ActorName, Actor>> }> {
  const root = await mkdtemp(join(tmpdir(), "wingman-demo-"));
  await mkdir(join(root, "keys"));
  // Nothing of the person who runs the demo comes in: no configuration, no hooks, no signing key.
  await writeFile(
    join(root, "gitconfig"),
    `[safe]\n\tdirectory = ${configText(source)}\n\tdirectory = ${configText(join(source, ".git"))}\n` +
      "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[advice]\n\tdetachedHead = false\n[init]\n\tdefaultBranch = main\n",
  );
  const signer = await writeSigner(io, root);
  const remote = join(root, "remote.git");
  const stopped = new AbortController();
  const { signal } = stopped;
  let watchers = 0;
  const counted = async (pushes: boolean, run: Promise<UserGitRun>): Promise<UserGitRun> => {
    const done = await run;
    // A refused lie is in the ledger as well, so its push starts a watcher, too.
    if (pushes && (done.code === 0 || /audit\/false/.test(done.stderr))) watchers += 1;
    return done;
  };
  const made = {} as Record<ActorName, Actor>;
  for (const name of ACTORS) made[name] = await makeActor(root, name);
  const doubles = await openDoubles(CHAT, REPOSITORY);
  // The hooks inherit it, and the watcher that post-receive starts inherits it from them.
  const env = { ...cleanEnvironment(io.env, root), ...doubles.env };
  const asActor = (actor: Actor): Record<string, string | undefined> => ({
    ...env,
    GIT_AUTHOR_NAME: actor.name,
    GIT_AUTHOR_EMAIL: actor.email,
    GIT_COMMITTER_NAME: actor.name,
    GIT_COMMITTER_EMAIL: actor.email,
    // What an SSH forced command would set on a real server.
    WINGMAN_PUSHER: actor.login,
  });
  const signing = (actor: Actor): string[] => [
    ...["-c", "gpg.format=ssh", "-c", `gpg.ssh.program=${signer}`],
    ...["-c", `user.signingkey=${actor.keyFile}`, "-c", "commit.gpgsign=true"],
    ...["-c", `user.email=${actor.email}`, "-c", `user.name=${actor.name}`],
  ];
  const stage: Stage = {
    root,
    remote,
    doubles,
    git: (actor, ...args) =>
      counted(
        args[0] === "push",
        userGit([...signing(actor), ...args], { cwd: actor.clone, env: asActor(actor), signal }),
      ),
    gitIn: (folder, ...args) => userGit(args, { cwd: folder, env, signal }),
    gitWithInput: (folder, input, ...args) => userGit(args, { cwd: folder, env, input, signal }),
    wingman: (actor, ...args) =>
      counted(
        args.includes("--push"),
        io.runSelf(args, { cwd: actor.clone, env: asActor(actor), signal }),
      ),
    wingmanOnServer: (...args) => io.runSelf(args, { cwd: remote, env, signal }),
    write: async (actor, path, content) => {
      const file = join(actor.clone, ...path.split("/"));
      await mkdir(join(file, ".."), { recursive: true });
      await writeFile(file, content);
    },
    settled: () => watchersThrough(join(remote, "wingman", "watch.log"), () => watchers),
    close: async () => {
      await stage.settled();
      await doubles.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
    drop: () => {
      // A clone that goes on would make its folder anew.
      stopped.abort();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return { stage, actors: made };
}

/**
 * post-receive starts its watcher detached, so a push may end before its watcher does. One that still
 * runs while the folder goes would make its own part of it anew. Each pass ends in one such line.
 */
async function watchersThrough(log: string, started: () => number): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const text = await readFile(log, "utf8").catch(() => "");
    const ended = text.match(/^wingman watch: \d+ steps? performed$|^ {2}code: /gm)?.length ?? 0;
    if (ended >= started()) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** Faults where a command of the stage's own making failed: the demo cannot go on. */
export async function must(run: Promise<UserGitRun>): Promise<string> {
  const { code, stdout, stderr } = await run;
  if (code !== 0)
    fault(`a command of the demo failed (${code}): ${visible(stderr.trim()).slice(0, 600)}`, {
      code: "demo/failed",
      hint: "run it with --keep and look into the folder",
    });
  return stdout;
}

async function makeActor(root: string, name: ActorName): Promise<Actor> {
  const email = `${LOGINS[name]}@demo.example`;
  const key = generateSshKey(email);
  const keyFile = join(root, "keys", name);
  await writeFile(keyFile, key.privateText, { mode: 0o600 });
  await writeFile(`${keyFile}.pub`, `${key.publicLine}\n`);
  return {
    name: name[0]?.toUpperCase() + name.slice(1),
    email,
    login: LOGINS[name],
    keyFile,
    signersLine: `${email} namespaces="git,wingman-order,wingman-approval" ${key.publicLine}`,
    clone: join(root, name),
  };
}

/** `gpg.ssh.program` of the stage: this program signs in process, so no ssh-keygen is needed. */
async function writeSigner(io: Io, root: string): Promise<string> {
  const file = join(root, "sign");
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  await writeFile(
    file,
    `#!/bin/sh\nexec ${quote(io.nodePath)} ${quote(join(io.programDir, "wingman.mjs"))} ssh-sign "$@"\n`,
  );
  await chmod(file, 0o755);
  return file;
}

function cleanEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Record<string, string | undefined> {
  // A token of the person's own must not meet the doubles, nor a proxy carry away what they get.
  const foreign = /^(GIT_|WINGMAN_|GITHUB_|NODE_OPTIONS$|NODE_USE_ENV_PROXY$)/;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_GLOBAL: join(root, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    HOME: root,
    NO_COLOR: "1",
  };
}

function configText(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
