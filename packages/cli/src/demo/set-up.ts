/**
 * Adopting a repository that was not made for Wingman: its copy with its whole history gets a
 * policy, then a bare remote of the copy gets the server's hooks and key.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "@wingman/model";
import type { Io } from "../io.ts";
import type { Actor, ActorName, Stage } from "./stage.ts";
import { ACTORS, CHAT, must, REPOSITORY } from "./stage.ts";

/** A branch of a source that has Wingman already: it holds other people's records, never work. */
const LEDGER = "wingman-ledger";
const PLAIN = "* -text -merge -filter -ident -working-tree-encoding\n";

export interface SetUp {
  readonly branch: string;
  readonly commits: number;
  /** A folder that the repository does not have: where the demo works. */
  readonly folder: string;
}

/** Clones, adopts, makes the remote, and gives everybody a clone with hooks. */
export async function setUp(
  stage: Stage,
  actors: Readonly<Record<ActorName, Actor>>,
  source: string | undefined,
): Promise<SetUp> {
  const mark = actors.mark;
  if (source === undefined) await must(stage.gitIn(stage.root, "init", "--quiet", mark.clone));
  else await must(stage.gitIn(stage.root, "clone", "--quiet", "--no-checkout", source, mark.clone));
  const branch = await chooseBranch(stage, mark);
  const born =
    (await stage.gitIn(mark.clone, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")).code === 0;
  const names = born
    ? await must(stage.gitIn(mark.clone, "ls-tree", "--name-only", "-z", "HEAD"))
    : "";
  const folder = freeFolder(names.split("\0"));
  await checkOut(stage, mark.clone, folder);
  // The repository's own Wingman files, where it has some, would judge by other people's keys.
  await must(stage.gitIn(mark.clone, "rm", "-r", "-q", "--sparse", "--ignore-unmatch", ".wingman"));
  await writePolicy(stage, actors, branch);
  // `* eol=crlf`, a filter or an encoding of the source would change what the story writes, and the
  // auditor would rightly call claims about such a file ambiguous.
  await stage.write(mark, `${folder}/.gitattributes`, PLAIN);
  await must(stage.git(mark, "add", "-f", "--sparse", ".wingman", folder));
  await must(stage.git(mark, "commit", "--quiet", "--no-verify", "-m", "Adopt Wingman"));
  await must(stage.gitIn(stage.root, "clone", "--quiet", "--bare", mark.clone, stage.remote));
  await must(
    stage.wingmanOnServer("init", "--yes", "--policy-branch", branch, "--origin", REPOSITORY),
  );
  // Five clones of five people: nothing of one is in another, so they are made side by side.
  await Promise.all(
    ACTORS.map(async (name) => {
      const actor = actors[name];
      if (name === "mark") await joinRemote(stage, mark, branch);
      else {
        await must(
          stage.gitIn(stage.root, "clone", "--quiet", "--no-checkout", stage.remote, actor.clone),
        );
        await checkOut(stage, actor.clone, folder);
      }
      await must(stage.git(actor, "config", "user.email", actor.email));
      await must(stage.wingman(actor, "init", "--yes", "--policy-branch", branch));
    }),
  );
  const count = await must(stage.gitIn(mark.clone, "rev-list", "--count", "HEAD"));
  return { branch, commits: Number(count), folder };
}

/** The first clone came from the source; from now on its origin is the governed remote. */
async function joinRemote(stage: Stage, mark: Actor, branch: string): Promise<void> {
  // An empty source's copy was made by `git init` and has no origin to remove.
  await stage.gitIn(mark.clone, "remote", "remove", "origin");
  await must(stage.gitIn(mark.clone, "remote", "add", "origin", stage.remote));
  await must(stage.git(mark, "fetch", "--quiet", "origin"));
  await must(stage.git(mark, "branch", "--quiet", "--set-upstream-to", `origin/${branch}`, branch));
}

/** The source's branch; `main` where HEAD is detached or names a branch that is not there. */
async function chooseBranch(stage: Stage, mark: Actor): Promise<string> {
  const head = await stage.gitIn(mark.clone, "symbolic-ref", "--quiet", "--short", "HEAD");
  const branch = head.stdout.trim();
  const born = await stage.gitIn(mark.clone, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  if (born.code === 0 && branch !== "" && isFree(branch)) return branch;
  if (born.code === 0) {
    await must(stage.gitIn(mark.clone, "symbolic-ref", "HEAD", "refs/heads/wingman-demo"));
    await must(
      stage.gitIn(mark.clone, "update-ref", "refs/heads/wingman-demo", born.stdout.trim()),
    );
    if (branch !== "") await must(stage.gitIn(mark.clone, "branch", "-q", "-D", branch));
    return "wingman-demo";
  }
  // HEAD names an unborn branch while people pushed others: take one that exists.
  const listed = await must(
    stage.gitIn(mark.clone, "for-each-ref", "--format=%(refname)", "refs/remotes/origin/"),
  );
  const names = listed
    .split("\n")
    .map((ref) => ref.slice("refs/remotes/origin/".length))
    .filter((name) => name !== "" && name !== "HEAD" && isFree(name));
  const name = ["main", "master"].find((one) => names.includes(one)) ?? names[0];
  if (name === undefined) {
    await must(stage.gitIn(mark.clone, "symbolic-ref", "HEAD", "refs/heads/main"));
    return "main";
  }
  const chosen = `refs/remotes/origin/${name}`;
  await must(stage.gitIn(mark.clone, "update-ref", `refs/heads/${name}`, chosen));
  await must(stage.gitIn(mark.clone, "symbolic-ref", "HEAD", `refs/heads/${name}`));
  return name;
}

/** True where the ledger and the actors' branches (`alice/greeting`) find room beside this one. */
function isFree(branch: string): boolean {
  const [first] = branch.toLowerCase().split("/");
  return first !== LEDGER && !ACTORS.some((name) => name === first);
}

/** Only what the story touches: a huge tree, odd names and filters of the source stay where they are. */
async function checkOut(stage: Stage, clone: string, folder: string): Promise<void> {
  await must(
    stage.gitIn(clone, "sparse-checkout", "set", "--no-cone", `/${folder}/`, "/.wingman/"),
  );
  const born = await stage.gitIn(clone, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  if (born.code === 0) await must(stage.gitIn(clone, "read-tree", "-mu", "HEAD"));
}

function freeFolder(names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? "wingman-demo" : `wingman-demo-${number}`;
    if (!taken.has(folder)) return folder;
  }
}

async function writePolicy(
  stage: Stage,
  actors: Readonly<Record<ActorName, Actor>>,
  branch: string,
): Promise<void> {
  const worker = (id: string, actor: Actor): string =>
    `  ${id}: {principals: [${actor.email}], logins: [${actor.login}]}\n`;
  await stage.write(
    actors.mark,
    ".wingman/policy.yaml",
    `v: 1\nrevision: 1\norigin: ${REPOSITORY}\n` +
      `governed: [${JSON.stringify(branch)}]\n` +
      `administrators: [${actors.mark.email}, ${actors.mark.login}]\n` +
      `people: [${actors.dana.email}, ${actors.dana.login}]\n` +
      `workers:\n${worker("claude-code/alice", actors.alice)}${worker("claude-code/bob", actors.bob)}${worker("codex/carol", actors.carol)}` +
      `tracker: {github: {repository: ${REPOSITORY}}}\nnotify: {telegram: {chat: "${CHAT}"}}\n`,
  );
  const lines = ACTORS.map((name) => `${actors[name].signersLine}\n`);
  await stage.write(actors.mark, ".wingman/allowed_signers", lines.join(""));
  await stage.write(actors.mark, ".wingman/.gitattributes", PLAIN);
}

/** The repository to play in: told, else the program's own checkout, else where we stand. */
export async function sourceOf(
  io: Io,
  stageless: (folder: string) => Promise<string | undefined>,
  told: string | undefined,
): Promise<string | undefined> {
  if (told !== undefined) {
    const found = await stageless(told);
    return (
      found ??
      fault(`${JSON.stringify(told)} is no Git repository`, {
        code: "git/no-repository",
        hint: "wingman demo --repo <a repository>; without --repo it plays in Wingman's own",
      })
    );
  }
  const own = join(io.programDir, "..");
  const isOwn = await access(join(own, "packages", "cli")).then(
    () => true,
    () => false,
  );
  return (isOwn ? await stageless(own) : undefined) ?? (await stageless(io.cwd));
}
