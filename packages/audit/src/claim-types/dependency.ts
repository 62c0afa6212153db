/**
 * `dep.version` and `dep.unchanged`: what the manifests ask for. Two words for one range are one, and what
 * another file of the tree may ask for is AMBIGUOUS.
 */
import type { Observation, RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import type { Ground } from "../ground.ts";
import { contradicts, holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import type { ManifestFormat, Requirements } from "../packages/ecosystem.ts";
import { ECOSYSTEMS, isUnreadManifest, plainName } from "../packages/ecosystem.ts";
import { MANIFESTS } from "../packages/manifests.ts";
import { isSameRange } from "../packages/version-range.ts";
import { Unparsed } from "../parsed-node.ts";
import type { Scene } from "../scene.ts";
import { ecosystemOf, LARGEST, NAMED, namedIn, readAll } from "./package-files.ts";

export const depVersion: ClaimType = {
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

function isPoetic(range: string): boolean {
  return /^\s*(?:\^|~(?!=))/.test(range);
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function core(text: string): string {
  return bare(text).replace(/^[=^~<>!v]+/, "");
}

export const depUnchanged: ClaimType = {
  type: "dep.unchanged",
  title: "this run added, removed and changed no dependency",
  example: { type: "dep.unchanged", args: {} },
  args: { ecosystem: { kind: ECOSYSTEMS } },
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const expected = "no manifest asks for anything else than before the run";
    const { run } = scene;
    if (run === undefined) return treeAlone(expected, "run");
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
