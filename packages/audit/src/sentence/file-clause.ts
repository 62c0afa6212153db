/** Clauses about files: what was done to them, and what stands there. */
import { type Clause, type Reading, says, Unaccounted } from "./clause.ts";
import { type Cursor, inFolder, type Names } from "./cursor.ts";
import { deedOf, did, didNot, isOfKind } from "./deeds.ts";
import { isFileName, type Name } from "./names.ts";

/** `created a.ts`, `renamed a.ts to b.ts`, `did not touch src/`: a verb first, whoever did it. */
export function deedClause(cursor: Cursor): Clause[] | undefined {
  const denied = denial(cursor);
  if (denied !== undefined) {
    if (cursor.word("rename", "move", "renamed", "moved") !== undefined)
      return [renamed(cursor, undefined, true)];
    const word = cursor.peek();
    const deed = deedOf(word, denied === "did" ? "base" : "past");
    if (deed === undefined) return cursor.left();
    cursor.take();
    return didNot(deed, plainNames(cursor, ["and", "nor", "or"]));
  }
  if (cursor.word("left") !== undefined) {
    const { names } = plainNames(cursor);
    return cursor.word("untouched", "unchanged", "alone") === undefined
      ? cursor.left()
      : didNot("touched", { names, joint: undefined });
  }
  const only = cursor.word("only") !== undefined;
  if (!only && cursor.word("renamed", "moved") !== undefined) return [renamed(cursor, undefined)];
  const verb = cursor.peek();
  const deed = deedOf(verb, "past");
  if (deed === undefined) return only ? cursor.left() : undefined;
  cursor.take();
  const alone = cursor.word("only") !== undefined || only;
  const line = addedLine(cursor, deed === "created");
  if (line !== undefined) return line;
  const read = deed === "created" || deed === "written" ? namesIn(cursor) : plainNames(cursor);
  const { names } = read;
  whereabouts(cursor);
  if (!alone) return [...did(deed, names), ...emptiness(read)];
  // "I only modified a.ts" may leave out what was created.
  const whole = verb === "changed" || verb === "touched";
  return [...did(deed, names), ...emptiness(read), nothingElse(names, whole)];
}

function namesIn(cursor: Cursor, joints?: readonly string[]): Names {
  return within(cursor, cursor.names(joints));
}

/** Names of which nothing more is said than what they are: who changed "the new a.ts" says that it is new. */
function plainNames(cursor: Cursor, joints?: readonly string[]): Names {
  const mark = cursor.mark;
  const read = namesIn(cursor, joints);
  if (!read.fresh && !read.empty) return read;
  cursor.back(mark);
  return cursor.left();
}

/** `an empty file a.txt` */
function emptiness({ names, empty }: Names): Clause[] {
  return empty ? each(names, "file.size", { bytes: 0 }) : [];
}

/** `… from the repository`, `… successfully` says nothing more. */
function whereabouts(cursor: Cursor): void {
  cursor.phrase("from the repository", "from the repo", "to the repository", "to the repo");
  cursor.word("successfully");
}

/** `did not`, `have not`, `never`: which form of the verb follows. */
function denial(cursor: Cursor): "did" | "have" | undefined {
  if (cursor.phrase("did not", "didn't", "do not", "don't", "did never") !== undefined)
    return "did";
  const have = cursor.phrase("have not", "haven't", "has not", "hasn't", "have never", "has never");
  return (have ?? cursor.word("never", "not")) === undefined ? undefined : "have";
}

/** `added the line "x" to a.ts`; a quoted text without its kind could be a name. */
function addedLine(cursor: Cursor, isAdding: boolean): Clause[] | undefined {
  const mark = cursor.mark;
  cursor.word("the", "a");
  if (!isAdding || cursor.word("line", "text", "string", "heading", "word") === undefined) {
    cursor.back(mark);
    return undefined;
  }
  const literal = cursor.literal();
  if (cursor.word("to", "in") === undefined) return cursor.left();
  const name = cursor.name();
  return [says("git.adds", { commit: "run", path: name.path, literal }, { names: [name] })];
}

/** Runs leave their claims file behind; nobody means that one. */
const CLAIMS = ".wingman/claims/**";

/** The net diff touched nothing besides. Names with a glob's characters cannot be said so. */
function nothingElse(
  names: readonly Name[],
  whole = true,
  more: Pick<Reading, "addingAside"> = {},
): Clause {
  if (names.some(({ path }) => /[*?[\]\\!]/.test(path)))
    throw new Unaccounted("`only` with such a name: claim git.diffWithin");
  const allow = names.flatMap(({ path }) => {
    const plain = path.replace(/^\.\//, "").replace(/\/$/, "");
    return [plain, `${plain}/**`];
  });
  const soft = "`only` may speak of what was modified alone; claim git.diffWithin";
  return says(
    "git.diffWithin",
    { allow: [...allow, CLAIMS] },
    { names, ...more, ...(whole ? {} : { soft }) },
  );
}

function renamed(cursor: Cursor, said: Name | undefined, not?: true): Clause {
  cursor.word("the");
  if (said === undefined) cursor.word("file", "folder", "directory");
  const from = said ?? cursor.name();
  if (cursor.word("to", "into") === undefined && cursor.phrase("as") === undefined) cursor.left();
  const to = cursor.name();
  return says(
    "file.renamed",
    { from: from.path, to: to.path },
    { names: [from, to], ...(not === undefined ? {} : { not }) },
  );
}

/** `a.ts and b.ts in src/` */
function within(cursor: Cursor, read: Names): Names {
  const mark = cursor.mark;
  if (cursor.word("in", "inside", "under", "below") === undefined) return read;
  cursor.word("the");
  const kind = cursor.word("folder", "directory") === undefined ? undefined : "folder";
  const token = cursor.token();
  if (token === undefined) {
    cursor.back(mark);
    return read;
  }
  const folder = cursor.name(kind);
  // `"x" in a.ts` speaks of what a file holds.
  if (kind === undefined && isFileName(folder.path)) {
    cursor.back(mark);
    return read;
  }
  return { ...read, names: read.names.map((name) => inFolder(folder, name)) };
}

/** `a.ts exists`, `there is no a.ts`, `neither a.ts nor b.ts was touched`, `nothing outside src/ changed`. */
export function standingClause(cursor: Cursor): { clauses: Clause[]; names: Names } {
  const none = nothing(cursor);
  if (none !== undefined)
    return { clauses: none, names: { names: [], kind: undefined, joint: undefined } };
  if (cursor.phrase("there is", "there are", "there's", "there exists") !== undefined) {
    const absent = cursor.word("no") !== undefined || cursor.phrase("no longer") !== undefined;
    cursor.word("now", "still", "also");
    const read = absent ? plainNames(cursor) : namesIn(cursor);
    const there = read.names.map((name) => stands(name, absent));
    const fresh = read.fresh ? did("created", read.names) : [];
    return { clauses: [...there, ...fresh, ...emptiness(read)], names: read };
  }
  const neither = cursor.word("neither") !== undefined;
  const names = plainNames(cursor);
  return { clauses: predicate(cursor, names, neither), names };
}

/** `nothing was changed`, `nothing outside src/ was touched` */
function nothing(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  if (cursor.phrase("nothing", "no file", "no files") === undefined) return undefined;
  const outside = cursor.word("outside", "else") !== undefined;
  if (outside && cursor.before?.text.toLowerCase() === "else") return cursor.left();
  if (outside) cursor.word("of");
  const names = outside ? cursor.names().names : [];
  cursor.phrase("was", "were", "has been", "have been", "has", "have");
  if (deedOf(cursor.peek(), "past") === undefined) {
    cursor.back(mark);
    return undefined;
  }
  const deed = deedOf(cursor.take().text.toLowerCase(), "past");
  if (deed !== "modified" && deed !== "touched") return cursor.left();
  const addingAside = deed === "modified" ? { addingAside: true as const } : {};
  return [nothingElse(names, true, addingAside)];
}

/** What is said of the names; `denied` where `neither … nor` stood before them. */
export function predicate(cursor: Cursor, said: Names, denied = false): Clause[] {
  const { names } = said;
  cursor.word("both", "all", "each");
  cursor.word("already", "still", "now", "also");
  if (cursor.word("exists", "exist") !== undefined)
    return names.map((name) => stands(name, denied));
  if (cursor.phrase("no longer exists", "no longer exist", "is gone", "are gone") !== undefined)
    return names.map((name) => stands(name, !denied));
  if (cursor.phrase("doesn't exist", "don't exist", "does not exist", "do not exist") !== undefined)
    return names.map((name) => stands(name, !denied));
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
  if (!denied && deedOf(cursor.peek(), "past") !== undefined)
    return deedOfThem(cursor, names, false);
  if (cursor.phrase("links to", "points to") !== undefined) return linked(cursor, names, denied);
  if (!denied && cursor.word("has", "have") !== undefined && cursor.peek() !== "been")
    return isNotLeft(cursor, names);
  if (cursor.before?.text.toLowerCase() === "has" || cursor.before?.text.toLowerCase() === "have")
    cursor.back(cursor.mark - 1);
  return passive(cursor, said, denied);
}

/** `has 3 lines`, `have not been touched` (the auxiliary is taken). */
function isNotLeft(cursor: Cursor, names: readonly Name[]): Clause[] {
  if (cursor.peek() === "not" || cursor.peek() === "never") {
    cursor.take();
    if (cursor.word("been") === undefined) return cursor.left();
    return deedOfThem(cursor, names, true);
  }
  return measured(cursor, names);
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
  if (cursor.before?.text.toLowerCase() === "only") return cursor.left();
  if (cursor.word("unchanged", "untouched") !== undefined)
    return negative ? cursor.left() : didNot("touched", { names, joint: undefined });
  const present = be.startsWith("is") || be.startsWith("are");
  if (present) return being(cursor, said, negative);
  return deedOfThem(cursor, names, negative);
}

function deedOfThem(cursor: Cursor, names: readonly Name[], negative: boolean): Clause[] {
  cursor.word("successfully", "just", "also", "newly");
  if (cursor.word("renamed", "moved") !== undefined) {
    const [from] = names;
    if (names.length !== 1 || from === undefined) return cursor.left();
    return [renamed(cursor, from, negative ? true : undefined)];
  }
  const deed = deedOf(cursor.peek(), "past");
  if (deed === undefined) return cursor.left();
  cursor.take();
  whereabouts(cursor);
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
  if (cursor.word("a", "an") !== undefined && !negative) {
    const kind =
      cursor.word("file", "folder", "directory", "symlink") ?? cursor.phrase("symbolic link");
    if (kind === undefined) return cursor.left();
    const link = kind === "symlink" || kind === "symbolic link";
    if (link && cursor.word("to") !== undefined) return linkedTo(cursor, names);
    return each(names, "file.exists", {
      kind: link ? "symlink" : kind === "file" ? kind : "folder",
    });
  }
  return negative ? cursor.left() : measured(cursor, names);
}

function notExecutable(names: readonly Name[]): Clause[] {
  return names.map((name) => ({
    by: "any",
    readings: ["100644", "120000"].map((mode) => ({
      claim: { type: "file.mode", args: { path: name.path, mode } },
      names: [name],
    })),
  }));
}

/** `at least 20 lines`, `0 bytes` */
function measured(cursor: Cursor, names: readonly Name[]): Clause[] {
  const op =
    cursor.phrase("at least", "at most", "more than", "less than", "fewer than", "exactly") ??
    "exactly";
  const ops: Readonly<Record<string, string>> = {
    "at least": ">=",
    "at most": "<=",
    "more than": ">",
    "less than": "<",
    "fewer than": "<",
    exactly: "==",
  };
  const count = cursor.number() ?? cursor.left();
  if (cursor.word("line", "lines") !== undefined)
    return each(names, "file.lines", { op: ops[op], lines: count });
  if (cursor.word("byte", "bytes") !== undefined) {
    cursor.word("long", "large");
    return each(names, "file.size", { op: ops[op], bytes: count });
  }
  return cursor.left();
}

function contains(cursor: Cursor, names: readonly Name[]): Clause[] {
  const exact = cursor.word("exactly") !== undefined;
  const [literal = "", ...others] = cursor.literals(["and"]);
  if (others.length > 0)
    return exact
      ? cursor.left()
      : [literal, ...others].flatMap((one) => each(names, "file.contains", { literal: one }));
  const named = cursor.word("once", "twice");
  if (named !== undefined)
    return each(names, "file.contains", { literal, op: "==", count: named === "once" ? 1 : 2 });
  const mark = cursor.mark;
  const count = cursor.number();
  if (count !== undefined && cursor.word("times", "time") !== undefined)
    return each(names, "file.contains", { literal, op: "==", count });
  cursor.back(mark);
  return exact ? cursor.left() : each(names, "file.contains", { literal });
}

/** `and` leaves open whether one of them may be there. */
function lacks(cursor: Cursor, names: readonly Name[]): Clause[] {
  return cursor
    .literals(["or", "nor"])
    .flatMap((literal) => each(names, "file.lacks", { literal }));
}

function linked(cursor: Cursor, names: readonly Name[], denied: boolean): Clause[] {
  return denied ? cursor.left() : linkedTo(cursor, names);
}

function linkedTo(cursor: Cursor, names: readonly Name[]): Clause[] {
  return each(names, "file.linksTo", { target: cursor.name().path });
}

function stands(name: Name, absent: boolean): Clause {
  const { path, kind } = name;
  if (absent) return says("file.absent", { path }, { names: [name] });
  return kind === undefined
    ? says("file.exists", { path }, { names: [name] })
    : isOfKind(name, kind);
}

function each(
  names: readonly Name[],
  type: string,
  args: Readonly<Record<string, unknown>>,
): Clause[] {
  return names.map((name) => says(type, { path: name.path, ...args }, { names: [name] }));
}
