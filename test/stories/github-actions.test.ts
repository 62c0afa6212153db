/**
 * The workflows' own steps, executed: `run` lines taken from the YAML, with the environment that the
 * runner would set, against a real remote. The head is never checked out.
 */
import { PROGRAM, policyText, secret } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Forge, forge, pullRequest, runStep } from "./github-runner.ts";

describe("the gate of a pull request", () => {
  let at: Forge;
  let base: string;
  beforeAll(async () => {
    expect(PROGRAM).toContain("dist");
    at = await forge();
    base = await at.clone.git("rev-parse", "main");
  }, 60_000);

  async function head(name: string, files: Record<string, string>): Promise<string> {
    await at.clone.git("checkout", "-q", "-B", name, "main");
    const oid = await at.clone.commit(name, { files });
    await at.clone.git("push", "-q", "-f", "origin", `HEAD:refs/pull/1/${name}`);
    return oid;
  }

  test("an honest one passes, with a summary and outputs", async () => {
    const oid = await head("honest", { "src/a.ts": "export const a = 1;\n" });
    const ran = await runStep(at, "gate", pullRequest(base, oid, "dana"));
    expect(`${ran.code} ${ran.stderr}`).toBe("0 ");
    expect(ran.summary).toContain("Nothing wrong");
    expect(ran.outputs).toContain("status=passed");
  });

  test("a secret is refused at its line, and never shown", async () => {
    const text = secret("github");
    const oid = await head("leak", { "src/b.ts": `// one\nconst key = "${text}";\n` });
    const ran = await runStep(at, "gate", pullRequest(base, oid, "dana"));
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^::error title=secrets\/found,file=src\/b\.ts,line=2,col=\d+::/m);
    expect(ran.outputs).toContain("status=refused");
    for (const shown of [ran.stdout, ran.stderr, ran.summary]) expect(shown).not.toContain(text);
  });

  test("a skipped hook is told as a warning, and excuses nothing", async () => {
    const told = async (files: Record<string, string>) => {
      await at.clone.git("checkout", "-q", "-B", "skipped", "main");
      const message = "Fix it\n\nWingman-Skip: the build server is down";
      const oid = await at.clone.commit(message, { files });
      await at.clone.git("push", "-q", "-f", "origin", "HEAD:refs/pull/1/skipped");
      return await runStep(at, "gate", pullRequest(base, oid, "dana"));
    };
    const passed = await told({ "src/s.ts": "export const s = 1;\n" });
    expect(`${passed.code} ${passed.stderr}`).toBe("0 ");
    expect(passed.stdout).toMatch(/^::warning title=hooks\/skipped[^\n]*the build server is down/m);
    expect(passed.summary).toContain("hooks/skipped");
    const refused = await told({ "src/s.ts": `const s = "${secret("github")}";\n` });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("secrets/found");
  });

  test("law is refused for a person, and passes when an administrator asks for the run", async () => {
    const text = policyText({
      administrators: ["mark"],
      people: ["dana", "eve"],
      revision: 2,
      commands: { unit: { run: ["node", "--test"] } },
    });
    const oid = await head("law", { ".wingman/policy.yaml": text });
    const refused = await runStep(at, "gate", pullRequest(base, oid, "dana"));
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("law/protected");
    const landed = await runStep(at, "gate", { ...pullRequest(base, oid, "dana"), actor: "mark" });
    expect(`${landed.code} ${landed.stderr}`).toBe("0 ");
  });

  test("a policy weakened in the head does not judge it", async () => {
    const oid = await head("weak", {
      ".wingman/policy.yaml": policyText({ mode: "warn", revision: 9, administrators: ["dana"] }),
    });
    const ran = await runStep(at, "gate", pullRequest(base, oid, "dana"));
    expect(ran.code).toBe(1);
  });

  test("a name that attacks the log starts no command", async () => {
    const oid = await head("evil", {
      "a\n::error file=x::y\n::stop-commands::z.txt": `${secret("github")}\n`,
    });
    const ran = await runStep(at, "gate", pullRequest(base, oid, "dana"));
    expect(ran.code).toBe(1);
    for (const line of ran.stdout.split("\n"))
      if (/^\s*::/.test(line)) expect(line).toMatch(/^::(error|warning) title=[a-z/%0-9A-Z -]+,?/);
  });

  test("a payload that is none is a fault, and so is a missing one", async () => {
    const bad = await runStep(at, "gate", {
      name: "pull_request",
      payload: { pull_request: { base: { sha: "; rm -rf" } } },
      actor: "dana",
    });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain("ci/event");
    expect(bad.summary).toContain("could not judge");
    expect(bad.outputs).toContain("status=fault");
    const none = await runStep(at, "gate", pullRequest(base, base, "dana"), {
      GITHUB_EVENT_PATH: "",
    });
    expect(none.code).toBe(2);
  });
});
