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
import type { Image, Source } from "../image/image-archive.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { ContainerState } from "../reach.ts";
import type { Scene } from "../scene.ts";
import { placeOf } from "./file-standing.ts";

const NAME = { name: { kind: "text", required: true } } as const;
/** A tag or digest picks one image where an archive holds several. */
const ARCHIVE = { archive: { kind: "path", required: true }, image: { kind: "text" } } as const;

export const containerTypes: readonly ClaimType[] = [
  container(
    "ctr.running",
    "a container of this name runs",
    { name: "shop" },
    { ...NAME, image: { kind: "text" } },
    (state, args) => {
      const image = args.text("image");
      const so = state.running && (image === undefined || image === state.image);
      return { so, says: `${state.running ? "it runs" : "it does not run"}, image ${state.image}` };
    },
  ),
  container(
    "ctr.healthy",
    "a container's own health check says healthy",
    { name: "shop" },
    NAME,
    (state) => {
      const told = state.health === "healthy" || state.health === "unhealthy";
      const says = `its health check says ${state.health ?? "nothing: it has none"}`;
      return { so: told ? state.health === "healthy" : undefined, says };
    },
  ),
  container(
    "ctr.user",
    "a container runs as this user",
    { name: "shop", user: "node" },
    { ...NAME, user: { kind: "text", required: true } },
    (state, args) => ({
      so: sameUser(state.user, args.text("user") ?? ""),
      says: `it runs as ${state.user || "root"}`,
    }),
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
  look: (state: ContainerState, args: Arguments) => { so: boolean | undefined; says: string },
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
      const name = asked.text("name") ?? "";
      const seen = await scene.stage.reach.engine?.container(name);
      if (seen === undefined)
        return unverifiable("NOT_KNOWN_HERE", title, "no engine is asked here");
      if ("reason" in seen) return unverifiable(seen.reason, title, seen.why);
      const found = seen.seen;
      const { so, says } =
        found === undefined
          ? { so: false, says: `there is no container ${quoted(name)}` }
          : look(found, asked);
      if (so === undefined) return unverifiable("NO_WITNESS", title, says);
      if (so) return holds(title, says);
      // As for all that runs: what is so now contradicts nobody who spoke of before.
      return scene.run === undefined
        ? contradicts(title, says)
        : unverifiable(
            "NO_WITNESS",
            title,
            `${says} by now; what was so when it was claimed nobody can look at again`,
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

/** Whether two names of a user are one: root is also 0 and nothing. Undefined: a number and a name. */
function sameUser(found: string, wanted: string): boolean | undefined {
  const plain = (text: string): string => {
    const user = text.split(":")[0] ?? "";
    return user === "" || /^0+$/.test(user) ? "root" : user;
  };
  const [a, b] = [plain(found), plain(wanted)];
  if (a === b) return true;
  return a !== "root" && b !== "root" && /^\d+$/.test(a) !== /^\d+$/.test(b) ? undefined : false;
}
