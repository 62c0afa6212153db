/** `renamed a.ts to b.ts`, `moved a.ts and b.ts from src/ to lib/`: what the tree then shows of each. */
import { type Clause, says } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import type { Name } from "./names.ts";
import { bareFolder, hasName, inFolder, readFolder } from "./read-name.ts";
import { readNames } from "./read-names.ts";

const TO = ["to", "into", "as", "→", "->", "=>"];

/** The verb is taken; `said` where the names stood before it. */
export function moved(cursor: Cursor, said: readonly Name[] | undefined, not?: true): Clause[] {
  const names = said ?? readNames(cursor, ["and"]).names;
  const home = cursor.word("from") === undefined ? undefined : folderHere(cursor);
  if (cursor.word(...TO) === undefined) return cursor.left();
  const to = names.length > 1 ? asFolder(folderHere(cursor)) : placeHere(cursor);
  return names.map((name) => {
    const from = home === undefined ? name : inFolder(home, name);
    return says(
      "file.renamed",
      { from: from.path, to: to.path },
      { names: [from, to], ...(not === undefined ? {} : { not }) },
    );
  });
}

/** `b.ts`, `the folder src/modern` */
function placeHere(cursor: Cursor): Name {
  const word = hasName(cursor) || cursor.token()?.quoted ? undefined : bareFolder(cursor);
  if (word !== undefined) return word;
  const { names } = readNames(cursor, []);
  const [to] = names;
  if (to === undefined || names.length > 1) return cursor.left();
  return to.kind === "folder" ? asFolder(to) : to;
}

function folderHere(cursor: Cursor): Name {
  return readFolder(cursor) ?? cursor.left();
}

function asFolder(name: Name): Name {
  return { ...name, path: `${name.path.replace(/\/$/, "")}/` };
}
