/** The story, step by step. A step that does not go as it should throws; the table then names it. */
import type { UserGitRun } from "@wingman/git";
import { visible } from "@wingman/model";
import { fakeToken, storyInstruction } from "./instructions.ts";
import type { SetUp } from "./set-up.ts";
import type { Actor, ActorName, Stage } from "./stage.ts";
import { must } from "./stage.ts";

export interface Told {
  /** Prints one line of narration. */
  say(line: string): void;
  /** Prints an excerpt of real output. */
  show(output: string, pattern: RegExp): void;
}

export interface Step {
  readonly title: string;
  run(): Promise<void>;
}

interface Scene extends SetUp {
  readonly stage: Stage;
  readonly actors: Readonly<Record<ActorName, Actor>>;
  readonly told: Told;
}

/** All steps in their order; each builds on those before it. */
export function storySteps(scene: Scene): readonly Step[] {
  return [
    { title: "an instruction without mitigation is refused", run: () => withoutMitigation(scene) },
    { title: "an instruction with a hard-coded secret is refused", run: () => withSecret(scene) },
    {
      title: "an instruction that orders git push --force is refused",
      run: () => withForce(scene),
    },
    { title: "a complete instruction is accepted and lands", run: () => complete(scene) },
    { title: "an honest run is TRUE and lands", run: () => honestRun(scene) },
    { title: "a lying run on its branch is FALSE", run: () => lieOnBranch(scene) },
    {
      title: "a lie pushed straight to the governed branch is refused and recorded",
      run: () => lieOnMain(scene),
    },
    { title: "the incident is told", run: () => incident(scene) },
    { title: "the liar is locked: the next push is refused", run: () => locked(scene) },
    { title: "the same claims carried by somebody else accuse nobody", run: () => carried(scene) },
    {
      title: "an administrator unlocks; the worker's push goes in again",
      run: () => unlock(scene),
    },
    { title: "the ledger verifies", run: () => verifies(scene) },
    { title: "one changed byte of the ledger is caught", run: () => tampered(scene) },
  ];
}

/** Throws with what was seen, where a step did not go as it should. */
function expect(condition: boolean, what: string, run: UserGitRun): void {
  if (condition) return;
  const seen = `${run.stdout}\n${run.stderr}`.trim();
  throw new Error(
    `${what}; exit ${run.code}: ${visible(seen).replaceAll("\\n", "\n").slice(-3000)}`,
  );
}

function refused(run: UserGitRun, pattern: RegExp, what: string): void {
  expect(
    run.code !== 0 && pattern.test(run.stderr),
    `${what} was not refused as it should be`,
    run,
  );
}

const INSTRUCTION = ".wingman/instructions";

async function tryInstruction(scene: Scene, id: string, text: string): Promise<UserGitRun> {
  const { stage, actors } = scene;
  const path = `${INSTRUCTION}/${id}.md`;
  await stage.write(actors.dana, path, text);
  await must(stage.git(actors.dana, "add", "-f", "--sparse", path));
  const run = await stage.git(actors.dana, "commit", "--quiet", "-m", `Order ${id}`);
  if (run.code !== 0) await must(stage.git(actors.dana, "rm", "-q", "-f", "--sparse", path));
  return run;
}

async function withoutMitigation(scene: Scene): Promise<void> {
  const text = storyInstruction("INS-0001", scene.folder, { without: "mitigation" });
  const run = await tryInstruction(scene, "INS-0001", text);
  refused(run, /points\/missing[^]*INS-0001\.md:\d+/, "an instruction without mitigation");
  scene.told.show(run.stderr, /points\/missing|-->|help:/);
}

async function withSecret(scene: Scene): Promise<void> {
  const token = fakeToken();
  const text = storyInstruction("INS-0002", scene.folder, {
    body: `Use the token ${token} for the upload.`,
  });
  const run = await tryInstruction(scene, "INS-0002", text);
  refused(run, /secrets\/found[^]*INS-0002\.md:\d+/, "a hard-coded secret");
  expect(!`${run.stdout}${run.stderr}`.includes(token), "the refusal repeats the secret", {
    ...run,
    stdout: "",
    stderr: "(withheld)",
  });
  scene.told.show(run.stderr, /secrets\/found|-->/);
}

async function withForce(scene: Scene): Promise<void> {
  const text = storyInstruction("INS-0003", scene.folder, {
    body: "Rewrite the history and then:\n\n```sh\ngit push --force origin main\n```",
  });
  const run = await tryInstruction(scene, "INS-0003", text);
  refused(run, /forbidden\/[^]*INS-0003\.md:\d+/, "an order to git push --force");
  scene.told.show(run.stderr, /forbidden\/|-->|\|/);
}

async function complete(scene: Scene): Promise<void> {
  const { stage, actors, branch, folder, told } = scene;
  const run = await tryInstruction(scene, "INS-0004", storyInstruction("INS-0004", folder));
  expect(run.code === 0, "a complete instruction was refused", run);
  const push = await stage.git(actors.dana, "push", "--quiet", "origin", branch);
  expect(push.code === 0, "the push of a complete instruction was refused", push);
  told.say(`INS-0004 stands on ${branch}: all ten points, landed by dana`);
}

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
async function work(scene: Scene, one: Work): Promise<UserGitRun> {
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

async function honestRun(scene: Scene): Promise<void> {
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
  told.show(push.stderr, /TRUE/);
  await must(stage.git(actors.dana, "fetch", "--quiet", "origin"));
  await must(
    stage.git(actors.dana, "merge", "--quiet", "--no-edit", "--no-ff", "origin/alice/greeting"),
  );
  const landing = await stage.git(actors.dana, "push", "--quiet", "origin", branch);
  expect(landing.code === 0, "the honest run did not land", landing);
  told.say(`merged and landed on ${branch} by dana`);
}

async function lieOnBranch(scene: Scene): Promise<void> {
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
  told.say("bob's own hook said FALSE first; bob walks past it with --no-verify");
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

async function lieOnMain(scene: Scene): Promise<void> {
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
  told.show(push.stderr, /audit\/false|expected|observed/);
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

async function incident(scene: Scene): Promise<void> {
  const { stage, told } = scene;
  const watch = await stage.wingmanOnServer("watch", "--once");
  expect(watch.code === 0, "the watcher failed", watch);
  const alerts = await stage.wingmanOnServer(
    "ledger",
    "show",
    "--kind",
    "alert",
    "--format",
    "json",
  );
  const alertsTold = alerts.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { incident: string; latencyMs: number });
  const bob = alertsTold.find((one) => one.incident.startsWith("claude-code/bob"));
  expect(bob !== undefined, "no alert of bob's incident is recorded", alerts);
  const status = await stage.wingmanOnServer("status");
  expect(/claude-code\/bob@INS-0004/.test(status.stdout), "the incident is not open", status);
  told.show(status.stdout, /@INS|since record/);
  told.say(
    `from the recorded FALSE to the notifier's acceptance: ${((bob?.latencyMs ?? 0) / 1000).toFixed(2)} s`,
  );
  const again = await stage.wingmanOnServer("watch", "--once");
  expect(/0 steps performed/.test(again.stderr), "the watcher told it twice", again);
}

async function locked(scene: Scene): Promise<void> {
  const { stage, actors, told } = scene;
  await must(
    stage.git(
      actors.bob,
      "commit",
      "--quiet",
      "--no-verify",
      "--allow-empty",
      "-m",
      "One more thing",
    ),
  );
  const push = await stage.git(
    actors.bob,
    "push",
    "--quiet",
    "--no-verify",
    "origin",
    "bob/farewell:bob/again",
  );
  refused(push, /worker\/locked/, "a locked worker's push");
  told.show(push.stderr, /worker\/locked|help:/);
}

async function carried(scene: Scene): Promise<void> {
  const { stage, actors, branch, told } = scene;
  const { dana } = actors;
  const before = await ledgerFacts(scene);
  await must(stage.git(dana, "fetch", "--quiet", "origin"));
  await must(
    stage.git(dana, "checkout", "--quiet", "-B", "dana/keeps-the-claims", `origin/${branch}`),
  );
  await must(
    stage.git(
      dana,
      "checkout",
      "--quiet",
      "origin/bob/farewell",
      "--",
      ".wingman/claims/claude-code/bob",
    ),
  );
  await must(
    stage.git(dana, "commit", "--quiet", "--no-verify", "-m", "Keep the claims for the record"),
  );
  const push = await stage.git(
    dana,
    "push",
    "--quiet",
    "--no-verify",
    "origin",
    "dana/keeps-the-claims",
  );
  expect(push.code === 0, "carried claims were refused on a branch", push);
  told.show(push.stderr, /UNVERIFIABLE/);
  const after = await ledgerFacts(scene);
  expect(
    after.accusing === before.accusing && after.locks === before.locks,
    "the carrier was accused",
    push,
  );
  const mine = await stage.wingmanOnServer("ledger", "show", "--kind", "verdict", "--last", "1");
  expect(/"reason":"STALE"/.test(mine.stdout), "carried claims were not judged STALE", mine);
  told.say("judged, recorded as STALE, and nobody is accused by it");
}

async function ledgerFacts(scene: Scene): Promise<{ accusing: number; locks: string }> {
  const show = await must(
    scene.stage.wingmanOnServer("ledger", "show", "--kind", "verdict", "--format", "json"),
  );
  const status = await must(scene.stage.wingmanOnServer("status", "--format", "json"));
  const locks = (JSON.parse(status) as { locks: { worker: string }[] }).locks.map(
    (one) => one.worker,
  );
  return {
    accusing: show.split("\n").filter((line) => line.includes('"accuses":true')).length,
    locks: locks.sort().join(),
  };
}

async function unlock(scene: Scene): Promise<void> {
  const { stage, actors, told, folder } = scene;
  const { mark, bob } = actors;
  await must(stage.git(mark, "fetch", "--quiet", "origin"));
  const reason = "Spoken with bob's owner; the prompt is mended";
  const order = await stage.wingman(
    mark,
    "unlock",
    "claude-code/bob",
    "--reason",
    reason,
    "--by",
    mark.email,
    "--key",
    mark.keyFile,
    "--push",
  );
  expect(order.code === 0, "the unlock could not be given", order);
  const status = await must(stage.wingmanOnServer("status", "--format", "json"));
  expect(
    !/"worker": "claude-code\/bob"/.test(status.replace(/"incidents"[^]*?"locks"/, '"locks"')),
    "bob is still locked",
    order,
  );
  told.say(`mark's signed order is in the ledger: ${reason}`);
  const commit = await work(scene, {
    worker: "claude-code/bob",
    actor: bob,
    branch: "bob/second-chance",
    file: `${folder}/farewell.txt`,
    claims: [["file.created", `path=${folder}/farewell.txt`]],
    past: false,
  });
  expect(commit.code === 0, "bob's honest run was refused by his hook", commit);
  const push = await stage.git(bob, "push", "--quiet", "origin", "bob/second-chance");
  expect(
    push.code === 0 && /1 TRUE, 0 FALSE/.test(push.stderr),
    "bob's honest run did not go in",
    push,
  );
  told.show(push.stderr, /TRUE/);
}

async function verifies(scene: Scene): Promise<void> {
  const { stage, actors, told } = scene;
  const run = await stage.wingmanOnServer("ledger", "verify");
  expect(run.code === 0 && /OK/.test(run.stdout), "the ledger does not verify", run);
  await must(stage.git(actors.dana, "fetch", "--quiet", "origin"));
  const clone = await stage.wingman(actors.dana, "ledger", "verify");
  expect(
    clone.code === 0 && /OK|UNANCHORED/.test(clone.stdout),
    "the ledger does not verify in a clone",
    clone,
  );
  told.show(run.stdout, /ledger:/);
}

/** As somebody with a shell on the server would: the branch is rewritten past every hook. */
async function tampered(scene: Scene): Promise<void> {
  const { stage, told } = scene;
  const git = async (...args: string[]): Promise<string> =>
    (await must(stage.gitIn(stage.remote, ...args))).trim();
  const tip = await git("rev-parse", "refs/heads/wingman-ledger");
  const log = await must(stage.gitIn(stage.remote, "cat-file", "blob", `${tip}:log/000000.jsonl`));
  // One letter of what was seen: every field stays what its kind allows, only the bytes differ.
  const changed = log.replace(
    '"observed":"nothing stands there"',
    '"observed":"nothing stands therE"',
  );
  expect(
    changed.length === log.length && changed !== log,
    "there is no FALSE in the ledger to change",
    { code: 0, stdout: "", stderr: "" },
  );
  const blob = (
    await must(stage.gitWithInput(stage.remote, changed, "hash-object", "-w", "--stdin"))
  ).trim();
  const tree = await rewriteTree(stage, tip, blob);
  const parent = await git("rev-parse", `${tip}^`);
  const forged = await git(
    "-c",
    "user.name=x",
    "-c",
    "user.email=x@demo.example",
    "commit-tree",
    tree,
    "-p",
    parent,
    "-m",
    "nothing to see",
  );
  await git("update-ref", "refs/heads/wingman-ledger", forged);
  const run = await stage.wingmanOnServer("ledger", "verify");
  expect(
    run.code === 1 && /REWRITTEN|BAD_SIG|FORKED/.test(run.stdout),
    "the changed byte was not caught",
    run,
  );
  told.show(run.stdout, /ledger|log\//);
  await git("update-ref", "refs/heads/wingman-ledger", tip);
}

async function rewriteTree(stage: Stage, tip: string, blob: string): Promise<string> {
  const { remote } = stage;
  const checkpoint = (await must(stage.gitIn(remote, "rev-parse", `${tip}:checkpoint`))).trim();
  const logs = await must(stage.gitIn(remote, "ls-tree", `${tip}:log`));
  const lines = logs.replace(/^(100644 blob )[0-9a-f]+(\t000000\.jsonl)$/m, `$1${blob}$2`);
  const log = (await must(stage.gitWithInput(remote, lines, "mktree"))).trim();
  const top = `100644 blob ${checkpoint}\tcheckpoint\n040000 tree ${log}\tlog\n`;
  return (await must(stage.gitWithInput(remote, top, "mktree"))).trim();
}
