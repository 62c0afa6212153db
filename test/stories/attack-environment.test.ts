/**
 * A server's hook in odd surroundings: next to no environment, no home, no place for temporary files,
 * git's own variables set to whatever an operator or a forge sets them to. A secret is refused in each,
 * and honest work lands, or the hook says why it cannot judge: it never lets anything pass unseen.
 */
import { runProgram, secret } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, governed } from "./governed.ts";

const PATHS = { PATH: process.env["PATH"] };

describe("pre-receive", () => {
  let world: Governed;
  let count = 0;
  beforeAll(async () => {
    world = await governed();
  }, 60_000);

  /** Pushes one commit, with only this environment; gives the answer and whether it landed. */
  async function push(text: string, env: Readonly<Record<string, string | undefined>>) {
    count += 1;
    const { clone, server } = world;
    await clone.git("checkout", "-q", "-f", "-B", "topic", "origin/main");
    await clone.commit("Work", { files: { "a.txt": `${text} ${count}\n` } });
    const ref = `refs/heads/env-${count}`;
    const given = Object.entries({ ...PATHS, ...env })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${value}`);
    const args = ["-i", ...given, "git", "push", "-q", server.folder, `HEAD:${ref}`];
    const ran = await runProgram("env", args, { cwd: clone.folder });
    const landed = await server.tryGit(["rev-parse", "--verify", "-q", ref]);
    return { ...ran, landed: landed.code === 0 };
  }

  test.each([
    ["nothing but a path", {}],
    ["no home and another language", { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }],
    ["git's traces on", { GIT_TRACE: "1", GIT_TRACE_SETUP: "1", GIT_TRACE2: "1" }],
    ["events of git traced in brief", { GIT_TRACE2_EVENT: "1", GIT_TRACE2_EVENT_BRIEF: "1" }],
    ["pathspecs taken literally", { GIT_LITERAL_PATHSPECS: "1" }],
    ["pathspecs in any letters", { GIT_ICASE_PATHSPECS: "1" }],
    ["replacements asked for elsewhere", { GIT_REPLACE_REF_BASE: "refs/heads/" }],
    ["a file of grafts", { GIT_GRAFT_FILE: "/dev/stdin" }],
    ["another default hash", { GIT_DEFAULT_HASH: "sha256" }],
    ["settings from the command line", { GIT_CONFIG_PARAMETERS: "'core.quotepath=true'" }],
    ["a debugger's preload", { NODE_OPTIONS: "--require /nowhere/at-all.js" }],
  ])("with %s refuses a secret and takes honest work", async (_, env) => {
    const refused = await push(secret("github"), env);
    expect(refused.stderr).toContain("secrets/found");
    expect(refused.landed).toBe(false);
    const honest = await push("fine", env);
    expect(honest.code === 0 ? "" : honest.stderr).toBe("");
    expect(honest.landed).toBe(true);
  });

  test.each([["a namespace of refs, whose branches are other ones", { GIT_NAMESPACE: "tenant" }]])(
    "with %s does not judge, and says so",
    async (_, env) => {
      for (const text of [secret("github"), "fine"]) {
        const ran = await push(text, env);
        expect(ran.code).not.toBe(0);
        expect(ran.landed).toBe(false);
        expect(ran.stderr).toMatch(/namespace/i);
        const refs = await world.server.git("for-each-ref", "refs/namespaces/");
        expect(refs).toBe("");
      }
    },
  );
});
