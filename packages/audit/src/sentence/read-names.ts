/**
 * Reads the names of a clause: `the new files a.ts, "b c.md" and src/`. A comma or `and` belongs to the
 * names only where a name follows; a count that is not theirs is refused.
 */
import { Unaccounted } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import type { Name, NameKind } from "./names.ts";
import { hasName, inFolder, kindHere, readFolder, readName, singular } from "./read-name.ts";

/** Behind a name they begin a clause of its own; `were`, `exist` and `contain` speak of a whole list. */
export const SINGULAR = new Set([
  "exists",
  "contains",
  "lacks",
  "includes",
  "does",
  "doesn't",
  "was",
  "wasn't",
  "has",
  "hasn't",
  "is",
  "isn't",
  "links",
]);

const JOINTS = ["&", "as well as", "along with", "together with"];

export interface Names {
  readonly names: readonly Name[];
  readonly kind: NameKind | undefined;
  /** How the last of several was joined: `a.ts and b.ts`. */
  readonly joint: string | undefined;
  /** They were called new, or empty. */
  readonly fresh?: true;
  readonly empty?: true;
}

interface Joint {
  word: string | undefined;
  /** What all that follow are called, and what the next one is. */
  kind: NameKind | undefined;
  next: NameKind | undefined;
  /** The verb behind the names is that of them all: `nothing outside a/ and b/ was touched`. */
  readonly verbBehind: boolean;
}

/** `the new files a.ts, "b c.md" and src/`; a count before them must be theirs. */
export function readNames(
  cursor: Cursor,
  joints: readonly string[] = ["and", "nor"],
  verbBehind = false,
): Names {
  const both =
    cursor.word("the", "a", "an", "both", "all", "my", "our", "these", "this") === "both";
  if (both) cursor.word("the");
  const mark = cursor.mark;
  let count = cursor.number();
  const how = newOrEmpty(cursor);
  const kind = kindHere(cursor);
  // `the folder src and a.ts`: one folder; `the folders src and docs`.
  const ofAll = isPlural(cursor) ? kind : undefined;
  if (kind === undefined && count !== undefined) {
    cursor.back(mark);
    count = undefined;
  }
  if (kind !== undefined) cursor.word("named", "called", "at");
  const folder = kind !== undefined && count !== undefined ? folderBefore(cursor) : undefined;
  const joint: Joint = { word: undefined, kind: ofAll, next: undefined, verbBehind };
  const names = [readName(cursor, kind)];
  while (another(cursor, joint, joints)) names.push(readName(cursor, joint.next));
  const wanted = both ? 2 : count;
  if (wanted !== undefined && wanted !== names.length)
    throw new Unaccounted(`it says ${both ? "both" : count} and names ${names.length}`);
  return {
    names: folder === undefined ? names : names.map((one) => inFolder(folder, one)),
    kind,
    joint: joint.word,
    ...how,
  };
}

/** `2 files in src: a.ts and b.ts` */
function folderBefore(cursor: Cursor): Name | undefined {
  const mark = cursor.mark;
  if (cursor.word("in", "inside", "under") !== undefined) {
    const folder = readFolder(cursor);
    if (folder !== undefined && cursor.before?.comma === true) return folder;
  }
  cursor.back(mark);
  return undefined;
}

function newOrEmpty(cursor: Cursor): { fresh?: true; empty?: true } {
  const word = cursor.word("new", "empty", "following");
  const more = cursor.word("new", "empty");
  const said = [word, more];
  return {
    ...(said.includes("new") ? { fresh: true } : {}),
    ...(said.includes("empty") ? { empty: true } : {}),
  };
}

function isPlural(cursor: Cursor): boolean {
  const word = cursor.wordBefore;
  return word !== singular(word);
}

/** A comma or `and` belongs to the names only where a name follows, and no verb of its own. */
function another(cursor: Cursor, joint: Joint, joints: readonly string[]): boolean {
  const mark = cursor.mark;
  if (cursor.before?.stop === true) return false;
  const comma = cursor.before?.comma === true;
  const and = cursor.word(...joints) ?? (cursor.phrase(...JOINTS) && "and");
  if (comma || and !== undefined) {
    cursor.word("the", "a", "an");
    const said = kindHere(cursor);
    const all = said === undefined || isPlural(cursor) ? (said ?? joint.kind) : undefined;
    const kind = said ?? joint.kind;
    const next = cursor.token();
    const behind = cursor.peek(1);
    const own =
      !joint.verbBehind &&
      and !== "nor" &&
      behind !== undefined &&
      (SINGULAR.has(behind) || (behind === "no" && cursor.peek(3)?.endsWith("s") === true));
    if (next !== undefined && !own && hasName(cursor, next.quoted ? kind : undefined)) {
      joint.word = and ?? joint.word;
      joint.kind = all;
      joint.next = kind;
      return true;
    }
  }
  cursor.back(mark);
  return false;
}
