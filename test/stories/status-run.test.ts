/** `wingman status` names the run of a worktree as long as there is something left to do in it. */
import { expect, test, vi } from "vitest";
import { governedWithOrder, ok } from "./honest-run.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

test("a run is named until its close is committed", async () => {
  const { clone, keys } = await governedWithOrder();
  await clone.git("checkout", "-q", "-b", "work");
  const named = async (): Promise<string> =>
    /^run: +(.*)$/m.exec(await ok(clone, "status"))?.[1] ?? "";
  expect(await named()).toBe("none open in this worktree");
  await ok(clone, "start", "INS-0007", "--worker", "claude-code/alice");
  const run = await named();
  expect(run).toMatch(/^claude-code\/alice\//);
  clone.write("src/keys/a.mjs", "export const days = 30;\n");
  await ok(clone, "claim", "file.created", "path=src/keys/a.mjs");
  await clone.git("add", "-A");
  await clone.commit("Half of it", { sign: keys.alice, trailer: run });
  expect(await named()).toBe(run);
  await ok(clone, "done");
  // Not committed yet: the close can be taken back, and the next commit is this run's.
  expect(await named()).toBe(run);
  await clone.git("add", "-A");
  await clone.commit("All of it", { sign: keys.alice, trailer: run });
  expect(await named()).toBe("none open in this worktree");
});
