/** The story's last part: the record proves itself, and one changed byte gives itself away. */
import { expect, type Scene } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { must } from "./stage.ts";

export async function verifies(scene: Scene): Promise<void> {
  const { stage, actors, told } = scene;
  await must(stage.git(actors.dana, "fetch", "--quiet", "origin"));
  const [run, clone] = await Promise.all([
    stage.wingmanOnServer("ledger", "verify"),
    stage.wingman(actors.dana, "ledger", "verify"),
  ]);
  expect(run.code === 0 && /OK/.test(run.stdout), "the ledger does not verify", run);
  expect(
    clone.code === 0 && /OK|UNANCHORED/.test(clone.stdout),
    "the ledger does not verify in a clone",
    clone,
  );
  told.show(run.stdout, /./);
  told.say("and in dana's clone, which needs no key and no network");
}

/** As somebody with a shell on the server would: the branch is rewritten past every hook. */
export async function tampered(scene: Scene): Promise<void> {
  const { stage, told } = scene;
  // A watcher that still appends would build on the forged branch.
  await stage.settled();
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
  told.say(
    "somebody with a shell on the server changes one letter of what was seen, past every hook:",
  );
  told.show(run.stdout, /ledger:|^ {2}REWRITTEN/);
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
