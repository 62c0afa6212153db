/**
 * `ci.green`, `gh.issue`, `gh.pr`, `gh.release`: facts of a forge out of an event file that the auditor
 * ingested. The forge is never asked from here, and a file of the tree is no witness. What happened may
 * have been undone later; only how things stood when asked contradicts.
 */
import type { Observation } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import type { ForgeFact } from "../forge-events.ts";
import { factsOf } from "../forge-events.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { anyCommit } from "./find-commit.ts";

function facts(scene: Scene, kinds: readonly string[]): ForgeFact[] {
  const { events } = scene.stage.reach;
  if (events === undefined) return [];
  scene.note("events", events.digest);
  const { policy } = scene.stage;
  const repository = policy.tracker?.github?.repository ?? policy.origin;
  return factsOf(events, repository).filter((one) => kinds.includes(one.kind));
}

function text(one: ForgeFact, key: string): string {
  const value = one.fact[key];
  return typeof value === "string" ? value : "";
}

const ciGreen: ClaimType = {
  type: "ci.green",
  title: "all these checks succeeded for exactly this commit",
  example: { type: "ci.green", args: { commit: "run", checks: ["ci"] } },
  args: { commit: { kind: "text", required: true }, checks: { kind: "texts" } },
  needs: "events",
  witness: "api",
  forgeable: false,
  judge: async (args, scene) => {
    const name = args.text("commit") ?? "";
    const checks = args.texts("checks");
    const which = checks === undefined ? "every check" : checks.map(quoted).join(", ");
    const expected = `${which} succeeded for commit ${quoted(name)}`;
    if (checks?.length === 0) return unverifiable("VACUOUS", expected, "no check is named");
    const commit = await anyCommit(scene, name, expected);
    if ("answer" in commit) return commit;
    const all = facts(scene, ["check_run", "workflow_run", "status"]).filter(
      (one) => (text(one, "head_sha") || text(one, "sha")) === commit.oid,
    );
    const byName = new Map<string, Set<string>>();
    for (const one of all) {
      const check = text(one, "name") || text(one, "context");
      byName.set(check, (byName.get(check) ?? new Set()).add(outcomeOf(one)));
    }
    const wanted = checks ?? [...byName.keys()];
    if (wanted.length === 0)
      return unverifiable("NO_WITNESS", expected, "the event file names no check of that commit");
    return judgeChecks(wanted, byName, expected);
  },
};

function outcomeOf(one: ForgeFact): string {
  if (one.kind === "status") return text(one, "state");
  return text(one, "status") === "completed" ? text(one, "conclusion") : text(one, "status");
}

function judgeChecks(
  wanted: readonly string[],
  byName: ReadonlyMap<string, ReadonlySet<string>>,
  expected: string,
): Observation {
  const seen = wanted.map((name) => [name, [...(byName.get(name) ?? [])]] as const);
  const observed = seen
    .slice(0, 8)
    .map(
      ([name, outcomes]) =>
        `${quoted(name)}: ${outcomes.length === 0 ? "not there" : outcomes.join(", ")}`,
    )
    .join("; ");
  // An earlier step of the same run: queued, then in progress, then its end.
  const ends = seen.map(([, outcomes]) =>
    outcomes.filter((one) => !/^(?:queued|in_progress|pending|requested|waiting)$/.test(one)),
  );
  if (ends.some((one) => one.includes("success") && one.length > 1))
    return unverifiable("FLAKY", expected, observed);
  if (
    ends.some((one) => one.some((end) => /^(?:failure|error|timed_out|startup_failure)$/.test(end)))
  )
    return contradicts(expected, observed);
  return ends.every((one) => one.length === 1 && one[0] === "success")
    ? holds(expected, observed)
    : unverifiable("NO_WITNESS", expected, observed);
}

/** How something stood, newest word first; a contradiction must have been asked for, not overheard. */
function judgeState(
  found: readonly ForgeFact[],
  about: { readonly expected: string; fits(one: ForgeFact): boolean; said(one: ForgeFact): string },
  scene: Scene,
): Observation {
  const { expected } = about;
  const newest = [...found].sort((a, b) => (timeOf(b) < timeOf(a) ? -1 : 1))[0];
  if (newest === undefined)
    return unverifiable("NO_WITNESS", expected, "the event file says nothing of it");
  const observed = `${about.said(newest)} (${timeOf(newest) || "no time"})`;
  if (about.fits(newest)) return holds(expected, observed);
  const closed = scene.run?.file.close?.ts ?? "";
  if (newest.isEvent || (closed !== "" && timeOf(newest) > closed))
    return unverifiable(
      "STALE",
      expected,
      `${observed}; it may have stood otherwise when the run closed`,
    );
  return contradicts(expected, observed);
}

function timeOf(one: ForgeFact): string {
  return text(one, "updated_at") || text(one, "published_at") || text(one, "created_at");
}

const ghIssue: ClaimType = {
  type: "gh.issue",
  title: "an issue has this state",
  example: { type: "gh.issue", args: { number: 12, state: "closed" } },
  args: {
    number: { kind: "count", required: true },
    state: { kind: ["open", "closed"], required: true },
  },
  needs: "events",
  witness: "api",
  forgeable: false,
  judge: async (args, scene) => {
    const [number, state] = [args.number("number")?.text ?? "", args.text("state") ?? ""];
    const found = facts(scene, ["issue"]).filter((one) => String(one.fact["number"]) === number);
    return judgeState(
      found,
      {
        expected: `issue ${number} is ${state}`,
        fits: (one) => text(one, "state") === state,
        said: (one) => text(one, "state"),
      },
      scene,
    );
  },
};

const ghPr: ClaimType = {
  type: "gh.pr",
  title: "a pull request has this state",
  example: { type: "gh.pr", args: { number: 13, state: "merged" } },
  args: {
    number: { kind: "count", required: true },
    state: { kind: ["open", "closed", "merged"], required: true },
  },
  needs: "events",
  witness: "api",
  forgeable: false,
  judge: async (args, scene) => {
    const [number, state] = [args.number("number")?.text ?? "", args.text("state") ?? ""];
    const found = facts(scene, ["pull_request"]).filter(
      (one) => String(one.fact["number"]) === number,
    );
    const stateOf = (one: ForgeFact): string =>
      one.fact["merged"] === true || text(one, "merged_at") !== "" ? "merged" : text(one, "state");
    return judgeState(
      found,
      {
        expected: `pull request ${number} is ${state}`,
        // A merged one is closed as well.
        fits: (one) => stateOf(one) === state || (state === "closed" && stateOf(one) === "merged"),
        said: stateOf,
      },
      scene,
    );
  },
};

const ghRelease: ClaimType = {
  type: "gh.release",
  title: "a release of this tag is published",
  example: { type: "gh.release", args: { tag: "v1.2.0" } },
  args: {
    tag: { kind: "text", required: true },
    state: { kind: ["published", "draft", "prerelease"] },
  },
  needs: "events",
  witness: "api",
  forgeable: false,
  judge: async (args, scene) => {
    const [tag, state] = [args.text("tag") ?? "", args.text("state") ?? "published"];
    const found = facts(scene, ["release"]).filter((one) => text(one, "tag_name") === tag);
    const stateOf = (one: ForgeFact): string =>
      one.fact["draft"] === true
        ? "draft"
        : one.fact["prerelease"] === true
          ? "prerelease"
          : "published";
    return judgeState(
      found,
      {
        expected: `release ${quoted(tag)} is ${state}`,
        fits: (one) =>
          stateOf(one) === state || (state === "published" && stateOf(one) === "prerelease"),
        said: stateOf,
      },
      scene,
    );
  },
};

export const forgeTypes: readonly ClaimType[] = [ciGreen, ghIssue, ghPr, ghRelease];
