/**
 * `lock.insync`: whether the lock file answers all that the manifest asks for. Only what its own tool would
 * refuse is FALSE; overrides, catalogs and markers leave it open.
 */
import type { ClaimType } from "../claim-type.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Ecosystem, Lock, Requirements } from "../packages/ecosystem.ts";
import { MANIFESTS } from "../packages/manifests.ts";
import { isInRange } from "../packages/version-range.ts";
import { ECOSYSTEM, ecosystemOf, locksAt, readAll } from "./package-files.ts";

/** Sections by which another version than the one that is asked for may be held. */
const BENDING = /^(?:overrides|resolutions|pnpm)$/;

export const lockInSync: ClaimType = {
  type: "lock.insync",
  title: "the lock file answers all that the manifest asks for",
  example: { type: "lock.insync", args: { ecosystem: "npm" } },
  args: ECOSYSTEM,
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const ecosystem = ecosystemOf(args);
    const expected = `the ${ecosystem} lock file answers its manifest`;
    const locks = await locksAt(args, scene, expected);
    if ("answer" in locks) return locks;
    const manifests = await readAll<Requirements>("manifests", MANIFESTS, args, scene, expected);
    if ("answer" in manifests) return manifests;
    if (locks.length === 0)
      return unverifiable("NO_WITNESS", expected, "no lock file stands there");
    if (manifests.length === 0)
      return unverifiable("NO_WITNESS", expected, "no manifest stands there");
    const bent = await readAll<Requirements>("besides", besidesFormats(), args, scene, expected);
    if ("answer" in bent) return bent;
    const isBent = bent.some(({ value }) => [...value.keys()].some((key) => BENDING.test(key)));
    let unsure: string | undefined = isBent ? "overrides ask for other versions" : undefined;
    for (const { path, value } of locks)
      for (const manifest of manifests.filter((one) => one.path !== path)) {
        const missing = await unanswered(ecosystem, manifest.value, value, isBent);
        if (missing?.sure === true) return contradicts(expected, `${path}: ${missing.what}`);
        unsure ??= missing?.what;
      }
    return unsure === undefined
      ? holds(expected, locks.map((one) => one.path).join(", "))
      : unverifiable("AMBIGUOUS", expected, unsure);
  },
};

/** The first requirement that the lock does not answer, and whether that is sure. */
async function unanswered(
  ecosystem: Ecosystem,
  manifest: Requirements,
  lock: Lock,
  isBent: boolean,
): Promise<{ readonly what: string; readonly sure: boolean } | undefined> {
  let unsure: { what: string; sure: boolean } | undefined;
  for (const [name, said] of manifest) {
    const versions = lock.packages.get(name);
    const answered = lock.answered?.get(name);
    const local = /^(?:workspace|link|file|portal|catalog|patch|git|github|https?|=>)/.test(said);
    if (answered !== undefined) {
      if (local) continue;
      if (answered === said) {
        const wrong = await misheld(ecosystem, name, said, lock);
        if (wrong?.sure === true && !isBent) return wrong;
        if (wrong !== undefined) unsure ??= { ...wrong, sure: false };
        continue;
      }
      // An override or a catalog writes another word there.
      unsure ??= {
        what: `${name} is ${quoted(said)} here and ${quoted(answered)} there`,
        sure: false,
      };
      continue;
    }
    // A lock that lists what it answers, and not this, would be refused by its own tool.
    if (lock.answered !== undefined && !local) return { what: `${name} is not there`, sure: true };
    if (versions === undefined) {
      const what = `${name} is not there`;
      if (!local) return { what, sure: true };
      unsure ??= { what, sure: false };
      continue;
    }
    const inside = await Promise.all([...versions].map((one) => isInRange(ecosystem, one, said)));
    if (inside.length === 0 || inside.includes(true)) continue;
    // Go picks the highest that anybody asks for; markers and overrides of Python are not read.
    const sure =
      (ecosystem === "npm" || ecosystem === "cargo") &&
      inside.every((one) => one === false) &&
      ![...versions].some((one) => one.includes("-"));
    const wrong = {
      what: `${name} ${quoted(said)} is ${[...versions].slice(0, 3).join(", ")}`,
      sure,
    };
    if (sure && !isBent) return wrong;
    unsure ??= { ...wrong, sure: false };
  }
  for (const name of lock.answered?.keys() ?? [])
    if (!manifest.has(name))
      unsure ??= { what: `the lock file asks for ${name}, the manifest does not`, sure: false };
  return unsure;
}

/** A requirement that the lock repeats, and answers by nothing or by another version: it was written by hand. */
async function misheld(
  ecosystem: Ecosystem,
  name: string,
  said: string,
  lock: Lock,
): Promise<{ readonly what: string; readonly sure: boolean } | undefined> {
  if (lock.direct === undefined) return undefined;
  if (!lock.direct.has(name))
    return { what: `${name} is asked for and not held`, sure: lock.optional?.has(name) !== true };
  const version = lock.direct.get(name);
  if (version === undefined || (await isInRange(ecosystem, version, said)) !== false)
    return undefined;
  // Installers take a pre-release where nothing else is there.
  return { what: `${name} ${quoted(said)} is ${version}`, sure: !version.includes("-") };
}

function besidesFormats() {
  return MANIFESTS.flatMap(({ ecosystem, file, besides }) =>
    besides === undefined ? [] : [{ ecosystem, file, read: besides }],
  );
}
