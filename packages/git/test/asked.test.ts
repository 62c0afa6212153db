/** What the shim asked git, against what the same questions give when they are asked here. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configGet, listRefs, openAtOneMoment, readAsked, resolve } from "../src/index.ts";
import { cleanEnv, commit, git, newRepo, temporaryDir } from "./fixture.ts";

const SHIM = readFileSync(new URL("../../../hooks/wingman-hook", import.meta.url), "utf8");
const ASK = `${/^ask_git\(\) \{\n[^]*?^\}\n/m.exec(SHIM)?.[0] ?? "no such function"}ask_git 2>/dev/null`;

/** The shim's own function, run by sh as the shim runs it. */
function pipeOf(cwd: string): Buffer {
  return execFileSync("sh", ["-c", ASK], { cwd, env: cleanEnv as NodeJS.ProcessEnv });
}

async function told(cwd: string, pipe?: Buffer) {
  const asked = pipe === undefined ? undefined : readAsked(pipe);
  const { repo, moment } = await openAtOneMoment({ cwd, env: cleanEnv, asked });
  const { gitDir, commonDir, workTree, bare, format } = repo;
  const answer = {
    ...{ gitDir, commonDir, workTree, bare, format },
    refs: await listRefs(moment),
    head: await resolve(moment, "HEAD"),
    branch: await configGet(moment, "wingman.policyBranch"),
  };
  await repo.close();
  return answer;
}

describe("what the shim asked", () => {
  it("is what the program would have been told: a work tree, a worktree, SHA-256", async () => {
    for (const flags of [[], ["--object-format=sha256"]]) {
      const dir = newRepo(...flags);
      commit(dir, { f: "1" });
      git(dir, ["config", "wingman.policyBranch", "ma\u00efn\nx"]);
      git(dir, ["branch", "caf\u00e9"]);
      const tree = join(temporaryDir(), "tr ee");
      git(dir, ["worktree", "add", "-q", "-b", "side", tree]);
      for (const place of [dir, tree]) {
        expect(readAsked(pipeOf(place))).toBeDefined();
        expect(await told(place, pipeOf(place))).toEqual(await told(place));
      }
    }
  });

  it("is asked again where it is cut, mixed up, or git failed", async () => {
    const dir = newRepo();
    commit(dir, { f: "1" });
    const whole = pipeOf(dir);
    const right = await told(dir);
    for (let end = 0; end < whole.length; end += 97)
      expect(await told(dir, whole.subarray(0, end))).toEqual(right);
    const text = whole.toString("latin1");
    for (const spoiled of [
      text.replace("wingman-asked 0", "wingman-asked 128"),
      text.replace(/wingman-asked 0\n$/, "wingman-asked 1\n"),
      `${text}more`,
      text.replace(/^\{"event":"version".*\n/m, ""),
      text.replace(/^sha1$/m, "md5"),
      "wingman-asked 0\nwingman-asked 0\n",
    ])
      expect(await told(dir, Buffer.from(spoiled, "latin1"))).toEqual(right);
    const bare = join(temporaryDir(), "none");
    git(dir, ["init", "-q", "--bare", bare]);
    expect(readAsked(pipeOf(bare))).toBeUndefined();
  });
});
