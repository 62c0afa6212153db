/**
 * The grammar of `wingman verify "sentence"` (docs/guides/sentences.md). Every word must be accounted
 * for: each clause with its own verb becomes typed claims, and anything left over means that nothing is
 * judged.
 */
import type { Answer } from "@wingman/model";
import { type Clause, type Known, Unaccounted } from "./clause.ts";
import { Cursor, type Names } from "./cursor.ts";
import { deedOf, didNot } from "./deeds.ts";
import { deedClause, predicate, standingClause } from "./file-clause.ts";
import { hostClause } from "./host-clause.ts";
import { deniesDeed, isElliptic } from "./reach-of-not.ts";
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
    const joined = first ? "" : joint(cursor);
    if (typeof joined !== "string") {
      clauses.push(...joined);
      continue;
    }
    const begin = cursor.mark;
    const read = clause(cursor, known, stop ? undefined : about);
    const words = cursor.since(begin);
    if (!stop && joined !== "but" && deniesDeed(said) && isElliptic(words))
      throw new Unaccounted(
        "it is open whether the denial reaches that far: say who did what twice",
      );
    clauses.push(...read.clauses);
    about = read.names;
    said = words;
  }
  return clauses;
}

/** Between clauses stands `and`, `but`, a comma or a full stop; or `without touching b.ts`. */
function joint(cursor: Cursor): Clause[] | string {
  const mark = cursor.before?.comma === true || cursor.before?.stop === true;
  if (cursor.word("without") !== undefined) {
    const deed = deedOf(cursor.peek(), "gerund");
    if (deed === undefined) return cursor.left();
    cursor.take();
    return didNot(deed, cursor.names(["and", "nor", "or"]));
  }
  const word = cursor.word("and", "then", "but");
  if (!mark && word === undefined) return cursor.left();
  cursor.word("then", "also");
  return word ?? "";
}

interface ReadClause {
  readonly clauses: Clause[];
  /** What a next clause without a subject speaks of: "a.ts exists and contains …". */
  readonly names: Names | undefined;
}

function clause(cursor: Cursor, known: Known, about: Names | undefined): ReadClause {
  cursor.word("also", "then", "finally", "first", "now", "yes", "-", "*", "•");
  const host = hostClause(cursor, known);
  if (host !== undefined) return { clauses: host, names: undefined };
  const acting = actor(cursor);
  const done = deedClause(cursor) ?? hostClause(cursor, known);
  if (done !== undefined) return { clauses: done, names: undefined };
  if (acting) return cursor.left();
  if (about !== undefined && about.names.length > 0 && isPredicate(cursor.peek()))
    return { clauses: predicate(cursor, about), names: about };
  return standingClause(cursor);
}

/** `I have also`, `we just`, `the worker`. Who it was is not judged. */
function actor(cursor: Cursor): boolean {
  const who = cursor.phrase("i", "we", "i've", "we've", "the worker", "the agent") !== undefined;
  // `have not` stays for the denial.
  if (who && cursor.peek(1) !== "not" && cursor.peek(1) !== "never") cursor.word("have", "has");
  cursor.word("also", "just", "then", "successfully", "now", "newly");
  return who;
}

function isPredicate(word: string | undefined): boolean {
  return (
    word !== undefined &&
    /^(?:exists?|contains?|lacks?|includes?|does|doesn't|was|wasn't|were|is|isn't|are|has|have|links|no)$/.test(
      word,
    )
  );
}
