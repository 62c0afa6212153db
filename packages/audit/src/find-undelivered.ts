/**
 * What the instruction itself claims and the run did not bring: `audit/undelivered`. It makes the run
 * incomplete, and nobody a liar: a worker said nothing of it (TRUST.md §4).
 */
import type { ClaimText, Finding, Observation, Run, Tree } from "@wingman/model";
import { CLAIMING_POINTS, claimsOfPoint, runText } from "@wingman/model";
import { instructionIn } from "./instruction-in.ts";
import { judgeClaim } from "./judge-claim.ts";
import { quoted } from "./observation.ts";
import { judgeOrdered } from "./ordered-claim.ts";
import type { Stage } from "./scene.ts";

const SINGULAR = {
  deliverables: "deliverable",
  success_criteria: "success criterion",
  quality_metrics: "quality metric",
} as const;
/** Claims of one instruction that are judged. */
const MOST = 500;

/** Findings of a run closed as done. What nobody could look at here is left to who can. */
export async function findUndelivered(
  stage: Stage,
  run: Run,
  trusted: Tree | undefined,
): Promise<Finding[]> {
  if (trusted === undefined || run.file.close?.outcome !== "done") return [];
  const { instruction: id, digest } = run.file.open;
  const instruction = await instructionIn(trusted, id);
  // Another text than the run was opened on: run/outdated says so where it counts.
  if (instruction === undefined || instruction.digest !== digest) return [];
  const findings: Finding[] = [];
  const about = { path: run.file.path, commit: run.end.commit };
  const claimed = { at: run.file.close.ts, now: stage.clocks.now() };
  const ask = async (claim: ClaimText): Promise<Observation> =>
    (await judgeClaim(stage, claim, { claimed })).observation;
  let judged = 0;
  for (const name of CLAIMING_POINTS)
    for (const claim of claimsOfPoint(instruction, name).claims) {
      judged += 1;
      if (judged > MOST) return [...findings, tooMany(id, about)];
      const observation = await judgeOrdered(stage, claim, { instruction: id, ask });
      if (observation.answer === "TRUE" || observation.reason === "NOT_KNOWN_HERE") continue;
      const open = observation.reason === undefined ? "" : ` (${observation.reason})`;
      findings.push({
        code: "audit/undelivered",
        severity: "warn",
        message: `${id}: the ${SINGULAR[name]} ${quoted(claim.type)} is ${observation.answer}${open}: expected ${observation.expected}, observed ${observation.observed}`,
        why: `run ${runText(run.name)} was closed as done`,
        help: "bring what is missing in another run, or close with: wingman done --partial",
        ...about,
      });
    }
  return findings;
}

/** Said, so that nobody takes what was not looked at for delivered. */
function tooMany(id: string, about: Pick<Finding, "path" | "commit">): Finding {
  return {
    code: "audit/undelivered",
    severity: "warn",
    message: `${id}: only its first ${MOST} claims were looked at`,
    help: "an instruction of so many parts is better several",
    ...about,
  };
}
