/**
 * Images out of an archive (`docker save` or an OCI layout), read as a stream and never unpacked: nothing is
 * written, no link is followed. It refuses archives that never end, lie about their digests, or hold zstd.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

export type Source = () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Why an archive cannot be answered from. */
export class ArchiveRefused extends Error {
  readonly reason: "UNSUPPORTED" | "BUDGET" | "AMBIGUOUS" | "NO_WITNESS";
  constructor(reason: ArchiveRefused["reason"], why: string) {
    super(why);
    this.reason = reason;
  }
}

/** One image of an archive. */
export interface Image {
  readonly names: readonly string[];
  /** `sha256` hex of manifests (and indexes above them), and of the configuration. */
  readonly manifests: readonly string[];
  readonly configDigest: string;
  readonly config: ImageConfig;
  /** Names of the layers in the archive, lowest first, and what they must hash to unpacked. */
  readonly layers: readonly { readonly name: string; readonly diffId: string | undefined }[];
}

export interface ImageConfig {
  readonly config?: {
    readonly User?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

const MiB = 1024 * 1024;
/** JSON of manifests and configurations. */
const LARGEST_JSON = 4 * MiB;
const MOST_JSON = 64 * MiB;
const MOST_ENTRIES = 2_000_000;
/** Unpacked, of one archive. */
const MOST_UNPACKED = 8 * 1024 * MiB;
const MOST_LAYERS = 500;

/** One file of a tar: its name, kind, and its bytes. */
export interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  bytes: AsyncIterable<Uint8Array>;
}

/** Counts what is unpacked; throws where it is too much. `spend` asks the run's budget. */
export class Meter {
  #bytes = 0;
  #entries = 0;
  readonly #spend: (bytes: number) => boolean;
  constructor(spend: (bytes: number) => boolean) {
    this.#spend = spend;
  }
  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MOST_UNPACKED || !this.#spend(count))
      throw new ArchiveRefused("BUDGET", "the archive unpacks to more than is looked through");
  }
  entry(): void {
    this.#entries += 1;
    if (this.#entries > MOST_ENTRIES)
      throw new ArchiveRefused("BUDGET", `the archive holds more than ${MOST_ENTRIES} entries`);
  }
}

/** Every entry of a tar, gzipped or not. */
export async function* tarEntries(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  meter: Meter,
  seen?: (piece: Uint8Array) => void,
): AsyncGenerator<TarEntry> {
  async function* metered(): AsyncGenerator<Uint8Array> {
    for await (const piece of unpacked(source)) {
      meter.bytes(piece.length);
      seen?.(piece);
      yield piece;
    }
  }
  const tar = extract();
  const from = Readable.from(metered());
  from.once("error", (error) => tar.destroy(error));
  from.pipe(tar as unknown as NodeJS.WritableStream);
  try {
    for await (const entry of tar) {
      meter.entry();
      const { name, type, size } = entry.header;
      yield {
        name: plainName(name),
        type: type ?? "file",
        size: size ?? 0,
        bytes: entry as AsyncIterable<Uint8Array>,
      };
      entry.resume();
    }
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    throw new ArchiveRefused(
      "UNSUPPORTED",
      `no archive that can be read: ${(error as Error).message}`,
    );
  } finally {
    from.destroy();
    tar.destroy();
  }
}

async function* unpacked(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const pieces = Readable.from(source)[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value as Uint8Array]);
  }
  const magic = head.toString("hex", 0, 4);
  if (magic === "28b52ffd") throw new ArchiveRefused("UNSUPPORTED", "zstd is not read here");
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
      yield next.value as Uint8Array;
  }
  if (!magic.startsWith("1f8b")) yield* whole();
  else {
    const gunzip = createGunzip();
    const from = Readable.from(whole());
    from.once("error", (error) => gunzip.destroy(error));
    yield* from.pipe(gunzip) as AsyncIterable<Uint8Array>;
  }
}

/** `./a//b/` and `/a/b` are `a/b`; what climbs keeps its dots and is at no path. */
export function plainName(name: string): string {
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** The images of an archive, without looking into their layers. */
export async function imagesOf(source: Source, meter: Meter): Promise<readonly Image[]> {
  const files = new Map<string, Buffer>();
  let held = 0;
  for await (const entry of tarEntries(source(), meter)) {
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
    if (files.has(entry.name))
      throw new ArchiveRefused("AMBIGUOUS", `two files are named ${entry.name}`);
    files.set(entry.name, bytes);
  }
  const images = files.has("index.json") ? fromLayout(files) : fromSave(files);
  if (images.length === 0) throw new ArchiveRefused("UNSUPPORTED", "no image stands in it");
  return images;
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
    const { hex, json } = blobJson<Manifest>(files, descriptor.digest);
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
    const config = blobJson<ImageConfig>(files, json.config?.digest);
    images.push({
      names: [...own, ...(saved.get(config.hex) ?? [])],
      manifests: [...above, hex],
      configDigest: config.hex,
      config: config.json,
      layers: layersOf(json.layers?.map((one) => blobName(one.digest)) ?? [], config.json),
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
    const config = parsed<ImageConfig>(bytes);
    const configDigest = createHash("sha256").update(bytes).digest("hex");
    return {
      names: [...(one.RepoTags ?? [])],
      manifests: [],
      configDigest,
      config,
      layers: layersOf((one.Layers ?? []).map(plainName), config),
    };
  });
}

function layersOf(names: readonly string[], config: ImageConfig): Image["layers"] {
  const ids = config.rootfs?.diff_ids ?? [];
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

function blobJson<T>(
  files: ReadonlyMap<string, Buffer>,
  digest: string | undefined,
): { readonly hex: string; readonly json: T } {
  const name = blobName(digest);
  const hex = name.slice("blobs/sha256/".length);
  const bytes = files.get(name);
  if (bytes === undefined) throw new ArchiveRefused("NO_WITNESS", `the blob ${hex} is missing`);
  if (createHash("sha256").update(bytes).digest("hex") !== hex)
    throw new ArchiveRefused("AMBIGUOUS", `the blob ${hex} is not what its name says`);
  return { hex, json: parsed<T>(bytes) };
}

function parsed<T>(bytes: Buffer | undefined): T {
  try {
    const value: unknown = JSON.parse(bytes?.toString("utf8") ?? "");
    if (typeof value === "object" && value !== null) return value as T;
  } catch {
    // Told below.
  }
  throw new ArchiveRefused("UNSUPPORTED", "a description in it is no JSON");
}
