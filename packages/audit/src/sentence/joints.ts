/**
 * What stands between the clauses of a sentence, and what says nothing more behind one: `and`, `without
 * touching b.ts`, `which contains "x"`, `as requested`. Clauses that nothing joins are left over.
 */
import type { Clause } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { gerundClause } from "./deed-clause.ts";
import { deedOf, didNot } from "./deeds.ts";
import { nothingElse } from "./diff-clause.ts";
import { predicate } from "./predicate.ts";
import { type Names, readNames } from "./read-names.ts";
import type { Token } from "./tokens.ts";

/** `without touching b.ts, …` at the head of a sentence. */
export function beginning(cursor: Cursor): Clause[] | undefined {
  if (cursor.peek() !== "without" && cursor.peek() !== "while") return undefined;
  const clauses = gerundClause(cursor, cursor.take().text.toLowerCase() === "without");
  return cursor.before?.comma === true ? clauses : cursor.left();
}

/** Between clauses stands `and`, `but`, a comma or a full stop; or `without touching b.ts`. */
export function joint(cursor: Cursor, about: Names | undefined): Clause[] | string {
  const mark = cursor.before?.comma === true || cursor.before?.stop === true;
  if (cursor.word("without") !== undefined) return gerundClause(cursor, true);
  const word = cursor.word("and", "then", "but", "while", "whereas");
  if (word === "while" && isGerund(cursor.peek())) return gerundClause(cursor, false);
  const pronoun = cursor.peek();
  if (word === undefined && (pronoun === "which" || pronoun === "that"))
    return relative(cursor, about);
  if (!mark && word === undefined) return cursor.left();
  cursor.word("then", "also");
  if (cursor.peek() === "not" && word !== "and") return butNot(cursor);
  if (
    word === "and" &&
    cursor.phrase("nothing else", "no other file", "no other files") !== undefined
  )
    return andNothingElse(cursor);
  if (cursor.peek() === "it") return relative(cursor, about);
  return word ?? "";
}

/** `I created a.ts and nothing else`: nothing else was created, at least. */
function andNothingElse(cursor: Cursor): Clause[] {
  const { names, before } = cursor.heard;
  if (before?.deed === undefined || names.length === 0) return cursor.left();
  cursor.heard.others = names.length;
  const soft = "`and nothing else` may speak of that verb alone; claim git.diffWithin";
  return [nothingElse([...names], before.deed === "touched" ? {} : { soft })];
}

/** `…, which contains "x"`, `it has 20 lines`: of the one name before it. */
function relative(cursor: Cursor, about: Names | undefined): Clause[] {
  if (
    about?.names.length !== 1 ||
    !isPredicate(cursor.peek(1) === "now" ? cursor.peek(2) : cursor.peek(1))
  )
    return cursor.left();
  cursor.take();
  return predicate(cursor, about);
}

/** `created a.ts, but not b.ts` */
function butNot(cursor: Cursor): Clause[] {
  const deed = cursor.heard.before?.deed;
  if (deed === undefined) return cursor.left();
  cursor.take();
  return didNot(deed, readNames(cursor, ["and", "or", "nor"]));
}

function isGerund(word: string | undefined): boolean {
  return word === "leaving" || deedOf(word, "gerund") !== undefined;
}

/** Whether a word begins what is said of names before it. */
export function isPredicate(word: string | undefined): boolean {
  return (
    word !== undefined &&
    /^(?:exists?|contains?|lacks?|includes?|does|doesn't|was|wasn't|were|is|isn't|are|has|have|links|no)$/.test(
      word,
    )
  );
}

/** What says nothing more, behind a clause. */
const ASIDES = [
  ...["from", "to", "in"].flatMap((one) =>
    ["repository", "repo", "project"].map((all) => `${one} the ${all}`),
  ),
  ...["as requested", "as asked", "as instructed", "as well", "too", "successfully", "already"],
  ...["by me", "by us", "by the worker", "by the agent"],
];
const ASIDES_OF_NO = ["yet", "anymore", "any more", "any longer", "at all", "so far"];

/** Takes them. */
export function aside(cursor: Cursor, said: readonly Token[]): void {
  const denied = said.some(
    ({ text, quoted }) => !quoted && /^(?:not|never|no|neither|nothing|.*n't)$/i.test(text),
  );
  const phrases = [...ASIDES, ...(denied ? ASIDES_OF_NO : [])];
  // A full stop ends what could be added.
  for (let more = true; more; ) more = !cursor.endsHere && cursor.phrase(...phrases) !== undefined;
}
