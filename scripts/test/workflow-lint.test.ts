/**
 * The workflow lint on files as an attacker, or a hurried engineer, would leave them. Each bad one is
 * the good one with one thing changed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, temporaryFolder } from "@wingman/testkit";
import { describe, expect, test } from "vitest";
import { lintWorkflows } from "../workflow-lint.mjs";
import { judgeWorkflow } from "../workflow-rules.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ID = "3d3c42e5aac5ba805825da76410c181273ba90b1";

const GOOD = `name: gate
on:
  pull_request:

permissions: {}

jobs:
  gate:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@${ID} # v7.0.1
        with:
          persist-credentials: false
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`;
const PRIVILEGED = GOOD.replace("pull_request:", "pull_request_target:");
const MAIN = GOOD.replace("pull_request:\n", "push: {branches: [main]}\n");
const ACTION = `name: Wingman
description: Judges
inputs:
  mode: {description: gate or audit, required: true}
runs:
  using: composite
  steps:
    - shell: bash
      working-directory: \${{ github.action_path }}
      run: node dist/wingman.mjs ci "$MODE"
      env:
        MODE: \${{ inputs.mode }}
`;

/** The text with one place of it changed. Fails where there is no such place. */
function changed(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`no ${from} in the text`);
  return text.replace(from, () => to);
}

/** `line rule` of each violation. */
function judged(text: string, file = "w.yml"): readonly string[] {
  return judgeWorkflow(file, text).map(({ line, rule }) => `${line} ${rule}`);
}

test.each([
  ["a workflow of pull requests", GOOD],
  ["one of the default branch's code", PRIVILEGED],
  ["one of main", MAIN],
  ["a composite action", ACTION],
  [
    "its own action, of the same commit",
    changed(GOOD, `actions/checkout@${ID} # v7.0.1`, "./.github/actions/x"),
  ],
  [
    "an image by its digest",
    changed(GOOD, `actions/checkout@${ID} # v7.0.1`, `docker://alpine@sha256:${"a".repeat(64)}`),
  ],
  [
    "a privileged checkout of the trusted side",
    changed(
      PRIVILEGED,
      "persist-credentials: false",
      "persist-credentials: false\n          ref: ${{ github.event.pull_request.base.sha }}",
    ),
  ],
  [
    "a secret of an environment, on main",
    changed(
      changed(MAIN, "    permissions:", "    environment: auditor\n    permissions:"),
      "github.event.pull_request.title",
      "secrets.KEY",
    ),
  ],
])("good: %s", (_title, text) => {
  expect(judgeWorkflow("w.yml", text)).toEqual([]);
});

describe("bad", () => {
  const uses = `actions/checkout@${ID} # v7.0.1`;
  test.each([
    ["a tag", changed(GOOD, uses, "actions/checkout@v7 # v7.0.1"), ["14 pin"]],
    ["a branch", changed(GOOD, uses, "actions/checkout@main # v7"), ["14 pin"]],
    ["a short id", changed(GOOD, uses, `actions/checkout@${ID.slice(0, 12)} # v7`), ["14 pin"]],
    ["no version behind the id", changed(GOOD, " # v7.0.1", ""), ["14 pin-comment"]],
    ["a comment that is no version", changed(GOOD, "# v7.0.1", "# pinned"), ["14 pin-comment"]],
    ["an image by its tag", changed(GOOD, uses, "docker://alpine:3"), ["14 pin"]],
    [
      "a reusable workflow by its branch",
      `${GOOD}  other:\n    permissions: {}\n    uses: acme/ci/.github/workflows/x.yml@main # v1\n`,
      ["22 pin"],
    ],
    ["no permissions at the top", changed(GOOD, "permissions: {}\n", ""), ["1 permissions"]],
    [
      "permissions for all jobs",
      changed(GOOD, "permissions: {}", "permissions: {contents: read}"),
      ["5 permissions"],
    ],
    [
      "every permission",
      changed(GOOD, "permissions:\n      contents: read", "permissions: write-all"),
      ["11 permissions"],
    ],
    [
      "credentials left behind",
      changed(GOOD, "persist-credentials: false", "fetch-depth: 0"),
      ["14 credentials"],
    ],
    [
      "credentials left behind by default",
      changed(GOOD, "        with:\n          persist-credentials: false\n", ""),
      ["14 credentials"],
    ],
    [
      "the same by another spelling of the name",
      changed(
        changed(GOOD, "actions/checkout", "Actions/Checkout"),
        "persist-credentials: false",
        "fetch-depth: 0",
      ),
      ["14 credentials"],
    ],
    ["no timeout", changed(GOOD, "    timeout-minutes: 5\n", ""), ["9 timeout"]],
    [
      "a key twice",
      changed(GOOD, "permissions: {}", "permissions: {}\npermissions: {}"),
      ["6 yaml"],
    ],
    ["no mapping", "- a\n", ["1 yaml"]],
  ])("%s", (_title, text, expected) => {
    expect(judged(text)).toEqual(expected);
  });

  test.each([
    "github.event.pull_request.title",
    "github.event.issue.body",
    "github.head_ref",
    "github.ref_name",
    "inputs.mode",
    "steps.x.outputs.y",
    "toJSON(github)",
    "env.TITLE",
  ])("%s in a command", (expression) => {
    expect(judged(changed(GOOD, '"$TITLE"', `"\${{ ${expression} }}"`))).toEqual(["17 injection"]);
    const block = `|\n          true\n          echo \${{${expression}}}`;
    expect(judged(changed(GOOD, 'echo "$TITLE"', block))).toEqual(["17 injection"]);
    expect(judged(changed(ACTION, '"$MODE"', `\${{ ${expression} }}`))).toEqual(["10 injection"]);
  });

  test("an expression in a script, or that chooses the shell", () => {
    const script = `actions/github-script@${ID} # v8\n        with:\n          script: console.log("\${{ github.head_ref }}")`;
    expect(judged(changed(GOOD, 'run: echo "$TITLE"', `uses: ${script}`))).toEqual([
      "19 injection",
    ]);
    expect(
      judged(
        changed(GOOD, 'run: echo "$TITLE"', 'run: echo\n        shell: "${{ github.head_ref }}"'),
      ),
    ).toEqual(["18 injection"]);
  });

  test("a stranger's line in the environment of later steps", () => {
    expect(judged(changed(GOOD, 'echo "$TITLE"', 'echo "T=$TITLE" >> "$GITHUB_ENV"'))).toEqual([
      "17 environment-file",
    ]);
  });

  describe.each(["pull_request_target", "workflow_run", "issue_comment"])("%s", (event) => {
    const text = changed(GOOD, "pull_request:", `${event}:`);
    test.each([
      ["ref", "${{ github.event.pull_request.head.sha }}"],
      ["ref", "${{ github.event.workflow_run.head_sha }}"],
      ["ref", "${{ github.head_ref }}"],
      ["ref", "refs/pull/1/merge"],
      ["ref", "${{ github.event.pull_request.base.sha || github.head_ref }}"],
      ["ref", "${{ steps.head.outputs.sha }}"],
      ["repository", "${{ github.event.pull_request.head.repo.full_name }}"],
      ["allow-unsafe-pr-checkout", "true"],
    ])("checks out %s %s", (key, value) => {
      const with_ = `persist-credentials: false\n          ${key}: ${value}`;
      expect(judged(changed(text, "persist-credentials: false", with_))).toEqual([
        "17 untrusted-checkout",
      ]);
    });

    test.each([
      'gh pr checkout "$N"',
      "git fetch origin pull/1/head && git checkout FETCH_HEAD",
      "git -C . worktree add x FETCH_HEAD",
      "git pull origin pull/1/head",
    ])("runs %s", (command) => {
      expect(judged(changed(text, 'echo "$TITLE"', command))).toEqual(["17 untrusted-checkout"]);
      expect(
        judged(changed(text, 'echo "$TITLE"', "git fetch origin main && git cat-file -p HEAD")),
      ).toEqual([]);
    });
  });

  describe("secrets", () => {
    const secret = (text: string, expression = "secrets.KEY") =>
      changed(text, "github.event.pull_request.title", expression);
    const environment = (text: string) =>
      changed(text, "    permissions:", "    environment: auditor\n    permissions:");

    test.each(["secrets.KEY", "secrets['KEY']", "toJSON(secrets)"])(
      "%s beside the head's code",
      (expression) => {
        expect(judged(secret(GOOD, expression))).toEqual(["19 secret-head"]);
        for (const event of ["push:", 'push: {branches: ["**"]}', "push: {branches-ignore: [x]}"]) {
          const any = changed(GOOD, "pull_request:", event);
          expect(judged(secret(any, expression))).toEqual(["19 secret-head"]);
        }
        expect(judged(environment(secret(GOOD, expression)))).toEqual([
          "11 secret-head",
          "20 secret-head",
        ]);
      },
    );

    test("the job's own token is none", () => {
      expect(judged(secret(GOOD, "secrets.GITHUB_TOKEN"))).toEqual([]);
    });

    test("a repository's secret, all of them, or one for every job", () => {
      expect(judged(secret(MAIN))).toEqual(["19 secret-environment"]);
      expect(
        judged(changed(MAIN, "    permissions:", "    secrets: inherit\n    permissions:")),
      ).toEqual(["11 secret-scope"]);
      const top = changed(MAIN, "jobs:", 'env: {KEY: "${{ secrets.KEY }}"}\njobs:');
      expect(judged(top)).toEqual(["7 secret-scope"]);
    });
  });
});

describe("the whole lint", () => {
  function repository(files: Readonly<Record<string, string>>): string {
    const root = temporaryFolder();
    mkdirSync(join(root, ".github/workflows"), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    return root;
  }

  test("this repository's own workflows are clean", async () => {
    const { files, found } = await lintWorkflows(ROOT);
    expect(found).toEqual([]);
    expect(files).toContain(".github/workflows/ci.yml");
  });

  test("actionlint reads workflows, and an action's steps at their own lines", async () => {
    const root = repository({
      ".github/workflows/a.yml": changed(
        GOOD,
        "    timeout-minutes: 5",
        "    needs: nobody\n    timeout-minutes: 5",
      ),
      ".github/workflows/b.yaml": changed(GOOD, "pull_request:", "pull_requests:"),
      "action.yml": changed(ACTION, "inputs.mode }}", "inputs.mode && }}"),
    });
    const { files, found } = await lintWorkflows(root);
    expect(files).toEqual([".github/workflows/a.yml", ".github/workflows/b.yaml", "action.yml"]);
    expect(found.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      ".github/workflows/a.yml:8 job-needs",
      ".github/workflows/b.yaml:3 events",
      "action.yml:12 expression",
    ]);
  });

  test("as a program: 0 clean, 1 with a place, 2 with nothing to look at", async () => {
    const lint = (root: string) =>
      runProgram(process.execPath, [join(ROOT, "scripts/workflow-lint.mjs"), root], { cwd: root });
    expect(await lint(repository({ ".github/workflows/a.yml": GOOD }))).toMatchObject({ code: 0 });
    const bad = await lint(repository({ ".github/workflows/a.yml": `${GOOD}permissions: {}\n` }));
    expect(bad).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(".github/workflows/a.yml:20  yaml: Map keys must be unique"),
    });
    expect(await lint(repository({}))).toMatchObject({ code: 2 });
    // Two cores shared with other tests: actionlint's 9 MB of WebAssembly take their time.
  }, 120_000);
});
