/**
 * Services that refuse, wait, lie, cut and fall silent, and a watcher that is killed: nothing is lost,
 * hardly anything is said twice, each miss is one clear line, and no secret is ever shown.
 */
import { spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  gitEnvironment,
  PROGRAM,
  type Ran,
  repositoryAt,
  runWingman,
  secret,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  ALL_CHANNELS,
  leaksOf,
  lyingRun,
  outboxOf,
  pushRun,
  twoHoursLater,
  type Voices,
  voices,
  watchOnce,
} from "./voices.ts";
import { workerWorld } from "./worker-world.ts";

const PATIENCE = 120_000;
const ISSUES = "/repos/acme/shop/issues";

/** A server on which three lies are recorded, and only its console has told of them. */
let server: TestRepository;
beforeAll(async () => {
  const world = await workerWorld({ policy: ALL_CHANNELS });
  const push = await pushRun(world, lyingRun(3));
  if (push.code !== 0) throw new Error(push.stderr);
  server = world.server;
}, PATIENCE);

const open: Voices[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A copy of that server, and three services of its own. */
async function place(): Promise<{ at: TestRepository; all: Voices }> {
  const folder = join(temporaryFolder(), "shop.git");
  cpSync(server.folder, folder, { recursive: true });
  const all = await voices();
  open.push(all);
  return { at: repositoryAt(folder), all };
}

type Channel = "telegram" | "webhook" | "github";

interface Trouble {
  /** Makes the services go wrong. Gives variables that the watcher gets for this pass. */
  readonly stir: (all: Voices) => Readonly<Record<string, string>> | undefined;
  /** What is said of each channel that does not take it. */
  readonly misses: Partial<Record<Channel, RegExp>>;
  readonly mend?: (all: Voices) => void;
}

/** Why each channel has not taken its step, as the pass says it. */
function missesOf(ran: Ran): Record<string, string> {
  const lines = ran.stderr.matchAll(/^wingman watch: (\w+) has not taken [^\n]*?: (.+)$/gm);
  const all = [...lines].map((line) => [line[1] ?? "", line[2] ?? ""] as const);
  expect(new Set(all.map(([channel]) => channel)).size).toBe(all.length);
  return Object.fromEntries(all);
}

/** The channels that the ledger says have been told, each as often as it says so. */
async function recorded(at: TestRepository): Promise<string[]> {
  const args = ["ledger", "show", "--kind", "alert", "--format", "json"];
  const { stdout } = await runWingman(args, { cwd: at.folder });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { channel: string; outcome: string; latencyMs: number })
    .map((one) => `${one.channel} ${one.outcome} ${Number.isSafeInteger(one.latencyMs)}`)
    .sort();
}

const EVERYBODY_ONCE = ["console", "github", "telegram", "webhook"].map((one) => `${one} ok true`);

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "ask to wait a moment, or fail once": {
    stir: ({ telegram, webhook, github }) => {
      telegram.refuse({ kind: "wait", seconds: 1 });
      webhook.misbehave({ kind: "status", status: 500 });
      github.fail({ path: ISSUES, status: 500 });
      return undefined;
    },
    misses: {},
  },
  "are slow, or fall silent": {
    stir: ({ telegram, webhook, github }) => {
      telegram.misbehave({ kind: "slow", ms: 1000 });
      webhook.misbehave({ kind: "stall" });
      github.fail({ path: ISSUES, delayMs: 1000 });
      return undefined;
    },
    misses: {},
  },
  "speak garbage, or cut the line before they act": {
    stir: ({ telegram, webhook, github }) => {
      telegram.misbehave({ kind: "garbage" });
      webhook.misbehave({ kind: "cut" });
      github.fail({ path: ISSUES, body: "<html>welcome to the hotel</html>", status: 200 });
      return undefined;
    },
    misses: {},
  },
  "know no such token": {
    stir: () => ({
      WINGMAN_TELEGRAM_TOKEN: secret("telegram"),
      WINGMAN_WEBHOOK_SECRET: secret("npm"),
      GITHUB_TOKEN: secret("github"),
    }),
    misses: {
      telegram: /^Telegram refused the token; check WINGMAN_TELEGRAM_TOKEN \(401\)/,
      webhook: /^the webhook answered 401/,
      github: /^GitHub refused the token; check GITHUB_TOKEN \(401\)/,
    },
  },
  "forbid it, and show the token to whoever reads the answer": {
    stir: ({ telegram, webhook, github, secrets }) => {
      const description = `Forbidden: bot ${secrets[0]} was kicked`;
      const body = JSON.stringify({ ok: false, error_code: 403, description });
      telegram.misbehave({ kind: "status", status: 403, body });
      webhook.misbehave({ kind: "status", status: 403, body: `no: ${secrets[1]}` });
      return { GITHUB_TOKEN: github.grant({ metadata: "read", issues: "read" }) };
    },
    misses: {
      telegram: /^the bot may not write to this chat.*\[secret\] was kicked$/,
      webhook: /^the webhook answered 403.*\[secret\]/,
      github: /^the token may not write issues in acme\/shop; give it issues: write \(403\)/,
    },
  },
  "have no such place": {
    stir: ({ telegram, webhook, github }) => {
      const description = "Bad Request: chat not found";
      telegram.refuse({ kind: "error", code: 400, description });
      webhook.misbehave({ kind: "status", status: 404 });
      github.state.issuesEnabled = false;
      return undefined;
    },
    misses: {
      telegram:
        /^Telegram refused the message; check notify\.telegram\.chat \(400\).*chat not found$/,
      webhook: /^the webhook answered 404/,
      github: /^issues are disabled in acme\/shop; turn them on in its settings \(410\)/,
    },
    mend: ({ github }) => {
      github.state.issuesEnabled = true;
    },
  },
  "say 200 and mean no, send elsewhere, or hide": {
    stir: ({ telegram, webhook }) => {
      telegram.refuse({ kind: "lie" });
      webhook.misbehave({ kind: "redirect", to: "http://127.0.0.1:9/" });
      // GitHub's 404 for what a token may not know of.
      return { GITHUB_API_URL: telegram.url };
    },
    misses: {
      telegram: /^the bot may not write to this chat.*\(403\); it says: Forbidden: a lie$/,
      webhook: /^answered with a redirect \(307\), which is not followed$/,
      github: /^GitHub shows no acme\/shop to this token; check tracker\.github\.repository/,
    },
  },
  "ask for an hour": {
    stir: ({ telegram, webhook, github }) => {
      telegram.refuse({ kind: "wait", seconds: 3600 });
      const headers = { "retry-after": "3600" };
      webhook.misbehave({ kind: "status", status: 429, headers });
      github.fail({ path: ISSUES, status: 429, headers });
      return undefined;
    },
    misses: {
      telegram: /^Telegram asks to wait \(429\)/,
      webhook: /^the webhook answered 429/,
      github: /^GitHub asks to wait \(429\)/,
    },
  },
  "are not there at all": {
    // A port that no service has, and that fetch does not refuse by itself.
    stir: () => ({
      WINGMAN_TELEGRAM_API: "http://127.0.0.1:2",
      WINGMAN_WEBHOOK_URL: "http://127.0.0.1:2/hook",
      GITHUB_API_URL: "http://127.0.0.1:2",
    }),
    misses: {
      telegram: /^no connection \(ECONNREFUSED\)$/,
      webhook: /^no connection \(ECONNREFUSED\)$/,
      github: /^no connection \(ECONNREFUSED\)$/,
    },
  },
};

describe("services that", () => {
  test.each(Object.entries(TROUBLES))("%s", { timeout: PATIENCE }, async (_, trouble) => {
    const { at, all } = await place();
    const first = await watchOnce(at, { ...all.env, ...trouble.stir(all) });
    const missed = Object.keys(trouble.misses);
    expect(Object.keys(missesOf(first)).sort(), first.stderr).toEqual([...missed].sort());
    for (const [channel, why] of Object.entries(trouble.misses))
      expect(missesOf(first)[channel]).toMatch(why);
    expect(first.code).toBe(missed.length === 0 ? 0 : 2);
    expect(first.stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
    const failed = outboxOf(at).filter((row) => row.what === "failed");
    expect(failed.map((row) => row.alert?.channel).sort()).toEqual([...missed].sort());
    // What failed rests: asked again at once, nobody is.
    const asked = () => all.telegram.requests.length + all.github.requests.length;
    const before = asked();
    const second = await watchOnce(at, all.env);
    expect([second.code, asked() - before]).toEqual([0, 0]);
    trouble.mend?.(all);
    twoHoursLater(at);
    const third = await watchOnce(at, all.env);
    expect(third.code, third.stderr).toBe(0);
    expect(await recorded(at)).toEqual(EVERYBODY_ONCE);
    expect(all.telegram.messages).toHaveLength(1);
    expect(all.webhook.events).toHaveLength(1);
    expect(all.github.state.issues).toHaveLength(1);
    expect(all.github.violations).toEqual([]);
    const said = [first, second, third].flatMap((ran) => [ran.stdout, ran.stderr]);
    expect(await leaksOf(at, all.secrets, said)).toEqual([]);
  });

  test(
    "act, and lose their answer: one repeat at most, and one issue",
    async () => {
      const { at, all } = await place();
      all.telegram.misbehave({ kind: "cut", after: true });
      all.webhook.misbehave({ kind: "cut", after: true });
      all.github.fail({ method: "POST", path: ISSUES, performed: true, cut: true });
      const ran = await watchOnce(at, all.env);
      expect(ran.code, ran.stderr).toBe(0);
      expect(await recorded(at)).toEqual(EVERYBODY_ONCE);
      expect(all.telegram.messages).toHaveLength(2);
      expect(all.webhook.ids.size).toBe(1);
      expect(all.github.state.issues).toHaveLength(1);
    },
    PATIENCE,
  );
});

test(
  "without any token each channel is missed aloud, and told once there is one",
  async () => {
    const { at, all } = await place();
    const ran = await watchOnce(at, {});
    for (const [channel, name] of [
      ["telegram", "WINGMAN_TELEGRAM_TOKEN"],
      ["webhook", "WINGMAN_WEBHOOK_URL"],
      ["github", "GITHUB_TOKEN"],
    ])
      expect(ran.stderr).toMatch(
        new RegExp(`^wingman watch: no ${channel}: ${name} is not set\\n {2}help: `, "m"),
      );
    expect(ran.code).toBe(0);
    await watchOnce(at, all.env);
    expect(await recorded(at)).toEqual(EVERYBODY_ONCE);
  },
  PATIENCE,
);

test(
  "killed at any moment and run again: nothing is lost, at most one repeat a channel, one issue",
  async () => {
    const moments: number[] = [];
    for (let trial = 0; trial < 4; trial += 1) {
      const { at, all } = await place();
      // A pass lasts some two seconds: GitHub asks for a second between two writes.
      const moment = Math.floor(((trial + Math.random()) / 4) * 2400);
      moments.push(moment);
      const child = spawn(process.execPath, [PROGRAM, "watch", "--once"], {
        cwd: at.folder,
        env: gitEnvironment(all.env),
        stdio: "ignore",
      });
      const ended = new Promise((done) => child.once("close", done));
      setTimeout(() => child.kill("SIGKILL"), moment);
      await ended;
      const ran = await watchOnce(at, all.env);
      const seen = `killed after ${moments.join(", ")} ms; ${ran.stderr}`;
      expect(ran.code, seen).toBe(0);
      expect(await recorded(at), seen).toEqual(EVERYBODY_ONCE);
      expect([1, 2], seen).toContain(all.telegram.messages.length);
      expect([1, 2], seen).toContain(all.webhook.events.length);
      expect(all.webhook.ids.size, seen).toBe(1);
      expect(all.github.state.issues.length, seen).toBe(1);
      expect(all.github.state.issues[0]?.body, seen).toContain("**Occurrences: 3.**");
      expect(all.github.violations, seen).toEqual([]);
      const verify = await runWingman(["ledger", "verify"], { cwd: at.folder });
      expect(verify.code, `${seen}${verify.stdout}`).toBe(0);
    }
  },
  PATIENCE,
);
