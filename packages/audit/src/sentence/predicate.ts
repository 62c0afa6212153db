/** What is said of names behind them: `exists`, `was not touched`, `is a folder`, `has 3 lines`. */
import { type Clause, says } from "./clause.ts";
import { contains, lacks } from "./contents-clause.ts";
import type { Cursor } from "./cursor.ts";
import { deedOf, did, didNot, isOfKind } from "./deeds.ts";
import { measured } from "./measure.ts";
import { moved } from "./move-clause.ts";
import { each } from "./name-phrases.ts";
import type { Name } from "./names.ts";
import { readName } from "./read-name.ts";
import type { Names } from "./read-names.ts";

export const REPOSITORY = ["repository", "repo", "project", "tree"];

/** What is said of the names; `denied` where `neither … nor` stood before them. */
export function predicate(cursor: Cursor, said: Names, denied = false): Clause[] {
  const { names } = said;
  cursor.word("both", "all", "each");
  cursor.word("already", "still", "now", "also");
  if (cursor.word("exists", "exist") !== undefined) {
    cursor.heard.isExisting = true;
    return names.map((name) => stands(name, denied));
  }
  if (cursor.phrase("no longer exists", "no longer exist", "is gone", "are gone") !== undefined)
    return names.map((name) => stands(name, !denied));
  if (cursor.phrase("doesn't exist", "don't exist", "does not exist", "do not exist") !== undefined)
    return names.map((name) => stands(name, !denied));
  const elided = denied ? undefined : elision(cursor, names);
  if (elided !== undefined) return elided;
  if (cursor.word("contains", "contain", "includes", "include") !== undefined)
    return denied ? lacks(cursor, names) : contains(cursor, names);
  if (
    cursor.word("lacks", "lack") !== undefined ||
    cursor.phrase(
      "doesn't contain",
      "don't contain",
      "does not contain",
      "do not contain",
      "no longer contains",
      "doesn't include",
      "does not include",
    ) !== undefined
  )
    return denied ? cursor.left() : lacks(cursor, names);
  if (
    cursor.phrase(
      "did not change",
      "didn't change",
      "has not changed",
      "have not changed",
      "hasn't changed",
      "haven't changed",
    ) !== undefined
  )
    return denied ? cursor.left() : didNot("modified", { names, joint: undefined });
  if (cursor.phrase("has changed", "have changed") !== undefined)
    return denied ? didNot("modified", { names, joint: undefined }) : did("modified", names);
  // `a.ts updated`, as a headline has it.
  if (!denied && deedOf(cursor.peek(), "participle") !== undefined)
    return deedOfThem(cursor, names, false);
  if (cursor.phrase("links to", "points to") !== undefined) return linked(cursor, names, denied);
  if (!denied && cursor.word("has", "have") !== undefined && cursor.peek() !== "been")
    return has(cursor, names);
  if (cursor.wordBefore === "has" || cursor.wordBefore === "have") cursor.back(cursor.mark - 1);
  return passive(cursor, said, denied);
}

/** `has 3 lines`, `has the line "x"`, `have not been touched` (the auxiliary is taken). */
function has(cursor: Cursor, names: readonly Name[]): Clause[] {
  if (cursor.word("not", "never") !== undefined) {
    if (cursor.word("been") === undefined) return cursor.left();
    return deedOfThem(cursor, names, true);
  }
  const kind = cursor.peek() === "the" || cursor.peek() === "a" ? cursor.peek(1) : cursor.peek();
  return ["text", "line", "string", "heading"].includes(kind ?? "")
    ? contains(cursor, names)
    : measured(cursor, names);
}

/** `a.ts exists, but b.ts does not` */
function elision(cursor: Cursor, names: readonly Name[]): Clause[] | undefined {
  const mark = cursor.mark;
  const said = cursor.phrase("does not", "doesn't", "do not", "don't");
  const ends = cursor.done || cursor.before?.stop === true || cursor.before?.comma === true;
  if (said !== undefined && ends && cursor.heard.before?.isExisting === true) {
    cursor.heard.isExisting = true;
    return names.map((name) => stands(name, true));
  }
  cursor.back(mark);
  return undefined;
}

function passive(cursor: Cursor, said: Names, denied: boolean): Clause[] {
  const { names } = said;
  const be =
    cursor.phrase("has been", "have been", "hasn't been", "haven't been") ??
    cursor.word(
      "was",
      "were",
      "is",
      "are",
      "wasn't",
      "weren't",
      "isn't",
      "aren't",
      "stayed",
      "stays",
      "stay",
      "remained",
      "remains",
      "remain",
    );
  if (be === undefined) return cursor.left();
  const not = be.includes("n't") || cursor.word("not", "never") !== undefined;
  const negative = not !== denied;
  cursor.word("successfully", "just", "also", "now", "newly", "still", "left", "only");
  if (cursor.wordBefore === "only") return cursor.left();
  if (cursor.word("unchanged", "untouched") !== undefined)
    return negative ? cursor.left() : didNot("touched", { names, joint: undefined });
  const present = be.startsWith("is") || be.startsWith("are");
  if (present) return being(cursor, said, negative);
  return deedOfThem(cursor, names, negative);
}

function deedOfThem(cursor: Cursor, names: readonly Name[], negative: boolean): Clause[] {
  cursor.word("successfully", "just", "also", "newly");
  if (cursor.word("renamed", "moved") !== undefined) {
    return moved(cursor, names, negative ? true : undefined);
  }
  const deed = deedOf(cursor.peek(), "participle");
  if (deed === undefined) return cursor.left();
  cursor.take();
  cursor.heard.deed = deed;
  return negative ? didNot(deed, { names, joint: undefined }) : did(deed, names);
}

/** `is there`, `is empty`, `is executable`, `is a folder`, `is 20 bytes` */
function being(cursor: Cursor, said: Names, negative: boolean): Clause[] {
  const { names } = said;
  if (cursor.word("there", "present") !== undefined)
    return names.map((name) => stands(name, negative));
  if (cursor.word("missing", "absent", "gone") !== undefined)
    return names.map((name) => stands(name, !negative));
  if (cursor.word("empty") !== undefined) {
    if (said.kind === "folder") return cursor.left();
    return each(names, "file.size", negative ? { op: ">", bytes: 0 } : { bytes: 0 });
  }
  if (cursor.word("executable") !== undefined)
    return negative ? notExecutable(names) : each(names, "file.mode", { mode: "100755" });
  if (cursor.word("a", "an") !== undefined) return ofKind(cursor, names, negative);
  if (!negative && cursor.phrase("the same as before", "as before") !== undefined)
    return didNot("touched", { names, joint: undefined });
  if (cursor.phrase("in the", "part of the", "in this", "part of this") !== undefined) {
    if (cursor.word(...REPOSITORY) === undefined) return cursor.left();
    return names.map((name) => stands(name, negative));
  }
  return negative ? cursor.left() : measured(cursor, names);
}

/** `is a folder`, `is not a symlink`; what is none of a kind stands there all the same. */
function ofKind(cursor: Cursor, names: readonly Name[], negative: boolean): Clause[] {
  const said =
    cursor.word("file", "folder", "directory", "symlink") ?? cursor.phrase("symbolic link");
  if (said === undefined) return cursor.left();
  const link = said === "symlink" || said === "symbolic link";
  if (link && !negative && cursor.word("to") !== undefined) return linkedTo(cursor, names);
  const kind = link ? "symlink" : said === "file" ? said : "folder";
  if (!negative) return names.map((name) => isOfKind(name, kind));
  return names.flatMap((name) => {
    const { path } = name;
    const not = says("file.exists", { path, kind }, { names: [name], not: true });
    return [stands(name, false), not];
  });
}

function notExecutable(names: readonly Name[]): Clause[] {
  return names.flatMap((name) => {
    const args = { path: name.path, mode: "100755" };
    return [stands(name, false), says("file.mode", args, { names: [name], not: true })];
  });
}

function linked(cursor: Cursor, names: readonly Name[], denied: boolean): Clause[] {
  return denied ? cursor.left() : linkedTo(cursor, names);
}

function linkedTo(cursor: Cursor, names: readonly Name[]): Clause[] {
  cursor.word("the");
  return each(names, "file.linksTo", { target: readName(cursor).path });
}

/** That something stands there, or nothing. */
export function stands(name: Name, absent: boolean): Clause {
  const { path, kind } = name;
  if (absent) return says("file.absent", { path }, { names: [name] });
  return kind === undefined
    ? says("file.exists", { path }, { names: [name] })
    : isOfKind(name, kind);
}
