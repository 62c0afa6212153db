/** A workflow's own step, run as GitHub's runner would: its line of the YAML, its environment, an event. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  gitEnvironment,
  instructionText,
  newRepository,
  type Overrides,
  policyText,
  type Ran,
  runProgram,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** The last step that runs something in a workflow's only job: the one that judges. */
function lastStep(name: string): Step {
  const workflow = parse(readFileSync(`${root}.github/workflows/${name}.yml`, "utf8")) as Workflow;
  const steps = Object.values(workflow.jobs)[0]?.steps ?? [];
  return steps.findLast((step) => step.run !== undefined) ?? {};
}

export interface Forge {
  readonly server: string;
  readonly remote: TestRepository;
  readonly clone: TestRepository;
}

/** A bare remote that has no hooks of ours, as GitHub has none, and a clone with Wingman adopted. */
export async function forge(policy: Overrides = {}, signers = ""): Promise<Forge> {
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
        ...policy,
      }),
      ".wingman/allowed_signers": signers,
      ".wingman/instructions/INS-0007.md": instructionText(),
      "README.md": "# Shop\n",
    },
  });
  await clone.git("remote", "add", "origin", folder);
  await clone.git("push", "-q", "origin", "main");
  return { server, remote, clone };
}

export interface RunnerEvent {
  readonly name: string;
  readonly payload: object;
  readonly actor: string;
}

/** `more` is set on the runner; of `secrets` the step gets what its own YAML names. */
export async function runStep(
  at: Forge,
  name: string,
  event: RunnerEvent,
  more: Readonly<Record<string, string>> = {},
  secrets: Readonly<Record<string, string>> = {},
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
  const step = lastStep(name);
  const given = Object.keys(step.env ?? {}).map((one) => [one, secrets[one] ?? ""] as const);
  // As the runner does: bash -e, in the checkout of the base.
  const ran = await runProgram("bash", ["-e", "-c", step.run ?? ""], {
    cwd: root,
    env: gitEnvironment({
      ...Object.fromEntries(given),
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_SERVER_URL: `file://${at.server}`,
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_TRIGGERING_ACTOR: event.actor,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_OUTPUT: files.out,
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

export function pullRequest(
  base: string,
  head: string,
  login: string,
  name = "pull_request",
): RunnerEvent {
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
  return { name, payload, actor: login };
}

/** A push to main; `before` is undefined where it made the branch. */
export function pushed(before: string | undefined, after: string, login: string): RunnerEvent {
  const payload = {
    ref: "refs/heads/main",
    before: before ?? "0".repeat(40),
    after,
    repository,
    sender: { login },
  };
  return { name: "push", payload, actor: login };
}
