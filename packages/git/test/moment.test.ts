import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  configGet,
  configSet,
  headBranch,
  listRefs,
  openAtOneMoment,
  type Repo,
  resolve,
} from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, temporaryDir } from "./fixture.ts";

const opened: Repo[] = [];
afterEach(async () => {
  for (const repo of opened.splice(0)) await repo.close();
});

async function both(cwd: string, env = cleanEnv) {
  const { repo, moment } = await openAtOneMoment({ cwd, env });
  opened.push(repo);
  return { repo, moment };
}

/** What the view says and what git says when it is asked anew. */
async function told(repo: Repo) {
  return {
    refs: await listRefs(repo),
    remote: await listRefs(repo, "refs/remotes/"),
    head: await headBranch(repo).catch((error: { code?: string }) => error.code),
    commit: await resolve(repo, "HEAD"),
    main: await resolve(repo, "refs/heads/main"),
    branch: await configGet(repo, "wingman.policyBranch"),
    pusher: await configGet(repo, "wingman.pusher"),
    none: await configGet(repo, "wingman.nothing"),
  };
}

async function agrees(cwd: string, env = cleanEnv) {
  const { repo, moment } = await both(cwd, env);
  const anew = await told(repo);
  expect(await told(moment)).toEqual(anew);
  return anew;
}

describe("a repository at one moment", () => {
  it("says what git says: unborn, born, detached, an alias, a worktree, a bare one, SHA-256", async () => {
    for (const flags of [[], ["--object-format=sha256"]]) {
      const dir = newRepo(...flags);
      expect(await agrees(dir)).toMatchObject({ head: { branch: "main", born: false } });
      const first = commit(dir, { f: "1" });
      expect(await agrees(dir)).toMatchObject({ commit: first, head: { born: true } });
      const tree = join(temporaryDir(), "tree");
      git(dir, ["worktree", "add", "-q", "-b", "side", tree]);
      expect(await agrees(tree)).toMatchObject({ head: { branch: "side" } });
      git(dir, ["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
      git(dir, ["symbolic-ref", "HEAD", "refs/heads/alias"]);
      expect(await agrees(dir)).toMatchObject({ head: { branch: "main" } });
      git(dir, ["checkout", "-q", "--detach", first]);
      expect(await agrees(dir)).toMatchObject({ head: { detached: first } });
      const bare = join(temporaryDir(), "bare");
      git(dir, ["clone", "-q", "--bare", dir, bare]);
      await agrees(bare, { ...cleanEnv, GIT_DIR: "." });
    }
  });

  it("takes settings as git does: the last one, of any file or the environment, in any case", async () => {
    const dir = newRepo();
    git(dir, ["config", "wingman.policyBranch", "first"]);
    git(dir, ["config", "--add", "wingman.policybranch", 'se"cond\nline é']);
    expect((await agrees(dir)).branch).toBe('se"cond\nline é');
    const more = join(temporaryDir(), "more");
    writeFileSync(more, "[wingman]\n\tpusher = GL_USERNAME\n\tpolicyBranch\n");
    git(dir, ["config", "include.path", more]);
    expect(await agrees(dir)).toMatchObject({ pusher: "GL_USERNAME", branch: "" });
    const env = {
      ...cleanEnv,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "wingman.policyBranch",
      GIT_CONFIG_VALUE_0: "told",
    };
    expect((await agrees(dir, env)).branch).toBe("told");
    // An environment that asks git to trace variables must not be able to name a setting.
    const traced = { ...cleanEnv, GIT_TRACE2_ENV_VARS: "wingman.pusher", "wingman.pusher": "X" };
    expect((await agrees(dir, traced)).pusher).toBe("GL_USERNAME");
  });

  it("stays as it was while others move refs and settings; the repository itself does not", async () => {
    const dir = newRepo();
    const first = commit(dir, { f: "1" });
    const { repo, moment } = await both(dir);
    expect(await resolve(moment, "refs/heads/main")).toBe(first);
    const second = commit(dir, { f: "2" });
    await configSet(repo, "wingman.pusher", "X");
    expect(await resolve(moment, "refs/heads/main")).toBe(first);
    expect(await resolve(moment, "HEAD")).toBe(first);
    expect(await configGet(moment, "wingman.pusher")).toBeUndefined();
    expect(await resolve(repo, "refs/heads/main")).toBe(second);
    expect(await configGet(repo, "wingman.pusher")).toBe("X");
  });

  it("says what is missing, as opening does", async () => {
    const none = temporaryDir();
    const env = { ...cleanEnv, GIT_CEILING_DIRECTORIES: none };
    const opening = (cwd: string, more: typeof cleanEnv = env) =>
      openAtOneMoment({ cwd, env: more });
    await expect(opening(none)).rejects.toMatchObject({ code: "git/no-repository" });
    await expect(opening(join(none, "gone"))).rejects.toMatchObject({ code: "git/no-repository" });
    await expect(opening(none, { ...env, PATH: none })).rejects.toMatchObject({
      code: "git/not-installed",
    });
  });
});
