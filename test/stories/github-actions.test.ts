/**
 * The workflows' own steps, executed: `run` lines taken from the YAML, with the environment that the
 * runner would set, against a real remote. The head is never checked out.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  gitEnvironment,
  instructionText,
  newRepository,
  PROGRAM,
  policyText,
  type Ran,
  runProgram,
  secret,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>
  >;
}

/** The last `run` of a workflow's only job: the one that judges. */
function lastRun(name: string): string {
  const workflow = parse(readFileSync(`${root}.github/workflows/${name}.yml`, "utf8")) as Workflow;
  const steps = Object.values(workflow.jobs)[0]?.steps ?? [];
  return steps.findLast((step) => step.run !== undefined)?.run ?? "";
}

interface World {
  readonly server: string;
  readonly remote: TestRepository;
  readonly clone: TestRepository;
}

async function world(): Promise<World> {
  const server = temporaryFolder();
  const folder = join(server, "acme", "shop");
  mkdirSync(folder, { recursive: true });
  const remote = await newRepository({ bare: true, folder });
  await remote.git("config", "uploadpack.allowAnySHA1InWant", "true");
  const clone = await newRepository();
  await clone.commit("Adopt", {
    files: {
      ".wingman/policy.yaml": policyText({
        administrators: ["mark"],
        people: ["dana"],
        commands: { unit: { run: ["node", "--test"] } },
      }),
      ".wingman/allowed_signers": "",
      ".wingman/instructions/INS-0007.md": instructionText(),
      "README.md": "# Shop\n",
    },
  });
  await clone.git("remote", "add", "origin", folder);
  await clone.git("push", "-q", "origin", "main");
  return { server, remote, clone };
}

async function runStep(
  at: World,
  name: string,
  event: { name: string; payload: object; actor: string },
  more: Record<string, string> = {},
): Promise<Ran & { summary: string; outputs: string }> {
  const folder = temporaryFolder();
  const files = {
    event: join(folder, "event.json"),
    summary: join(folder, "s.md"),
    out: join(folder, "o"),
  };
  writeFileSync(files.event, JSON.stringify(event.payload));
  writeFileSync(files.summary, "");
  writeFileSync(files.out, "");
  // As the runner does: bash -e, in the checkout of the base.
  const ran = await runProgram("bash", ["-e", "-c", lastRun(name)], {
    cwd: root,
    env: gitEnvironment({
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_SERVER_URL: `file://${at.server}`,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TRIGGERING_ACTOR: event.actor,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_OUTPUT: files.out,
      GITHUB_TOKEN: "none",
      ...more,
    }),
  });
  return {
    ...ran,
    summary: readFileSync(files.summary, "utf8"),
    outputs: readFileSync(files.out, "utf8"),
  };
}

const repository = { full_name: "acme/shop", default_branch: "main" };

function pullRequest(
  base: string,
  head: string,
  login: string,
): { name: string; payload: object; actor: string } {
  const payload = {
    action: "synchronize",
    repository,
    sender: { login },
    pull_request: {
      number: 1,
      base: { ref: "main", sha: base },
      head: { ref: "topic", sha: head },
    },
  };
  return { name: "pull_request", payload, actor: login };
}

describe("the gate of a pull request", () => {
  let at: World;
  let base: string;
  beforeAll(async () => {
    expect(PROGRAM).toContain("dist");
    at = await world();
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
    const none = await runStep(at, "gate", pullRequest(base, base, "dana"), {
      GITHUB_EVENT_PATH: "",
    });
    expect(none.code).toBe(2);
  });
});
