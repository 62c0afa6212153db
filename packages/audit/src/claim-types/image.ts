/**
 * `img.*`: images as a committed archive holds them (`docker save` or OCI layout), read without an engine.
 * Where an archive holds several, the claim has to say which.
 */
import type { Observation } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import { spend } from "../budget.ts";
import type { ClaimPath } from "../claim-path.ts";
import type { ClaimType } from "../claim-type.ts";
import { contentAt } from "../content.ts";
import type { Archive } from "../image/archive.ts";
import type { Meter } from "../image/archive-refused.ts";
import type { Image } from "../image/image-archive.ts";
import { wholeReference } from "../image/image-reference.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import { sameUser } from "../same-user.ts";
import type { Scene } from "../scene.ts";
import { placeOf } from "./file-standing.ts";

/** A tag or digest picks one image where an archive holds several, a platform one of its builds. */
const ARCHIVE = {
  archive: { kind: "path", required: true },
  image: { kind: "text" },
  platform: { kind: "text" },
} as const;

export const imageTypes: readonly ClaimType[] = [
  image(
    "img.digest",
    "an image archive holds this manifest digest",
    { archive: "image.tar", sha256: "0".repeat(64) },
    { ...ARCHIVE, sha256: { kind: "sha256", required: true } },
    async (images, args, expected) => digestOf(images, args.text("sha256") ?? "", expected),
    "any",
  ),
  image(
    "img.lacks",
    "no layer of an image leaves this path",
    { archive: "image.tar", path: "etc/shadow" },
    { ...ARCHIVE, path: { kind: "path", required: true } },
    async ([found], args, expected, { archive, meter }) => {
      const path = args.path("path")?.path ?? "";
      const { layerWith } = await import("../image/layer-paths.ts");
      const layer = await layerWith(archive, found, path, meter);
      return layer === undefined
        ? holds(expected, `none of ${found.layers.length} layers leaves it`)
        : contradicts(expected, `layer ${layer} of ${found.layers.length} leaves it`);
    },
  ),
  image(
    "img.user",
    "an image runs as this user",
    { archive: "image.tar", user: "node" },
    { ...ARCHIVE, user: { kind: "text", required: true } },
    async ([{ config }], args, expected) => {
      const { user } = config;
      const so = sameUser(user, args.text("user") ?? "");
      const says = `the image's user is ${user === "" ? "not set, which is root" : quoted(user)}`;
      if (so === undefined)
        return unverifiable("AMBIGUOUS", expected, `${says}; a number and a name may be one`);
      return so ? holds(expected, says) : contradicts(expected, says);
    },
  ),
  image(
    "img.label",
    "an image carries this label",
    { archive: "image.tar", label: "org.opencontainers.image.version", value: "1.2.0" },
    {
      ...ARCHIVE,
      label: { kind: "text", required: true },
      value: { kind: "text", required: true },
    },
    async ([{ config }], args, expected) => {
      const [label, value] = [args.text("label") ?? "", args.text("value") ?? ""];
      const there = Object.hasOwn(config.labels, label) ? config.labels[label] : undefined;
      if (there === value) return holds(expected, "it carries it");
      return contradicts(
        expected,
        there === undefined ? "it has no such label" : `its value is ${quoted(String(there))}`,
      );
    },
  ),
];

function digestOf(images: readonly Image[], wanted: string, expected: string): Observation {
  if (images.some((one) => one.configDigest === wanted))
    return holds(expected, "it is the image's id");
  if (images.some((one) => one.manifests.includes(wanted)))
    return holds(expected, "it is the manifest's");
  const [first] = images;
  if (images.some((one) => one.rewritten))
    return unverifiable(
      "NO_WITNESS",
      expected,
      `what a registry calls it, an archive of docker save does not hold; the image's id is ${first?.configDigest}`,
    );
  return contradicts(expected, `the manifest's is ${first?.manifests.at(-1)}`);
}

type ImageLook = (
  images: readonly [Image, ...Image[]],
  args: Arguments,
  expected: string,
  at: { readonly archive: Archive; readonly meter: Meter },
) => Promise<Observation>;

/** `many`: whether several images answer together, or one has to be picked. */
function image(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  look: ImageLook,
  many: "one" | "any" = "one",
): ClaimType {
  return {
    type,
    title,
    example: { type, args },
    args: kinds,
    witness: "git",
    forgeable: false,
    judge: async (asked, scene) => await judgeImage(asked, scene, { title, look, many }),
  };
}

async function judgeImage(
  args: Arguments,
  scene: Scene,
  {
    title,
    look,
    many,
  }: { readonly title: string; readonly look: ImageLook; readonly many: "one" | "any" },
): Promise<Observation> {
  const place = placeOf(args, "archive");
  const expected = `${title} (${quotePath(place.path)})`;
  // Loaded only when an archive is looked at.
  const { ArchiveRefused, Meter } = await import("../image/archive-refused.ts");
  const { imagesOf } = await import("../image/image-archive.ts");
  const meter = new Meter((bytes) => spend(scene.stage.budget, "bytes", bytes));
  const archive = await archiveAt(scene, place, expected, meter);
  if ("answer" in archive) return archive;
  try {
    const images = await imagesOf(archive);
    const [wanted, platform] = [args.text("image"), args.text("platform")];
    const [first, ...more] = images
      .filter((one) => wanted === undefined || isNamed(one, wanted))
      .filter((one) => platform === undefined || isFor(one, platform));
    if (first === undefined)
      return unverifiable(
        "NO_WITNESS",
        expected,
        `no image ${quoted([wanted, platform].filter(Boolean).join(" "))} stands in it`,
      );
    if (more.length > 0 && many === "one")
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${more.length + 1} images stand in it; name one: image=… or platform=…`,
      );
    return await look([first, ...more], args, expected, { archive, meter });
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    return unverifiable(error.reason, expected, error.message);
  }
}

/** A tar, or a folder that is an OCI layout. */
async function archiveAt(
  scene: Scene,
  place: ClaimPath,
  expected: string,
  meter: Meter,
): Promise<Archive | Observation> {
  const { folderArchive, tarArchive } = await import("../image/archive.ts");
  const { tree } = scene.stage.end;
  const missing = (why: string): Observation => unverifiable("NO_WITNESS", expected, why);
  if ((await scene.atEnd(place.path)).what === "folder")
    return (await tree.entry(`${place.path}/index.json`)) === undefined
      ? missing("a folder stands there, and no OCI layout in it")
      : folderArchive(tree, place.path, meter);
  const content = await contentAt(scene, place, expected, missing);
  return "answer" in content ? content : tarArchive(() => content.chunks(), meter);
}

function isNamed(image: Image, wanted: string): boolean {
  const hex = wanted.replace(/^sha256:/, "");
  const names = image.names.map(wholeReference);
  return (
    image.names.includes(wanted) ||
    names.includes(wholeReference(wanted)) ||
    [...image.manifests, image.configDigest].includes(hex)
  );
}

/** `linux/arm64` is also `linux/arm64/v8`: the variant is said where there are several. */
function isFor({ config }: Image, platform: string): boolean {
  return config.platform === platform || config.platform.startsWith(`${platform}/`);
}
