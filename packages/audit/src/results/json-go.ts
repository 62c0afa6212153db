/**
 * The events of `go test -json`, also where gotestsum ran what failed once more. Lines of other tools between
 * them are passed over; a test that began and never ended makes the report none.
 */
import { isRecord, type Loose, parsed, textOf } from "./json-loose.ts";
import { ID, JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

interface Held {
  readonly outcome: TestResult["outcome"];
  /** Which run of its package it is of. */
  readonly round: number;
}

interface Reading {
  readonly ended: Map<string, Held>;
  readonly begun: Set<string>;
  readonly said: Map<string, string>;
  readonly rounds: Map<string, number>;
  /** Packages with a test that failed in this round. */
  readonly failed: Set<string>;
}

/** Undefined where there is no event of Go's. */
export function readGoEvents(text: string): readonly TestResult[] | undefined {
  const reading: Reading = {
    ended: new Map(),
    begun: new Set(),
    said: new Map(),
    rounds: new Map(),
    failed: new Set(),
  };
  let events = 0;
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) {
      takeWords(reading, line);
      continue;
    }
    const event = parsed(line);
    // The last line of a report that was cut off.
    if (!isRecord(event)) return undefined;
    if (typeof event["Action"] !== "string") return undefined;
    events += 1;
    take(reading, event);
    if (reading.ended.size > MOST_TESTS || reading.said.size > MOST_TESTS) return undefined;
  }
  return events === 0 ? undefined : ended(reading);
}

function ended({ ended: all, begun, said }: Reading): readonly TestResult[] | undefined {
  const results = [...all].map(([id, { outcome }]) => ({
    id: id.slice(0, ID),
    outcome,
    message: outcome === "fail" ? (said.get(id) ?? "") : "",
  }));
  // A panic ends what ran beside it, and fails its package.
  return begun.size > 0 && !results.some((one) => one.outcome === "fail") ? undefined : results;
}

/** Before Go 1.24 a package that does not build says so in words: `FAIL\tacme/shop [build failed]`. */
function takeWords({ ended: all }: Reading, line: string): void {
  const name = /^FAIL\t(\S{1,500}) \[(?:build|setup) failed\]/.exec(line)?.[1];
  if (name !== undefined) all.set(name, { outcome: "fail", round: 0 });
}

function take(reading: Reading, event: Loose): void {
  const { Action: action, Test: test, Output: output } = event;
  const from = textOf(event["Package"]) || textOf(event["ImportPath"]);
  const id = [from, textOf(test)].filter((part) => part !== "").join(JOINT);
  const words = action === "output" || action === "build-output";
  if (words) {
    const known = reading.said.get(id) ?? "";
    if (known.length < MESSAGE) reading.said.set(id, `${known}${textOf(output)}`.slice(0, MESSAGE));
  } else if (test === undefined) takePackage(reading, from, action);
  else if (action === "run") reading.begun.add(id);
  else if (action === "pass" || action === "fail" || action === "skip") {
    reading.begun.delete(id);
    if (action === "fail") reading.failed.add(from);
    hold(reading, from, id, action);
  }
}

/** A package fails with its tests; alone where it does not build, races, or leaves in its main. */
function takePackage(reading: Reading, from: string, action: unknown): void {
  if (action !== "pass" && action !== "fail" && action !== "skip") return;
  if (action === "fail" && !reading.failed.has(from)) hold(reading, from, from, "fail");
  // Run once more and passed: what it said before is over.
  else if (action === "pass") reading.ended.delete(from);
  reading.failed.delete(from);
  reading.rounds.set(from, (reading.rounds.get(from) ?? 0) + 1);
}

/** In one round the worst counts (`-count=2`); a later round takes an earlier one's place. */
function hold(
  { ended: all, rounds }: Reading,
  from: string,
  id: string,
  outcome: TestResult["outcome"],
): void {
  const round = rounds.get(from) ?? 0;
  const known = all.get(id);
  if (known?.round === round && known.outcome === "fail") return;
  all.set(id, { outcome, round });
}
