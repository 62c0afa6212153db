/** Quoted texts of a sentence: what files hold. */
import { Unaccounted } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { SINGULAR } from "./read-names.ts";

/** `"x"`, `"x" and "y"`: what files hold; `or` where it is denied. */
export function readLiterals(cursor: Cursor, joints: readonly string[]): string[] {
  const all = [readLiteral(cursor)];
  for (;;) {
    const mark = cursor.mark;
    const comma = cursor.before?.comma === true && !cursor.before.stop;
    const joined = cursor.word(...joints) !== undefined || comma;
    const behind = cursor.peek(1);
    const own =
      behind !== undefined && (SINGULAR.has(behind) || /^(?:exist|contain|were|are)$/.test(behind));
    if (joined && cursor.token()?.quoted === true && !own) all.push(readLiteral(cursor));
    else {
      cursor.back(mark);
      return all;
    }
  }
}

/** A quoted text: what a file holds. */
export function readLiteral(cursor: Cursor): string {
  cursor.word("the");
  cursor.word("text", "line", "string", "word", "phrase", "words", "heading");
  const token = cursor.token();
  if (token?.quoted !== true)
    throw new Unaccounted("put the text that the file contains in quotes");
  cursor.take();
  return token.text;
}
