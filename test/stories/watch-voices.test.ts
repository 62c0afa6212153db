/**
 * Who hears of a lie, through the built program, real hooks and a real server: GitHub held to its
 * published description, Telegram, a webhook's receiver. The watchers are those that the pushes start.
 */
import { spawn } from "node:child_process";
import { gitEnvironment, mark, PROGRAM } from "@wingman/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOSTILE_TEXTS, UNSHOWN } from "../../packages/watch/test/hostile-texts.ts";
import { LOGINS } from "./governed.ts";
import {
  ALL_CHANNELS,
  leaksOf,
  logOf,
  lyingRun,
  pushHead,
  pushRun,
  until,
  type Voices,
  voices,
} from "./voices.ts";
import { WORKERS, type World, workerWorld, writeRun } from "./worker-world.ts";

const PATIENCE = 240_000;
let world: World;
let all: Voices;

beforeAll(async () => {
  [world, all] = await Promise.all([workerWorld({ policy: ALL_CHANNELS }), voices()]);
}, PATIENCE);
afterAll(async () => {
  await all.close();
});

/** The alert records of an incident, as channel and step. */
async function alertsOf(incident: string): Promise<string[]> {
  return (await world.ledger())
    .filter((one) => one["kind"] === "alert" && one["incident"] === incident)
    .map((one) => `${one["channel"]} ${one["step"]} ${one["outcome"]}`)
    .sort();
}

const issueOf = (worker: string) =>
  all.github.state.issues.filter((one) => one.title.includes(worker));
const messagesOf = (worker: string) =>
  all.telegram.messages.filter((one) => one.text.includes(worker));
const eventsOf = (worker: string) =>
  all.webhook.events.filter((one) => JSON.stringify(one).includes(worker));

describe("twenty lies, and what follows", () => {
  const incident = `${WORKERS.alice}@INS-0007`;

  test(
    "one run is twenty occurrences, one message on each channel, one issue",
    async () => {
      const push = await pushRun(world, lyingRun(20), { env: all.env });
      expect(push.code).toBe(0);
      expect(messagesOf(WORKERS.alice).map((one) => one.text.split("\n")[0])).toEqual([
        `FALSE: 20 claims of ${WORKERS.alice} are not so`,
      ]);
      expect(eventsOf(WORKERS.alice)).toMatchObject([{ data: { total: 20, omitted: 0 } }]);
      expect(issueOf(WORKERS.alice)).toHaveLength(1);
      expect(issueOf(WORKERS.alice)[0]?.body).toContain("**Occurrences: 20.**");
      expect(await alertsOf(incident)).toEqual([
        "console notify ok",
        "github open ok",
        "telegram notify ok",
        "webhook notify ok",
      ]);
    },
    PATIENCE,
  );

  test(
    "more lies, in a push that is refused, are told as well, and update the issue",
    async () => {
      const push = await pushRun(world, lyingRun(2), { env: all.env, onto: "main" });
      expect(push.stderr).toContain("audit/false");
      expect(messagesOf(WORKERS.alice)).toHaveLength(2);
      expect(messagesOf(WORKERS.alice)[1]?.text).toContain("not for the first time");
      expect(eventsOf(WORKERS.alice)).toHaveLength(2);
      expect(issueOf(WORKERS.alice)).toHaveLength(1);
      expect(issueOf(WORKERS.alice)[0]?.body).toContain("**Occurrences: 22.**");
    },
    PATIENCE,
  );

  async function unlock(): Promise<void> {
    await world.branch();
    const size = (await world.ledger()).length;
    const order = world.order({ covers: size, subject: WORKERS.alice }, world.keys.mark);
    const files = { [order.path]: order.text };
    await world.clone.commit("Unlock", { as: mark, sign: world.keys.mark, files });
    const push = await pushHead(world, `unlock-${size}`, { env: all.env, pusher: LOGINS.mark });
    expect(push.code).toBe(0);
  }

  test(
    "an administrator's unlock closes the issue; happening again opens it again",
    async () => {
      await unlock();
      expect(issueOf(WORKERS.alice)).toMatchObject([
        { state: "closed", state_reason: "completed" },
      ]);
      expect(issueOf(WORKERS.alice)[0]?.body).toContain("**Resolved.**");
      expect(messagesOf(WORKERS.alice)).toHaveLength(2);
      await pushRun(world, lyingRun(1), { env: all.env });
      expect(issueOf(WORKERS.alice)).toMatchObject([{ state: "open", state_reason: "reopened" }]);
      expect(issueOf(WORKERS.alice)[0]?.comments).toHaveLength(1);
      expect(messagesOf(WORKERS.alice)).toHaveLength(3);
      expect(await alertsOf(incident)).toEqual([
        ...Array(3).fill("console notify ok"),
        ...["github close ok", "github open ok", "github reopen ok", "github update ok"],
        ...Array(3).fill("telegram notify ok"),
        ...Array(3).fill("webhook notify ok"),
      ]);
    },
    PATIENCE,
  );
});

test("a watcher that follows tells of a push whose own watcher could not", {
  timeout: PATIENCE,
}, async () => {
  const child = spawn(process.execPath, [PROGRAM, "watch", "--interval", "1"], {
    cwd: world.server.folder,
    env: gitEnvironment(all.env),
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    let said = "";
    child.stderr.on("data", (piece: Buffer) => {
      said += piece.toString("utf8");
    });
    await until(() => said.includes("following"), `it does not follow: ${said}`);
    // Without the tokens the push's own watcher says what it misses, and leaves the step due.
    await pushRun(world, lyingRun(1, { worker: WORKERS.bob }), { by: "bob" });
    expect(logOf(world.server)).toContain("no telegram: WINGMAN_TELEGRAM_TOKEN is not set");
    const told = () => messagesOf(WORKERS.bob).length > 0 && issueOf(WORKERS.bob).length > 0;
    await until(told, `the follower told nothing: ${said}`);
    expect(messagesOf(WORKERS.bob)).toHaveLength(1);
  } finally {
    child.kill("SIGKILL");
  }
});

describe("claims that attack whoever reads of them", () => {
  // What a claims file can hold at all: no halves of characters, nothing longer than a claim may be.
  const texts = Object.values(HOSTILE_TEXTS).filter(
    (text) =>
      text !== "" &&
      text.length < 2000 &&
      !/[\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])/.test(text),
  );

  test(
    "arrive inert on every channel",
    async () => {
      const claims = texts.map(
        (literal) => ["file.contains", { path: "README.md", literal }] as const,
      );
      const run = writeRun({ worker: "spare/w1", claims });
      await world.branch();
      await world.clone.commit("Lie", { files: { [run.path]: run.text }, trailer: run.trailer });
      const push = await pushHead(world, "hostile", { env: all.env, pusher: "w1-bot" });
      expect(push.code).toBe(0);
      expect(texts.length).toBeGreaterThan(15);
      const [message] = messagesOf("spare/w1");
      // One preformatted block: nothing in it is a link, a mention or a command.
      expect(message?.entities).toEqual([
        { type: "pre", offset: 0, length: message?.text.length ?? -1 },
      ]);
      expect(message?.text).not.toMatch(UNSHOWN);
      const [issue] = issueOf("spare/w1");
      expect(issue?.body).toContain(`**Occurrences: ${texts.length}.**`);
      expect(issue?.body).not.toMatch(UNSHOWN);
      for (const line of readByMarkdown(issue?.body ?? ""))
        expect(line).not.toMatch(
          /evil|@mark|fixes|<(?!!-- wingman:incident [0-9a-f]{64} -->)|unlock here/,
        );
      const [event] = eventsOf("spare/w1");
      expect(JSON.stringify(event)).not.toMatch(UNSHOWN);
      // The log of the server, which somebody reads in a terminal or a runner shows.
      expect(logOf(world.server).replaceAll("\n", "")).not.toMatch(UNSHOWN);
      for (const said of [logOf(world.server), push.stderr])
        expect(said).not.toMatch(/^\s*(::|##\[)/m);
    },
    PATIENCE,
  );
});

test("GitHub's description was kept to, and no secret stands anywhere", async () => {
  expect(all.github.violations).toEqual([]);
  expect(all.telegram.requests.length).toBeGreaterThan(3);
  expect(await leaksOf(world.server, all.secrets)).toEqual([]);
});

/** The lines of a body that stand in no fence of ours. */
function readByMarkdown(body: string): string[] {
  const outside: string[] = [];
  let fence = "";
  for (const line of body.split("\n")) {
    const [, run = "", word] = /^(`{3,})(text)?$/.exec(line) ?? [];
    if (fence === "" && word !== undefined) fence = run;
    else if (fence !== "" && word === undefined && run.length >= fence.length) fence = "";
    else if (fence === "") outside.push(line);
  }
  expect(fence).toBe("");
  return outside;
}
