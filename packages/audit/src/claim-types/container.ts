/**
 * Containers as their engine shows them, and images as a committed archive holds them (`docker save`
 * or OCI layout), which is read without an engine.
 */
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import type { Need } from "../reach.ts";
import { unbuilt } from "./unbuilt.ts";

const NAME = { name: { kind: "text", required: true } } as const;
/** A tag or digest picks one image where an archive holds several. */
const ARCHIVE = { archive: { kind: "path", required: true }, image: { kind: "text" } } as const;

export const containerTypes: readonly ClaimType[] = [
  row(
    "ctr.running",
    "a container of this name runs",
    { name: "shop" },
    { ...NAME, image: { kind: "text" } },
  ),
  row("ctr.healthy", "a container's own health check says healthy", { name: "shop" }, NAME),
  row(
    "ctr.user",
    "a container runs as this user",
    { name: "shop", user: "node" },
    {
      ...NAME,
      user: { kind: "text", required: true },
    },
  ),
  row(
    "img.digest",
    "an image archive holds this manifest digest",
    { archive: "image.tar", sha256: "0".repeat(64) },
    {
      ...ARCHIVE,
      sha256: { kind: "sha256", required: true },
    },
  ),
  row(
    "img.lacks",
    "no layer of an image leaves this path",
    { archive: "image.tar", path: "etc/shadow" },
    {
      ...ARCHIVE,
      path: { kind: "path", required: true },
    },
  ),
  row(
    "img.user",
    "an image runs as this user",
    { archive: "image.tar", user: "node" },
    {
      ...ARCHIVE,
      user: { kind: "text", required: true },
    },
  ),
  row(
    "img.label",
    "an image carries this label",
    { archive: "image.tar", label: "org.opencontainers.image.version", value: "1.2.0" },
    {
      ...ARCHIVE,
      label: { kind: "text", required: true },
      value: { kind: "text", required: true },
    },
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
): ClaimType {
  const inTree = type.startsWith("img.");
  const needs: Need = inTree ? "tree" : "engine";
  const witness = inTree ? "git" : "api";
  return unbuilt({ type, title, example: { type, args }, args: kinds, needs, witness });
}
