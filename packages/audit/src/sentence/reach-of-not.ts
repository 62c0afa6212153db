/**
 * How far a `not` reaches. "I have not created a.ts and deleted b.ts" may deny both or one, since both verbs
 * fit the auxiliary; "I did not create a.ts and deleted b.ts" denies one.
 */
import { deedOf } from "./deeds.ts";
import type { Token } from "./tokens.ts";

const OWN = /^(?:i|we|i've|we've|(?:have|has|was|were|is|are|did|do|does)(?:n't)?)$/;

/** Whether a clause denies a verb in a form that the next clause's could share. */
export function deniesDeed(tokens: readonly Token[]): boolean {
  const words = wordsOf(tokens);
  return words.some(
    (word, at) =>
      word === "never" ||
      /^(?:have|has|was|were|is|are)n't$/.test(word) ||
      (word === "not" && !/^(?:did|do|does)$/.test(words[at - 1] ?? "")),
  );
}

/** Whether a clause has a verb, but neither a subject nor an auxiliary of its own. */
export function isElliptic(tokens: readonly Token[]): boolean {
  const words = wordsOf(tokens);
  const isDeed = (word: string): boolean =>
    deedOf(word, "past") !== undefined || word === "renamed" || word === "moved";
  return words.some(isDeed) && !words.some((word) => OWN.test(word));
}

function wordsOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ text, quoted }) => (quoted ? [] : [text.toLowerCase()]));
}
