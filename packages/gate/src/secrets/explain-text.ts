/** Why the scanner says what it says of a text: every match, and what cleared those that are no hits. */
import { Locator } from "./locator.ts";
import { scanText } from "./scan-text.ts";

export interface ExplainedMatch {
  readonly rule: string;
  readonly kind: string;
  readonly line: number;
  readonly column: number;
  /** How long the match is; never what it says. */
  readonly length: number;
  /** A confidence, or `cleared by <filter>`. */
  readonly outcome: string;
}

/** All matches of a text in UTF-8, ASCII or Latin-1, by place. */
export async function explainText(bytes: Buffer, path: string): Promise<ExplainedMatch[]> {
  const cleared: import("./hit.ts").ClearedHit[] = [];
  const hits = await scanText(bytes, { path, cleared });
  const matches = [
    ...hits.map((hit) => ({ ...hit, outcome: hit.confidence as string })),
    ...cleared.map((hit) => ({ ...hit, outcome: `cleared by ${hit.by}` })),
  ].sort((a, b) => a.index - b.index);
  const locator = new Locator("utf8");
  return matches.map(({ rule, index, length, outcome }) => ({
    rule: rule.id,
    kind: rule.kind,
    ...locator.locate(bytes, 0, index),
    length,
    outcome,
  }));
}
