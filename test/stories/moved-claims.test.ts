/**
 * One run with an honest claim and two lies (a file that was there before, a link in the deliverable's
 * place), its commit amended, rebased, squashed by somebody else, seen from a shallow clone: what is
 * honest is never FALSE, and a lie never TRUE.
 */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { repositoryAt, type TestRepository, temporaryFolder } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governedWithOrder, ok, runOf } from "./honest-run.ts";

vi.setConfig({ testTimeout: 120_000 });

/** The answers to the run's three claims. */
async function answers(at: TestRepository): Promise<string[]> {
  const { stdout, stderr } = await at.wingman(["audit", "--all", "--format", "json"]);
  if (stdout === "") throw new Error(stderr);
  const { verdicts } = JSON.parse(stdout) as { verdicts: readonly { verdict: string }[] };
  return verdicts.map((one) => one.verdict);
}

async function expectHonest(at: TestRepository, how: string): Promise<void> {
  const [honest, before, link, ...more] = await answers(at);
  expect([how, more]).toEqual([how, []]);
  expect([how, honest]).not.toEqual([how, "FALSE"]);
  for (const lie of [before, link]) {
    expect([how, lie]).toEqual([how, expect.stringMatching(/^(?:FALSE|UNVERIFIABLE)$/)]);
  }
}

test("a run's claims stay what they are, however its commit moves", async () => {
  const { clone, keys } = await governedWithOrder({
    files: { "src/keys/old.mjs": "export const old = 1;\n" },
  });
  await clone.git("checkout", "-q", "-b", "work", "origin/main");
  await ok(clone, "start", "INS-0007", "--worker", "claude-code/alice");
  const trailer = await runOf(clone);
  clone.write("src/keys/new.mjs", "export const days = 30;\n");
  symlinkSync("new.mjs", join(clone.folder, "src/keys/link.mjs"));
  await ok(clone, "claim", "file.created", "path=src/keys/new.mjs");
  await ok(clone, "claim", "file.created", "path=src/keys/old.mjs");
  await ok(clone, "claim", "file.exists", "path=src/keys/link.mjs", "kind=file");
  await ok(clone, "done");
  await clone.git("add", "-A");
  await clone.commit("Work", { sign: keys.alice, trailer });
  expect(await answers(clone)).toEqual(["TRUE", "FALSE", "UNVERIFIABLE"]);

  await clone.git("commit", "-q", "--amend", "--no-verify", "--no-edit", "--date=now");
  expect(await answers(clone)).toEqual(["TRUE", "FALSE", "UNVERIFIABLE"]);

  const shallow = join(temporaryFolder(), "shallow");
  const from = `file://${clone.folder}`;
  await clone.git("clone", "-q", "--depth", "1", "--no-single-branch", from, shallow);
  await expectHonest(repositoryAt(shallow), "shallow");

  await clone.git("checkout", "-q", "-b", "base", "origin/main");
  await clone.commit("Other work", { files: { "README.md": "Other work\n" } });
  await clone.git("checkout", "-q", "work");
  await clone.git("rebase", "-q", "base");
  await expectHonest(clone, "rebased");
  expect((await answers(clone))[0]).toBe("TRUE");

  await clone.git("checkout", "-q", "-b", "squashed", "base");
  await clone.git("merge", "-q", "--squash", "work");
  await clone.commit("Land the work");
  await expectHonest(clone, "squashed");
});
