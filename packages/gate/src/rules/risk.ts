/**
 * The policy maps paths and environments to a minimum of risk, and who writes an instruction cannot go
 * below it (TRUST.md §3). Each refusal names the row of the policy that says so.
 */
import type { Finding } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { leastRisk, RISKS } from "../approval-standing.ts";
import { instructionsBrought } from "../instructions-of.ts";
import type { Rule } from "../rule.ts";

export const leastRisks: Rule = {
  codes: ["risk/below"],
  title: "an instruction's risk is at least the policy's minimum",
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const one of await instructionsBrought(change)) {
      const least = leastRisk(change.trusted.policy, one, []);
      // Without a declared level point 9 is not typed, and the policy's minimum simply counts.
      if (one.draft || least === undefined || one.risk === undefined) continue;
      if (RISKS.indexOf(one.risk) >= RISKS.indexOf(least.level)) continue;
      const point = one.points.risk_assessment;
      findings.push({
        code: "risk/below",
        severity: "block",
        message: `${quotePath(one.path)} declares risk ${one.risk}; ${least.level} is the least here (${least.row})`,
        path: one.path,
        ...(point === undefined ? {} : { line: point.line, column: point.column }),
        why: "point 9 of 10: the policy's minimum is not its author's to lower",
        help: `risk_assessment: {level: ${least.level}, why: …}, or boundaries that stay out of it`,
        ...(change.ref === undefined ? {} : { ref: change.ref.name }),
      });
    }
    return findings;
  },
};
