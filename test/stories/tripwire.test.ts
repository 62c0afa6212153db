/**
 * The reference-transaction tripwire of a clone: every command that moves a governed branch past
 * pre-commit is judged, honest work is left alone, and other refs never start the program.
 */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secret, type TestRepository, temporaryFolder } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

/** A clone with hooks, on main. */
async function guarded() {
  const made = await governed({ policy: { governed: ["main", "release/*"] } });
  const ran = await made.clone.wingman(["init", "--yes"]);
  expect(ran.stderr).toBe("");
  return made;
}

const leak = () => ({ "config.txt": `token: ${secret("github")}\n` });

/** Makes a commit on a branch of its own, where nothing is governed, without any hook; gives its id. */
async function aside(clone: TestRepository, files: Record<string, string>): Promise<string> {
  await clone.git("-c", "core.hooksPath=/dev/null", "checkout", "-q", "-b", "aside");
  const oid = await clone.commit("Aside", { files });
  await clone.git("checkout", "-q", "main");
  return oid;
}

/** Puts a stand-in for node into the shims, that only says it was started. */
function tapNode(clone: TestRepository): { starts(): string } {
  const log = join(temporaryFolder(), "starts");
  const stand = join(clone.folder, ".git/wingman/node-that-tells");
  writeFileSync(stand, `#!/bin/sh\necho "$*" >>${log}\nexec ${process.execPath} "$@"\n`);
  chmodSync(stand, 0o755);
  const hook = join(clone.folder, ".git/hooks/reference-transaction");
  const text = readFileSync(hook, "utf8");
  writeFileSync(hook, text.replace(/^baked_node=.*$/m, `baked_node='${stand}'`));
  return { starts: () => (existsSync(log) ? readFileSync(log, "utf8") : "") };
}

test("what asks no other hook is refused on a governed branch, and moves nothing", async () => {
  const { clone } = await guarded();
  const main = await clone.git("rev-parse", "main");
  const bad = await aside(clone, leak());
  const tree = await clone.git("rev-parse", `${bad}^{tree}`);
  const tries: Record<string, () => Promise<{ code: number; stderr: string }>> = {
    "commit --no-verify": async () => {
      clone.write("config.txt", leak()["config.txt"]);
      await clone.git("add", "config.txt");
      const ran = await clone.tryGit(["commit", "-q", "--no-verify", "-m", "Leak"]);
      await clone.git("rm", "-q", "-f", "--cached", "config.txt");
      rmSync(join(clone.folder, "config.txt"), { force: true });
      return ran;
    },
    "cherry-pick": () => clone.tryGit(["cherry-pick", bad]),
    "merge, a fast-forward": () => clone.tryGit(["merge", "-q", "--ff-only", "aside"]),
    rebase: () => clone.tryGit(["rebase", "-q", "aside"]),
    "reset --hard": () => clone.tryGit(["reset", "-q", "--hard", "aside"]),
    "update-ref": () => clone.tryGit(["update-ref", "refs/heads/main", bad]),
    "commit-tree": async () => {
      const oid = await clone.git("commit-tree", tree, "-p", "main", "-m", "Leak");
      return await clone.tryGit(["update-ref", "refs/heads/main", oid, main]);
    },
    "a new governed branch": () => clone.tryGit(["branch", "release/1", "aside"]),
    "branch -f": async () => {
      await clone.git("checkout", "-q", "--detach");
      const ran = await clone.tryGit(["branch", "-f", "main", "aside"]);
      await clone.git("checkout", "-q", "main");
      return ran;
    },
    "fetch into it": () => clone.tryGit(["fetch", "-q", ".", "aside:release/2"]),
    "push into this clone": async () => {
      const other = await clone.clone();
      await other.git("checkout", "-q", "-b", "aside", "origin/aside");
      return await other.push(["-q", "origin", "aside:release/3"]);
    },
    am: async () => {
      const patch = join(temporaryFolder(), "p");
      writeFileSync(patch, await clone.git("format-patch", "--stdout", "-1", bad));
      const ran = await clone.tryGit(["am", "-q", patch]);
      await clone.tryGit(["am", "--abort"]);
      return ran;
    },
    "fast-import": async () => {
      const text = leak()["config.txt"];
      const input = `blob\nmark :1\ndata ${text.length}\n${text}\ncommit refs/heads/release/4\ncommitter M <m@acme.example> 1700000000 +0000\ndata 4\nLeak\nM 100644 :1 config.txt\n\n`;
      return await clone.tryGit(["fast-import", "--quiet"], { input });
    },
  };
  for (const [name, attempt] of Object.entries(tries)) {
    const ran = await attempt();
    expect(ran.code, name).not.toBe(0);
    expect(ran.stderr, name).toContain("secrets/found");
    expect(await clone.git("rev-parse", "main"), name).toBe(main);
    expect(await clone.git("for-each-ref", "refs/heads/release"), name).toBe("");
    await clone.tryGit(["cherry-pick", "--abort"]);
    await clone.tryGit(["rebase", "--abort"]);
    await clone.git("reset", "-q", "--hard", "main");
    await clone.git("clean", "-qfd");
  }
  await clone.git("checkout", "-q", "main");
});

test("honest work goes through: merges, amends, a rebase, reverts, resets, worktrees, gc", async () => {
  const { clone, server } = await guarded();
  const commit = async (name: string) =>
    expect(await clone.tryCommit(name, { files: { [`${name}.txt`]: `${name}\n` } })).toMatchObject({
      code: 0,
      stderr: "",
    });
  await commit("one");
  await clone.git("commit", "-q", "--amend", "-m", "One, better said");
  await clone.git("checkout", "-q", "-b", "topic", "HEAD~1");
  await commit("two");
  await commit("three");
  await clone.git("rebase", "-q", "main");
  await clone.git("checkout", "-q", "main");
  await clone.git("merge", "-q", "topic");
  await clone.git("revert", "--no-edit", "HEAD");
  await clone.git("reset", "-q", "--hard", "HEAD~2");
  await clone.git("merge", "-q", "--no-ff", "--no-edit", "topic");
  await clone.git("branch", "release/1");
  await clone.git("worktree", "add", "-q", join(temporaryFolder(), "side"), "release/1");
  clone.write("README.md", "# Changed\n");
  await clone.git("stash");
  await clone.git("stash", "pop");
  await clone.git("checkout", "-q", "README.md");
  await clone.git("notes", "add", "-m", "a note");
  await clone.git("pack-refs", "--all");
  await clone.git("gc", "-q");
  expect(await clone.push(["-q", "origin", "main"])).toMatchObject({ code: 0, stderr: "" });
  await clone.git("branch", "-D", "topic");
  // Somebody else's work, accepted by the server, comes in as it is.
  const other = await (async () => {
    const folder = temporaryFolder();
    await clone.git("clone", "-q", server.folder, folder);
    return folder;
  })();
  await clone.tryGit([
    "-C",
    other,
    "-c",
    "user.name=Dana",
    "-c",
    "user.email=dana@acme.example",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "Theirs",
  ]);
  await clone.tryGit(["-C", other, "push", "-q", "origin", "main"]);
  await clone.git("pull", "-q", "--ff-only", "origin", "main");
  expect(await clone.git("log", "-1", "--format=%s")).toBe("Theirs");
});

test("only a governed branch that gets something new starts the program", async () => {
  const { clone } = await guarded();
  await clone.tryCommit("Begin the list", { files: { "b.txt": "b\n" } });
  await clone.git("push", "-q", "origin", "main");
  const tap = tapNode(clone);
  await clone.git("checkout", "-q", "-b", "topic");
  await clone.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "Ungoverned");
  await clone.git("tag", "v1");
  await clone.git("notes", "add", "-m", "a note");
  await clone.git("branch", "gone", "main");
  await clone.git("branch", "-D", "gone");
  await clone.git("checkout", "-q", "main");
  await clone.git("reset", "-q", "--hard", "HEAD~1");
  await clone.git("pull", "-q", "--ff-only", "origin", "main");
  await clone.git("branch", "release/1", "HEAD~1");
  await clone.git("pack-refs", "--all");
  await clone.git("update-ref", "-d", "refs/heads/release/1");
  expect(tap.starts()).toBe("");
  await clone.git("merge", "-q", "--ff-only", "topic");
  expect(tap.starts()).toMatch(/^\S+ hook reference-transaction prepared\n$/);
});

test("the list stays fresh, and its loss costs time only", async () => {
  const { clone } = await guarded();
  const list = join(clone.folder, ".git/wingman/governed");
  await clone.git(
    "update-ref",
    "refs/heads/topic",
    await clone.git("commit-tree", "HEAD^{tree}", "-m", "x"),
  );
  expect(readFileSync(list, "utf8")).toMatch(/^ref refs\/heads\/\[mM\]\[aA\]\[iI\]\[nN\]$/m);
  // An administrator governs more: the next move there is judged.
  const policy = clone.read(".wingman/policy.yaml");
  const more = policy
    .replace(/^revision: \d+/m, "revision: 9")
    .replace('"release/*"', '"release/*", "hot/*"')
    .replace("- release/*", "- release/*\n  - hot/*");
  expect(more).toContain("hot/*");
  expect(
    (await clone.tryCommit("Govern more", { files: { ".wingman/policy.yaml": more } })).code,
  ).toBe(0);
  const bad = await aside(clone, leak());
  const refused = await clone.tryGit(["update-ref", "refs/heads/hot/1", bad]);
  expect(refused.stderr).toContain("secrets/found");
  rmSync(list);
  expect((await clone.tryGit(["update-ref", "refs/heads/hot/1", bad])).code).not.toBe(0);
  expect(existsSync(list)).toBe(true);
  writeFileSync(list, readFileSync(list, "utf8").slice(0, 60));
  expect((await clone.tryGit(["update-ref", "refs/heads/hot/1", bad])).code).not.toBe(0);
});

test("without node or program governed branches stand still, and everything else goes on", async () => {
  const { clone } = await guarded();
  await clone.tryCommit("Begin the list", { files: { "b.txt": "b\n" } });
  const program = join(clone.folder, ".git/wingman/program");
  renameSync(program, `${program}.away`);
  const oid = await clone.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "x");
  const refused = await clone.tryGit(["update-ref", "refs/heads/main", oid]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("run wingman init here again");
  expect((await clone.tryGit(["update-ref", "refs/heads/topic", oid])).code).toBe(0);
  expect((await clone.tryGit(["update-ref", "-d", "refs/heads/topic"])).code).toBe(0);
});

test("with husky and with hooks of the repository's own the tripwire stands where git looks", async () => {
  const { clone } = await governed();
  for (const folder of [".husky/_", "githooks"]) {
    clone.write(`${folder}/h`, "");
    await clone.git("config", "core.hooksPath", folder);
    expect((await clone.wingman(["init", "--yes"])).code).toBe(0);
    const bad = await aside(clone, leak());
    const refused = await clone.tryGit(["update-ref", "refs/heads/main", bad]);
    expect(refused.stderr, folder).toContain("secrets/found");
    await clone.git("branch", "-q", "-D", "aside");
  }
  // A committed hook says nothing in a clone that has no Wingman: it would say it at every ref.
  rmSync(join(clone.folder, ".git/wingman"), { recursive: true });
  expect(await clone.tryGit(["branch", "topic"])).toMatchObject({ code: 0, stderr: "" });
});

test("a rebase of many commits is judged once, at its end", async () => {
  const { clone } = await guarded();
  await clone.git("checkout", "-q", "-b", "topic");
  for (let at = 0; at < 20; at += 1)
    await clone.commit(`c${at}`, { files: { [`${at}.txt`]: "x\n" } });
  await clone.git("checkout", "-q", "main");
  await clone.commit("Moved on", { files: { "m.txt": "m\n" } });
  await clone.git("branch", "-q", "-m", "topic", "release/1");
  const tap = tapNode(clone);
  await clone.git("rebase", "-q", "main", "release/1");
  expect(tap.starts()).toMatch(/^\S+ hook reference-transaction prepared\n$/);
});
