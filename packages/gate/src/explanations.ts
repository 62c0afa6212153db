/**
 * What every code means, for `wingman explain CODE`: why it exists, what passes, what does not. A
 * test holds this table against the codes that rules can emit.
 */

import { CHANGE_EXPLANATIONS } from "./explanations-change.ts";
import { CONFIG_EXPLANATIONS } from "./explanations-config.ts";
import { FORMAT_EXPLANATIONS } from "./explanations-format.ts";
import { FORBIDDEN_EXPLANATION, POINT_EXPLANATIONS } from "./explanations-points.ts";
import { WORK_EXPLANATIONS } from "./explanations-work.ts";

export interface Explanation {
  /** One line: what is demanded. */
  readonly title: string;
  readonly why: string;
  /** Something that passes. */
  readonly good: string;
  /** Something that does not. */
  readonly bad: string;
}

export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ...POINT_EXPLANATIONS,
  ...FORMAT_EXPLANATIONS,
  ...WORK_EXPLANATIONS,
  ...CHANGE_EXPLANATIONS,
  ...CONFIG_EXPLANATIONS,
};

/** The entry of a code, or undefined where no rule has it. Rows of a policy's own table share one. */
export function explain(code: string): Explanation | undefined {
  if (Object.hasOwn(EXPLANATIONS, code)) return EXPLANATIONS[code];
  return code.startsWith("forbidden/") ? FORBIDDEN_EXPLANATION : undefined;
}
