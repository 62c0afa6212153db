/** The story's third part: who hears of a lie, who is locked by it and who is not, and who unlocks. */

import type { DoubleIssue } from "./double-github.ts";
import { expect, refused, type Scene } from "./scene.ts";
import { must } from "./stage.ts";
import { work } from "./story-runs.ts";

interface Alert {
  readonly incident: string;
  readonly channel: string;
  readonly step: string;
  readonly outcome: string;
  readonly latencyMs: number;
}

export async function incident(scene: Scene): Promise<void> {
  const { stage, told } = scene;
  await stage.settled();
  const status = await stage.wingmanOnServer("status");
  expect(/claude-code\/bob@INS-0004/.test(status.stdout), "the incident is not open", status);
  told.say("wingman status, on the server:");
  told.show(status.stdout, /incidents:|locks:|@INS|since record/);
  told.say("each lie started a watcher of its own; bob's issue, as GitHub got it:");
  const { issue, message } = toldOnce(scene, "claude-code/bob");
  told.show(`#${issue.number} ${issue.state}: ${issue.title}\n${issue.body}`, /^(#\d|\*\*|\w+:)/);
  told.say("the message, as the chat got it:");
  told.frame(message, /^FALSE/);
  toldOnce(scene, "codex/carol");
  const bob = (await alerts(scene)).filter((one) => one.incident.startsWith("claude-code/bob"));
  for (const [channel, step] of [
    ["telegram", "notify"],
    ["github", "open"],
  ]) {
    const own = bob.filter((one) => one.channel === channel && one.step === step);
    expect(
      own.length === 1 && own[0]?.outcome === "ok",
      `${channel} has no alert of bob's`,
      status,
    );
    told.say(`${channel} accepted it ${seconds(own[0])} after the ledger recorded the FALSE`);
  }
  const again = await stage.wingmanOnServer("watch", "--once");
  expect(/ 0 steps performed/.test(again.stderr), "the watcher told it twice", again);
  told.say("the watcher, asked again, tells nothing twice");
}

/** What both doubles hold of a worker; throws where either heard nothing, or heard it twice. */
function toldOnce({ stage }: Scene, worker: string): { issue: DoubleIssue; message: string } {
  const issues = stage.doubles.issues.filter((one) => one.title.includes(worker));
  const messages = stage.doubles.messages.filter((one) => one.includes(worker));
  const [issue, message] = [issues[0], messages[0]];
  if (issue === undefined || message === undefined || issues.length + messages.length > 2)
    throw new Error(
      `of ${worker} GitHub got ${issues.length} issues and Telegram ${messages.length} messages; each should get one`,
    );
  return { issue, message };
}

async function alerts({ stage }: Scene): Promise<readonly Alert[]> {
  const run = stage.wingmanOnServer("ledger", "show", "--kind", "alert", "--format", "json");
  return (await must(run))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Alert);
}

function seconds(alert: Alert | undefined): string {
  return `${((alert?.latencyMs ?? 0) / 1000).toFixed(2)} s`;
}

export async function locked(scene: Scene): Promise<void> {
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
  told.say("bob tries again under another branch name:");
  told.frame(push.stderr, /worker\/locked/);
}

export async function carried(scene: Scene): Promise<void> {
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
  told.say("dana brings bob's claims file on a branch of her own:");
  told.show(push.stderr, /UNVERIFIABLE/);
  const after = await ledgerFacts(scene);
  expect(
    after.accusing === before.accusing && after.locks === before.locks,
    "the carrier was accused",
    push,
  );
  expect(/"reason":"STALE"/.test(after.newest), "carried claims were not judged STALE", {
    ...push,
    stderr: after.newest,
  });
  told.say("recorded as STALE: they were about bob's tree, so they accuse nobody here");
}

async function ledgerFacts(
  scene: Scene,
): Promise<{ accusing: number; locks: string; newest: string }> {
  const [show, status] = await Promise.all([
    must(scene.stage.wingmanOnServer("ledger", "show", "--kind", "verdict", "--format", "json")),
    must(scene.stage.wingmanOnServer("status", "--format", "json")),
  ]);
  const locks = (JSON.parse(status) as { locks: { worker: string }[] }).locks.map(
    (one) => one.worker,
  );
  return {
    accusing: show.split("\n").filter((line) => line.includes('"accuses":true')).length,
    locks: locks.sort().join(),
    newest: show.trimEnd().split("\n").at(-1) ?? "",
  };
}

export async function unlock(scene: Scene): Promise<void> {
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
  told.say(`mark, the administrator, signs and pushes an order: "${reason}"`);
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
  told.say("bob starts anew, does the work this time, and pushes:");
  told.show(push.stderr, /TRUE/);
  await stage.settled();
  const { issue } = toldOnce(scene, "claude-code/bob");
  expect(issue.state === "closed", "the issue of bob's incident is still open", push);
  told.say("the watcher heard of the order, too, and closed the issue:");
  told.show(`#${issue.number} ${issue.state}: ${issue.title}\n${issue.body}`, /^(#\d|\*\*R)/);
}
