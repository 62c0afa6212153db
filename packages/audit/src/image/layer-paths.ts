/**
 * Does an image's file system hold a path? Each layer is asked what it brings at the path and what it takes
 * away (white-outs, opaque folders, a file where a folder stood); laid over each other they answer.
 */
import { createHash } from "node:crypto";
import type { Archive } from "./archive.ts";
import { ArchiveRefused, type Meter } from "./archive-refused.ts";
import type { Image } from "./image-archive.ts";
import { tarEntries } from "./tar-entries.ts";

interface LayerSays {
  /** Something stands at the path or below it. */
  brings: boolean;
  /** What lower layers had there is gone. */
  takes: boolean;
  /** The path leads through a link: what stands there is another path's. */
  through: string | undefined;
}

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** The layer that leaves the path (from 1), or undefined. Every layer's digest is checked. */
export async function layerWith(
  archive: Archive,
  image: Image,
  path: string,
  meter: Meter,
): Promise<number | undefined> {
  const wanted = new Map<string, LayerSays>();
  const names = new Set(image.layers.map((layer) => layer.name));
  for await (const entry of archive.files()) {
    if (!names.has(entry.name)) continue;
    // Links were followed once; one that leads to another is nobody's honest archive.
    if (entry.type !== "file")
      throw new ArchiveRefused("UNSUPPORTED", `the layer ${entry.name} is a link`);
    if (wanted.has(entry.name))
      throw new ArchiveRefused("AMBIGUOUS", `two layers are named ${entry.name}`);
    const hash = createHash("sha256");
    const says = await readLayer(entry.bytes, path, meter, hash);
    const digest = hash.digest("hex");
    for (const layer of image.layers)
      if (layer.name === entry.name && layer.diffId !== digest)
        throw new ArchiveRefused("AMBIGUOUS", "a layer is not what the configuration says it is");
    wanted.set(entry.name, says);
  }
  let left: number | undefined;
  for (const [at, layer] of image.layers.entries()) {
    const says = wanted.get(layer.name);
    if (says === undefined)
      throw new ArchiveRefused("NO_WITNESS", `the layer ${at + 1} is missing`);
    if (says.takes) left = undefined;
    if (says.brings) left = at + 1;
    if (says.through !== undefined)
      throw new ArchiveRefused(
        "AMBIGUOUS",
        `${says.through} is a link; name the place it leads to`,
      );
  }
  return left;
}

async function readLayer(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  meter: Meter,
  hash: { update(piece: Uint8Array): unknown },
): Promise<LayerSays> {
  const says: LayerSays = { brings: false, takes: false, through: undefined };
  for await (const { name, type } of tarEntries(bytes, meter, (piece) => hash.update(piece))) {
    const cut = name.lastIndexOf("/");
    const folder = cut < 0 ? "" : name.slice(0, cut);
    const last = name.slice(cut + 1);
    if (last === OPAQUE) {
      if (isAbove(folder, path)) says.takes = true;
    } else if (last.startsWith(WHITEOUT)) {
      const gone = folder === "" ? last.slice(4) : `${folder}/${last.slice(4)}`;
      if (gone === path || isAbove(gone, path)) says.takes = true;
    } else if (name === path || isAbove(path, name)) says.brings = true;
    else if (isAbove(name, path) && type !== "directory") {
      says.takes = true;
      if (type === "symlink") says.through = name;
    }
  }
  return says;
}

function isAbove(folder: string, path: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}
