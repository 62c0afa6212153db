/** What can be wrong with a claims file's text, as findings. Codes are the parser's own. */
import type { Change, Finding, Problem } from "@wingman/model";
import { quotePath } from "@wingman/model";

/** What each of the parser's codes is called here; `claims/invalid` is whatever else it refuses. */
const NAMES: Readonly<Record<string, (typeof CLAIMS_PROBLEMS)[number]>> = {
  "claims/cr": "claims/cr",
  "claims/torn": "claims/torn",
  "claims/not-canonical": "claims/not-canonical",
  "claims/size": "claims/size",
  "claims/prev": "claims/chain",
  "claims/seq": "claims/chain",
  "claims/closed": "claims/chain",
};

export const CLAIMS_PROBLEMS = [
  "claims/cr",
  "claims/torn",
  "claims/not-canonical",
  "claims/chain",
  "claims/size",
  "claims/invalid",
] as const;

/** One finding a problem, at its line. */
export function problemFindings(
  change: Change,
  path: string,
  problems: readonly Problem[],
): Finding[] {
  return problems.map((problem) => ({
    code:
      (Object.hasOwn(NAMES, problem.code) ? NAMES[problem.code] : undefined) ?? "claims/invalid",
    severity: "block",
    message: `${quotePath(path)} cannot be read as claims: ${problem.message}`,
    path,
    line: problem.line,
    column: problem.column,
    why: "claims that cannot be read exactly cannot be judged",
    help: problem.help ?? "let wingman write the file: wingman start, claim, retract, done",
    ...(change.commit === undefined ? {} : { commit: change.commit }),
  }));
}
