/** Deeds: what was done to files, as verbs say it, and the claims that each comes to. */
import type { Clause, Reading } from "./clause.ts";
import type { Name } from "./names.ts";

export type Deed = "created" | "written" | "modified" | "deleted" | "touched";

/** Past, base form and gerund of each verb. Those that say more than the tree can show are left out. */
const VERBS: readonly (readonly [Deed, string])[] = [
  ["created", "created create creating"],
  ["created", "added add adding"],
  ["written", "wrote write writing written"],
  ["written", "generated generate generating"],
  ["written", "made make making"],
  ["written", "produced produce producing"],
  ["written", "saved save saving"],
  ["modified", "modified modify modifying"],
  ["modified", "updated update updating"],
  ["modified", "changed change changing"],
  ["modified", "edited edit editing"],
  ["modified", "altered alter altering"],
  ["modified", "rewrote rewrite rewriting rewritten"],
  ["deleted", "deleted delete deleting"],
  ["deleted", "removed remove removing"],
  ["deleted", "erased erase erasing"],
  ["touched", "touched touch touching"],
];
const FORMS = VERBS.map(([deed, words]) => ({ deed, forms: words.split(" ") }));

/** Which form of which verb a word is. A base form says nothing by itself ("I create a.ts"). */
export function deedOf(word: string | undefined, form: "past" | "base" | "gerund") {
  if (word === undefined) return undefined;
  return FORMS.find(({ forms }) =>
    form === "past"
      ? forms[0] === word || forms[3] === word
      : forms[form === "base" ? 1 : 2] === word,
  )?.deed;
}

/** One clause a name: each must hold by itself. */
export function did(deed: Deed, names: readonly Name[]): Clause[] {
  return names.map((name) => {
    const any = (...types: readonly string[]): Clause => ({
      by: "any",
      readings: types.map((type) => reading(type, name)),
    });
    if (deed === "written") return any("file.created", "file.modified");
    if (deed === "touched") return any("file.created", "file.modified", "file.deleted");
    return any(`file.${deed}`);
  });
}

/** The contrary: what was not done. `not modified` speaks of a file that stays, so both readings must agree. */
export function didNot(deed: Deed, names: readonly Name[]): Clause[] {
  return names.flatMap((name): Clause[] => {
    const not = (type: string): Clause => ({
      by: "any",
      readings: [reading(type, name, true)],
    });
    if (deed === "touched") return [{ by: "any", readings: [reading("file.untouched", name)] }];
    if (deed === "written") return [not("file.created"), not("file.modified")];
    if (deed !== "modified") return [not(`file.${deed}`)];
    const readings = [reading("file.untouched", name), reading("file.modified", name, true)];
    return [{ by: "agree", readings }];
  });
}

function reading(type: string, { path, doubtful }: Name, not?: true): Reading {
  return {
    claim: { type, args: { path } },
    ...(not === undefined ? {} : { not }),
    ...(doubtful ? { doubtful: path } : {}),
  };
}
