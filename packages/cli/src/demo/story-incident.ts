/** The story's third part: who hears of a lie, who is locked by it and who is not, and who unlocks. */
import { expect, refused, type Scene } from "./scene.ts";
import { must } from "./stage.ts";
import { work } from "./story-runs.ts";

export async function incident(scene: Scene): Promise<void> {
  const { stage, told } = scene;
  await stage.settled();
  const watch = await stage.wingmanOnServer("watch", "--once");
  expect(watch.code === 0, "the watcher failed", watch);
  const [alerts, status] = await Promise.all([
    stage.wingmanOnServer("ledger", "show", "--kind", "alert", "--format", "json"),
    stage.wingmanOnServer("status"),
  ]);
  const alertsTold = alerts.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { incident: string; latencyMs: number });
  const bob = alertsTold.find((one) => one.incident.startsWith("claude-code/bob"));
  expect(bob !== undefined, "no alert of bob's incident is recorded", alerts);
  expect(/claude-code\/bob@INS-0004/.test(status.stdout), "the incident is not open", status);
  told.say("wingman status, on the server:");
  told.show(status.stdout, /incidents:|locks:|@INS|since record/);
  told.say(
    `bob's FALSE was told ${((bob?.latencyMs ?? 0) / 1000).toFixed(2)} s after it was recorded; asked again, nothing is told twice`,
  );
  const again = await stage.wingmanOnServer("watch", "--once");
  expect(/0 steps performed/.test(again.stderr), "the watcher told it twice", again);
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
}
