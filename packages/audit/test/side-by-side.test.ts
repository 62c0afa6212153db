/**
 * What waits runs side by side, within bounds, and nobody can tell from the verdicts: a host and commands
 * of this test's own, whose every answer comes when the test lets it.
 */
import type { ClaimText, Policy } from "@wingman/model";
import { builtInPolicy } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditContext, Reach } from "../src/index.ts";
import { auditRun, beginRun, judgeClaim, stageOf, Turns } from "../src/index.ts";
import type { CommandEnd, HostView, Seen } from "../src/reach.ts";
import { context, runOf } from "./run-literal.ts";

const FILES = { "a.txt": "a\n", "b.json": '{"a": 1}', "c.txt": "aaaa\n".repeat(50) };
const COMMANDS = Object.fromEntries(
  ["c0", "c1", "c2", "c3"].map((name) => [name, { run: [name] }]),
);
const policy: Policy = { ...builtInPolicy, commands: COMMANDS };

/** Whatever was asked and not answered yet; every answer is let go by `step`, the oldest or another. */
class World {
  readonly #open: { readonly name: string; readonly go: () => void }[] = [];
  readonly log: string[] = [];
  most = { look: 0, command: 0, both: 0 };
  readonly #now = { look: 0, command: 0 };
  readonly exits: Readonly<Record<string, number>>;
  /** Exit codes of commands while others run. */
  crowded: Readonly<Record<string, number>> = {};
  readonly runs: string[] = [];
  atOnce = 3;

  constructor(exits: Readonly<Record<string, number>> = {}) {
    this.exits = exits;
  }

  async #asked(kind: "look" | "command", name: string): Promise<boolean> {
    this.#now[kind] += 1;
    this.log.push(name);
    this.most[kind] = Math.max(this.most[kind], this.#now[kind]);
    if (this.#now.look > 0 && this.#now.command > 0) this.most.both += 1;
    let beside = this.#now[kind] > 1;
    await new Promise<void>((go) => this.#open.push({ name, go }));
    beside ||= this.#now[kind] > 1;
    this.#now[kind] -= 1;
    return beside;
  }

  get open(): readonly string[] {
    return this.#open.map(({ name }) => name);
  }

  /** Lets one answer go, and all that follows from it happen. */
  async step(at = 0): Promise<void> {
    const [one] = this.#open.splice(at % Math.max(1, this.#open.length), 1);
    one?.go();
    await settled();
  }

  async all(work: Promise<unknown>, order: readonly number[] = []): Promise<void> {
    let done = false;
    const mark = (): void => {
      done = true;
    };
    work.then(mark, mark);
    for (let at = 0; !done; at += 1) await this.step(order[at % Math.max(1, order.length)] ?? 0);
  }

  reach(): Reach {
    const host = {
      name: "here",
      fetch: async (url: string) => {
        await this.#asked("look", url);
        return { seen: { status: url.includes("bad") ? 500 : 200, text: "up" } };
      },
    } as unknown as HostView;
    return {
      host,
      commands: {
        atOnce: () => this.atOnce,
        run: async (command): Promise<Seen<CommandEnd>> => {
          const beside = await this.#asked("command", command);
          this.runs.push(`${command}${beside ? " beside" : ""}`);
          const exit = (beside ? this.crowded[command] : undefined) ?? this.exits[command] ?? 0;
          const stdout = { sha256: "0".repeat(64), bytes: Buffer.from("done"), whole: true };
          const stderr = Buffer.alloc(0);
          return { seen: { exit, ms: 1, stdout, stderr, lacks: [], enclosure: "shut off" } };
        },
      },
    };
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((done) => setImmediate(done));
}

const http = (at: number | string): ClaimText => ({
  type: "http.responds",
  args: { url: `http://127.0.0.1:8080/${at}`, status: 200 },
});
const exits = (command: string, value = 0): ClaimText => ({
  type: "cmd.exit",
  args: { command, value },
});
const contextOf = (world: World, more: Partial<AuditContext> = {}): AuditContext =>
  context({ policy, reach: world.reach(), patience: "audit", ...more });

describe("side by side", () => {
  it("looks at eight hosts at a time, and verdicts come in order", async () => {
    const world = new World();
    const run = await runOf({
      end: FILES,
      claims: Array.from({ length: 40 }, (_, at) => http(at)),
    });
    const told: string[] = [];
    const audit = auditRun(
      run,
      contextOf(world, {
        keep: async (verdicts) => {
          told.push(...verdicts.map(({ claim }) => claim.name));
        },
      }),
    );
    await settled();
    expect(world.open.length).toBe(8);
    // The last of them answers first: nothing is told before the first one has.
    await world.step(7);
    expect([told.length, world.open.length]).toEqual([0, 8]);
    await world.all(audit, [3, 0, 5]);
    const { verdicts } = await audit;
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(40).fill("TRUE"));
    expect(told).toEqual(verdicts.map(({ claim }) => claim.name));
    expect(told.map((name) => Number(/\d+$/.exec(name)?.[0]))).toEqual(
      run.file.claims.map(({ record }) => record.seq),
    );
    expect(world.most.look).toBe(8);
  });

  it("runs as many commands as may run together, and no look beside any of them", async () => {
    const world = new World();
    const claims = [exits("c0"), http(1), exits("c1"), http(2), exits("c2"), exits("c3"), http(3)];
    const audit = auditRun(await runOf({ end: FILES, claims }), contextOf(world));
    await settled();
    // A worker's command cannot play the server of its claims, even where it has a network.
    expect(world.open).toEqual([1, 2, 3].map((at) => `http://127.0.0.1:8080/${at}`));
    for (let at = 0; at < 3; at += 1) await world.step();
    expect(world.open).toEqual(["c0", "c1", "c2"]);
    await world.all(audit);
    expect((await audit).verdicts.map(({ verdict }) => verdict)).toEqual(Array(7).fill("TRUE"));
    expect(world.most).toEqual({ look: 3, command: 3, both: 0 });
    expect(world.runs.map((one) => one.slice(0, 2))).toEqual(["c0", "c1", "c2", "c3"]);
  });

  it("a suite that fails only beside others is no contradiction: it runs again, alone", async () => {
    const world = new World();
    world.crowded = { c1: 1 };
    const claims = [exits("c0"), exits("c1"), exits("c2")];
    const audit = auditRun(await runOf({ end: FILES, claims }), contextOf(world));
    await world.all(audit);
    expect((await audit).verdicts.map(({ verdict }) => verdict)).toEqual(["TRUE", "TRUE", "TRUE"]);
    expect(world.runs).toContain("c1 beside");
    expect(world.runs.at(-1)).toBe("c1");
  });

  it("what shares a network or a disk runs alone", async () => {
    const world = new World();
    world.atOnce = 1;
    const claims = ["c0", "c1", "c2"].map((name) => exits(name));
    const audit = auditRun(await runOf({ end: FILES, claims }), contextOf(world));
    await world.all(audit);
    await audit;
    expect([world.most.command, world.runs]).toEqual([1, ["c0", "c1", "c2"]]);
  });

  it("a command that hangs in one run keeps no other run's commands waiting", async () => {
    const world = new World();
    const turns = new Turns();
    const first = await runOf({ end: FILES, claims: [exits("c0")] });
    const second = await runOf({ end: FILES, claims: [exits("c1"), exits("c2")] });
    const setting = contextOf(world, { turns });
    const begun = [first, second].map((run) => beginRun(run, setting));
    const audit = auditRun(first, { ...setting, ...(begun[0] && { begun: begun[0] }) });
    await settled();
    await world.step(world.open.indexOf("c1"));
    await world.step(world.open.indexOf("c2"));
    expect([world.open, world.runs]).toEqual([["c0"], ["c1 beside", "c2 beside"]]);
    await world.all(audit);
    await audit;
    // All that the second one waited for is there.
    const later = auditRun(second, { ...setting, ...(begun[1] && { begun: begun[1] }) });
    await settled();
    expect(world.open).toEqual([]);
    expect((await later).verdicts.map(({ verdict }) => verdict)).toEqual(["TRUE", "TRUE"]);
  });

  it("begins nothing where nothing may be asked", async () => {
    const claims = [http(1), exits("c0")];
    const { verdicts } = await auditRun(await runOf({ end: FILES, claims }), context({ policy }));
    expect(verdicts.map(({ reason }) => reason)).toEqual(["NOT_KNOWN_HERE", "NOT_KNOWN_HERE"]);
  });

  it("holds no more than a batch of begun looks", async () => {
    const world = new World();
    const claims = [exits("c0"), ...Array.from({ length: 200 }, (_, at) => http(at))];
    const audit = auditRun(await runOf({ end: FILES, claims }), contextOf(world));
    // The command's turn comes after the looks that were begun; those behind wait for its verdict.
    let looked = 0;
    for (await settled(); !world.open.includes("c0"); await world.step()) looked += 1;
    expect(looked).toBe(64);
    await world.all(audit);
    expect((await audit).verdicts.length).toBe(201);
  });
});

const claim: fc.Arbitrary<ClaimText> = fc.oneof(
  fc.nat(5).map((at) => http(at === 0 ? "bad" : at)),
  fc.record({ at: fc.nat(3), value: fc.nat(1) }).map(({ at, value }) => exits(`c${at}`, value)),
  fc.nat(3).map((at) => ({ type: "cmd.output", args: { command: `c${at}`, pattern: "d.ne" } })),
  fc.constantFrom("a.txt", "none").map((path) => ({ type: "file.exists", args: { path } })),
  fc.constant({ type: "file.contains", args: { path: "c.txt", pattern: "(a|aa)+b" } }),
  fc.constant({ type: "data.path", args: { path: "b.json", pointer: "/a", op: "exists" } }),
);

describe("nobody can tell", () => {
  it("whatever answers first, verdicts and what is left are those of one after the other", async () => {
    const worlds = fc.record({
      claims: fc.array(claim, { maxLength: 25 }),
      order: fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }),
      exits: fc.record({ c0: fc.nat(1), c1: fc.nat(1), c2: fc.constant(0), c3: fc.constant(1) }),
      atOnce: fc.integer({ min: 1, max: 4 }),
      steps: fc.constantFrom(300, 5_000, 2_000_000),
    });
    await fc.assert(
      fc.asyncProperty(worlds, async ({ claims, order, exits: codes, atOnce, steps }) => {
        const run = await runOf({ start: { "a.txt": "a\n" }, end: FILES, claims });
        const budget = { bytes: 1 << 20, steps, parsed: 1 << 20, parsingMs: 1_000 };
        const one = new World(codes);
        one.atOnce = 1;
        const stage = stageOf(run, { policy, reach: one.reach(), patience: "audit", left: budget });
        const alone = (async () => {
          const said: string[] = [];
          for (const { record } of run.file.claims) {
            const claimed = { at: record.ts, now: record.ts };
            const { observation, evidence } = await judgeClaim(stage, record, { claimed });
            said.push(JSON.stringify([observation, evidence]));
          }
          return said;
        })();
        await one.all(alone);
        const world = new World(codes);
        world.atOnce = atOnce;
        const audit = auditRun(run, contextOf(world, { budget }));
        await world.all(audit, order);
        const { verdicts, left } = await audit;
        expect(verdicts.map(({ observed, evidence }) => [observed, evidence])).toEqual(
          (await alone).map((text) => {
            const [{ observed }, evidence] = JSON.parse(text);
            return [observed, evidence];
          }),
        );
        expect(left).toEqual(stage.budget);
        expect(world.most.both).toBe(0);
        expect(world.most.command).toBeLessThanOrEqual(atOnce);
      }),
      { numRuns: 40 },
    );
  });
});
