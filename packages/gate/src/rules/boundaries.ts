/**
 * What a worker or bot touches lies within what it was allowed: the instruction's boundaries, the
 * bot's paths. Judged on each commit and on a run's net diff where it lands. Text that only speaks of
 * boundaries is not enforced, and `check` says so.
 */
import type { Change, Entry, Finding, PathChange, Policy, RunName, Tree } from "@wingman/model";
import {
  claimsPath,
  foldPath,
  globMatcher,
  matchesBoundaries,
  quotePath,
  runText,
} from "@wingman/model";
import { claimsOfRun, instructionOf } from "../reading.ts";
import type { Rule } from "../rule.ts";
import { resolveLink } from "./odd-names.ts";

/** What one actor may touch. */
interface Limits {
  readonly what: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly run?: RunName;
}

export const boundaries: Rule = {
  codes: ["boundaries/outside", "boundaries/link", "boundaries/submodule"],
  title: "a worker's commit stays within its instruction's boundaries",
  scopes: ["commit"],
  needs: ["message"],
  judge: async (change) => {
    const limits = await limitsOf(change);
    if (limits === undefined) return [];
    const commit = change.commit === undefined ? {} : { commit: change.commit };
    return judgePaths(change.trusted.policy, limits, change.own, change.after, commit);
  },
};

export const netBoundaries: Rule = {
  codes: ["boundaries/outside", "boundaries/link", "boundaries/submodule", "boundaries/unknown"],
  title: "what a run brings in sum stays within its instruction's boundaries",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { run } of change.runs) {
      if (run.incomplete) findings.push(unknownDiff(run.name));
      const limits = await limitsOfRun(change, run.name, run.file.open.instruction);
      if (limits === undefined) continue;
      const policy = change.trusted.policy;
      findings.push(...(await judgePaths(policy, limits, run.diff, run.end.tree, {})));
    }
    return findings;
  },
};

async function limitsOf(change: Change): Promise<Limits | undefined> {
  const { identity, trusted } = change;
  if (identity.kind === "bot") {
    const row = Object.hasOwn(trusted.policy.bots, identity.name)
      ? trusted.policy.bots[identity.name]
      : undefined;
    return { what: `the paths of bot ${identity.name}`, allow: row?.paths ?? [], deny: [] };
  }
  if (identity.kind !== "worker" || identity.run === undefined) return undefined;
  const parsed = await claimsOfRun(change.after, identity.run);
  // Without a readable claims file or instruction `run/unknown` and `run/instruction` refuse it.
  return parsed?.ok === true
    ? limitsOfRun(change, identity.run, parsed.value.open.instruction)
    : undefined;
}

async function limitsOfRun(change: Change, run: RunName, id: string): Promise<Limits | undefined> {
  const parsed = await instructionOf(change.trusted, id);
  const found = parsed?.ok === true ? parsed.value.boundaries : undefined;
  return found === undefined ? undefined : { what: `the boundaries of ${id}`, ...found, run };
}

async function judgePaths(
  policy: Policy,
  limits: Limits,
  changes: readonly PathChange[],
  after: Tree,
  place: Partial<Finding>,
): Promise<Finding[]> {
  const own = limits.run === undefined ? undefined : claimsPath(limits.run);
  const within = withinOf(policy, limits, changes);
  const denied = globMatcher(limits.deny.map(foldPath));
  const findings: Finding[] = [];
  const add = (code: string, path: string, message: string, help: string): void => {
    const who = limits.run === undefined ? "" : ` (run ${runText(limits.run)})`;
    const why = `point 3 of 10: boundaries${who}`;
    findings.push({ code, severity: "block", message, path, why, help, ...place });
  };
  for (const change of changes) {
    const { path } = change;
    if (path === own) continue;
    if (!within(path)) {
      const help = `undo it (git restore --source=HEAD~ --staged --worktree -- <path>), or have the boundaries changed; allowed: ${limits.allow.join(", ") || "nothing"}${limits.deny.length > 0 ? `; never: ${limits.deny.join(", ")}` : ""}`;
      add("boundaries/outside", path, `${quotePath(path)} is outside ${limits.what}`, help);
    } else if (isSubmodule(change) && !limits.allow.includes(path)) {
      // What a submodule's commit holds is in another repository: nobody here can look at it.
      const message = `${quotePath(path)} is a submodule, which ${limits.what} do not name`;
      add("boundaries/submodule", path, message, `allow: [${JSON.stringify(path)}]`);
    } else if (change.after?.mode === "120000") {
      const target = await targetOf(after, change.after);
      const leads = resolveLink(path, target);
      if (leads === undefined || !(await opensOnly(after, leads, within, denied))) {
        const message = `${quotePath(path)} links to ${quotePath(target.slice(0, 200))}, outside ${limits.what}`;
        add("boundaries/link", path, message, "link within the boundaries, or copy the file");
      }
    }
  }
  return findings;
}

/** Also one that goes, or gives way to a file: what stood there was another repository's content. */
function isSubmodule({ before, after }: PathChange): boolean {
  return before?.mode === "160000" || after?.mode === "160000";
}

/**
 * True where all that a link would open is within. A folder is, where what stands in it is; so a link
 * to `vault` is not, where `vault/**` is denied.
 */
async function opensOnly(
  after: Tree,
  leads: string,
  within: (path: string) => boolean,
  denied: (path: string) => boolean,
): Promise<boolean> {
  if (leads !== "" && (await after.entry(leads)) !== undefined) return within(leads);
  const inside = leads === "" ? "x" : `${leads}/x`;
  return (within(leads) || within(inside)) && !denied(foldPath(inside));
}

/** A link's target; one that is longer than any path leads nowhere, so nowhere allowed. */
async function targetOf(tree: Tree, entry: Entry): Promise<string> {
  if ((await tree.size(entry)) > 4096) return "/";
  return Buffer.from(await tree.read(entry)).toString("utf8");
}

/** Allowed, or the companion of a path that is; what is denied stays so in any letters. */
function withinOf(
  policy: Policy,
  limits: Limits,
  changes: readonly PathChange[],
): (path: string) => boolean {
  // `src/Vault` is `src/vault` on a disk that folds case: a deny must not be walked around so.
  const denied = globMatcher(limits.deny.map(foldPath));
  const allowed = (path: string): boolean =>
    matchesBoundaries(limits, path) && !denied(foldPath(path));
  const companions = Object.entries(policy.companions)
    .filter(([, beside]) => {
      const matches = globMatcher(beside);
      return changes.some(({ path }) => matches(path) && allowed(path));
    })
    .map(([companion]) => companion);
  const accompanies = globMatcher(companions);
  const refused = globMatcher(limits.deny);
  return (path) =>
    allowed(path) || (accompanies(path) && !refused(path) && !denied(foldPath(path)));
}

function unknownDiff(run: RunName): Finding {
  return {
    code: "boundaries/unknown",
    severity: "warn",
    message: `what run ${runText(run)} changed in sum cannot be known: history is missing here`,
    path: claimsPath(run),
    why: "a shallow clone does not hold the run's beginning",
    help: "git fetch --unshallow",
  };
}
