/**
 * The audit's and the safety net's own steps, executed: what a lying run becomes on GitHub, where no
 * hook of ours stands: a FALSE on the remote's ledger branch, an issue, a message, a red check.
 */
import { generateKeyPairSync } from "node:crypto";
import { alice, instructionText, withKey } from "@wingman/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Forge, forge, pullRequest, pushed, runStep } from "./github-runner.ts";
import { ALL_CHANNELS, lyingRun, type Voices, voices } from "./voices.ts";
import { writeRun } from "./worker-world.ts";

const PATIENCE = 120_000;
const liar = withKey(alice);
let at: Forge;
let all: Voices;
let secrets: Record<string, string>;
/** What the runner itself knows: where GitHub is, and here where Telegram's double is. */
let runner: Record<string, string>;
let adopted: string;

beforeAll(async () => {
  [at, all] = await Promise.all([forge(ALL_CHANNELS, `${liar.signersLine}\n`), voices()]);
  adopted = await at.clone.git("rev-parse", "main");
  const { privateKey } = generateKeyPairSync("ed25519");
  const { GITHUB_API_URL = "", WINGMAN_TELEGRAM_API = "", ...rest } = all.env;
  runner = { GITHUB_API_URL, WINGMAN_TELEGRAM_API };
  secrets = {
    ...rest,
    WINGMAN_AUDITOR_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}, PATIENCE);
afterAll(async () => {
  await all.close();
});

/** A commit of the worker's own, on a new branch, that closes a run; pushed to `ref`. */
async function closed(
  run: ReturnType<typeof writeRun>,
  from: string,
  ref: string,
): Promise<string> {
  await at.clone.git("checkout", "-q", "-f", "-B", "work", from);
  const files = { [run.path]: run.text };
  // It also confesses that it left its hooks out: for the record, and for nothing else.
  const trailer = `${run.trailer}\nWingman-Skip: in a hurry`;
  const oid = await at.clone.commit("Work", { as: liar, sign: liar, trailer, files });
  await at.clone.git("push", "-q", "origin", `HEAD:${ref}`);
  return oid;
}

const lies = (count: number) => lyingRun(count, { on: instructionText() });

async function ledger(): Promise<{ kind: string; [field: string]: unknown }[]> {
  const text = await at.remote.git("cat-file", "blob", "wingman-ledger:log/000000.jsonl");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const falses = async () => (await ledger()).filter((one) => one["verdict"] === "FALSE");

test(
  "the first audit begins the ledger on the remote",
  async () => {
    const ran = await runStep(at, "audit", pushed(undefined, adopted, "mark"), runner, secrets);
    expect(`${ran.code} ${ran.stderr}`).toBe("0 ");
    expect((await ledger())[0]).toMatchObject({ kind: "genesis", origin: "acme/shop" });
  },
  PATIENCE,
);

test(
  "a lie that was pushed is recorded as FALSE and told, and the check is red",
  async () => {
    const after = await closed(lies(20), "main", "refs/heads/main");
    const event = pushed(adopted, after, "alice-bot");
    const ran = await runStep(at, "audit", event, runner, secrets);
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.outputs).toContain("status=refused");
    expect(await falses()).toHaveLength(20);
    expect((await falses())[0]).toMatchObject({ worker: "claude-code/alice", accuses: true });
    expect(all.telegram.messages).toHaveLength(1);
    expect(all.webhook.events).toHaveLength(1);
    expect(all.github.state.issues).toHaveLength(1);
    expect(all.github.state.issues[0]?.body).toContain("**Occurrences: 20.**");
    const records = await ledger();
    expect(records.filter((one) => one.kind === "alert")).toHaveLength(4);
    expect(records.filter((one) => one.kind === "skip")).toMatchObject([
      { reason: "in a hurry", by: "claude-code/alice", where: `commit ${after}` },
    ]);
    const again = await runStep(at, "audit", event, runner, secrets);
    expect(again.code).toBe(1);
    expect(await ledger()).toEqual(records);
    expect(all.telegram.messages).toHaveLength(1);
    expect(all.github.state.issues[0]?.comments).toEqual([]);
  },
  PATIENCE,
);

test(
  "a lie in a pull request is recorded where no channel is set up, and the safety net tells it",
  async () => {
    const head = await closed(lies(1), adopted, "refs/pull/2/head");
    const event = pullRequest(adopted, head, "alice-bot", "pull_request_target");
    const { WINGMAN_AUDITOR_KEY = "" } = secrets;
    const ran = await runStep(at, "audit", event, runner, { WINGMAN_AUDITOR_KEY });
    expect(ran.code, ran.stderr).toBe(1);
    expect(ran.stderr).toContain("no telegram: WINGMAN_TELEGRAM_TOKEN is not set");
    expect(ran.stderr).toContain("no github: GITHUB_TOKEN is not set");
    expect(await falses()).toHaveLength(21);
    expect(all.telegram.messages).toHaveLength(1);
    // A schedule's payload names nothing but the line of cron.
    const schedule = {
      name: "schedule",
      payload: { schedule: "7,22,37,52 * * * *" },
      actor: "mark",
    };
    const net = { ...runner, GITHUB_REF_NAME: "main" };
    const told = await runStep(at, "watch", schedule, net, secrets);
    expect(`${told.code} ${told.stderr}`).toBe("0 ");
    expect(all.telegram.messages).toHaveLength(2);
    expect(all.github.state.issues).toHaveLength(1);
    expect(all.github.state.issues[0]?.body).toContain("**Occurrences: 21.**");
    const records = await ledger();
    const again = await runStep(at, "watch", schedule, net, secrets);
    expect(again.stdout).toContain("0 steps performed");
    expect(await ledger()).toEqual(records);
  },
  PATIENCE,
);

test(
  "without the auditor's key nothing is judged as if it were: a fault",
  async () => {
    const { WINGMAN_AUDITOR_KEY: _, ...rest } = secrets;
    const before = await ledger();
    const event = pushed(undefined, adopted, "mark");
    const ran = await runStep(at, "audit", event, runner, rest);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("code: ledger/no-key");
    expect(ran.stderr).toContain("help: ");
    expect(await ledger()).toEqual(before);
  },
  PATIENCE,
);

test(
  "a channel that refuses turns the safety net red, and an honest run tells nobody",
  async () => {
    const honest = writeRun({
      on: instructionText(),
      claims: [["file.contains", { path: "README.md", literal: "# Shop" }]],
    });
    const head = await closed(honest, adopted, "refs/pull/3/head");
    const event = pullRequest(adopted, head, "alice-bot", "pull_request_target");
    const ran = await runStep(at, "audit", event, runner, secrets);
    expect(ran.code, ran.stderr).toBe(0);
    expect(all.telegram.messages).toHaveLength(2);
    const lie = await closed(lies(1), adopted, "refs/pull/4/head");
    const refused = { kind: "error", code: 403, description: "Forbidden: bot was kicked" } as const;
    all.telegram.refuse(refused, refused);
    const lying = pullRequest(adopted, lie, "alice-bot", "pull_request_target");
    const audit = await runStep(at, "audit", lying, runner, secrets);
    expect(audit.code).toBe(1);
    expect(audit.stderr).toContain("telegram has not taken claude-code/alice@INS-0007");
    const schedule = { name: "schedule", payload: { schedule: "7 * * * *" }, actor: "mark" };
    const net = { ...runner, GITHUB_REF_NAME: "main" };
    expect((await runStep(at, "watch", schedule, net, secrets)).code).toBe(2);
    expect((await runStep(at, "watch", schedule, net, secrets)).code).toBe(0);
    expect(all.telegram.messages).toHaveLength(3);
  },
  PATIENCE,
);

test("no secret was shown or recorded, and GitHub's description was kept to", async () => {
  expect(all.github.violations).toEqual([]);
  const text = JSON.stringify(await ledger());
  for (const one of [...all.secrets, ...Object.values(secrets)]) expect(text).not.toContain(one);
});

test(
  "a lie whose audit never ran is found by the safety net, and recorded once",
  async () => {
    const before = (await falses()).length;
    await closed(lies(1), adopted, "refs/heads/missed");
    const schedule = { name: "schedule", payload: { schedule: "7 * * * *" }, actor: "" };
    const ran = await runStep(at, "watch", schedule, runner, secrets);
    expect(`${ran.code} ${ran.stderr}`).toBe("0 ");
    expect(ran.stdout).toContain("that no audit had judged");
    expect(await falses()).toHaveLength(before + 1);
    expect((await falses()).at(-1)).toMatchObject({ accuses: true, proof: "signature" });
    const again = await runStep(at, "watch", schedule, runner, secrets);
    expect(again.stdout).not.toContain("that no audit had judged");
    expect(await falses()).toHaveLength(before + 1);
  },
  PATIENCE,
);
