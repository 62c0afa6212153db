/** Clauses that begin with what was done: `created a.ts`, `did not touch src/`, whoever did it. */
import { type Clause, says } from "./clause.ts";
import { contains } from "./contents-clause.ts";
import type { Cursor } from "./cursor.ts";
import { type Deed, deedOf, did, didNot } from "./deeds.ts";
import { nothingBehind, onlyDid } from "./diff-clause.ts";
import { measuredIfSaid } from "./measure.ts";
import { moved } from "./move-clause.ts";
import { emptiness, namesIn, plainNames } from "./name-phrases.ts";
import { isFileName, type Name } from "./names.ts";
import { readLiteral } from "./read-literals.ts";
import { type Names, readNames } from "./read-names.ts";

const PLACES = ["untouched", "unchanged", "alone", "intact"];

/** The whole clause, or undefined (nothing taken) where no such verb stands here. */
export function deedClause(cursor: Cursor, form: "past" | "now" = "past"): Clause[] | undefined {
  const denied = denial(cursor, form);
  if (denied !== undefined) return deniedDeed(cursor, denied);
  if (cursor.word("left", "leaving") !== undefined) return leftAlone(cursor);
  const begin = cursor.mark;
  const only = cursor.word("only") !== undefined;
  const moving = form === "now" ? ["renames", "moves"] : ["renamed", "moved"];
  if (!only && cursor.word(...moving) !== undefined) return moved(cursor, undefined);
  if (!only && cursor.phrase("got rid of") !== undefined)
    return heard(cursor, "deleted", did("deleted", plainNames(cursor).names));
  const verb = cursor.peek();
  const deed = deedOf(verb, form);
  if (deed === undefined) {
    cursor.back(begin);
    return undefined;
  }
  cursor.take();
  const alone = cursor.word("only") !== undefined || only;
  if (verb === "made" || verb === "makes") {
    const changes = madeChanges(cursor);
    if (changes !== undefined && !alone) return changes;
  }
  const none = alone ? undefined : nothingBehind(cursor, deed, false);
  if (none !== undefined) return none;
  if (!alone && cursor.word("neither") !== undefined)
    return didNot(deed, { ...plainNames(cursor, ["nor"]), joint: "nor" });
  const line = deed === "created" ? addedLine(cursor) : undefined;
  if (line !== undefined) return line;
  const read = deed === "created" || deed === "written" ? namesIn(cursor) : plainNames(cursor);
  const { names } = read;
  const clauses = alone ? onlyDid(deed, verb, names) : did(deed, names);
  return heard(cursor, deed, [...clauses, ...emptiness(read), ...holding(cursor, read, deed)]);
}

/** `leaving a.ts untouched`, `deleting b.ts`: behind `while` and `without`. */
export function gerundClause(cursor: Cursor, without: boolean): Clause[] {
  if (!without && cursor.word("leaving") !== undefined) return leftAlone(cursor);
  const deed = deedOf(cursor.peek(), "gerund");
  if (deed === undefined) return cursor.left();
  cursor.take();
  if (!without) return did(deed, plainNames(cursor).names);
  return nothingBehind(cursor, deed, true) ?? didNot(deed, readNames(cursor, ["and", "nor", "or"]));
}

function heard(cursor: Cursor, deed: Deed, clauses: Clause[]): Clause[] {
  cursor.heard.deed = deed;
  return clauses;
}

function deniedDeed(cursor: Cursor, form: "base" | "past"): Clause[] {
  const moving = form === "base" ? ["rename", "move"] : ["renamed", "moved"];
  if (cursor.word(...moving) !== undefined) return moved(cursor, undefined, true);
  cursor.word("yet");
  const deed = deedOf(cursor.peek(), form);
  if (deed === undefined) return cursor.left();
  cursor.take();
  return (
    nothingBehind(cursor, deed, true) ?? didNot(deed, plainNames(cursor, ["and", "nor", "or"]))
  );
}

function leftAlone(cursor: Cursor): Clause[] {
  const { names } = plainNames(cursor);
  if (
    cursor.word(...PLACES) === undefined &&
    cursor.phrase("as it was", "as they were", "as is") === undefined
  )
    return cursor.left();
  return didNot("touched", { names, joint: undefined });
}

/** `did not`, `have not`, `never`: which form of the verb follows. */
function denial(cursor: Cursor, form: "past" | "now"): "base" | "past" | undefined {
  if (form === "now")
    return cursor.phrase("does not", "doesn't") === undefined ? undefined : "base";
  if (cursor.phrase("did not", "didn't", "do not", "don't", "did never") !== undefined)
    return "base";
  const have = cursor.phrase("have not", "haven't", "has not", "hasn't", "have never", "has never");
  if ((have ?? cursor.word("never", "not")) === undefined) return undefined;
  cursor.word("yet", "ever");
  return "past";
}

/** `made some changes to a.ts`, `made no changes to b.ts` */
function madeChanges(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  const how = cursor.word("a", "some", "several", "small", "minor", "no", "further", "the", "any");
  if (
    cursor.word("change", "changes", "edit", "edits") === undefined ||
    cursor.word("to", "in") === undefined
  ) {
    cursor.back(mark);
    return undefined;
  }
  if (how !== "no") return did("modified", plainNames(cursor).names);
  return didNot("modified", { ...plainNames(cursor, ["and", "or", "nor"]), joint: "nor" });
}

/** `added the line "x" to a.ts`; where only `"x"` is said it need not be its words. */
function addedLine(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  cursor.word("the", "a", "an");
  const kind = cursor.word("line", "text", "string", "heading", "word");
  if (kind === undefined && cursor.token()?.quoted !== true) {
    cursor.back(mark);
    return undefined;
  }
  const literal = readLiteral(cursor);
  const what = kind ?? cursor.word("section", "heading", "line", "entry");
  if (cursor.word("to", "in") === undefined) {
    cursor.back(mark);
    return what === undefined ? undefined : cursor.left();
  }
  cursor.word("the");
  const { names } = readNames(cursor, []);
  const [name] = names;
  if (name === undefined || (kind === undefined && !isFileName(name.path))) {
    cursor.back(mark);
    return undefined;
  }
  const soft = 'it need not be these words: say `the line "…"`';
  const args = { commit: "run", path: name.path, literal };
  return [says("git.adds", args, { names: [name], ...(kind === undefined ? { soft } : {}) })];
}

/** `created a.txt containing "x"`, `with 20 lines`: of one name. */
function holding(cursor: Cursor, { names }: Names, deed: Deed): Clause[] {
  const mark = cursor.mark;
  if (deed === "deleted" || names.length !== 1) return [];
  if (cursor.word("containing") !== undefined) return contains(cursor, names);
  if (cursor.word("with") === undefined) return [];
  const measured = measuredIfSaid(cursor, names);
  if (measured !== undefined) return measured;
  const text = withText(cursor, names);
  if (text === undefined) cursor.back(mark);
  return text ?? [];
}

function withText(cursor: Cursor, names: readonly Name[]): Clause[] | undefined {
  cursor.word("the", "a");
  if (!["text", "line", "string", "heading"].includes(cursor.peek() ?? "")) return undefined;
  const clauses = contains(cursor, names);
  cursor.phrase("in it");
  return clauses;
}
