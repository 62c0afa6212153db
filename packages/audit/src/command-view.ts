/**
 * What a command of the policy shows when the auditor runs it: its end and its tests. A contradiction is
 * looked at again until every attempt agrees; what differs from attempt to attempt is FLAKY.
 */
import type { Entry, Policy, Reason, RepoPath, Tree } from "@wingman/model";
import type { CommandEnd } from "./reach.ts";
import { readCounts, type TestCounts } from "./results/counts.ts";
import type { TestResult } from "./results/test-result.ts";
import type { Scene } from "./scene.ts";
import { readResults } from "./test-results.ts";

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
}

export type Unseen = { readonly reason: Exclude<Reason, "MALFORMED">; readonly why: string };

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
    runs.push(reach.commands.run(command, at));
  const seen = await runs[attempt];
  if (seen === undefined || "reason" in seen)
    return seen === undefined ? { reason: "NO_WITNESS", why: "nothing ran" } : seen;
  const view = read(row, seen.seen);
  // Times and temporary names differ from run to run; how it ended does not.
  scene.note("ran", key, String(view.end.exit), JSON.stringify(view.counts ?? null));
  return view;
}

/**
 * Looks until something is good, at most `audit.attempts` times. `bad`: every attempt contradicts, and
 * this is the first. A reason of any attempt is the answer.
 */
export async function settle(
  scene: Scene,
  command: string,
  at: Ran,
  isGood: (view: CommandView) => boolean,
): Promise<{ readonly good: CommandView } | { readonly bad: CommandView } | Unseen> {
  const first = await viewCommand(scene, command, at);
  if ("reason" in first) return first;
  const good = isGood(first);
  for (let attempt = 1; !good && attempt < scene.stage.policy.audit.attempts; attempt += 1) {
    const next = await viewCommand(scene, command, at, attempt);
    if ("reason" in next) return next;
    if (isGood(next))
      return { reason: "FLAKY", why: "attempts disagree: one passes, one does not" };
  }
  return good ? { good: first } : { bad: first };
}

function read(row: Policy["commands"][string], end: CommandEnd): CommandView {
  const format = row.results?.format;
  const own = row.results?.path === undefined ? end.stdout.bytes : end.results;
  let tests =
    format === undefined || format === "text" || own === undefined
      ? undefined
      : readResults(format, own);
  // Without a format, TAP says itself that it is TAP.
  if (
    tests === undefined &&
    /^TAP version 1[234]\r?\n/.test(end.stdout.bytes.toString("latin1", 0, 20))
  )
    tests = readResults("tap", end.stdout.bytes);
  if (tests !== undefined) {
    const count = (outcome: TestResult["outcome"]): number =>
      tests.filter((one) => one.outcome === outcome).length;
    const counts = { all: tests.length, fail: count("fail"), skip: count("skip") };
    return { end, tests, counts };
  }
  return { end, tests, counts: readCounts(end.stdout.bytes, end.stderr) };
}

function overlayKey(over: Ran["over"]): readonly (readonly [string, string, string])[] {
  return [...(over ?? [])]
    .map(([path, entry]) => [path, entry?.mode ?? "", entry?.oid ?? ""] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
