/** Good files for stories: a policy and an instruction that pass as they are, with any key overridden. */

/** Keys of a file; undefined leaves one out. */
export type Overrides = Readonly<Record<string, unknown>>;

const POLICY: Overrides = {
  v: 1,
  revision: 1,
  origin: "acme/shop",
  governed: ["main"],
  mode: "enforce",
  identity: { unattributed: "person", unproven: "incident" },
  administrators: ["mark@acme.example"],
  workers: {
    "claude-code/alice": { principals: ["alice-bot@acme.example"], logins: ["alice-bot"] },
  },
  commands: { unit: { run: ["node", "--test"], timeout: "120s", results: { format: "tap" } } },
};

const INSTRUCTION: Overrides = {
  id: "INS-0007",
  title: "Rotate the signing keys every 30 days",
  environment: "test",
  worker: "claude-code/alice",
  deliverables: [
    { "file.exists": { path: "src/keys/rotate.mjs" } },
    { "file.contains": { path: "docs/rotation.md", literal: "## Rolling back" } },
  ],
  success_criteria: [
    { "suite.passes": { command: "unit" } },
    "A key older than 30 days is refused with KEY_EXPIRED within 1 second",
  ],
  boundaries: {
    allow: ["src/keys/**", "test/keys/**", "docs/rotation.md"],
    deny: ["src/keys/vault/**"],
  },
  dependencies: { none: "The key store interface is already on main; nothing is added" },
  mitigation:
    "Revert the merge; keys issued by the old code stay valid for 7 days, so nobody is locked out",
  test_process: ["unit"],
  test_results_format: { format: "tap", path: "out/unit.tap" },
  resource_requirements: {
    time: "2h",
    compute: "one CI runner",
    access: "this repository only",
    cost: "under 1 USD",
  },
  risk_assessment: {
    level: "medium",
    why: "A wrong expiry would reject valid logins; the 7 days limit it",
  },
  quality_metrics: [{ name: "coverage.lines", op: ">=", value: 90 }],
};

/** `.wingman/policy.yaml` with Mark as administrator and one worker, claude-code/alice. */
export function policyText(overrides: Overrides = {}): string {
  return yamlOf({ ...POLICY, ...overrides });
}

/** `.wingman/instructions/INS-0007.md`: all ten points, typed, with real content. */
export function instructionText(overrides: Overrides & { readonly body?: string } = {}): string {
  const {
    body = "Write `src/keys/rotate.mjs`. Nothing under `src/keys/vault` may change.",
    ...keys
  } = overrides;
  return `---\n${yamlOf({ ...INSTRUCTION, ...keys })}---\n${body}\n`;
}

/** One key a line, values as JSON, which is YAML. */
function yamlOf(values: Overrides): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}
