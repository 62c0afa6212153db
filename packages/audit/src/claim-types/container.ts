/**
 * Containers as their engine shows them, and images as a committed archive holds them (`docker save`
 * or OCI layout), which is read without an engine.
 */
import type { Observation } from "@wingman/model";
import { quotePath } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import { spend } from "../budget.ts";
import type { ClaimType } from "../claim-type.ts";
import { contentAt } from "../content.ts";
import { containerLook, healthyLook, runningLook, userLook } from "../host/container-look.ts";
import { judgeNow, type Look } from "../host/seen-now.ts";
import type { Image, Source } from "../image/image-archive.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { ContainerEngine, ContainerState } from "../reach.ts";
import { sameUser } from "../same-user.ts";
import type { Scene } from "../scene.ts";
import { placeOf } from "./file-standing.ts";

const CONTAINER = { name: { kind: "text" }, label: { kind: "text" } } as const;
/** A tag or digest picks one image where an archive holds several, a platform one of its builds. */
const ARCHIVE = {
  archive: { kind: "path", required: true },
  image: { kind: "text" },
  platform: { kind: "text" },
} as const;

export const containerTypes: readonly ClaimType[] = [
  container(
    "ctr.running",
    "a container of this name runs",
    { name: "shop" },
    { ...CONTAINER, image: { kind: "text" } },
    (found, args, engine) => runningLook(found, engine, args.text("image")),
  ),
  container(
    "ctr.healthy",
    "a container's own health check says healthy",
    { name: "shop" },
    CONTAINER,
    (found) => healthyLook(found),
  ),
  container(
    "ctr.user",
    "a container runs as this user",
    { name: "shop", user: "node" },
    { ...CONTAINER, user: { kind: "text", required: true } },
    (found, args, engine) => userLook(found, engine, args.text("user") ?? ""),
  ),
  image(
    "img.digest",
    "an image archive holds this manifest digest",
    { archive: "image.tar", sha256: "0".repeat(64) },
    { ...ARCHIVE, sha256: { kind: "sha256", required: true } },
    async (found, args, expected) => {
      const wanted = args.text("sha256") ?? "";
      if ([...found.manifests, found.configDigest].includes(wanted))
        return holds(
          expected,
          wanted === found.configDigest ? "it is the image's id" : "it is the manifest's",
        );
      if (found.manifests.length === 0)
        return unverifiable(
          "NO_WITNESS",
          expected,
          `the archive holds no manifest; the image's id is ${found.configDigest}`,
        );
      return contradicts(expected, `the manifest's is ${found.manifests.at(-1)}`);
    },
  ),
  image(
    "img.lacks",
    "no layer of an image leaves this path",
    { archive: "image.tar", path: "etc/shadow" },
    { ...ARCHIVE, path: { kind: "path", required: true } },
    async (found, args, expected, { source, scene }) => {
      const path = args.path("path")?.path ?? "";
      const { layerWith } = await import("../image/layer-paths.ts");
      const layer = await layerWith(source, found, path, await meterOf(scene));
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
    async (found, args, expected) => {
      const user = found.config.config?.User ?? "";
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
    async (found, args, expected) => {
      const [label, value] = [args.text("label") ?? "", args.text("value") ?? ""];
      const labels = found.config.config?.Labels ?? {};
      const there = Object.hasOwn(labels, label) ? labels[label] : undefined;
      if (there === value) return holds(expected, "it carries it");
      return contradicts(
        expected,
        there === undefined ? "it has no such label" : `its value is ${quoted(String(there))}`,
      );
    },
  ),
];

function container(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  look: (found: ContainerState, args: Arguments, engine: ContainerEngine) => Promise<Look>,
): ClaimType {
  return {
    type,
    title,
    example: { type, args },
    args: kinds,
    needs: "engine",
    witness: "api",
    forgeable: false,
    judge: async (asked, scene) => {
      const { engine } = scene.stage.reach;
      if (engine === undefined)
        return unverifiable("NOT_KNOWN_HERE", title, "no engine is asked here");
      return await judgeNow(scene, title, "", () =>
        containerLook(asked, engine, (one) => look(one, asked, engine)),
      );
    },
  };
}

type ImageLook = (
  image: Image,
  args: Arguments,
  expected: string,
  at: { readonly source: Source; readonly scene: Scene },
) => Promise<Observation>;

function image(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  look: ImageLook,
): ClaimType {
  return {
    type,
    title,
    example: { type, args },
    args: kinds,
    witness: "git",
    forgeable: false,
    judge: async (asked, scene) => await judgeImage(asked, scene, title, look),
  };
}

async function judgeImage(
  args: Arguments,
  scene: Scene,
  title: string,
  look: ImageLook,
): Promise<Observation> {
  const place = placeOf(args, "archive");
  const expected = `${title} (${quotePath(place.path)})`;
  const missing = (why: string): Observation => unverifiable("NO_WITNESS", expected, why);
  const content = await contentAt(scene, place, expected, missing);
  if ("answer" in content) return content;
  // Loaded only when an archive is looked at.
  const { ArchiveRefused, imagesOf } = await import("../image/image-archive.ts");
  const source: Source = () => content.chunks();
  try {
    const images = await imagesOf(source, await meterOf(scene));
    const wanted = args.text("image");
    const picked = images.filter((one) => wanted === undefined || isNamed(one, wanted));
    const [only] = picked;
    if (only === undefined)
      return unverifiable("NO_WITNESS", expected, `no image ${quoted(wanted ?? "")} stands in it`);
    if (picked.length > 1)
      return unverifiable(
        "AMBIGUOUS",
        expected,
        `${picked.length} images stand in it; name one: image=…`,
      );
    return await look(only, args, expected, { source, scene });
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    return unverifiable(error.reason, expected, error.message);
  }
}

async function meterOf({ stage }: Scene) {
  const { Meter } = await import("../image/image-archive.ts");
  return new Meter((bytes) => spend(stage.budget, "bytes", bytes));
}

function isNamed(image: Image, wanted: string): boolean {
  const hex = wanted.replace(/^sha256:/, "");
  return image.names.includes(wanted) || [...image.manifests, image.configDigest].includes(hex);
}
