export {
  approvalAsked,
  approvalStanding,
  otherApprovers,
  signatureAgainst,
} from "./approval-standing.ts";
export type { Explanation } from "./explanations.ts";
export { EXPLANATIONS, explain } from "./explanations.ts";
export type { Judgement } from "./gate.ts";
export { judgeChange } from "./gate.ts";
export { type InstructionStanding, instructionStates } from "./instruction-states.ts";
export type { Rule } from "./rule.ts";
export { secrets as secretsRule } from "./rules/secrets.ts";
export type { Judged } from "./rules/secrets-findings.ts";
export { findingsOfFile, secretFindings } from "./rules/secrets-findings.ts";
export { RULES } from "./rules.ts";
export { explainText } from "./secrets/explain-text.ts";
export { SCANNER_DIGEST } from "./secrets/keyword-search.ts";
export type { Content, ScannedFile } from "./secrets/scan-file.ts";
export { scanFile } from "./secrets/scan-file.ts";
export { scanVersion } from "./secrets/scan-version.ts";
export { scanBytes } from "./secrets/scanner.ts";
export { secretRows } from "./secrets/secret-rows.ts";
