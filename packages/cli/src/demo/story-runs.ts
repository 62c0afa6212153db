/** The story's second part: one worker keeps its word, two do not. */
import type { UserGitRun } from "@wingman/git";
import { expect, refused, type Scene } from "./scene.ts";
import type { Actor } from "./stage.ts";
import { must } from "./stage.ts";

interface Work {
  readonly worker: string;
  readonly actor: Actor;
  readonly branch: string;
  /** File to write, or undefined: the worker does nothing. */
  readonly file: string | undefined;
  readonly claims: readonly (readonly string[])[];
  /** Walk past the local hooks, as a liar would. */
  readonly past: boolean;
}

/** A run from start to the closing commit, through the worker's own commands. */
export async function work(scene: Scene, one: Work): Promise<UserGitRun> {
  const { stage, branch } = scene;
  const git = (...args: string[]): Promise<string> => must(stage.git(one.actor, ...args));
  await git("fetch", "--quiet", "origin");
  await git("checkout", "--quiet", "-f", "-B", one.branch, `origin/${branch}`);
  await must(stage.wingman(one.actor, "start", "INS-0004", "--worker", one.worker));
  if (one.file !== undefined)
    await stage.write(one.actor, one.file, `Good morning, says ${one.worker}.\n`);
  for (const words of one.claims) await must(stage.wingman(one.actor, "claim", ...words));
  await must(stage.wingman(one.actor, "done"));
  await git(
    "add",
    "-f",
    "--sparse",
    ".wingman/claims",
    ...(one.file === undefined ? [] : [one.file]),
  );
  const past = one.past ? ["--no-verify"] : [];
  return await stage.git(one.actor, "commit", "--quiet", ...past, "-m", "Greet the reader");
}

export async function honestRun(scene: Scene): Promise<void> {
  const { stage, actors, branch, folder, told } = scene;
  const commit = await work(scene, {
    worker: "claude-code/alice",
    actor: actors.alice,
    branch: "alice/greeting",
    file: `${folder}/greeting.txt`,
    claims: [
      ["file.created", `path=${folder}/greeting.txt`],
      ["file.contains", `path=${folder}/greeting.txt`, "literal=Good morning"],
    ],
    past: false,
  });
  expect(commit.code === 0, "the honest run's commit was refused", commit);
  const push = await stage.git(actors.alice, "push", "--quiet", "origin", "alice/greeting");
  expect(
    push.code === 0 && /2 TRUE, 0 FALSE/.test(push.stderr),
    "the honest run was not found TRUE",
    push,
  );
  told.say(
    "alice starts INS-0004, writes the file, claims it, closes her run and pushes her branch:",
  );
  told.show(push.stderr, /TRUE/);
  await must(stage.git(actors.dana, "fetch", "--quiet", "origin"));
  await must(
    stage.git(actors.dana, "merge", "--quiet", "--no-edit", "--no-ff", "origin/alice/greeting"),
  );
  const landing = await stage.git(actors.dana, "push", "--quiet", "origin", branch);
  expect(landing.code === 0, "the honest run did not land", landing);
  told.say(`dana merges it; what lands on ${branch} is judged again, and goes in`);
}

export async function lieOnBranch(scene: Scene): Promise<void> {
  const { stage, actors, folder, told } = scene;
  const one = {
    worker: "claude-code/bob",
    actor: actors.bob,
    branch: "bob/farewell",
    file: undefined,
    claims: [
      ["file.created", `path=${folder}/farewell.txt`],
      ["file.contains", `path=${folder}/greeting.txt`, "literal=Good night"],
    ],
  };
  const honestHook = await work(scene, { ...one, past: false });
  refused(honestHook, /FALSE/, "a lie, by the worker's own hook,");
  told.say("bob claims work that he did not do; his own hook says so first:");
  told.frame(honestHook.stderr, /^FALSE /);
  told.say("bob walks past his hooks with --no-verify, and the server judges him:");
  await must(stage.git(actors.bob, "commit", "--quiet", "--no-verify", "-m", "Say goodbye"));
  const push = await stage.git(
    actors.bob,
    "push",
    "--quiet",
    "--no-verify",
    "origin",
    "bob/farewell",
  );
  expect(
    push.code === 0 &&
      /FALSE[^]*expected[^]*observed/.test(push.stderr) &&
      /locked/.test(push.stderr),
    "the lie was not found FALSE",
    push,
  );
  told.show(push.stderr, /FALSE|locked/);
}

export async function lieOnMain(scene: Scene): Promise<void> {
  const { stage, actors, branch, folder, told } = scene;
  const commit = await work(scene, {
    worker: "codex/carol",
    actor: actors.carol,
    branch: "carol/haste",
    file: undefined,
    claims: [["file.created", `path=${folder}/done.txt`]],
    past: true,
  });
  expect(commit.code === 0, "carol could not commit past her hooks", commit);
  const push = await stage.git(
    actors.carol,
    "push",
    "--quiet",
    "--no-verify",
    "origin",
    `carol/haste:${branch}`,
  );
  refused(push, /audit\/false/, "a lie on the governed branch");
  told.say(`carol lies too, and pushes straight to ${branch}:`);
  told.frame(push.stderr, /error\[audit\/false/);
  told.frame(push.stderr, /^FALSE /);
  const show = await stage.wingmanOnServer("ledger", "show", "--kind", "verdict", "--last", "1");
  expect(
    /"verdict":"FALSE"/.test(show.stdout) && /codex\/carol/.test(show.stdout),
    "the refused lie is not recorded",
    show,
  );
  const there = await stage.gitIn(
    stage.remote,
    "ls-tree",
    "-r",
    "--name-only",
    branch,
    ".wingman/claims/codex",
  );
  expect(there.stdout === "", "the refused push landed", there);
  told.say("nothing landed, and the ledger holds the refused claim, its line and what was seen");
}
