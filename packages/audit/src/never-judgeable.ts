/**
 * Claims that nothing could ever judge, told before they stand in a file for good: arguments that
 * contradict each other, patterns that no linear time runs, claims that no tree could make false.
 */
import type { ClaimText } from "@wingman/model";
import { emptyTree, treeOf } from "@wingman/model";
import { checkArguments } from "./arguments.ts";
import { claimTypeOf } from "./claim-types.ts";
import { judgeAgainst } from "./judge-claim.ts";

/**
 * Why no surface could judge the claim, or undefined. Two trees are asked, one with nothing and one with
 * something at the claim's path: what both call malformed or empty is so whatever was committed.
 */
export async function whyNeverJudgeable(claim: ClaimText): Promise<string | undefined> {
  const row = claimTypeOf(claim.type);
  const args = row === undefined ? undefined : checkArguments(row.args, claim.args);
  if (row === undefined || args === undefined || "why" in args) return undefined;
  const about = args.text("about");
  const inTree = row.needs === undefined || row.needs === "tree" || row.needs === "history";
  if (about !== undefined && about !== "tree" && inTree && row.onDisk !== true)
    return `${claim.type} is judged on the committed tree; leave \`about\` out`;
  const nothing = await judgeAgainst(emptyTree, claim);
  if (nothing.reason === "MALFORMED") return nothing.observed;
  // With nothing there to be of a wrong kind, it is the claim itself.
  const ownFault = nothing.reason === "UNSUPPORTED" || nothing.reason === "BUDGET";
  if (ownFault && /^the pattern/.test(nothing.observed)) return nothing.observed;
  if (nothing.reason !== "VACUOUS") return undefined;
  const path = args.path("path")?.path;
  if (path === undefined) return nothing.observed;
  const something = await judgeAgainst(treeOf({ [path]: "something\n" }), claim);
  return something.reason === "VACUOUS" ? something.observed : undefined;
}

/** What people write for a type that has another name here. */
const INSTEAD: Readonly<Record<string, string>> = {
  "file.added": "file.created",
  "file.new": "file.created",
  "file.removed": "file.deleted",
  "file.changed": "file.modified",
  "file.updated": "file.modified",
  "file.edited": "file.modified",
  "file.moved": "file.renamed",
  "file.hash": "file.sha256",
  "file.unchanged": "file.untouched",
  "tests.pass": "suite.passes",
  "tests.passed": "suite.passes",
  "test.pass": "test.passes",
  "suite.pass": "suite.passes",
  "function.exists": "symbol.defined",
  "function.defined": "symbol.defined",
  "class.exists": "symbol.defined",
  "types.passes": "types.pass",
  "type.passes": "types.pass",
  "typecheck.passes": "types.pass",
  "build.succeeds": "build.passes",
  "json.path": "data.path",
  "yaml.path": "data.path",
  "package.installed": "pkg.installed",
  "dependency.added": "dep.version",
  "service.running": "svc.active",
  "process.running": "proc.running",
  "container.running": "ctr.running",
  "pr.merged": "gh.pr",
  "issue.closed": "gh.issue",
};

/** The type of another name, or undefined. */
export function typeInstead(type: string): string | undefined {
  return Object.hasOwn(INSTEAD, type) ? INSTEAD[type] : undefined;
}
