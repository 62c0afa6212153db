/** Reads one name of a clause, and what it is called: `a.ts`, `the folder src`, `the data directory`. */
import type { Cursor } from "./cursor.ts";
import { type Name, type NameKind, nameOf } from "./names.ts";

const KINDS: Readonly<Record<string, NameKind>> = {
  file: "file",
  files: "file",
  folder: "folder",
  folders: "folder",
  directory: "folder",
  directories: "folder",
  symlink: "symlink",
  symlinks: "symlink",
};
const PLAIN = /^[A-Za-z][\w-]{1,60}$/;
/** Where all of it is, and what a sentence has said. */
const NO_FOLDER = new Set(
  "repository repo project tree it them there a an the which my our this that".split(" "),
);
/** A name as `in src/` or `2 files in src/:` places it. */
export function inFolder(folder: Name, name: Name): Name {
  const top = folder.path.replace(/\/$/, "");
  if (name.path.startsWith(`${top}/`)) return name;
  // That the folder stands does not make a path of `Node.js`.
  const doubt = name.doubt === "word" ? "whole" : (name.doubt ?? folder.doubt);
  return {
    path: `${top}/${name.path}`,
    bare: name.path,
    ...(doubt === undefined ? {} : { doubt }),
    ...(name.kind === undefined ? {} : { kind: name.kind }),
  };
}

function doubtful(name: Name | undefined): Name | undefined {
  return name && { ...name, doubt: "loose" };
}

/** A word without the ending of many. */
export function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "");
}

/** Whether a name stands here. */
export function hasName(cursor: Cursor, kind?: NameKind): boolean {
  const token = cursor.token();
  if (token === undefined) return false;
  return nameOf(token, kind) !== undefined || kindBehind(cursor) !== undefined;
}

/** `the data directory`: a plain word that is called something behind itself. */
function kindBehind(cursor: Cursor): NameKind | undefined {
  const [token, behind] = [cursor.token(), cursor.peek(1)];
  if (token === undefined || token.comma || token.stop || behind === undefined) return undefined;
  return Object.hasOwn(KINDS, behind) && behind === singular(behind) ? KINDS[behind] : undefined;
}

/** The name here; a clause without it is left over. */
export function readName(cursor: Cursor, said?: NameKind): Name {
  const token = cursor.token();
  if (token === undefined) return cursor.left();
  const behind = said === undefined ? kindBehind(cursor) : undefined;
  const plain = nameOf(token, said);
  // `the test file` need not be a file called `test`.
  const name = plain ?? (behind && doubtful(nameOf(token, behind)));
  if (name === undefined) return cursor.left();
  cursor.take();
  if (behind !== undefined) cursor.take();
  // `the files old.ts and new.ts`, `the src/a.ts and src/b.ts files`
  else if (!token.comma && !token.stop) cursor.word("file", "files", "folder", "directory");
  const kind = said ?? behind;
  return kind === undefined ? name : { ...name, kind };
}

/** Behind `in`: `src/`, `the folder src`, `src`. Undefined (nothing taken) where no name stands. */
export function readFolder(cursor: Cursor): Name | undefined {
  const mark = cursor.mark;
  cursor.word("the");
  const kind = kindHere(cursor);
  if (hasName(cursor, kind)) return readName(cursor, kind);
  const bare = bareFolder(cursor);
  if (bare !== undefined) return bare;
  cursor.back(mark);
  return undefined;
}

/** A plain word where a place must stand; only the tree can tell. Undefined (nothing taken) otherwise. */
export function bareFolder(cursor: Cursor): Name | undefined {
  const word = cursor.token();
  if (word === undefined || word.quoted || !PLAIN.test(word.text)) return undefined;
  if (NO_FOLDER.has(word.text) || Object.hasOwn(KINDS, word.text)) return undefined;
  cursor.take();
  return { path: word.text, doubt: "word" };
}

/** Takes what the names behind are called. */
export function kindHere(cursor: Cursor): NameKind | undefined {
  const word = cursor.peek();
  const kind = word !== undefined && Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  // `the file.`: what is called so is named next.
  if (kind === undefined || cursor.token()?.stop === true) return undefined;
  cursor.take();
  return kind;
}
