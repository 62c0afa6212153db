/** A server's keeper makes a bare repository enforce: what is derived, what must be told, what then fires. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  mark,
  newRepository,
  policyText,
  secret,
  temporaryFolder,
  withKey,
} from "@wingman/testkit";
import { expect, test } from "vitest";

/** A new bare repository at …/acme/shop.git, HEAD naming an unborn master as git's default does. */
async function bare(branch = "master") {
  return await newRepository({
    bare: true,
    branch,
    folder: join(temporaryFolder(), "acme/shop.git"),
  });
}

/** A clone with one commit on main, the bare repository as its origin. */
async function cloneOf(remote: Awaited<ReturnType<typeof bare>>) {
  const repo = await newRepository({ files: { "a.txt": "a\n" } });
  await repo.git("config", "user.name", mark.name);
  await repo.git("config", "user.email", mark.email);
  await repo.git("remote", "add", "origin", remote.folder);
  return repo;
}

test("an empty bare repository cannot tell its policy branch: a fault, and nothing changed", async () => {
  const remote = await bare();
  const ran = await remote.wingman(["init", "--yes"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(/no branch yet; HEAD names master, which does not exist/);
  expect(ran.stderr).toContain("wingman init --policy-branch main");
  expect(existsSync(join(remote.folder, "wingman"))).toBe(false);
});

test("told the branch, it installs hooks, key and settings, and HEAD names that branch", async () => {
  const remote = await bare();
  const ran = await remote.wingman(["init", "--yes", "--policy-branch", "main"]);
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain("called acme/shop");
  expect(ran.stdout).toContain("courtesy");
  expect(ran.stdout).toContain("trusted on first use");
  const key = join(remote.folder, "wingman/auditor.key");
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(await remote.git("config", "receive.fsckObjects")).toBe("true");
  expect(await remote.git("config", "wingman.policyBranch")).toBe("main");
  expect(await remote.git("config", "wingman.origin")).toBe("acme/shop");
  expect(await remote.git("config", "wingman.pusher")).toBe("WINGMAN_PUSHER");
  expect(await remote.git("symbolic-ref", "HEAD")).toBe("refs/heads/main");
  for (const hook of ["pre-receive", "post-receive"])
    expect(statSync(join(remote.folder, "hooks", hook)).mode & 0o111).not.toBe(0);
  const before = readFileSync(key, "utf8");
  const again = await remote.wingman(["init"]);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("nothing is due");
  expect(readFileSync(key, "utf8")).toBe(before);
});

test("one branch is the policy branch whatever HEAD says; of two one must be told", async () => {
  const remote = await bare();
  const repo = await cloneOf(remote);
  await repo.push(["origin", "main"]);
  const dry = await remote.wingman(["init", "--dry-run"]);
  expect(dry.stdout).toContain("the policy branch is main");
  await repo.push(["origin", "main:next"]);
  const ran = await remote.wingman(["init", "--dry-run"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("branches: main, next");
});

test("a push with a secret is refused by the installed hook, an honest one comes in", async () => {
  const remote = await bare("main");
  await remote.wingman(["init", "--yes", "--policy-branch", "main"]);
  const repo = await cloneOf(remote);
  const honest = await repo.push(["origin", "main"]);
  expect(honest.stderr).not.toContain("rejected");
  expect(honest.code).toBe(0);
  await repo.commit("Leak", { files: { "config.txt": `token: ${secret("github")}\n` } });
  const refused = await repo.push(["origin", "main"]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("config.txt");
});

test("the server's own pre-receive is chained and reads the same lines", async () => {
  const remote = await bare("main");
  const log = join(temporaryFolder(), "log");
  writeFileSync(join(remote.folder, "hooks/pre-receive"), `#!/bin/sh\ncat >>'${log}'\n`, {
    mode: 0o755,
  });
  await remote.wingman(["init", "--yes", "--policy-branch", "main"]);
  const repo = await cloneOf(remote);
  expect((await repo.push(["origin", "main"])).code).toBe(0);
  expect(readFileSync(log, "utf8")).toMatch(/^0{40} [0-9a-f]{40} refs\/heads\/main\n$/);
  await repo.commit("Leak", { files: { "config.txt": `token: ${secret("github")}\n` } });
  expect((await repo.push(["origin", "main"])).code).not.toBe(0);
});

test("a forge's folder of hooks is used where there is one", async () => {
  const remote = await bare("main");
  mkdirSync(join(remote.folder, "hooks/pre-receive.d"), { recursive: true });
  await remote.wingman(["init", "--yes", "--policy-branch", "main"]);
  const shim = join(remote.folder, "hooks/pre-receive.d/wingman");
  expect(existsSync(shim)).toBe(true);
  expect(existsSync(join(remote.folder, "hooks/pre-receive"))).toBe(false);
  // What the forge's own pre-receive does.
  writeFileSync(join(remote.folder, "hooks/pre-receive"), `#!/bin/sh\n'${shim}'\n`, {
    mode: 0o755,
  });
  const repo = await cloneOf(remote);
  await repo.commit("Leak", { files: { "config.txt": `token: ${secret("github")}\n` } });
  expect((await repo.push(["origin", "main"])).stderr).toContain("config.txt");
});

test("where a policy stands already, the ledger begins with it", async () => {
  const remote = await bare("main");
  const repo = await cloneOf(remote);
  await repo.commit("Adopt", {
    files: { ".wingman/policy.yaml": policyText({ origin: "acme/other" }) },
  });
  await repo.push(["origin", "main"]);
  const clash = await remote.wingman(["init", "--yes", "--origin", "acme/shop"]);
  expect(clash.code).toBe(2);
  expect(clash.stderr).toContain("acme/other");
  const ran = await remote.wingman(["init", "--yes"]);
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toContain("begin the ledger");
  expect(await remote.git("show", "wingman-ledger:log/000000.jsonl")).toContain('"kind":"genesis"');
  const again = await remote.wingman(["init", "--yes"]);
  expect(again.stdout).not.toContain("begin the ledger");
});

test("--admin-key is pinned, and a file that is no public key is refused", async () => {
  const remote = await bare("main");
  const { key } = withKey(mark);
  const file = join(temporaryFolder(), "mark.pub");
  writeFileSync(file, `${key.publicLine}\n`);
  await remote.wingman(["init", "--yes", "--policy-branch", "main", "--admin-key", file]);
  expect(key.publicLine).toContain(await remote.git("config", "wingman.adminKey"));
  writeFileSync(file, key.privateText);
  const ran = await remote.wingman([
    "init",
    "--yes",
    "--policy-branch",
    "main",
    "--admin-key",
    file,
  ]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("init/admin-key");
});

test("a policy that stands already counts only if the pinned key landed it", async () => {
  const remote = await bare("main");
  const repo = await cloneOf(remote);
  const holder = withKey(mark);
  const file = join(temporaryFolder(), "mark.pub");
  writeFileSync(file, `${holder.key.publicLine}\n`);
  await repo.commit("Adopt", { files: { ".wingman/policy.yaml": policyText() } });
  await repo.push(["origin", "main"]);
  const ran = await remote.wingman(["init", "--yes", "--admin-key", file]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("was not landed with the pinned key");
  expect(existsSync(join(remote.folder, "wingman"))).toBe(false);
  const signed = await repo.commit("Adopt, signed", {
    files: { ".wingman/policy.yaml": policyText({ revision: 2 }) },
    sign: holder,
  });
  await repo.push(["origin", `${signed}:main`]);
  expect((await remote.wingman(["init", "--yes", "--admin-key", file])).code).toBe(0);
});

test("another variable for the pusher is kept by the next init", async () => {
  const remote = await bare("main");
  await remote.wingman(["init", "--yes", "--policy-branch", "main", "--pusher", "GL_USERNAME"]);
  await remote.wingman(["init", "--yes"]);
  expect(await remote.git("config", "wingman.pusher")).toBe("GL_USERNAME");
  const bad = await remote.wingman(["init", "--yes", "--pusher", "no such"]);
  expect(bad.stderr).toContain("init/pusher");
});
