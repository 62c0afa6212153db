/**
 * `pkg.installed`, `pkg.absent`, `dep.version`, `dep.unchanged`, `lock.insync`: what the tree's own
 * manifests and lock files say. Several lock files that disagree, or one in an unknown form, say nothing.
 */
import type { RepoPath } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { Ecosystem } from "../packages/ecosystem.ts";
import { plainName } from "../packages/ecosystem.ts";
import { LOCKS } from "../packages/locks.ts";
import { isInRange } from "../packages/version-range.ts";
import { depUnchanged, depVersion } from "./dependency.ts";
import { lockInSync } from "./lock-in-sync.ts";
import { ecosystemOf, locksAt, NAMED, namedIn } from "./package-files.ts";

const pkgInstalled: ClaimType = {
  type: "pkg.installed",
  title: "the lock file holds this package (in this range)",
  example: { type: "pkg.installed", args: { ecosystem: "npm", name: "yaml", range: ">=2" } },
  args: { ...NAMED, range: { kind: "text" } },
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const ecosystem = ecosystemOf(args);
    const [said, range] = [args.text("name") ?? "", args.text("range")];
    const expected = `${ecosystem} locks ${quoted(said)}${range === undefined ? "" : ` in ${quoted(range)}`}`;
    const locks = await locksAt(args, scene, expected);
    if ("answer" in locks) return locks;
    if (locks.length === 0)
      return unverifiable("NO_WITNESS", expected, "no lock file stands there");
    const answers = new Set<boolean | string>();
    for (const { path, value } of locks) {
      const versions = value.packages.get(plainName(ecosystem, said));
      answers.add(await answerOf(ecosystem, versions, range, path));
    }
    const [first] = answers;
    if (answers.size > 1)
      return unverifiable("AMBIGUOUS", expected, "the lock files of that folder disagree");
    const held = locks.map(({ path, value }) => {
      const versions = [...(value.packages.get(plainName(ecosystem, said)) ?? [])];
      return `${path}: ${versions.length === 0 ? "not there" : versions.slice(0, 5).join(", ")}`;
    });
    if (first === true) return holds(expected, held.join("; "));
    const missing = locks.every(({ value }) => !value.packages.has(plainName(ecosystem, said)));
    const elsewhere = missing ? await namedIn(LOCKS, args, said, scene) : undefined;
    if (first === false && elsewhere !== undefined)
      return unverifiable("AMBIGUOUS", expected, `${elsewhere} names it; say the folder`);
    return first === false
      ? contradicts(expected, held.join("; "))
      : unverifiable("AMBIGUOUS", expected, `${held.join("; ")}; ${first}`);
  },
};

async function answerOf(
  ecosystem: Ecosystem,
  versions: ReadonlySet<string> | undefined,
  range: string | undefined,
  path: RepoPath,
): Promise<boolean | string> {
  if (versions === undefined) return false;
  if (range === undefined) return true;
  if (versions.size === 0) return "its version does not stand there";
  const inside = new Set<boolean | undefined>();
  for (const version of versions) inside.add(await isInRange(ecosystem, version, range));
  if (inside.has(true)) return true;
  return inside.has(undefined) ? `${path}: that version and range are not compared` : false;
}

const pkgAbsent: ClaimType = {
  type: "pkg.absent",
  title: "the lock file holds no such package",
  example: { type: "pkg.absent", args: { ecosystem: "npm", name: "left-pad" } },
  args: NAMED,
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const ecosystem = ecosystemOf(args);
    const name = plainName(ecosystem, args.text("name") ?? "");
    const expected = `${ecosystem} locks no ${quoted(name)}`;
    const locks = await locksAt(args, scene, expected);
    if ("answer" in locks) return locks;
    if (locks.length === 0)
      return unverifiable("NO_WITNESS", expected, "no lock file stands there");
    const holder = locks.find(({ value }) => value.packages.has(name));
    // go.sum keeps checksums of what is not built.
    if (holder !== undefined && ecosystem === "go")
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${holder.path} names it, which may not mean that it is built`,
      );
    return holder === undefined
      ? holds(expected, locks.map((one) => one.path).join(", "))
      : contradicts(expected, `${holder.path} holds it`);
  },
};

export const packageTypes: readonly ClaimType[] = [
  pkgInstalled,
  pkgAbsent,
  depVersion,
  depUnchanged,
  lockInSync,
];
