/**
 * The program killed between any two of its steps, and run again: no incident is lost, at most one
 * message comes twice, the ledger verifies, and no verdict or occurrence is said twice. Here some steps
 * of each story; `pnpm crash` kills at all of them, and at moments chosen by chance.
 */
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  PROGRAM,
  type Ran,
  type RunOptions,
  repositoryAt,
  runProgram,
  type TestRepository,
  temporaryFolder,
} from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, LOGINS } from "./governed.ts";
import {
  anotherClone,
  carryOut,
  governedWithOrder,
  ok,
  records,
  repeatedVerdicts,
  runOf,
} from "./honest-run.ts";

const PRELOAD = pathToFileURL(join(import.meta.dirname, "kill-at.mjs")).href;
const THOROUGH = process.env["CRASH_ROUNDS"];
/** Steps of one story that the normal suite kills at. */
const SOME = 3;
const PATIENCE = THOROUGH === undefined ? 120_000 : 3_600_000;

let world: Governed;
let liar: string;
let program: string;
beforeAll(async () => {
  program = join(temporaryFolder(), "program", "wingman.mjs");
  cpSync(dirname(PROGRAM), dirname(program), { recursive: true });
  world = await governedWithOrder();
  await carryOut(world.clone, world, { branch: "lie", lie: true });
  liar = await world.clone.git("rev-parse", "HEAD");
}, PATIENCE);

const CONTAINS = ["branch", "--format=%(refname:short)", "--contains"];

interface Story {
  /** What is killed: arguments, standard input. */
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The program as it was when this file began: a build in the meantime would make init due again. */
async function sameProgram(
  at: TestRepository,
  args: readonly string[],
  more: Omit<RunOptions, "cwd"> = {},
): Promise<Ran> {
  return await runProgram(process.execPath, [program, ...args], { cwd: at.folder, ...more });
}

/** Runs it with the killer. Gives what it said, and the number of steps where it came to its end. */
async function killed(
  at: TestRepository,
  story: Story,
  how: Readonly<Record<string, string>>,
): Promise<{ readonly steps: number; readonly said: string }> {
  const count = join(temporaryFolder(), "steps");
  const { stdout } = await sameProgram(at, story.args, {
    input: story.input ?? "",
    env: { ...story.env, ...how, KILL_COUNT: count, NODE_OPTIONS: `--import=${PRELOAD}` },
  });
  return { steps: existsSync(count) ? Number(readFileSync(count, "utf8")) : 0, said: stdout };
}

/** The ways to kill this story, each in a world of its own that `make` copies. */
async function everyKill(
  make: () => Promise<TestRepository>,
  story: (at: TestRepository) => Promise<Story> | Story,
  after: (at: TestRepository, killedAt: string, said: string) => Promise<void>,
): Promise<void> {
  const first = await make();
  const { steps, said } = await killed(first, await story(first), {});
  expect(steps).toBeGreaterThan(1);
  await after(first, "nowhere", said);
  const all = Array.from({ length: steps }, (_, at) => at + 1);
  const stride = THOROUGH === undefined ? Math.max(1, Math.floor(steps / SOME)) : 1;
  const ways = all
    .filter((step) => step % stride === 0 || step === steps)
    .map((step): Record<string, string> => ({ KILL_AT: String(step) }));
  for (let round = 0; round < Number(THOROUGH ?? 0); round += 1)
    ways.push({ KILL_AFTER_MS: String(Math.round(100 + Math.random() * 900)) });
  for (const how of ways) {
    const at = await make();
    const cut = await killed(at, await story(at), how);
    await after(at, JSON.stringify(how), cut.said);
  }
}

async function copyOf(repository: TestRepository): Promise<TestRepository> {
  const folder = join(temporaryFolder(), "copy");
  cpSync(repository.folder, folder, { recursive: true });
  return repositoryAt(folder);
}

/** The server as it is when a lying branch has come in and its post-receive is due. */
async function arrived(): Promise<TestRepository> {
  const server = await copyOf(world.server);
  await server.git("fetch", "-q", world.clone.folder, "lie:refs/heads/lie");
  return server;
}

const arrival = (server: { readonly before?: string }): string =>
  `${server.before ?? "0".repeat(40)} ${liar} refs/heads/lie\n`;

/** What must hold in the end, wherever it was killed. */
async function expectOneIncident(server: TestRepository, killedAt: string): Promise<void> {
  const verdicts = await records(server, "verdict");
  const lies = verdicts.filter((one) => one["verdict"] === "FALSE").length;
  const status = JSON.parse(await ok(server, "status", "--format", "json")) as {
    readonly incidents: readonly { readonly occurrences: readonly number[] }[];
    readonly locks: readonly { readonly worker: string }[];
  };
  const sound = (await server.wingman(["ledger", "verify"])).code;
  expect({
    killedAt,
    lies,
    repeated: await repeatedVerdicts(server),
    incidents: status.incidents.map((one) => one.occurrences.length),
    locked: status.locks.map((one) => one.worker),
    sound,
  }).toEqual({
    killedAt,
    lies: 1,
    repeated: [],
    incidents: [1],
    locked: ["claude-code/alice"],
    sound: 0,
  });
}

describe("killed between its steps", () => {
  test(
    "post-receive: the auditor catches up with the push and its verdicts",
    async () => {
      await everyKill(
        arrived,
        () => ({
          args: ["hook", "post-receive"],
          input: arrival({}),
          env: { WINGMAN_PUSHER: LOGINS.alice },
        }),
        async (server, killedAt) => {
          await server.wingman(["audit", "--all", "--record"]);
          await expectOneIncident(server, killedAt);
          const pushes = (await records(server, "push")).filter(
            (one) => one["ref"] === "refs/heads/lie",
          );
          expect([killedAt, pushes.length]).toEqual([killedAt, 1]);
        },
      );
    },
    PATIENCE,
  );

  test(
    "pre-receive: a refusal that was not recorded is recorded by the next one",
    async () => {
      const landing = `${await world.server.git("rev-parse", "main")} ${liar} refs/heads/main\n`;
      const story: Story = {
        args: ["hook", "pre-receive"],
        input: landing,
        env: { WINGMAN_PUSHER: LOGINS.alice },
      };
      await everyKill(
        async () => {
          const server = await copyOf(world.server);
          await server.git("fetch", "-q", world.clone.folder, "lie");
          return server;
        },
        () => story,
        async (server, killedAt) => {
          const again = await server.wingman(story.args, {
            input: landing,
            env: { WINGMAN_PUSHER: LOGINS.alice },
          });
          expect(`${killedAt} ${again.code} ${again.stderr}`).toContain(`${killedAt} 1 `);
          expect(await server.git("rev-parse", "main")).not.toBe(liar);
          await server.wingman(["audit", "--all", "--record"]);
          await expectOneIncident(server, killedAt);
        },
      );
    },
    PATIENCE,
  );

  test(
    "the watcher: one message, or at most one again",
    async () => {
      const recorded = await arrived();

      await recorded.wingman(["audit", "--all", "--record"]);
      // How often one message names the incident.
      const whole = await killed(await copyOf(recorded), { args: ["watch", "--once"] }, {});
      const once = namings(whole.said);
      await everyKill(
        async () => await copyOf(recorded),
        () => ({ args: ["watch", "--once"] }),
        async (server, killedAt, said) => {
          const again = await server.wingman(["watch", "--once"]);
          const third = await server.wingman(["watch", "--once"]);
          expect([killedAt, third.stdout]).toEqual([killedAt, ""]);
          const alerts = (await records(server, "alert")).filter((one) => one["outcome"] === "ok");
          expect([killedAt, alerts.length]).toEqual([killedAt, 1]);
          const times = namings(`${said}${again.stdout}`);
          expect([killedAt, times >= 1, times <= 2 * once]).toEqual([killedAt, true, true]);
          await expectOneIncident(server, killedAt);
        },
      );
    },
    PATIENCE,
  );

  test(
    "an auditor's clone: the remote has it all once, and the clone follows",
    async () => {
      await everyKill(
        async () => {
          const server = await arrived();
          const clone = await anotherClone(server);
          await clone.git("checkout", "-q", "lie");
          return clone;
        },
        async (clone) => ({ args: ["audit", "--all", "--record", "--key", await keyOf(clone)] }),
        async (clone, killedAt) => {
          await clone.wingman(["audit", "--all", "--record", "--key", await keyOf(clone)]);
          const server = repositoryAt(await clone.git("config", "remote.origin.url"));
          await expectOneIncident(server, killedAt);
          // The server's own watcher may have gone on from there; nobody went elsewhere.
          const seen = await clone.git("rev-parse", "origin/wingman-ledger");
          const held = await server.tryGit([...CONTAINS, seen]);
          expect([killedAt, held.stdout.trim()]).toEqual([killedAt, "wingman-ledger"]);
        },
      );
    },
    PATIENCE,
  );

  test(
    "an audit into a part: it goes on to the report of one that nobody stopped",
    async () => {
      const part = (at: TestRepository): string => join(at.folder, "wingman", "part.jsonl");
      const args = (at: TestRepository): string[] => [
        ...["audit", "--all", "--format", "json", "--part", part(at)],
      ];
      const report = async (at: TestRepository, ...more: string[]): Promise<string> =>
        (await at.wingman(more)).stdout
          .replaceAll(/"at": "[^"]*"/g, "")
          .replaceAll(/"ms": \d+/g, "");
      const whole = await report(await arrived(), "audit", "--all", "--format", "json");
      expect(whole).toContain('"verdict": "FALSE"');
      await everyKill(
        arrived,
        (at) => ({ args: args(at) }),
        async (at, killedAt) => {
          const stood = existsSync(part(at)) ? readFileSync(part(at), "utf8") : "";
          const kept = stood.slice(0, stood.lastIndexOf("\n") + 1);
          expect([killedAt, await report(at, ...args(at))]).toEqual([killedAt, whole]);
          // What was judged before the kill stands as it was, time and all.
          expect(readFileSync(part(at), "utf8").startsWith(kept)).toBe(true);
          const merge = ["audit", "--merge", part(at), "--format", "json"];
          expect([killedAt, await report(at, ...merge)]).toEqual([killedAt, whole]);
        },
      );
    },
    PATIENCE,
  );

  test.each(["claim file.exists path=README.md", "done"])(
    "%s: the claims file is the old or the new one, and the run goes on",
    async (line) => {
      const clone = await anotherClone(world.server);
      await ok(clone, "start", "INS-0007");
      const path = `.wingman/claims/${await runOf(clone)}.jsonl`;
      const before = clone.read(path);
      await everyKill(
        async () => await copyOf(clone),
        () => ({ args: line.split(" ") }),
        async (at, killedAt) => {
          const lines = at.read(path).split("\n").length - before.split("\n").length;
          expect([killedAt, at.read(path).startsWith(before), [0, 1].includes(lines)]).toEqual([
            killedAt,
            true,
            true,
          ]);
          expect(await at.git("status", "--porcelain", "-uall")).toBe(`?? ${path}`);
          const closed = at.read(path).includes('"kind":"close"');
          if (!closed) await ok(at, "done");
          await at.git("add", "-A");
          expect([killedAt, (await at.wingman(["check", "--staged"])).code]).toEqual([killedAt, 0]);
        },
      );
    },
    PATIENCE,
  );

  test.each(["server", "clone"])(
    "init of a %s: run again it is whole, and the key is one",
    async (what) => {
      const bare = await copyOf(world.server);
      for (const folder of ["wingman", "hooks"])
        rmSync(join(bare.folder, folder), { recursive: true });
      await bare.git("update-ref", "-d", "refs/heads/wingman-ledger");
      const clone = await anotherClone(bare);
      const init = ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop"];
      await everyKill(
        async () => await copyOf(what === "server" ? bare : clone),
        () => ({ args: init }),
        async (at, killedAt) => {
          const again = await sameProgram(at, init);
          expect([killedAt, again.code, again.stderr]).toEqual([killedAt, 0, ""]);
          const third = await sameProgram(at, init);
          expect([killedAt, third.stdout.match(/^ {2}\+ .*/gm) ?? []]).toEqual([killedAt, []]);
          if (what === "server") {
            const sound = (await at.wingman(["ledger", "verify"])).code;
            expect([killedAt, sound]).toEqual([killedAt, 0]);
            expect(await records(at, "genesis")).toHaveLength(1);
          }
        },
      );
    },
    PATIENCE,
  );
});

/** The key of the server that a clone came from. */
async function keyOf(clone: TestRepository): Promise<string> {
  return join(await clone.git("config", "remote.origin.url"), "wingman", "auditor.key");
}

function namings(said: string): number {
  return said.match(/claude-code\/alice@INS-0007/g)?.length ?? 0;
}
