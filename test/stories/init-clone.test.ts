/** A developer adopts a clone: plain, with hooks of his own, with husky, twice, half done, and wrongly. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  mark,
  newRepository,
  type RepositoryOptions,
  runProgram,
  runWingman,
  secret,
  temporaryFolder,
  withKey,
} from "@wingman/testkit";
import { expect, test } from "vitest";

const HOOKS = ["pre-commit", "prepare-commit-msg", "commit-msg", "pre-merge-commit", "pre-push"];

async function repositoryOfMark(options: RepositoryOptions = {}) {
  const repo = await newRepository({ files: { "a.txt": "a\n" }, ...options });
  await repo.git("config", "user.name", mark.name);
  await repo.git("config", "user.email", mark.email);
  return repo;
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

test("a plain clone is adopted, commits, and is guarded from then on", async () => {
  const repo = await repositoryOfMark();
  await repo.git("remote", "add", "origin", "https://forge.example/acme/shop.git");
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
  expect(ran.stdout).toMatch(
    /called acme\/shop; the policy branch is main; administrator: mark@acme\.example/,
  );
  expect(ran.stdout).toMatch(/identity\.unattributed: person/);
  for (const hook of HOOKS)
    expect(statSync(join(repo.folder, ".git/hooks", hook)).mode & 0o111).not.toBe(0);
  expect(existsSync(join(repo.folder, ".git/wingman/program/wingman.mjs"))).toBe(true);
  expect(repo.read(".wingman/policy.yaml")).toContain('origin: "acme/shop"');
  expect(repo.read(".wingman/.gitattributes")).toBe(
    "* -text -merge -filter -ident -working-tree-encoding\n",
  );
  // It commits nothing itself; what it wrote passes its own gate.
  expect(await repo.git("status", "--porcelain")).toContain("?? .wingman/");
  await repo.git("add", ".wingman");
  const adopted = await repo.tryCommit("Adopt Wingman");
  expect(adopted.stderr).toBe("");
  expect(adopted.code).toBe(0);
  const refused = await repo.tryCommit("Leak", {
    files: { "config.txt": `token: ${secret("github")}\n` },
  });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("config.txt");
});

test("a second init changes nothing", async () => {
  const repo = await repositoryOfMark();
  expect((await repo.wingman(["init", "--yes"])).code).toBe(0);
  const before = readFileSync(join(repo.folder, ".git/hooks/pre-commit"), "utf8");
  const policy = repo.read(".wingman/policy.yaml");
  const again = await repo.wingman(["init"]);
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("nothing is due");
  expect(readFileSync(join(repo.folder, ".git/hooks/pre-commit"), "utf8")).toBe(before);
  expect(repo.read(".wingman/policy.yaml")).toBe(policy);
  expect(existsSync(join(repo.folder, ".git/hooks/pre-commit.chained"))).toBe(false);
});

test("--dry-run and an unanswered question change nothing", async () => {
  const repo = await repositoryOfMark();
  const config = readFileSync(join(repo.folder, ".git/config"), "utf8");
  const dry = await repo.wingman(["init", "--dry-run"]);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("+ install .git/hooks/pre-commit");
  const asked = await repo.wingman(["init"]);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain("--yes");
  expect(existsSync(join(repo.folder, ".wingman"))).toBe(false);
  expect(existsSync(join(repo.folder, ".git/wingman"))).toBe(false);
  expect(existsSync(join(repo.folder, ".git/hooks/pre-commit"))).toBe(false);
  expect(readFileSync(join(repo.folder, ".git/config"), "utf8")).toBe(config);
});

test("a foreign hook is chained: it runs first and its no is a no", async () => {
  const repo = await repositoryOfMark();
  const foreign = '#!/bin/sh\necho "foreign ran" >&2\n[ ! -f stop ]\n';
  put(join(repo.folder, ".git/hooks/pre-commit"), foreign);
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.stdout).toContain("pre-commit.chained; it runs first");
  expect(readFileSync(join(repo.folder, ".git/hooks/pre-commit.chained"), "utf8")).toBe(foreign);
  const good = await repo.tryCommit("Good", { files: { "b.txt": "b\n" } });
  expect(good).toMatchObject({ code: 0, stderr: expect.stringContaining("foreign ran") });
  repo.write("stop", "");
  expect((await repo.tryCommit("Stopped", { files: { "c.txt": "c\n" } })).code).not.toBe(0);
});

test("two foreign hooks for one place are a fault, and neither is lost", async () => {
  const repo = await repositoryOfMark();
  put(join(repo.folder, ".git/hooks/pre-commit"), "#!/bin/sh\n# one\n");
  put(join(repo.folder, ".git/hooks/pre-commit.chained"), "#!/bin/sh\n# two\n");
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("init/chained");
  expect(readFileSync(join(repo.folder, ".git/hooks/pre-commit"), "utf8")).toContain("# one");
  expect(readFileSync(join(repo.folder, ".git/hooks/pre-commit.chained"), "utf8")).toContain(
    "# two",
  );
});

test("husky: its files carry one marked line each, and fire", async () => {
  const repo = await repositoryOfMark();
  put(join(repo.folder, ".husky/pre-commit"), "echo formatted >&2\n");
  // What husky's own install makes.
  const shim =
    '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\nsh -e "$s" "$@"\n';
  for (const hook of HOOKS) put(join(repo.folder, ".husky/_", hook), shim);
  await repo.git("config", "core.hooksPath", ".husky/_");
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.code).toBe(0);
  expect(repo.read(".husky/pre-commit")).toMatch(
    /^echo formatted >&2\nwingman_hook=.*# wingman: written by wingman init\n$/,
  );
  expect(existsSync(join(repo.folder, ".git/hooks/pre-commit"))).toBe(false);
  const refused = await repo.tryCommit("Leak", {
    files: { "config.txt": `token: ${secret("github")}\n` },
  });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/formatted[\s\S]*config\.txt/);
  const again = await repo.wingman(["init", "--yes"]);
  expect(again.stdout).toContain("nothing is due");
});

test("a hooks folder that others share is a fault with what to do", async () => {
  const repo = await repositoryOfMark();
  await repo.git("config", "core.hooksPath", temporaryFolder());
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(/init\/hooks-path/);
  expect(ran.stderr).toContain("--unset core.hooksPath");
});

test("an init that was cut off is finished by the next one", async () => {
  const repo = await repositoryOfMark();
  await repo.wingman(["init", "--yes"]);
  rmSync(join(repo.folder, ".git/wingman/program/manifest.json"));
  rmSync(join(repo.folder, ".git/hooks/commit-msg"));
  rmSync(join(repo.folder, ".wingman/schema"), { recursive: true });
  mkdirSync(join(repo.folder, ".git/wingman/program.1-x.part"));
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.code).toBe(0);
  expect(existsSync(join(repo.folder, ".git/wingman/program/manifest.json"))).toBe(true);
  expect(existsSync(join(repo.folder, ".git/wingman/program.1-x.part"))).toBe(false);
  expect(existsSync(join(repo.folder, ".git/hooks/commit-msg"))).toBe(true);
  expect(existsSync(join(repo.folder, ".wingman/schema/policy.schema.json"))).toBe(true);
});

test("a tampered program is put right", async () => {
  const repo = await repositoryOfMark();
  await repo.wingman(["init", "--yes"]);
  const program = join(repo.folder, ".git/wingman/program/wingman.mjs");
  writeFileSync(program, "process.exit(0)\n");
  expect((await repo.wingman(["init", "--yes"])).stdout).toContain("copy the program");
  expect(readFileSync(program, "utf8")).not.toBe("process.exit(0)\n");
});

test("an SSH signing key goes into allowed_signers", async () => {
  const repo = await repositoryOfMark();
  const { key } = withKey(mark);
  const folder = temporaryFolder();
  writeFileSync(join(folder, "id.pub"), `${key.publicLine}\n`);
  await repo.git("config", "gpg.format", "ssh");
  await repo.git("config", "user.signingkey", join(folder, "id"));
  await repo.wingman(["init", "--yes"]);
  const [type, base64] = key.publicLine.split(" ");
  expect(repo.read(".wingman/allowed_signers")).toContain(
    `mark@acme.example namespaces="git,wingman-approval,wingman-order" ${type} ${base64}`,
  );
});

test("a second clone of an adopted repository gets hooks, and no second policy", async () => {
  const repo = await repositoryOfMark();
  await repo.wingman(["init", "--yes", "--origin", "acme/shop"]);
  await repo.commit("Adopt Wingman", { files: {} });
  await repo.git("add", ".wingman");
  await repo.commit("Adopt Wingman");
  const other = await repo.clone();
  await other.git("config", "user.email", "dana@acme.example");
  const ran = await other.wingman(["init", "--yes"]);
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain("the policy on main stands");
  expect(await other.git("status", "--porcelain")).toBe("");
  expect(existsSync(join(other.folder, ".git/hooks/pre-push"))).toBe(true);
});

test("a worktree, an unborn repository and a SHA-256 one are adopted as well", async () => {
  const repo = await repositoryOfMark({ format: "sha256" });
  const side = join(temporaryFolder(), "side");
  await repo.git("worktree", "add", "-q", side);
  expect((await runWingman(["init", "--yes"], { cwd: side })).code).toBe(0);
  expect(existsSync(join(repo.folder, ".git/wingman/program/wingman.mjs"))).toBe(true);
  expect(existsSync(join(side, ".wingman/policy.yaml"))).toBe(true);
  const unborn = await newRepository();
  const ran = await unborn.wingman([
    "init",
    "--yes",
    "--admin",
    "mark@acme.example",
    "--origin",
    "acme/new",
  ]);
  expect(ran.stderr).toBe("");
  expect(ran.code).toBe(0);
});

test("what it cannot know is a fault that names the flag", async () => {
  const repo = await newRepository({ files: { "a.txt": "a\n" } });
  const nobody = await repo.wingman(["init", "--yes"]);
  expect(nobody.code).toBe(2);
  expect(nobody.stderr).toContain("--admin mark@acme.example");
  const badName = await repo.wingman(["init", "--yes", "--admin", "m@x", "--origin", "a b"]);
  expect(badName.stderr).toContain("--origin acme/shop");
  const badBranch = await repo.wingman([
    "init",
    "--yes",
    "--admin",
    "m@x",
    "--policy-branch",
    "a..b",
  ]);
  expect(badBranch.stderr).toContain("--policy-branch main");
  const nowhere = await runProgram(
    process.execPath,
    [join(process.cwd(), "dist/wingman.mjs"), "init", "--yes"],
    { cwd: temporaryFolder() },
  );
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain("git/no-repository");
  expect(existsSync(join(repo.folder, ".git/wingman"))).toBe(false);
});

test("init writes through no link that a clone brought", async () => {
  const repo = await repositoryOfMark();
  const outside = temporaryFolder();
  await repo.commit("Hostile", { files: { ".wingman": { link: outside } } });
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("init/link");
  expect(existsSync(join(outside, "policy.yaml"))).toBe(false);
});

test("a policy that a person drafted is kept, and nobody need be told for it", async () => {
  const repo = await newRepository({ files: { "a.txt": "a\n" } });
  repo.write(".wingman/policy.yaml", "# mine\n");
  repo.write(".wingman/allowed_signers", "# mine\n");
  const ran = await repo.wingman(["init", "--yes"]);
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toContain("is not on the policy branch yet");
  expect(repo.read(".wingman/policy.yaml")).toBe("# mine\n");
  expect(repo.read(".wingman/allowed_signers")).toBe("# mine\n");
});
