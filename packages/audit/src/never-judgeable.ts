/**
 * Claims that nothing could ever judge, told before they stand in a file for good: arguments that
 * contradict each other, patterns that no linear time runs, claims that no tree could make false.
 */
import type { ClaimText } from "@wingman/model";
import { emptyTree, treeOf } from "@wingman/model";
import type { Arguments } from "./arguments.ts";
import { checkArguments } from "./arguments.ts";
import { claimTypeOf } from "./claim-types.ts";
import { countOf, saysNothing } from "./comparison.ts";
import { judgeAgainst } from "./judge-claim.ts";
import { languageOf } from "./source/source-at.ts";

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
  const empty = EMPTY.find(([types, is]) => types.test(claim.type) && is(args));
  if (empty !== undefined) return empty[2];
  const nothing = await judgeAgainst(emptyTree, claim);
  if (nothing.reason === "MALFORMED") return nothing.observed;
  // With nothing there to be of a wrong kind, it is the claim itself.
  const ownFault = nothing.reason === "UNSUPPORTED" || nothing.reason === "BUDGET";
  if (ownFault && /^the pattern/.test(nothing.observed)) return nothing.observed;
  const path = args.path("path")?.path;
  if (path === undefined) return nothing.reason === "VACUOUS" ? nothing.observed : undefined;
  const something = await judgeAgainst(treeOf({ [path]: "something\n" }), claim);
  if (ALWAYS_OPEN.some(([type, why]) => type.test(claim.type) && why.test(something.observed)))
    return something.observed;
  return nothing.reason === "VACUOUS" && something.reason === "VACUOUS"
    ? something.observed
    : undefined;
}

/** Answers that any file at that path would get. */
const ALWAYS_OPEN: readonly (readonly [RegExp, RegExp])[] = [
  [/^data\./, /^the name tells no format/],
  [/^file\.(?:mode|owner)$/, /^git stores /],
];

const OTHER_SOURCE =
  /\.(?:md|txt|json|ya?ml|toml|html?|css|scss|sql|c|h|cc|cpp|hpp|cs|php|kt|swift|scala|lua|pl|r|ex|exs|hs|vue|svelte)$/i;

/** What says nothing, or asks for nothing, before any tree, host or forge is looked at. */
const EMPTY: readonly (readonly [RegExp, (args: Arguments) => boolean, string])[] = [
  [/^symbol\./, (args) => (args.text("name") ?? "").trim() === "", "the name is empty"],
  [
    /^symbol\./,
    (args) => {
      const path = args.path("path")?.path ?? "";
      return !args.has("language") && OTHER_SOURCE.test(path) && languageOf(path) === undefined;
    },
    "no parser reads such files; file.contains claims their text",
  ],
  [
    /^symbol\.refs$/,
    (args) => saysNothing(args.operator("op") ?? "==", args.number("count") ?? countOf(1)),
    "any number of uses would do",
  ],
  [/^symbol\.refs$|^secret\./, (args) => args.texts("scope")?.length === 0, "the scope is empty"],
  [/^(?:pkg|dep)\./, (args) => args.text("name")?.trim() === "", "the package has no name"],
  [/^dep\.version$/, (args) => args.text("version")?.trim() === "", "the version is empty"],
  [/^ci\.green$/, (args) => args.texts("checks")?.length === 0, "no check is named"],
  [/^gh\./, (args) => args.number("number")?.digits === 0n, "numbers begin with 1"],
  [/^gh\.release$/, (args) => args.text("tag")?.trim() === "", "the tag has no name"],
  [
    /^git\.ancestor$/,
    (args) => args.text("commit") === args.text("of"),
    "a commit always is an ancestor of itself",
  ],
  [/^git\.merged$/, (args) => args.text("into")?.trim() === "", "the branch has no name"],
  [
    /^git\.clean$/,
    (args) => (args.text("about") ?? "tree") === "tree",
    "a commit always is clean; about=worktree speaks of the working tree",
  ],
];

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
