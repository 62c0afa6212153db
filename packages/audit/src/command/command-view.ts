/**
 * What a command of the policy shows when the auditor runs it: its end and its tests. A contradiction is
 * looked at again until every attempt agrees; what differs from attempt to attempt is FLAKY.
 */
import type { Entry, Policy, Reason, RepoPath, Tree } from "@wingman/model";
import type { CommandEnd, CommandRunner, Seen } from "../reach.ts";
import { readCounts, type TestCounts } from "../results/counts.ts";
import { readResults } from "../results/read-results.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene, TimedRun, Took } from "../scene.ts";

/** The files that a command runs over. */
export interface Ran {
  readonly tree: Tree;
  readonly over?: ReadonlyMap<RepoPath, Entry | undefined>;
}

/** One run, read. */
export interface CommandView {
  readonly end: CommandEnd;
  /** Each test by name, where the results say so. */
  readonly tests: readonly TestResult[] | undefined;
  readonly counts: TestCounts | undefined;
  /** When it ran. */
  readonly took: Took;
}

export interface Unseen {
  readonly reason: Exclude<Reason, "MALFORMED">;
  readonly why: string;
  readonly took?: Took;
}

/** Runs a command once more, or gives the run that another claim asked for already. */
export async function viewCommand(
  scene: Scene,
  command: string,
  at: Ran,
  attempt = 0,
): Promise<CommandView | Unseen> {
  const { policy, reach, ran } = scene.stage;
  const row = Object.hasOwn(policy.commands, command) ? policy.commands[command] : undefined;
  if (row === undefined)
    return { reason: "NOT_ALLOWED", why: `the policy names no command ${JSON.stringify(command)}` };
  if (reach.commands === undefined)
    return { reason: "NOT_KNOWN_HERE", why: "this surface executes nothing" };
  const key = JSON.stringify([command, at.tree.id, overlayKey(at.over)]);
  const runs = ran.get(key) ?? [];
  ran.set(key, runs);
  for (let index = runs.length; index <= attempt; index += 1)
    runs.push(inTurn(scene, reach.commands, { command, at, attempt: index }));
  const run = await runs[attempt];
  if (run === undefined) return { reason: "NO_WITNESS", why: "nothing ran" };
  const { seen, took } = run;
  if ("reason" in seen) return { ...seen, took };
  const view = { ...read(row, seen.seen), took };
  // Times and temporary names differ from run to run; how it ended does not.
  scene.note("ran", key, String(view.end.exit), JSON.stringify(view.counts ?? null));
  return view;
}

/**
 * Looks until something is good, at most `audit.attempts` times, and puts each look into the verdict. `bad`:
 * every attempt contradicts, and this is the first. A reason of any attempt is the answer.
 */
export async function settle(
  scene: Scene,
  command: string,
  at: Ran,
  isGood: (view: CommandView) => boolean,
): Promise<{ readonly good: CommandView } | { readonly bad: CommandView } | Unseen> {
  let first: CommandView | undefined;
  for (let attempt = 0; attempt < scene.stage.policy.audit.attempts; attempt += 1) {
    const view = await viewCommand(scene, command, at, attempt);
    if ("reason" in view) {
      scene.attempt(view.took, "UNVERIFIABLE");
      return view;
    }
    const good = isGood(view);
    scene.attempt(view.took, good ? "TRUE" : "FALSE");
    if (good && first === undefined) return { good: view };
    if (good) return { reason: "FLAKY", why: "attempts disagree: one passes, one does not" };
    first ??= view;
  }
  return first === undefined ? { reason: "NO_WITNESS", why: "nothing ran" } : { bad: first };
}

/**
 * A run once there is room, beside others where nothing of the machine is shared but its processors and
 * its memory. Being short of those fails honest suites, so what did not end well beside others says
 * nothing: it runs once more, alone, and so does every further attempt.
 */
async function inTurn(
  scene: Scene,
  commands: CommandRunner,
  asked: { readonly command: string; readonly at: Ran; readonly attempt: number },
): Promise<TimedRun> {
  const { command, at, attempt } = asked;
  const { turns } = scene.stage;
  const run = (): Promise<TimedRun> => timed(scene, () => commands.run(command, at));
  const most = attempt > 0 ? 1 : (commands.atOnce?.(command) ?? 1);
  const { value, beside } = await turns.take("command", most, run);
  const well = "seen" in value.seen && value.seen.seen.exit === 0;
  return beside && !well ? (await turns.take("command", 1, run)).value : value;
}

/** A run with its beginning and its length, by the audit's own clocks; without them, nothing of time. */
async function timed(scene: Scene, run: () => Promise<Seen<CommandEnd>>): Promise<TimedRun> {
  const began = scene.began();
  const seen = await run();
  return { seen, took: scene.took(began) };
}

function read(
  row: Policy["commands"][string],
  end: CommandEnd,
): Pick<CommandView, "end" | "tests" | "counts"> {
  const tests = testsOf(row, end);
  if (tests !== undefined) {
    const count = (outcome: TestResult["outcome"]): number =>
      tests.filter((one) => one.outcome === outcome).length;
    const counts = { all: tests.length, fail: count("fail"), skip: count("skip") };
    return { end, tests, counts };
  }
  // Where the policy says where the results stand, nothing that a test can print takes their place.
  const named = row.results !== undefined && row.results.format !== "text";
  const counts = named || !end.stdout.whole ? undefined : readCounts(end.stdout.bytes, end.stderr);
  return { end, tests, counts };
}

function testsOf(
  { results }: Policy["commands"][string],
  { results: written, stdout }: CommandEnd,
): readonly TestResult[] | undefined {
  const out = stdout.whole ? [stdout.bytes] : undefined;
  if (results !== undefined && results.format !== "text") {
    const own = results.path === undefined ? out : written;
    return own && readResults(results.format, own);
  }
  // Without a format, TAP says itself that it is TAP.
  const isTap = /^TAP version 1[234]\r?\n/.test(stdout.bytes.toString("latin1", 0, 20));
  return isTap && out !== undefined ? readResults("tap", out) : undefined;
}

function overlayKey(over: Ran["over"]): readonly (readonly [string, string, string])[] {
  return [...(over ?? [])]
    .map(([path, entry]) => [path, entry?.mode ?? "", entry?.oid ?? ""] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
