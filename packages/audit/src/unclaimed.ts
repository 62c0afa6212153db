/**
 * What a run's diff shows and no claim covers: `audit/unclaimed`, one finding a path. It is an
 * omission, not a lie, and never a verdict.
 */
import type { Finding, PathChange, Policy, RepoPath, Run } from "@wingman/model";
import { claimsPath, globMatcher, quotePath, runText } from "@wingman/model";
import type { Covered } from "./claim-type.ts";

/** Findings of one run; a last one says how many more there are. */
const MOST = 200;

/**
 * Findings about a closed run's claims as a whole: `audit/unclaimed` by `policy.audit.unclaimed`,
 * `audit/no-claims` (blocks) for a diff and not one claim, `audit/incomplete` where the diff is not
 * all here. `covers` is what the unretracted claims speak for.
 */
export function findUnclaimed(
  run: Run,
  policy: Policy,
  covers: readonly Covered[],
  claims: number,
): Finding[] {
  if (run.file.close === undefined) return [];
  const about = { path: run.file.path, commit: run.end.commit };
  if (run.incomplete) {
    return [
      {
        code: "audit/incomplete",
        severity: "warn",
        message: `what run ${runText(run.name)} changed is not all here, so unclaimed paths are not known`,
        help: "git fetch --unshallow",
        ...about,
      },
    ];
  }
  const changed = run.diff.filter(({ path }) => path !== claimsPath(run.name));
  if (changed.length === 0) return [];
  if (claims === 0) {
    if (run.file.close.outcome === "abandoned") return [];
    return [
      {
        code: "audit/no-claims",
        severity: "block",
        message: `run ${runText(run.name)} changed ${changed.length} paths and claims nothing`,
        why: "a run says what it did, so that it can be checked",
        help: `wingman claim ${suggest(changed[0])}`,
        ...about,
      },
    ];
  }
  const severity = policy.audit.unclaimed;
  if (severity === "off") return [];
  const open = uncovered(run, policy, covers);
  const findings: Finding[] = open.slice(0, MOST).map((change) => ({
    code: "audit/unclaimed",
    severity,
    message: `run ${runText(run.name)} changed ${quotePath(change.path)}, and no claim covers it`,
    why: "what a run does and does not say is the first thing to look at",
    help: `wingman claim ${suggest(change)}`,
    path: change.path,
    commit: run.end.commit,
  }));
  if (open.length > MOST) {
    findings.push({
      code: "audit/unclaimed",
      severity,
      message: `run ${runText(run.name)} changed ${open.length - MOST} more paths that no claim covers`,
      ...about,
    });
  }
  return findings;
}

/** The run's changes, its own claims file left out, that no claim and no companion rule covers. */
export function uncovered(run: Run, policy: Policy, covers: readonly Covered[]): PathChange[] {
  const isCovered = coverage(run, policy, covers);
  return run.diff.filter(({ path }) => path !== claimsPath(run.name) && !isCovered(path));
}

/** Paths that a claim, or a companion rule of the policy, covers. */
function coverage(
  run: Run,
  policy: Policy,
  covers: readonly Covered[],
): (path: RepoPath) => boolean {
  const exact = new Set(covers.map((one) => one.path));
  const folders = new Set(covers.filter((one) => one.below).map((one) => one.path));
  const companions = Object.entries(policy.companions)
    .filter(([, hosts]) => run.diff.some(({ path }) => globMatcher(hosts)(path)))
    .map(([companion]) => companion);
  const isCompanion = globMatcher(companions);
  return (path) => {
    if (exact.has(path) || (companions.length > 0 && isCompanion(path))) return true;
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) {
      if (folders.has(path.slice(0, cut))) return true;
    }
    return false;
  };
}

function suggest(change: PathChange | undefined): string {
  if (change === undefined) return "file.created path=…";
  const verb =
    change.before === undefined ? "created" : change.after === undefined ? "deleted" : "modified";
  return `file.${verb} path=${quotePath(change.path)}`;
}
