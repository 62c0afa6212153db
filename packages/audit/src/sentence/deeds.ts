/** Deeds: what was done to files, as verbs say it, and the claims that each comes to. */
import { type Clause, type Reading, says } from "./clause.ts";
import type { Name, NameKind } from "./names.ts";
import type { Names } from "./read-names.ts";

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
const FORMS = VERBS.map(([deed, words]) => {
  const [past, base = "", gerund, participle] = words.split(" ");
  return {
    deed,
    forms: {
      past: [past, participle],
      base: [base],
      gerund: [gerund],
      participle: [participle ?? past],
      now: [now(base)],
    },
  };
});

/** Which form of which verb a word is. A base form says nothing by itself ("I create a.ts"). */
export function deedOf(
  word: string | undefined,
  form: "past" | "participle" | "base" | "gerund" | "now",
) {
  if (word === undefined) return undefined;
  return FORMS.find(({ forms }) => forms[form].includes(word))?.deed;
}

/** `this change adds …` */
function now(base: string): string {
  if (base.endsWith("y")) return base.replace(/y$/, "ies");
  return /(?:ch|sh|s|x)$/.test(base) ? `${base}es` : `${base}s`;
}

/** One clause a name: each must hold by itself. What is called a folder must be one. */
export function did(deed: Deed, names: readonly Name[]): Clause[] {
  return names.flatMap((name) => {
    const any = (...types: readonly string[]): Clause => ({
      by: "any",
      readings: types.map((type) => reading(type, name)),
    });
    if (deed === "deleted") return [any("file.deleted")];
    if (deed === "touched") return [any("file.created", "file.modified", "file.deleted")];
    const done = deed === "written" ? any("file.created", "file.modified") : any(`file.${deed}`);
    return name.kind === undefined ? [done] : [done, isOfKind(name, name.kind)];
  });
}

/** `the folder src` */
export function isOfKind(name: Name, kind: NameKind): Clause {
  return says("file.exists", { path: name.path, kind }, { names: [name] });
}

/**
 * The contrary: what was not done. `not modified` speaks of a file that stays, so both readings must
 * agree. `not a.ts and b.ts` leaves open whether one of them was, so there all must.
 */
export function didNot(deed: Deed, { names, joint }: Pick<Names, "names" | "joint">): Clause[] {
  const apart = names.map((name): readonly Reading[] => {
    if (deed === "touched") return [reading("file.untouched", name)];
    if (deed === "written")
      return [reading("file.created", name, true), reading("file.modified", name, true)];
    if (deed !== "modified") return [reading(`file.${deed}`, name, true)];
    return [reading("file.untouched", name), reading("file.modified", name, true)];
  });
  if (joint === "and" && names.length > 1) return [{ by: "agree", readings: apart.flat() }];
  if (deed === "modified") return apart.map((readings) => ({ by: "agree", readings }));
  return apart.flat().map((one) => ({ by: "any", readings: [one] }));
}

function reading(type: string, name: Name, not?: true): Reading {
  return {
    claim: { type, args: { path: name.path } },
    names: [name],
    ...(not === undefined ? {} : { not }),
  };
}
