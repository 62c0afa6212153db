/**
 * Weighs what stands where programs keep real passwords: in a URL, a header, a login's file. Even a
 * word may be a real one there; sure is only what people do not write into examples.
 */
import type { Confidence } from "./confidence.ts";
import { isTest, isTestOrDocs } from "./path-kind.ts";
import type { Cleared, Match } from "./row.ts";
import { isEverybodys, isOwnChoice, isShuffled, kindOfValue } from "./value-kind.ts";

/** Takes the password and the match that it stands in. */
export function weighPassword(value: string, match: Match): Confidence | Cleared {
  const kind = kindOfValue(value);
  if (typeof kind !== "string") return { cleared: kind.none };
  switch (kind) {
    case "random":
      return "high";
    case "hex":
    case "uuid":
      return isTestOrDocs(match.path) ? "medium" : "high";
    case "chosen":
      if (isTest(match.path)) return "medium";
      return isOwnChoice(value) && !(isTestOrDocs(match.path) && isEverybodys(value))
        ? "high"
        : "medium";
    case "word":
      if (!isTestOrDocs(match.path) && isShuffled(value)) return "high";
      return value.length >= 4 ? "medium" : "low";
    default:
      return "low";
  }
}
