/**
 * Weighs one match by its row: entropy, what can be seen offline, filters, the row's own last word.
 * The answer is a confidence, or the name of what cleared it.
 */
import type { Confidence } from "./confidence.ts";
import { entropy } from "./confidence.ts";
import { FILLER, isKeyOfFiller, isSequence, isWovenSequence } from "./filler.ts";
import { nameBefore } from "./filters.ts";
import { isTest, isTestOrDocs } from "./path-kind.ts";
import type { Cleared, Match, SecretRow } from "./row.ts";

const DEFAULT_CLEARS = [FILLER];

/** How sure a match is, or what cleared it. */
export function judgeMatch(row: SecretRow, match: Match): Confidence | Cleared {
  const validity = row.validate?.(match.secret);
  if (validity === "valid") return "high";
  if (validity === "invalid") return row.invalid ?? { cleared: "checksum" };
  if (row.entropy !== undefined && entropy(match.secret) < row.entropy)
    return { cleared: "entropy" };
  for (const filter of row.clears ?? DEFAULT_CLEARS)
    if (filter.clears(match)) return { cleared: filter.id };
  const judged =
    row.weigh === undefined
      ? (row.confidence ?? "high")
      : (row.weigh(match) ?? { cleared: "weighed" });
  return judged === "high" ? tempered(match, row) : judged;
}

/** Half an alphabet may be a key that somebody mixed by hand; all of it is nobody's. */
const ofSequence = (secret: string): Confidence => (isSequence(secret, 20) ? "medium" : "high");

const MADE_UP =
  /(?:example|dummy|fake|mock|sample|placeholder)[\w.-]{0,30}["'\]]{0,3}[ \t]{0,4}(?:=>|:=|[=:(|])[ \t]{0,4}["'`(\\]{0,4}$/i;

/**
 * What its name calls made up, and an alphabet in a token's shape, open nothing; but whoever writes
 * them there means a token, so it is said.
 */
function tempered(match: Match, row: SecretRow): Confidence {
  const { secret, path } = match;
  const made = isTestOrDocs(path);
  if (isSequence(secret)) {
    if (made) return "low";
    return row.vendor !== "any" || isKeyOfFiller(secret) ? ofSequence(secret) : "medium";
  }
  if (isTest(path) && row.family === "generic" && /test|mock|fake/i.test(nameBefore(match)))
    return "medium";
  if (MADE_UP.test(nameBefore(match))) return "medium";
  return made && isWovenSequence(secret) ? "medium" : "high";
}
