/**
 * Drift: what was TRUE when the run was closed and no longer holds where a branch stands now. Others
 * have gone on working since, so it is a finding to read, and accuses nobody.
 */
import type { ClaimText, Finding, Run, Tree, Verdict } from "@wingman/model";
import { claimName, visible } from "@wingman/model";
import { claimTypeOf } from "./claim-types.ts";
import { judgeClaim } from "./judge-claim.ts";
import type { StageSetting } from "./scene.ts";
import { stageOfTree } from "./scene.ts";

/** Findings of one run. */
const MOST = 100;

/** What lasts of a claim: a file that was created is there, one that was deleted is not. */
function lastingOf({ type, args }: ClaimText): ClaimText {
  switch (type) {
    case "file.created":
    case "file.modified":
      return { type: "file.exists", args };
    case "file.deleted":
      return { type: "file.absent", args };
    case "file.renamed":
      return { type: "file.exists", args: { path: args["to"] } };
    default:
      return { type, args };
  }
}

/** Judges a run's TRUE claims about the tree once more, at `head`. */
export async function findDrift(
  run: Run,
  verdicts: readonly Verdict[],
  head: { readonly tree: Tree; readonly name: string; readonly commit: string },
  setting: StageSetting,
): Promise<Finding[]> {
  if (head.tree.id === run.end.tree.id) return [];
  const held = new Set(
    verdicts.filter((one) => one.verdict === "TRUE").map((one) => one.claim.name),
  );
  const stage = stageOfTree(head.tree, setting);
  const findings: Finding[] = [];
  for (const { record, line } of run.file.claims) {
    const row = claimTypeOf(record.type);
    const inTree = row?.needs === undefined || row.needs === "tree" || row.needs === "grammars";
    if (!inTree || !held.has(claimName(run.name, record.seq))) continue;
    const { observation } = await judgeClaim(stage, lastingOf(record));
    if (observation.answer !== "FALSE") continue;
    findings.push({
      code: "audit/drift",
      severity: "warn",
      message: `claim ${visible(claimName(run.name, record.seq))} (${visible(record.type)}) was TRUE at ${run.end.commit.slice(0, 12)} and no longer holds at ${visible(head.name)}: expected ${observation.expected}, observed ${observation.observed}`,
      why: "what was built on it may need a look; nobody is accused",
      path: run.file.path,
      line: line.line,
      commit: head.commit,
    });
    if (findings.length === MOST) break;
  }
  return findings;
}
