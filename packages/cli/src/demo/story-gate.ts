/** What stands where: hooks that are seen to fire, the way past them, and what is seen of it afterwards. */
import { fakeToken } from "./instructions.ts";
import { expect, refused, type Scene } from "./scene.ts";
import { must } from "./stage.ts";

export async function seenToFire(scene: Scene): Promise<void> {
  const { stage, actors, told } = scene;
  const clone = await stage.wingman(actors.dana, "doctor");
  const hooks =
    clone.stdout.match(/^ {2}ok {7}(?:pre-|prepare-|commit-|reference-).* fires/gm) ?? [];
  // The remote's own gate cannot be proven from a clone: that is no fault of it, and exit 3.
  expect(clone.code === 3 && hooks.length === 6, "not every hook of the clone fires", clone);
  const server = await stage.wingmanOnServer("doctor");
  expect(/^ {2}ok {7}pre-receive .*refuses/m.test(server.stdout), "pre-receive is silent", server);
  told.say("a canary that never lands, for each hook of dana's clone, and for the server's:");
  told.show(
    `${clone.stdout}${server.stdout}`,
    /(?:reference-transaction|pre-(?:push|receive)|gate of)/,
  );
}

export async function pastPreCommit(scene: Scene): Promise<void> {
  const { stage, actors, folder, told } = scene;
  const { dana } = actors;
  const path = `${folder}/notes.txt`;
  await stage.write(dana, path, `token: ${fakeToken()}\n`);
  await must(stage.git(dana, "add", "-f", "--sparse", path));
  const run = await stage.git(dana, "commit", "--quiet", "--no-verify", "-m", "Notes");
  refused(run, /secrets\/found/, "a secret in commit --no-verify on the governed branch");
  await must(stage.git(dana, "reset", "--quiet", "--hard"));
  told.say(
    "git asks no pre-commit hook then, but the tripwire at the move of the governed branch:",
  );
  told.frame(run.stderr, /secrets\/found/);
}

/** As somebody with a shell on the server would, past every hook. */
export async function gapSeen(scene: Scene): Promise<void> {
  const { stage, branch, told } = scene;
  const ref = `refs/heads/${branch}`;
  await must(stage.gitIn(stage.remote, "update-ref", ref, `${ref}~1`));
  const run = await stage.wingmanOnServer("ledger", "gaps");
  expect(run.code === 1 && /unrecorded/.test(run.stdout), "the hidden move is not listed", run);
  told.say(`somebody with a shell on the server takes the last commit of ${branch} back:`);
  told.show(run.stdout, /unrecorded/);
}
