export { approvalAsked, approvalStanding, signatureAgainst } from "./approval-standing.ts";
export type { Explanation } from "./explanations.ts";
export { EXPLANATIONS, explain } from "./explanations.ts";
export type { Judgement } from "./gate.ts";
export { judgeChange } from "./gate.ts";
export { type InstructionStanding, instructionStates } from "./instruction-states.ts";
export type { Rule } from "./rule.ts";
export { RULES } from "./rules.ts";
export { scanBytes, scanStream } from "./secrets/scanner.ts";
