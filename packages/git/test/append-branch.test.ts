import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  type Append,
  appendToBranch,
  commitsBetween,
  type Environment,
  fetchRef,
  isAncestor,
  openRepo,
  ownContent,
  pushFastForward,
  readCommit,
  resolve,
  treeAt,
} from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, open, signs, temporaryDir, tryGit } from "./fixture.ts";

const REF = "refs/heads/wingman-ledger";
const bytes = (text: string) => Buffer.from(text, "utf8");

/** An append of one line to log/000000.jsonl. */
function line(text: string, more: Partial<Append> = {}): Append {
  return {
    ref: REF,
    message: "append",
    author: { name: "Wingman auditor", email: "auditor@wingman.invalid" },
    now: new Date("2026-11-22T09:00:00.000Z"),
    make: async (tip) => {
      const entry = await tip?.tree.entry("log/000000.jsonl");
      const old = entry && tip ? Buffer.from(await tip.tree.read(entry)) : Buffer.alloc(0);
      return { files: new Map([["log/000000.jsonl", Buffer.concat([old, bytes(`${text}\n`)])]]) };
    },
    ...more,
  };
}

describe("appendToBranch", () => {
  it("creates the branch, then builds on it, with an identity of its own", async () => {
    const dir = newRepo();
    const env = {
      ...cleanEnv,
      GIT_AUTHOR_NAME: undefined,
      GIT_AUTHOR_EMAIL: undefined,
      GIT_COMMITTER_NAME: undefined,
      GIT_COMMITTER_EMAIL: undefined,
    };
    const repo = await open(dir, env);
    const first = await appendToBranch(repo, line("1"));
    expect(first.before).toBeUndefined();
    const second = await appendToBranch(repo, line("2"));
    expect(second.before).toBe(first.commit);
    expect(git(dir, ["show", `${REF}:log/000000.jsonl`])).toBe("1\n2");
    expect(git(dir, ["log", "-1", "--format=%an <%ae> %cn %cI", REF])).toBe(
      "Wingman auditor <auditor@wingman.invalid> Wingman auditor 2026-11-22T09:00:00+00:00",
    );
    expect(git(dir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  it("lays nested files over the tip's tree and leaves the rest", async () => {
    const dir = newRepo("--object-format=sha256");
    commit(dir, { "a/b/c": "old", "a/d": "stays", z: "file" }, { ref: REF });
    const repo = await open(dir);
    const files = new Map([
      ["a/b/c", bytes("new")],
      ["a/b/e", bytes("e")],
      ["z/in", bytes("x")],
      ["a.b", bytes("y")],
    ]);
    await appendToBranch(repo, line("", { make: async () => ({ files }) }));
    const tree = await treeAt(repo, git(dir, ["rev-parse", REF]));
    expect((await tree.entries()).map(({ path }) => path)).toEqual([
      "a.b",
      "a/b/c",
      "a/b/e",
      "a/d",
      "z/in",
    ]);
    expect(git(dir, ["show", `${REF}:a/b/c`])).toBe("new");
    expect(git(dir, ["fsck", "--strict", "--no-dangling"])).toBe("");
    await expect(
      appendToBranch(
        repo,
        line("", { make: async () => ({ files: new Map([["a/../b", bytes("")]]) }) }),
      ),
    ).rejects.toMatchObject({ code: "git/bad-path" });
  });

  it("moves nothing where make gives nothing, or throws", async () => {
    const repo = await open(newRepo());
    expect(await appendToBranch(repo, line("", { make: async () => undefined }))).toEqual({
      commit: undefined,
      before: undefined,
    });
    await expect(
      appendToBranch(repo, line("", { make: () => Promise.reject(new Error("mine")) })),
    ).rejects.toThrow("mine");
    expect(await resolve(repo, REF)).toBeUndefined();
  });

  it("asks again after a lost race, and gives up in the end", async () => {
    const dir = newRepo();
    const repo = await open(dir);
    await appendToBranch(repo, line("1"));
    let races = 0;
    const racing = line("mine");
    const appended = await appendToBranch(repo, {
      ...racing,
      make: async (tip) => {
        const made = await racing.make(tip);
        races += 1;
        if (races <= 3) await appendToBranch(repo, line(`other ${races}`));
        return made;
      },
    });
    expect(races).toBe(4);
    expect(appended.commit).toBe(git(dir, ["rev-parse", REF]));
    expect(git(dir, ["show", `${REF}:log/000000.jsonl`]).split("\n")).toEqual([
      "1",
      "other 1",
      "other 2",
      "other 3",
      "mine",
    ]);
    const always = line("never", { attempts: 3 });
    const lost = appendToBranch(repo, {
      ...always,
      make: async (tip) => {
        await appendToBranch(repo, line("other"));
        return always.make(tip);
      },
    });
    await expect(lost).rejects.toMatchObject({ code: "git/lost-race" });
  });

  it("loses nothing with 20 writers at once, each with git processes of its own", async () => {
    const dir = newRepo("--bare");
    const writers = await Promise.all(Array.from({ length: 20 }, () => open(dir)));
    await Promise.all(
      writers.map(async (writer, at) => {
        for (const turn of [0, 1]) await appendToBranch(writer, line(`w${at} ${turn}`));
      }),
    );
    const lines = git(dir, ["show", `${REF}:log/000000.jsonl`]).split("\n");
    expect(new Set(lines).size).toBe(40);
    expect(lines.length).toBe(40);
    expect(git(dir, ["rev-list", "--count", REF])).toBe("40");
  }, 120_000);

  it("runs no reference-transaction hook", async () => {
    const dir = newRepo();
    writeFileSync(join(dir, ".git/hooks/reference-transaction"), "#!/bin/sh\nexit 1\n", {
      mode: 0o755,
    });
    expect((await appendToBranch(await open(dir), line("1"))).commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it("faults with what to do where nothing can be written", async () => {
    const locked = newRepo();
    const repo = await open(locked);
    mkdirSync(join(locked, ".git/refs/heads"), { recursive: true });
    writeFileSync(join(locked, ".git/refs/heads/wingman-ledger.lock"), "");
    await expect(appendToBranch(repo, line("1", { attempts: 1 }))).rejects.toMatchObject({
      code: "git/lost-race",
      hint: expect.stringContaining(".lock"),
    });
    // Root may write anywhere: a file where the object folders belong refuses root as well.
    const full = newRepo();
    for (let at = 0; at < 256; at += 1)
      writeFileSync(join(full, ".git/objects", at.toString(16).padStart(2, "0")), "");
    const broken = await open(full);
    await expect(appendToBranch(broken, line("1"))).rejects.toMatchObject({
      code: expect.stringMatching(/^git\/(failed|not-writable)$/),
      message: expect.stringContaining("git unpack-objects failed: "),
    });
    expect(await resolve(await open(full), REF)).toBeUndefined();
  });

  it("says that the disk is full, and moves no ref", async () => {
    const dir = newRepo();
    const bin = temporaryDir();
    const real = join(git(dir, ["--exec-path"]), "git");
    // A full disk cannot be had without a mount: git's own words for it, at the point of writing.
    const script = `#!/bin/sh\ncase "$*" in *unpack-objects*) cat > /dev/null; echo 'fatal: sha1 file write error: No space left on device' >&2; exit 128;; esac\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, "git"), script);
    chmodSync(join(bin, "git"), 0o755);
    const repo = await open(dir, { ...cleanEnv, PATH: `${bin}:${cleanEnv["PATH"]}` });
    await expect(appendToBranch(repo, line("1"))).rejects.toMatchObject({ code: "git/disk-full" });
    expect(await resolve(repo, REF)).toBeUndefined();
  });
});

describe("inside a real pre-receive hook", () => {
  it("reads what is pushed, merges it, and records a refusal outside the quarantine", async () => {
    const server = newRepo("--bare");
    const work = newRepo();
    const base = commit(work, { f: "1" });
    git(work, ["push", "-q", server, "main"]);
    const shared = temporaryDir();
    // The hook tells its environment, waits while this test stands in its place, and refuses.
    const hook = `#!/bin/sh
cat > ${shared}/lines
env > ${shared}/env.part
mv ${shared}/env.part ${shared}/env
while [ ! -e ${shared}/done ]; do sleep 0.05; done
exit 1
`;
    writeFileSync(join(server, "hooks/pre-receive"), hook, { mode: 0o755 });
    const main = commit(work, { g: "2" });
    const side = commit(work, { h: "3" }, { parents: [base], ref: "refs/heads/side" });
    const merge = commit(work, { g: null, h: "3", evil: "4" }, { parents: [main, side] });
    const objects = looseObjects(server);
    const push = spawn("git", ["push", server, "main"], {
      cwd: work,
      env: env(cleanEnv),
      stdio: "ignore",
    });
    const pushed = new Promise<number | null>((done) => push.once("close", done));
    try {
      await vi.waitUntil(() => existsSync(join(shared, "env")), { timeout: 10_000 });
      const told = readFileSync(join(shared, "env"), "utf8").split("\n");
      const hookEnv = Object.fromEntries(
        told
          .filter((text) => text.startsWith("GIT_"))
          .map((text) => text.split(/=(.*)/s).slice(0, 2)),
      );
      expect(hookEnv).toMatchObject({ GIT_DIR: ".", GIT_QUARANTINE_PATH: expect.any(String) });
      const repo = await open(server, { ...cleanEnv, ...hookEnv });
      const [before = "", after = ""] = readFileSync(join(shared, "lines"), "utf8").split(" ");
      expect(after).toBe(merge);
      expect(await isAncestor(repo, before, after)).toBe(true);
      const commits = await commitsBetween(repo, { include: [after], exclude: [before] });
      expect(new Set(commits)).toEqual(new Set([main, side, merge]));
      const own = await ownContent(repo, await readCommit(repo, after));
      expect(signs(own)).toEqual(["+evil", "-g"]);
      const tree = await treeAt(repo, after);
      const evil = await tree.entry("evil");
      expect(evil && Buffer.from(await tree.read(evil)).toString()).toBe("4");
      await expect(appendToBranch(repo, line("inside"))).rejects.toMatchObject({
        message: expect.stringContaining("quarantine"),
      });
      await appendToBranch(repo, line(after, { withoutQuarantine: true }));
      const outside = await repo.outsideQuarantine();
      expect([await repo.objects.has(merge), await outside.objects.has(merge)]).toEqual([
        true,
        false,
      ]);
      await repo.close();
    } finally {
      writeFileSync(join(shared, "done"), "");
    }
    expect(await pushed).toBe(1);
    expect(git(server, ["show", `${REF}:log/000000.jsonl`])).toBe(merge);
    // The refused objects are gone; only the record's own (blob, two trees, commit) stayed.
    expect(looseObjects(server) - objects).toBe(4);
    expect(tryGit(server, ["cat-file", "-e", merge]).status).not.toBe(0);
  }, 30_000);
});

function looseObjects(dir: string): number {
  return Number(git(dir, ["count-objects"]).split(" ")[0]);
}

function env(vars: Environment): NodeJS.ProcessEnv {
  return vars as NodeJS.ProcessEnv;
}

describe("transport", () => {
  it("fetches and pushes single refs, and tells a lost race from a refusal", async () => {
    const server = newRepo("--bare");
    const dir = newRepo();
    const repo = await open(dir);
    const { commit: one = "" } = await appendToBranch(repo, line("1"));
    const fetching = { remote: server, from: REF, to: "refs/remotes/origin/wingman-ledger" };
    expect(await fetchRef(repo, fetching)).toBe("absent");
    expect(await pushFastForward(repo, server, one, REF, undefined)).toBe("ok");
    expect(await fetchRef(repo, fetching)).toBe("ok");
    expect(await resolve(repo, "refs/remotes/origin/wingman-ledger")).toBe(one);
    const { commit: two = "" } = await appendToBranch(repo, line("2"));
    expect(await pushFastForward(repo, server, two, REF, one)).toBe("ok");
    const { commit: three = "" } = await appendToBranch(repo, line("3"));
    expect(await pushFastForward(repo, server, three, REF, one)).toBe("rejected");
    expect(await pushFastForward(repo, server, three, REF, undefined)).toBe("rejected");
    await expect(pushFastForward(repo, server, one, REF, two)).rejects.toMatchObject({
      code: "git/not-fast-forward",
    });
    writeFileSync(
      join(server, "hooks/pre-receive"),
      "#!/bin/sh\necho the wall says no >&2\nexit 1\n",
      { mode: 0o755 },
    );
    await expect(pushFastForward(repo, server, three, REF, two)).rejects.toMatchObject({
      code: "git/push-refused",
      message: expect.stringContaining("the wall says no"),
    });
    await expect(fetchRef(repo, { ...fetching, remote: "--upload-pack=x" })).rejects.toMatchObject({
      code: "git/bad-remote",
    });
    await expect(
      pushFastForward(repo, join(server, "gone"), three, REF, two),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^git\//),
    });
  });
});

describe("close", () => {
  it("can be called twice", async () => {
    const dir = newRepo();
    commit(dir, { f: "x" });
    const repo = await openRepo({ cwd: dir, env: cleanEnv });
    await repo.objects.has(git(dir, ["rev-parse", "main"]));
    await repo.close();
    await repo.close();
  });
});
