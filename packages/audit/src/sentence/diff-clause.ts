/** Clauses about all that was done: `nothing outside src/ was changed`, `I touched nothing else`, `only a.ts`. */
import { type Clause, type Reading, says, Unaccounted } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { type Deed, deedOf, did, didNot } from "./deeds.ts";
import type { Name } from "./names.ts";
import { hasName, readFolder } from "./read-name.ts";
import { readNames } from "./read-names.ts";

/** Runs leave their claims file behind; nobody means that one. */
const CLAIMS = ".wingman/claims/**";
const EXCEPT = ["but", "except", "besides"];

/** The net diff touched nothing besides. Names with a glob's characters cannot be said so. */
export function nothingElse(
  names: readonly Name[],
  more: Pick<Reading, "addingAside" | "soft"> = {},
): Clause {
  if (names.some(({ path }) => /[*?[\]\\!]/.test(path)))
    throw new Unaccounted("`only` with such a name: claim git.diffWithin");
  const allow = names.flatMap(({ path }) => {
    const plain = path.replace(/^\.\//, "").replace(/\/$/, "");
    return [plain, `${plain}/**`];
  });
  return says("git.diffWithin", { allow: [...allow, CLAIMS] }, { names, ...more });
}

/** `only changed a.ts`: `only modified a.ts` may leave out what was created. */
export function onlyDid(deed: Deed, verb: string | undefined, names: readonly Name[]): Clause[] {
  const soft = "`only` may speak of what was modified alone; claim git.diffWithin";
  const whole = verb === "changed" || verb === "touched";
  return [...did(deed, names), nothingElse(names, whole ? {} : { soft })];
}

/** `touched nothing outside src/`, `did not change anything else`: behind the verb. Undefined: names follow. */
export function nothingBehind(cursor: Cursor, deed: Deed, denied: boolean): Clause[] | undefined {
  const said = denied
    ? cursor.phrase("anything", "any file", "any files", "any other file", "any other files")
    : cursor.phrase("nothing", "no file", "no files", "no other file", "no other files");
  return said === undefined ? undefined : reach(cursor, deed, said.includes("other"), false);
}

/** `nothing was changed`, `no files in src/ were touched`; undefined (nothing taken) where it is none. */
export function nothingDone(cursor: Cursor): Clause[] | undefined {
  const mark = cursor.mark;
  const said = cursor.phrase("nothing", "no file", "no files", "no other file", "no other files");
  if (said === undefined) return undefined;
  const from = cursor.mark;
  // The verb says of what; it stands behind the place.
  for (let ahead = 0; cursor.token(ahead) !== undefined; ahead += 1) {
    const deed = deedOf(cursor.peek(ahead), "participle");
    if (deed === undefined) continue;
    const clauses = reach(cursor, deed, said.includes("other"), true);
    cursor.phrase("was", "were", "has been", "have been", "has", "have");
    if (cursor.mark === from + ahead || deedOf(cursor.peek(), "participle") === deed) {
      cursor.take();
      return clauses;
    }
    return cursor.left();
  }
  cursor.back(mark);
  return undefined;
}

function reach(cursor: Cursor, deed: Deed, other: boolean, verbBehind: boolean): Clause[] {
  if (deed !== "modified" && deed !== "touched") return cursor.left();
  const aside = (where: "outside" | "inside"): Pick<Reading, "addingAside"> =>
    deed === "modified" ? { addingAside: where } : {};
  if (other || cursor.word("else") !== undefined) {
    const { names } = cursor.heard;
    if (names.length === 0)
      throw new Unaccounted("`else` of what? name it before, in the sentence");
    cursor.heard.others = names.length;
    return [nothingElse([...names], aside("outside"))];
  }
  if (cursor.word("outside") !== undefined) {
    cursor.word("of");
    return [nothingElse(places(cursor, verbBehind), aside("outside"))];
  }
  if (
    cursor.word(...EXCEPT) !== undefined ||
    cursor.phrase("other than", "apart from", "except for") !== undefined
  ) {
    const { names } = readNames(cursor, ["and"]);
    // That those were changed is understood, not said.
    const soft = "`nothing but` leaves open whether that was done; claim it";
    return [
      ...did(deed, names).map((one) => softened(one, soft)),
      nothingElse(names, aside("outside")),
    ];
  }
  if (cursor.word("in", "inside", "within", "under", "below") !== undefined) {
    return didNot("touched", { names: places(cursor, verbBehind), joint: undefined }).map(
      (clause) => ({
        ...clause,
        readings: clause.readings.map((one) => ({ ...one, ...aside("inside") })),
      }),
    );
  }
  return [nothingElse([], aside("outside"))];
}

/** `src/ and docs/`, `src` */
function places(cursor: Cursor, verbBehind: boolean): readonly Name[] {
  const token = cursor.token();
  if (token?.quoted === false && !hasName(cursor)) {
    const folder = readFolder(cursor);
    if (folder !== undefined) return [folder];
  }
  return readNames(cursor, ["and", "or"], verbBehind).names;
}

function softened(clause: Clause, soft: string): Clause {
  return { ...clause, readings: clause.readings.map((one) => ({ ...one, soft })) };
}
