/**
 * The images of an archive (`docker save`, an OCI layout, or both in one) by their descriptions, without
 * looking into their layers. It refuses what lies about its digests or says a thing twice.
 */
import { createHash } from "node:crypto";
import type { Archive } from "./archive.ts";
import { ArchiveRefused } from "./archive-refused.ts";
import { plainName } from "./tar-entries.ts";

/** One image of an archive. */
export interface Image {
  readonly names: readonly string[];
  /** `sha256` hex of manifests (and indexes above them), and of the configuration. */
  readonly manifests: readonly string[];
  /** Its manifest was written when it was saved: what a registry calls it, it does not say. */
  readonly rewritten: boolean;
  readonly configDigest: string;
  readonly config: ImageConfig;
  /** Names of the layers in the archive, lowest first, and what they must hash to unpacked. */
  readonly layers: readonly { readonly name: string; readonly diffId: string | undefined }[];
}

/** What a configuration says, as engines read it: keys in any case. */
export interface ImageConfig {
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platform: string;
  readonly diffIds: readonly string[];
}

const MiB = 1024 * 1024;
/** JSON of manifests and configurations. */
const LARGEST_JSON = 4 * MiB;
const MOST_JSON = 64 * MiB;
const MOST_LAYERS = 500;

/** The images of an archive, without looking into their layers. */
export async function imagesOf(archive: Archive): Promise<readonly Image[]> {
  const files = new Map<string, Buffer>();
  const links = new Map<string, string>();
  let held = 0;
  for await (const entry of archive.files()) {
    const leads = linkOf(entry);
    if (leads !== undefined) links.set(entry.name, leads);
    if (entry.type !== "file" || entry.size > LARGEST_JSON) continue;
    const json = /(?:\.json|^oci-layout)$/.test(entry.name) || entry.name.startsWith("blobs/");
    if (!json) continue;
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.bytes) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    // A small layer begins otherwise than JSON does.
    if (!/^\s*[{[]/.test(bytes.toString("latin1", 0, 64))) continue;
    held += bytes.length;
    if (held > MOST_JSON) throw new ArchiveRefused("BUDGET", "too many descriptions");
    // Two files of one name: which of them an engine takes, it decides itself.
    if (files.has(entry.name) || links.has(entry.name))
      throw new ArchiveRefused("AMBIGUOUS", `two files are named ${entry.name}`);
    files.set(entry.name, bytes);
  }
  const found = files.has("index.json") ? fromLayout(files) : fromSave(files);
  if (found.length === 0) throw new ArchiveRefused("UNSUPPORTED", "no image stands in it");
  // In old archives a layer that stood in another image before is a link to it.
  const real = (name: string): string => links.get(name) ?? name;
  return found.map((image) => ({
    ...image,
    layers: image.layers.map((layer) => ({ ...layer, name: real(layer.name) })),
  }));
}

/** Where a link of the archive leads inside it. */
function linkOf(entry: { name: string; type: string; leads: string }): string | undefined {
  if (entry.type === "link") return plainName(entry.leads);
  if (entry.type !== "symlink") return undefined;
  const folder = entry.name.slice(0, entry.name.lastIndexOf("/") + 1);
  // One that leads out of it is nothing that is there.
  return entry.leads.startsWith("/") || climbs(`${folder}${entry.leads}`)
    ? "/"
    : plainName(`${folder}${entry.leads}`);
}

function climbs(path: string): boolean {
  let depth = 0;
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    depth += part === ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

interface Descriptor {
  readonly digest?: string;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly os?: string };
}

function fromLayout(files: ReadonlyMap<string, Buffer>): Image[] {
  const saved = files.has("manifest.json") ? savedNames(files) : new Map<string, string[]>();
  const images: Image[] = [];
  const walk = (
    descriptor: Descriptor,
    above: readonly string[],
    names: readonly string[],
  ): void => {
    if (above.length > 4 || images.length > 100) return;
    const { hex, json } = blobJson(files, descriptor.digest) as { hex: string; json: Manifest };
    const own = [
      ...names,
      ...["io.containerd.image.name", "org.opencontainers.image.ref.name"].flatMap((key) => {
        const name = descriptor.annotations?.[key];
        return name === undefined ? [] : [name];
      }),
    ];
    if (Array.isArray(json.manifests)) {
      for (const one of json.manifests) walk(one, [...above, hex], own);
      return;
    }
    // An attestation is no image.
    if (descriptor.annotations?.["vnd.docker.reference.type"] !== undefined) return;
    const { hex: configDigest, json: said } = blobJson(files, json.config?.digest);
    const config = configOf(said);
    const layers = json.layers ?? [];
    images.push({
      names: [...own, ...(saved.get(configDigest) ?? [])],
      manifests: [...above, hex],
      // `docker save` packs layers anew without compression, so its manifest is none that was pushed.
      rewritten: saved.size > 0 && layers.every((one) => !/gzip|zstd/.test(one.mediaType ?? "")),
      configDigest,
      config,
      layers: layersOf(
        layers.map((one) => blobName(one.digest)),
        config,
      ),
    });
  };
  const index = parsed<Manifest>(files.get("index.json"));
  for (const one of index.manifests ?? []) walk(one, [], []);
  return images;
}

interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

interface Saved {
  readonly Config?: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers?: readonly string[];
}

function savedNames(files: ReadonlyMap<string, Buffer>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const one of parsed<readonly Saved[]>(files.get("manifest.json"))) {
    const hex = /([0-9a-f]{64})(?:\.json)?$/.exec(one.Config ?? "")?.[1];
    if (hex !== undefined) names.set(hex, [...(one.RepoTags ?? [])]);
  }
  return names;
}

function fromSave(files: ReadonlyMap<string, Buffer>): Image[] {
  if (!files.has("manifest.json")) return [];
  return parsed<readonly Saved[]>(files.get("manifest.json")).map((one) => {
    const bytes = files.get(plainName(one.Config ?? ""));
    if (bytes === undefined) throw new ArchiveRefused("NO_WITNESS", "the configuration is missing");
    const config = configOf(parsed(bytes));
    const configDigest = createHash("sha256").update(bytes).digest("hex");
    return {
      names: [...(one.RepoTags ?? [])],
      manifests: [],
      rewritten: true,
      configDigest,
      config,
      layers: layersOf((one.Layers ?? []).map(plainName), config),
    };
  });
}

/**
 * Engines are written in Go, which takes a key in any case, and the last of several: `user` counts as `User`.
 * Where two spellings stand beside each other, nobody should have to know which one wins.
 */
function configOf(said: object): ImageConfig {
  const inner = objectAt(said, "config");
  const text = (of: object, key: string): string => {
    const value = valueAt(of, key);
    return typeof value === "string" ? value : "";
  };
  const parts = [text(said, "os"), text(said, "architecture"), text(said, "variant")];
  const labels = Object.entries(objectAt(inner, "Labels")).filter(
    ([, value]) => typeof value === "string",
  );
  const ids = valueAt(objectAt(said, "rootfs"), "diff_ids");
  return {
    user: text(inner, "User"),
    labels: Object.fromEntries(labels) as Record<string, string>,
    platform: parts.filter((one) => one !== "").join("/"),
    diffIds: Array.isArray(ids) ? ids.map(String) : [],
  };
}

function objectAt(of: object, key: string): object {
  const value = valueAt(of, key);
  return typeof value === "object" && value !== null ? value : {};
}

function valueAt(of: object, key: string): unknown {
  const keys = Object.keys(of).filter((one) => folded(one) === folded(key));
  if (keys.length > 1)
    throw new ArchiveRefused("AMBIGUOUS", `the configuration says ${key} in two spellings`);
  return (of as Record<string, unknown>)[keys[0] ?? key];
}

/** As Go folds keys: the long s and the sign of the kelvin are letters too. */
function folded(key: string): string {
  return key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

function layersOf(names: readonly string[], config: ImageConfig): Image["layers"] {
  const ids = config.diffIds;
  if (names.length > MOST_LAYERS) throw new ArchiveRefused("BUDGET", "too many layers");
  if (ids.length !== names.length)
    throw new ArchiveRefused("AMBIGUOUS", "the configuration names other layers than the manifest");
  return names.map((name, at) => ({
    name,
    diffId: /^sha256:([0-9a-f]{64})$/.exec(ids[at] ?? "")?.[1],
  }));
}

function blobName(digest: string | undefined): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1];
  if (hex === undefined) throw new ArchiveRefused("UNSUPPORTED", "a digest that is no sha256");
  return `blobs/sha256/${hex}`;
}

function blobJson(
  files: ReadonlyMap<string, Buffer>,
  digest: string | undefined,
): { readonly hex: string; readonly json: object } {
  const name = blobName(digest);
  const hex = name.slice("blobs/sha256/".length);
  const bytes = files.get(name);
  if (bytes === undefined) throw new ArchiveRefused("NO_WITNESS", `the blob ${hex} is missing`);
  if (createHash("sha256").update(bytes).digest("hex") !== hex)
    throw new ArchiveRefused("AMBIGUOUS", `the blob ${hex} is not what its name says`);
  return { hex, json: parsed(bytes) };
}

function parsed<T extends object>(bytes: Buffer | undefined): T {
  try {
    const value: unknown = JSON.parse(bytes?.toString("utf8") ?? "");
    if (typeof value === "object" && value !== null) {
      const keys = Array.isArray(value) ? [] : Object.keys(value).map(folded);
      if (new Set(keys).size === keys.length) return value as T;
      throw new ArchiveRefused("AMBIGUOUS", "a description says one thing in two spellings");
    }
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    // Told below.
  }
  throw new ArchiveRefused("UNSUPPORTED", "a description in it is no JSON");
}
