/** Clauses about the text that files hold: `a.md contains "x" twice`, `there is no "x" in a.md`. */
import type { Clause } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { measuredIfSaid } from "./measure.ts";
import { each } from "./name-phrases.ts";
import { isFileName, type Name } from "./names.ts";
import { readLiterals } from "./read-literals.ts";
import { hasName, readName } from "./read-name.ts";

/** Behind `contains`. */
export function contains(cursor: Cursor, names: readonly Name[]): Clause[] {
  const measured = measuredIfSaid(cursor, names);
  if (measured !== undefined) return measured;
  if (cursor.word("neither") !== undefined) return lacks(cursor, names);
  const exact = cursor.word("exactly") !== undefined;
  const before = occurrences(cursor);
  const both = cursor.word("both") !== undefined;
  const [literal = "", ...others] = readLiterals(cursor, ["and"]);
  if (both && others.length !== 1) return cursor.left();
  if (others.length > 0)
    return exact || before !== undefined
      ? cursor.left()
      : [literal, ...others].flatMap((one) => each(names, "file.contains", { literal: one }));
  const count = before ?? times(cursor);
  if (count !== undefined) return each(names, "file.contains", { literal, op: "==", count });
  return exact ? cursor.left() : each(names, "file.contains", { literal });
}

/** Behind `lacks`. `and` leaves open whether one of them may be there. */
export function lacks(cursor: Cursor, names: readonly Name[]): Clause[] {
  return readLiterals(cursor, ["or", "nor"]).flatMap((literal) =>
    each(names, "file.lacks", { literal }),
  );
}

/** `the text "x" appears twice in a.md`, `"x" is in a.md`; undefined (nothing taken) where it is none. */
export function textClause(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  const literal = quotedText(cursor);
  const verb =
    literal === undefined
      ? undefined
      : cursor.phrase(
          "appears",
          "occurs",
          "is",
          "is not",
          "isn't",
          "does not appear",
          "doesn't appear",
        );
  if (literal === undefined || verb === undefined) {
    cursor.back(mark);
    return undefined;
  }
  const denied = /not|n't/.test(verb) || cursor.word("not") !== undefined;
  const count = times(cursor);
  const name = cursor.word("in") === undefined ? undefined : fileHere(cursor);
  if (name === undefined || (denied && count !== undefined)) {
    cursor.back(mark);
    return undefined;
  }
  if (denied) return each([name], "file.lacks", { literal });
  return each([name], "file.contains", {
    literal,
    ...(count === undefined ? {} : { op: "==", count }),
  });
}

/** Behind `there is`: `no "x" in a.md`, `a line "x" in a.md`. Undefined (nothing taken) where it is none. */
export function textThere(cursor: Cursor, absent: boolean): Clause[] | undefined {
  const mark = cursor.mark;
  const literal = quotedText(cursor);
  cursor.word("line", "text", "heading", "section");
  const name =
    literal === undefined || cursor.word("in") === undefined ? undefined : fileHere(cursor);
  if (name === undefined) {
    cursor.back(mark);
    return undefined;
  }
  return each([name], absent ? "file.lacks" : "file.contains", { literal });
}

function quotedText(cursor: Cursor): string | undefined {
  cursor.word("the", "a", "an");
  const kind = cursor.word("text", "line", "string", "word", "phrase", "heading");
  const token = cursor.token();
  if (token?.quoted !== true || token.text === "") return undefined;
  // "`Auth.login` is in a.ts" need not be its words.
  if (token.code && kind === undefined) return undefined;
  cursor.take();
  return token.text;
}

function fileHere(cursor: Cursor): Name | undefined {
  cursor.word("the");
  const kind = cursor.word("file") === undefined ? undefined : "file";
  if (!hasName(cursor, kind)) return undefined;
  const name = readName(cursor, kind);
  return name.kind === "file" || isFileName(name.path) ? name : undefined;
}

/** `two occurrences of` */
function occurrences(cursor: Cursor): number | undefined {
  const mark = cursor.mark;
  const count = cursor.number();
  if (
    count !== undefined &&
    cursor.phrase("occurrences of", "occurrence of", "times", "copies of") !== undefined
  )
    return count;
  cursor.back(mark);
  return undefined;
}

/** `twice`, `3 times`, `exactly once` */
function times(cursor: Cursor): number | undefined {
  const mark = cursor.mark;
  cursor.word("exactly");
  const named = cursor.word("once", "twice");
  if (named !== undefined) return named === "once" ? 1 : 2;
  const count = cursor.number();
  if (count !== undefined && cursor.word("times", "time") !== undefined) return count;
  cursor.back(mark);
  return undefined;
}
