/**
 * The grammar of `wingman verify "sentence"` (docs/guides/sentences.md). Every word must be accounted
 * for: each clause with its own verb becomes typed claims, and anything left over means that nothing is
 * judged.
 */
import type { Answer } from "@wingman/model";
import { type Clause, type Known, Unaccounted } from "./clause.ts";
import { Cursor } from "./cursor.ts";
import { deedClause } from "./deed-clause.ts";
import { hostClause } from "./host-clause.ts";
import { aside, beginning, isPredicate, joint } from "./joints.ts";
import { predicate } from "./predicate.ts";
import { deniesDeed, isElliptic } from "./reach-of-not.ts";
import type { Names } from "./read-names.ts";
import { standingClause } from "./standing-clause.ts";
import { suggestions } from "./suggestions.ts";
import { type Token, tokenize } from "./tokens.ts";

/** The clauses of a sentence, or why it is not judged, with claims that could be meant. */
export type SentenceClaims =
  | readonly Clause[]
  | { readonly why: string; readonly couldClaim: readonly string[] };

/** Characters of a sentence. */
const LONGEST = 4_000;
/** A sentence of more claims than that is a file of claims. */
const MOST_CLAUSES = 200;

/** Reads a sentence. Pure; no tree is asked, so a word is a name by its form only. */
export function claimsOfSentence(text: string, known: Known = {}): SentenceClaims {
  if (text.length > LONGEST) return { why: `longer than ${LONGEST} characters`, couldClaim: [] };
  const tokens = tokenize(text);
  const give = (why: string): SentenceClaims => ({
    why,
    couldClaim: suggestions(typeof tokens === "string" ? [] : tokens, known),
  });
  if (typeof tokens === "string") return give(tokens);
  if (text.trimEnd().endsWith("?")) return give("a question claims nothing");
  if (tokens.length === 0) return give("nothing is said");
  try {
    const clauses = sentence(new Cursor(tokens), known);
    return clauses.length > MOST_CLAUSES
      ? { why: `more than ${MOST_CLAUSES} claims in one sentence`, couldClaim: [] }
      : clauses;
  } catch (error) {
    if (error instanceof Unaccounted) return give(error.message);
    throw error;
  }
}

/** The answer of a sentence from its clauses' answers: any FALSE wins, then any UNVERIFIABLE. */
export function answerOfAll(answers: readonly Answer[]): Answer {
  if (answers.includes("FALSE")) return "FALSE";
  return answers.length === 0 || answers.includes("UNVERIFIABLE") ? "UNVERIFIABLE" : "TRUE";
}

function sentence(cursor: Cursor, known: Known): Clause[] {
  const clauses: Clause[] = [];
  let about: Names | undefined;
  let said: readonly Token[] = [];
  for (let first = true; !cursor.done; first = false) {
    const stop = cursor.before?.stop === true;
    cursor.next();
    const joined = first ? (beginning(cursor) ?? "") : joint(cursor, about);
    const begin = cursor.mark;
    const read =
      typeof joined === "string"
        ? clause(cursor, known, stop ? undefined : about)
        : { clauses: joined, names: about };
    const words = cursor.since(begin);
    if (!stop && joined !== "but" && deniesDeed(said) && isElliptic(words))
      throw new Unaccounted(
        "it is open whether the denial reaches that far: say who did what twice",
      );
    aside(cursor, words);
    hear(cursor, read.clauses);
    clauses.push(...read.clauses);
    about = read.names;
    said = words;
  }
  const { others, names } = cursor.heard;
  if (others !== undefined && others < names.length)
    throw new Unaccounted("`nothing else` belongs behind all that was done");
  return clauses;
}

/** What `nothing else` is measured by: all that was said to be done. */
function hear(cursor: Cursor, clauses: readonly Clause[]): void {
  for (const { readings } of clauses)
    for (const { claim, names = [] } of readings)
      if (/^file\.(?:created|modified|deleted|renamed)$/.test(claim.type))
        cursor.heard.names.push(...names);
}

interface ReadClause {
  readonly clauses: Clause[];
  /** What a next clause without a subject speaks of: "a.ts exists and contains …". */
  readonly names: Names | undefined;
}

const OPENERS = [
  "also",
  "then",
  "finally",
  "first",
  "now",
  "yes",
  "-",
  "*",
  "•",
  "✅",
  "✔",
  "✔️",
  "☑",
];

function clause(cursor: Cursor, known: Known, about: Names | undefined): ReadClause {
  // `1. Created a.ts`
  if (
    /^\d{1,3}\)?$/.test(cursor.peek() ?? "") &&
    (cursor.token()?.stop || cursor.peek()?.endsWith(")"))
  )
    cursor.take();
  cursor.word(...OPENERS);
  const host = hostClause(cursor, known);
  if (host !== undefined) return { clauses: host, names: undefined };
  if (cursor.phrase(...CHANGES) !== undefined) {
    cursor.word("also", "only");
    if (cursor.wordBefore === "only") return cursor.left();
    cursor.heard.isNow = true;
    return { clauses: deedClause(cursor, "now") ?? cursor.left(), names: undefined };
  }
  const now = cursor.heard.isNow && about === undefined ? deedClause(cursor, "now") : undefined;
  if (now !== undefined) return { clauses: now, names: undefined };
  const acting = actor(cursor);
  const begin = cursor.mark;
  const done = deedClause(cursor);
  if (done !== undefined) return { clauses: done, names: oneName(done, cursor.since(begin)) };
  const runs = hostClause(cursor, known);
  if (runs !== undefined) return { clauses: runs, names: undefined };
  if (acting) return cursor.left();
  if (about !== undefined && about.names.length > 0 && isPredicate(cursor.peek()))
    return { clauses: predicate(cursor, about), names: about };
  return standingClause(cursor);
}

/** What `it` and `which` speak of behind a deed: its one name, where that still stands. */
function oneName(clauses: readonly Clause[], said: readonly Token[]): Names | undefined {
  const all = clauses.flatMap(({ readings }) => readings);
  if (
    all.some(
      ({ claim, not }) => not || !/^file\.(?:created|modified|exists|size)$/.test(claim.type),
    )
  )
    return undefined;
  const byPath = new Map(all.flatMap(({ names = [] }) => names.map((name) => [name.path, name])));
  const [name] = byPath.values();
  if (name === undefined || byPath.size !== 1 || said.length === 0) return undefined;
  return { names: [name], kind: undefined, joint: undefined };
}

const CHANGES = ["change", "pr", "pull request", "branch", "patch"].flatMap((one) => [
  `this ${one}`,
  `the ${one}`,
]);

/** `I have also`, `we just`, `the worker`. Who it was is not judged. */
function actor(cursor: Cursor): boolean {
  const who =
    cursor.phrase("i", "we", "i've", "we've", "the worker", "the agent", "the assistant") !==
    undefined;
  // `have not` stays for the denial.
  if (who && cursor.peek(1) !== "not" && cursor.peek(1) !== "never") cursor.word("have", "has");
  cursor.word("also", "just", "then", "successfully", "now", "newly");
  return who;
}
