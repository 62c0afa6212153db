/** The story's first part: instructions that the gate refuses, each for one reason, and one that lands. */
import type { UserGitRun } from "@wingman/git";
import { fakeToken, storyInstruction } from "./instructions.ts";
import { expect, refused, type Scene } from "./scene.ts";
import { must } from "./stage.ts";

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

export async function withoutMitigation(scene: Scene): Promise<void> {
  const text = storyInstruction("INS-0001", scene.folder, { without: "mitigation" });
  const run = await tryInstruction(scene, "INS-0001", text);
  refused(run, /points\/missing[^]*INS-0001\.md:\d+/, "an instruction without mitigation");
  scene.told.say("dana commits an order without its fifth point; her pre-commit hook says:");
  scene.told.frame(run.stderr, /points\/missing/);
}

export async function withSecret(scene: Scene): Promise<void> {
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
  scene.told.say("the next order says which token to use; what is shown never repeats the secret:");
  scene.told.frame(run.stderr, /secrets\/found/);
}

export async function withForce(scene: Scene): Promise<void> {
  const text = storyInstruction("INS-0003", scene.folder, {
    body: "Rewrite the history and then:\n\n```sh\ngit push --force origin main\n```",
  });
  const run = await tryInstruction(scene, "INS-0003", text);
  refused(run, /forbidden\/[^]*INS-0003\.md:\d+/, "an order to git push --force");
  scene.told.frame(run.stderr, /forbidden\//);
}

export async function complete(scene: Scene): Promise<void> {
  const { stage, actors, branch, folder, told } = scene;
  const run = await tryInstruction(scene, "INS-0004", storyInstruction("INS-0004", folder));
  expect(run.code === 0, "a complete instruction was refused", run);
  const push = await stage.git(actors.dana, "push", "--quiet", "origin", branch);
  expect(push.code === 0, "the push of a complete instruction was refused", push);
  told.say(`INS-0004 has all ten points; dana pushes it, and it stands on ${branch}`);
}
