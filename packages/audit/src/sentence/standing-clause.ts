/** Clauses about what stands there: `a.ts exists`, `there is no a.ts`, `neither a.ts nor b.ts was touched`. */
import type { Clause } from "./clause.ts";
import { textClause, textThere } from "./contents-clause.ts";
import type { Cursor } from "./cursor.ts";
import { deedOf, did } from "./deeds.ts";
import { nothingDone, onlyDid } from "./diff-clause.ts";
import { emptiness, namesIn, plainNames } from "./name-phrases.ts";
import { predicate, REPOSITORY, stands } from "./predicate.ts";
import { hasName } from "./read-name.ts";
import type { Names } from "./read-names.ts";

const NOBODY: Names = { names: [], kind: undefined, joint: undefined };

interface Standing {
  readonly clauses: Clause[];
  /** What a next clause without a subject speaks of. */
  readonly names: Names;
}

/** The whole clause; whatever is none is left over. */
export function standingClause(cursor: Cursor): Standing {
  const whole = nothingDone(cursor) ?? headline(cursor) ?? onlyThem(cursor) ?? textClause(cursor);
  if (whole !== undefined) return { clauses: whole, names: NOBODY };
  const there = thereIs(cursor) ?? repositoryHas(cursor);
  if (there !== undefined) return there;
  const mark = cursor.mark;
  const none = cursor.word("no") !== undefined;
  if (none && cursor.peek() !== "file") cursor.back(mark);
  const denied = cursor.word("neither") !== undefined || cursor.mark !== mark;
  const names = bareName(cursor) ?? plainNames(cursor);
  return { clauses: predicate(cursor, names, denied), names };
}

/** `there is a file a.ts`, `there isn't any b.ts`, `there is no "x" in a.md` */
function thereIs(cursor: Cursor): Standing | undefined {
  const said = cursor.phrase(
    ...["there is", "there are", "there's", "there exists", "there isn't", "there aren't"],
  );
  if (said === undefined) return undefined;
  const absent = said.includes("n't") || cursor.phrase("no longer", "no", "not") !== undefined;
  cursor.word("now", "still", "also");
  if (absent) cursor.word("any");
  const text = textThere(cursor, absent);
  if (text !== undefined) return { clauses: text, names: NOBODY };
  const read = namesIn(cursor);
  // `there is no a.ts in src` speaks of `src/a.ts` alone.
  const names = read.names.map(({ bare: _, ...name }) => name);
  return thereStands(cursor, names.length === 1 ? { ...read, names } : read, absent);
}

function thereStands(cursor: Cursor, read: Names, absent: boolean): Standing {
  if (absent && (read.fresh || read.empty)) return cursor.left();
  const there = read.names.map((name) => stands(name, absent));
  const fresh = read.fresh ? did("created", read.names) : [];
  return { clauses: [...there, ...fresh, ...emptiness(read)], names: read };
}

/** `the repository has a README.md`, `the project contains no b.ts` */
function repositoryHas(cursor: Cursor): Standing | undefined {
  if (cursor.phrase(...REPOSITORY.flatMap((one) => [`the ${one}`, `this ${one}`])) === undefined)
    return undefined;
  const denied =
    cursor.phrase("does not have", "doesn't have", "does not contain", "doesn't contain") !==
    undefined;
  if (!denied && cursor.word("has", "contains", "includes") === undefined) return cursor.left();
  const absent = cursor.word("no") !== undefined;
  if (absent && denied) return cursor.left();
  return thereStands(cursor, namesIn(cursor), absent || denied);
}

/** `New files: a.ts, b.ts`, `Files deleted: c.ts` */
function headline(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  const fresh = cursor.word("new") !== undefined;
  const files = cursor.word("file", "files") !== undefined;
  const deed = fresh ? "created" : deedOf(cursor.peek(), "participle");
  if (files && deed !== undefined) {
    if (!fresh) cursor.take();
    if (cursor.before?.comma === true && cursor.token() !== undefined) {
      cursor.heard.deed = deed;
      return did(deed, plainNames(cursor).names);
    }
  }
  cursor.back(mark);
  return undefined;
}

/** `only a.ts was changed`, `the only file I changed is a.ts` */
function onlyThem(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  if (cursor.phrase("the only file", "the only files") !== undefined) {
    cursor.word("that", "which");
    cursor.word("i", "we");
    cursor.word("have", "has");
    cursor.phrase("was", "were");
    const verb = cursor.peek();
    const deed = deedOf(verb, "past");
    if (deed === undefined) return cursor.left();
    cursor.take();
    if (cursor.word("is", "are", "was", "were") === undefined) return cursor.left();
    return onlyDid(deed, verb, plainNames(cursor).names);
  }
  if (cursor.word("only") === undefined) return undefined;
  const { names } = plainNames(cursor);
  if (cursor.phrase("was", "were", "has been", "have been", "has", "have") !== undefined) {
    const verb = cursor.peek();
    const deed = deedOf(verb, "participle");
    if (deed !== undefined) {
      cursor.take();
      return onlyDid(deed, verb, names);
    }
  }
  cursor.back(mark);
  return cursor.left();
}

/** `docs exists`, `latest is a symlink`: any word, where such a verb follows; only the tree can tell. */
function bareName(cursor: Cursor): Names | undefined {
  const token = cursor.token();
  if (token === undefined || token.quoted || token.comma || token.stop) return undefined;
  if (!/^[A-Za-z][\w-]{1,60}$/.test(token.text) || hasName(cursor)) return undefined;
  const [verb, object] = [cursor.peek(1), cursor.peek(2)];
  const fits =
    verb === "exists" ||
    verb === "exist" ||
    (verb === "is" && (object === "a" || object === "not")) ||
    ((verb === "links" || verb === "points") && object === "to");
  if (!fits) return undefined;
  cursor.take();
  const doubt = verb === "exists" || verb === "exist" ? "loose" : "whole";
  return { ...NOBODY, names: [{ path: token.text, doubt }] };
}
