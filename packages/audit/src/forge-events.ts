/**
 * An ingested event file: webhook payloads and REST answers of GitHub, as one JSON value, a list, or
 * JSON lines. The auditor's own bytes; whatever in it is of another repository is left out.
 */
import { digestOf } from "@wingman/model";
import type { ForgeEvents } from "./reach.ts";

type Fact = Readonly<Record<string, unknown>>;

/** Lists of REST answers, each entry a fact of its kind. */
const LISTS: Readonly<Record<string, string>> = {
  check_runs: "check_run",
  workflow_runs: "workflow_run",
  statuses: "status",
  issues: "issue",
  pull_requests: "pull_request",
  releases: "release",
};

/** One thing that the forge said. `event`: something that happened; else how it stood when asked. */
export interface ForgeFact {
  readonly kind: string;
  readonly fact: Fact;
  readonly isEvent: boolean;
}

/** Reads the file; gives why it cannot be read. */
export function readForgeEvents(bytes: Buffer): ForgeEvents | { readonly why: string } {
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  const values = wholeValue(text) ?? linesOf(text);
  if (values === undefined) return { why: "it is neither JSON nor JSON lines" };
  const events = values.flatMap((one) => (isFact(one) ? [one] : []));
  return events.length === values.length && events.length > 0
    ? { digest: digestOf(bytes), events }
    : { why: "it holds something that is no JSON object, or nothing" };
}

function wholeValue(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.flat() : [value];
  } catch {
    return undefined;
  }
}

function linesOf(text: string): unknown[] | undefined {
  try {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

/** The facts about one repository (`acme/shop`); all where it is not known. */
export function factsOf(events: ForgeEvents, repository: string): ForgeFact[] {
  return events.events.flatMap((event) => {
    const named = text(event["repository"], "full_name");
    if (named !== undefined && repository.includes("/") && !same(named, repository)) return [];
    const isEvent = "action" in event;
    const facts: ForgeFact[] = [];
    for (const [list, kind] of Object.entries(LISTS)) {
      const entries = event[list];
      // The combined status names its commit once, beside the list.
      if (Array.isArray(entries))
        for (const one of entries)
          if (isFact(one)) facts.push({ kind, isEvent, fact: { sha: event["sha"], ...one } });
    }
    for (const kind of ["check_run", "workflow_run", "issue", "pull_request", "release"]) {
      const one = event[kind];
      if (isFact(one)) facts.push({ kind, isEvent, fact: one });
    }
    if (facts.length === 0) facts.push({ kind: kindOf(event), isEvent, fact: event });
    return facts;
  });
}

/** A REST answer of one thing tells its kind by its keys. */
function kindOf(fact: Fact): string {
  if ("context" in fact && "state" in fact) return "status";
  if ("head_sha" in fact) return "run_attempt" in fact ? "workflow_run" : "check_run";
  if ("tag_name" in fact) return "release";
  if ("merged_at" in fact && "head" in fact) return "pull_request";
  return "number" in fact && "state" in fact ? "issue" : "";
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function text(value: unknown, key: string): string | undefined {
  const found = isFact(value) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

function isFact(value: unknown): value is Fact {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
