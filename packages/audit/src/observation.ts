/** Short ways to make an Observation. They bound its text and show hostile characters, always. */
import type { Observation, Reason } from "@wingman/model";
import { visible } from "@wingman/model";

/** Characters of `expected` and of `observed`; a verdict record must stay small (8 KiB in all). */
const LIMIT = 600;

/** The claim holds. */
export function holds(expected: string, observed: string): Observation {
  return { answer: "TRUE", expected: shown(expected), observed: shown(observed) };
}

/** A complete observation contradicts the claim. */
export function contradicts(expected: string, observed: string): Observation {
  return { answer: "FALSE", expected: shown(expected), observed: shown(observed) };
}

/** It could not be looked at, for a reason of the closed list. */
export function unverifiable(reason: Reason, expected: string, observed: string): Observation {
  return { answer: "UNVERIFIABLE", reason, expected: shown(expected), observed: shown(observed) };
}

/** Text for people, cut to `limit` UTF-16 units without splitting a character. */
export function shown(text: string, limit = LIMIT): string {
  const clean = visible(text.slice(0, limit * 2));
  if (clean.length <= limit && text.length <= limit * 2) return clean;
  const end = /[\ud800-\udbff]/.test(clean.charAt(limit - 2)) ? limit - 2 : limit - 1;
  return `${clean.slice(0, end)}…`;
}

/** A text of the claim in backticks, short: what was searched for. */
export function quoted(text: string): string {
  return `\`${shown(text, 80)}\``;
}

/** Nothing but a tree was handed in, as `verify` without a range does: what was done cannot be seen on it. */
export function treeAlone(expected: string, what: "run" | "history" | "tags"): Observation {
  const how = "verify --range A..B shows it, and so does a claim in a run";
  return unverifiable("NO_WITNESS", expected, `a tree alone shows no ${what}; ${how}`);
}
