/**
 * `pkg.installed`, `pkg.absent`, `dep.version`, `dep.unchanged`, `lock.insync`: what the tree's own
 * manifests and lock files say. Several lock files that disagree, or one in an unknown form, say nothing.
 */
import type { Observation, RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { heldContentAt } from "../content.ts";
import type { Ground } from "../ground.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type {
  Ecosystem,
  Lock,
  LockFormat,
  ManifestFormat,
  Requirements,
} from "../packages/ecosystem.ts";
import { ECOSYSTEMS, isUnreadManifest, plainName } from "../packages/ecosystem.ts";
import { LOCKS } from "../packages/locks.ts";
import { MANIFESTS } from "../packages/manifests.ts";
import { isInRange, isSameRange } from "../packages/version-range.ts";
import { Unparsed } from "../parsed-node.ts";
import { parsedOnce } from "../parsed-once.ts";
import type { Scene } from "../scene.ts";

const ECOSYSTEM = {
  ecosystem: { kind: ECOSYSTEMS, required: true },
  folder: { kind: "path" },
} as const;
const NAMED = { ...ECOSYSTEM, name: { kind: "text", required: true } } as const;

function ecosystemOf(args: Arguments): Ecosystem {
  return ECOSYSTEMS.find((one) => one === args.text("ecosystem")) ?? "npm";
}

function inFolder(args: Arguments, file: string): RepoPath {
  const folder = args.path("folder")?.path;
  return folder === undefined ? file : `${folder}/${file}`;
}

/** The lock files (or manifests) of a claim's folder, read. Or the whole answer. */
async function readAll<T>(
  /** Names the readers: what one file says is another thing to each of them. */
  what: "locks" | "manifests" | "peers" | "besides",
  formats: readonly {
    readonly ecosystem: Ecosystem;
    readonly file: string;
    read(text: string, path: RepoPath): Promise<T> | T;
  }[],
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<readonly { readonly path: RepoPath; readonly value: T }[] | Observation> {
  const found: { path: RepoPath; value: T }[] = [];
  for (const format of formats.filter((one) => one.ecosystem === ecosystemOf(args))) {
    const path = inFolder(args, format.file);
    const standing = await scene.atEnd(path);
    if (standing.what === "nothing") continue;
    const place = { path, folder: false };
    const content = await heldContentAt(scene, place, expected, { parse: "later" });
    if ("answer" in content) return content;
    try {
      const how = `${format.ecosystem} ${what} ${path}`;
      const value = await parsedOnce(scene, content, how, expected, async () => ({
        read: await format.read(content.bytes.toString("utf8"), path),
      }));
      if ("answer" in value) return value;
      found.push({ path, value: value.read });
    } catch (error) {
      if (!(error instanceof Unparsed)) throw error;
      return unverifiable(error.reason, expected, `${path}: ${error.message}`);
    }
  }
  return found;
}

async function locksAt(
  args: Arguments,
  scene: Scene,
  expected: string,
): Promise<readonly { readonly path: RepoPath; readonly value: Lock }[] | Observation> {
  const formats: readonly LockFormat[] = LOCKS;
  const real = await readAll(
    "locks",
    formats.filter((one) => one.file !== "requirements.txt"),
    args,
    scene,
    expected,
  );
  if ("answer" in real || real.length > 0 || ecosystemOf(args) !== "python") return real;
  return await readAll(
    "locks",
    formats.filter((one) => one.file === "requirements.txt"),
    args,
    scene,
    expected,
  );
}

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

/**
 * A file of the ecosystem, anywhere in the tree, whose text has the name: a workspace's own manifest, a
 * peer dependency, an override. Whoever claimed it without a folder did not lie.
 */
async function namedIn(
  formats: readonly { readonly ecosystem: Ecosystem; readonly file: string }[],
  args: Arguments,
  name: string,
  scene: Scene,
): Promise<RepoPath | undefined> {
  const ecosystem = ecosystemOf(args);
  const files = new Set(
    formats.filter((one) => one.ecosystem === ecosystem).map((one) => one.file),
  );
  const { end } = scene.stage;
  let read = 0;
  for (const entry of await end.tree.entries()) {
    const file = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (!files.has(file) || !entry.mode.startsWith("100")) continue;
    read += 1;
    if (read > MOST_MANIFESTS || (await end.tree.size(entry)) > LARGEST) return entry.path;
    const text = Buffer.from(await end.read(entry))
      .toString("utf8")
      .toLowerCase();
    scene.note("named", entry.path, entry.oid);
    if (isNamed(plainName(ecosystem, text), plainName(ecosystem, name.toLowerCase())))
      return entry.path;
  }
  return undefined;
}

const MOST_MANIFESTS = 200;

/** True where the name stands in the text as a word of its own: `yaml` is not in `js-yaml`. */
function isNamed(text: string, name: string): boolean {
  if (name === "") return true;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/[\w.-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + name.length)))
      return true;
  return false;
}

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

const depVersion: ClaimType = {
  type: "dep.version",
  title: "a manifest asks for this package in this version or range",
  example: { type: "dep.version", args: { ecosystem: "npm", name: "yaml", version: "2.9.1" } },
  args: { ...NAMED, version: { kind: "text", required: true } },
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const ecosystem = ecosystemOf(args);
    const [name, version] = [
      plainName(ecosystem, args.text("name") ?? ""),
      (args.text("version") ?? "").trim(),
    ];
    const expected = `the manifest asks for ${quoted(name)} ${quoted(version)}`;
    const manifests = await readAll<Requirements>("manifests", MANIFESTS, args, scene, expected);
    if ("answer" in manifests) return manifests;
    if (manifests.length === 0)
      return unverifiable("NO_WITNESS", expected, "no manifest stands there");
    const said = manifests.flatMap(({ path, value }) => {
      const one = value.get(name);
      return one === undefined ? [] : [{ path, one }];
    });
    const peers = await readAll<Requirements>("peers", peerFormats(), args, scene, expected);
    if ("answer" in peers) return peers;
    for (const { path, value } of peers) {
      const one = value.get(name);
      if (one !== undefined) said.push({ path, one });
    }
    const observed = said.map(({ path, one }) => `${path}: ${quoted(one)}`).join("; ");
    if (said.length === 0) {
      const elsewhere = await namedIn(MANIFESTS, args, name, scene);
      return elsewhere === undefined
        ? contradicts(expected, "no manifest of the tree names it")
        : unverifiable("AMBIGUOUS", expected, `${elsewhere} names it; say the folder`);
    }
    for (const { one } of said)
      if (bare(one) === bare(version) || (await isSameRange(ecosystem, one, version)))
        return holds(expected, observed);
    // `2.9.1` for `^2.9.1`, or a catalog's or workspace's word: imprecise, and no lie.
    const loose = said.some(
      ({ one }) =>
        /[a-z]+:/.test(one) ||
        core(one) === core(version) ||
        one.startsWith("=>") ||
        // `^2.31` of Poetry and `>=2.31,<3` of all others may be one range.
        (ecosystem === "python" && isPoetic(one) !== isPoetic(version)),
    );
    return loose ? unverifiable("AMBIGUOUS", expected, observed) : contradicts(expected, observed);
  },
};

/** Peers as manifests of their own. */
function peerFormats() {
  return MANIFESTS.flatMap(({ ecosystem, file, peers }) =>
    peers === undefined ? [] : [{ ecosystem, file, read: peers }],
  );
}

function besidesFormats() {
  return MANIFESTS.flatMap(({ ecosystem, file, besides }) =>
    besides === undefined ? [] : [{ ecosystem, file, read: besides }],
  );
}

/** Sections by which another version than the one that is asked for may be held. */
const BENDING = /^(?:overrides|resolutions|pnpm)$/;

function isPoetic(range: string): boolean {
  return /^\s*(?:\^|~(?!=))/.test(range);
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function core(text: string): string {
  return bare(text).replace(/^[=^~<>!v]+/, "");
}

const depUnchanged: ClaimType = {
  type: "dep.unchanged",
  title: "this run added, removed and changed no dependency",
  example: { type: "dep.unchanged", args: {} },
  args: { ecosystem: { kind: ECOSYSTEMS } },
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const expected = "no manifest asks for anything else than before the run";
    const { run } = scene;
    if (run === undefined) return unverifiable("NO_WITNESS", expected, "a tree alone shows no run");
    if (run.incomplete)
      return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
    const wanted = args.text("ecosystem");
    const formats = MANIFESTS.filter((one) => wanted === undefined || one.ecosystem === wanted);
    let seen = 0;
    let open: Observation | undefined;
    let unread: RepoPath | undefined;
    for (const { path } of run.diff) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (isUnreadManifest(path, wanted)) unread ??= path;
      for (const format of formats.filter((one) => one.file === name)) {
        seen += 1;
        const change = await changeOf(format, path, scene, expected);
        if (typeof change === "string") return contradicts(expected, change);
        open ??= change;
      }
    }
    if (open !== undefined) return open;
    if (unread !== undefined)
      return unverifiable("UNSUPPORTED", expected, `${quotePath(unread)} changed, and is not read`);
    return holds(expected, `${seen} manifests changed, and none of their requirements`);
  },
};

/** What changed, or why that cannot be said, or undefined where nothing did. */
async function changeOf(
  format: ManifestFormat,
  path: RepoPath,
  scene: Scene,
  expected: string,
): Promise<string | Observation | undefined> {
  try {
    const { peers, besides } = format;
    const asked = await differenceOf(format.read, path, scene);
    if (asked !== undefined) return `${path}: ${asked}`;
    const peer = peers && (await differenceOf(peers, path, scene));
    if (peer !== undefined) return `${path}: ${peer}, of a peer`;
    const beside = besides && (await differenceOf(besides, path, scene));
    return beside === undefined
      ? undefined
      : unverifiable("AMBIGUOUS", expected, `${path}: the same is asked for, and ${beside}`);
  } catch (error) {
    if (!(error instanceof Unparsed)) throw error;
    return unverifiable(error.reason, expected, `${path}: ${error.message}`);
  }
}

/** The first entry that is another, new or gone between S and P. */
async function differenceOf(
  read: ManifestFormat["read"],
  path: RepoPath,
  scene: Scene,
): Promise<string | undefined> {
  const { start, end } = scene.stage;
  const before = await requirementsIn(read, start ?? end, path, scene);
  const after = await requirementsIn(read, end, path, scene);
  for (const [name, said] of after)
    if (before.get(name) !== said) return `${name} ${said} (${before.get(name) ?? "new"})`;
  for (const name of before.keys()) if (!after.has(name)) return `${name} went`;
  return undefined;
}

async function requirementsIn(
  read: ManifestFormat["read"],
  ground: Ground,
  path: RepoPath,
  scene: Scene,
): Promise<Requirements> {
  const entry = await ground.entry(path);
  scene.note("manifest", path, entry?.oid ?? "");
  if (entry === undefined || !entry.mode.startsWith("100")) return new Map();
  if ((await ground.tree.size(entry)) > LARGEST) throw new Unparsed("BUDGET", "it is too large");
  const bytes = await ground.read(entry);
  return await read(Buffer.from(bytes).toString("utf8"), path);
}

const LARGEST = 1024 * 1024;

const lockInSync: ClaimType = {
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

export const packageTypes: readonly ClaimType[] = [
  pkgInstalled,
  pkgAbsent,
  depVersion,
  depUnchanged,
  lockInSync,
];
