/** The README's walk, role by role: what each command says to somebody who meets it for the first time. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alice, mark, newRepository, temporaryFolder, withKey } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed, LOGINS } from "./governed.ts";
import { carryOut, governedWithOrder, ok, pushBranch } from "./honest-run.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

test("a developer: new, check, and what is still missing, all ten points of it", async () => {
  const { clone } = await governed();
  expect(await ok(clone, "new", "Rotate the signing keys")).toContain("wingman check");
  const check = await clone.wingman(["check", ".wingman/instructions/INS-0001.md"]);
  expect(check.code).toBe(1);
  expect(`${check.stdout}${check.stderr}`).toContain("1 file: 10 refused");
});

test("an administrator: init names the repository as told, and a server that is told otherwise says why not", async () => {
  const server = await newRepository({ bare: true, folder: join(temporaryFolder(), "x/y.git") });
  const clone = await newRepository({ files: { "a.txt": "a\n" } });
  await clone.git("config", "user.name", mark.name);
  await clone.git("config", "user.email", mark.email);
  await clone.git("remote", "add", "origin", server.folder);
  await ok(clone, "init", "--yes", "--origin", "acme/shop");
  await clone.git("add", ".wingman");
  await clone.commit("Adopt Wingman", { hooks: true });
  await clone.git("push", "-q", "origin", "main");
  const wrong = await server.wingman(["init", "--yes", "--origin", "acme/other"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("the policy names this repository acme/shop");
  const right = await ok(server, "init", "--yes", "--policy-branch", "main");
  expect(right).toContain("done: begin the ledger");
});

test("a worker hears of a wrong claim at its own commit, with a way out that works", async () => {
  const { clone } = await governedWithOrder();
  await clone.git("config", "user.email", alice.email);
  await ok(clone, "init", "--yes");
  await ok(clone, "start", "INS-0007", "--worker", "claude-code/alice");
  await ok(clone, "claim", "file.exists", "path=src/keys/never.mjs");
  await ok(clone, "done");
  await clone.git("add", "-A");
  const lie = await clone.tryGit(["commit", "-m", "Work"]);
  expect(lie.code).not.toBe(0);
  expect(lie.stderr).toMatch(/FALSE[^]*help: .*wingman retract/);
  await ok(clone, "retract", "2");
  await ok(clone, "retract", "1");
  await ok(clone, "done", "--abandon");
  await clone.git("add", "-A");
  const honest = await clone.tryGit(["commit", "-m", "Work"]);
  expect(honest.stderr).not.toContain("FALSE");
  expect(honest.code).toBe(0);
});

test("somebody reviews: an order whose key nobody knows is refused before it is pushed", async () => {
  const { clone, server, keys } = await governedWithOrder();
  await carryOut(clone, { keys }, { branch: "lie", lie: true });
  await pushBranch(clone, "lie");
  await clone.git("fetch", "-q", "origin");
  expect(await ok(clone, "status")).toContain("claude-code/alice since record");
  const unlock = async (key: { readonly key: { readonly privateText: string } }) => {
    const file = join(temporaryFolder(), "key");
    writeFileSync(file, key.key.privateText, { mode: 0o600 });
    return await clone.wingman(
      ["unlock", "claude-code/alice", "--reason", "A typing error", "--key", file, "--push"],
      { env: { WINGMAN_PUSHER: LOGINS.dana } },
    );
  };
  const vain = await unlock(withKey(mark));
  expect(vain.code).toBe(2);
  expect(vain.stderr).toMatch(/would not count[^]*allowed_signers/);
  expect(readdirSync(join(server.folder, "refs/heads")).join()).not.toContain("order-");
  const good = await unlock(keys.mark);
  expect(good.stderr).toBe("");
  expect(good.code).toBe(0);
  await clone.git("fetch", "-q", "origin");
  expect(await ok(clone, "status")).toContain("locks: none");
});
