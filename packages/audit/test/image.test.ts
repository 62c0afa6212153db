/** Image archives: made here with a real packer, honest and hostile, and judged as a claim would have it. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Observation } from "@wingman/model";
import { treeOf } from "@wingman/model";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { imagesOf, Meter } from "../src/image/image-archive.ts";
import { judgeAgainst } from "../src/index.ts";

type File = string | { type: "symlink" | "directory" | "link"; linkname?: string };

async function tarOf(files: readonly (readonly [string, File | Buffer])[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, file] of files) {
    if (typeof file === "string" || Buffer.isBuffer(file)) tar.entry({ name }, file);
    else tar.entry({ name, ...file });
  }
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const sha = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

interface ImageLiteral {
  layers?: readonly (readonly (readonly [string, File])[])[];
  user?: string;
  labels?: Record<string, string>;
  tags?: string[];
  gzip?: boolean;
  /** Changes the bytes of the first layer behind the configuration's back. */
  forged?: boolean;
}

/** An OCI layout. */
async function layout(image: ImageLiteral): Promise<Buffer> {
  const raw = await Promise.all((image.layers ?? [[["bin/sh", "x"]]]).map(tarOf));
  const config = Buffer.from(
    JSON.stringify({
      config: { User: image.user ?? "", Labels: image.labels ?? null },
      rootfs: { type: "layers", diff_ids: raw.map((one) => `sha256:${sha(one)}`) },
    }),
  );
  const forged = image.forged === true ? [await tarOf([["other", "y"]]), ...raw.slice(1)] : raw;
  const blobs = forged.map((one) => (image.gzip === true ? gzipSync(one) : one));
  const layers = blobs.map((one) => ({ digest: `sha256:${sha(one)}`, size: one.length }));
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, config: { digest: `sha256:${sha(config)}` }, layers }),
  );
  const annotations = { "org.opencontainers.image.ref.name": image.tags?.[0] ?? "latest" };
  const index = {
    schemaVersion: 2,
    manifests: [{ digest: `sha256:${sha(manifest)}`, annotations }],
  };
  return await tarOf([
    ["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
    ["index.json", JSON.stringify(index)],
    ...[config, manifest, ...blobs].map((one) => [`blobs/sha256/${sha(one)}`, one] as const),
  ]);
}

/** What `docker save` wrote before it wrote layouts; layers before their description. */
async function saved(image: ImageLiteral): Promise<Buffer> {
  const raw = await Promise.all((image.layers ?? [[["bin/sh", "x"]]]).map(tarOf));
  const config = JSON.stringify({
    config: { User: image.user ?? "" },
    rootfs: { diff_ids: raw.map((one) => `sha256:${sha(one)}`) },
  });
  return await tarOf([
    ...raw.map((one, at) => [`layer${at}/layer.tar`, one] as const),
    ["config.json", config],
    [
      "manifest.json",
      JSON.stringify([
        {
          Config: "config.json",
          RepoTags: image.tags ?? ["shop:1"],
          Layers: raw.map((_, at) => `layer${at}/layer.tar`),
        },
      ]),
    ],
  ]);
}

async function judged(
  archive: Buffer,
  type: string,
  args: Record<string, unknown>,
): Promise<Observation> {
  const tree = treeOf({ "image.tar": archive });
  return await judgeAgainst(
    tree,
    { type, args: { archive: "image.tar", ...args } },
    { patience: "audit" },
  );
}

async function answer(
  archive: Buffer,
  type: string,
  args: Record<string, unknown>,
): Promise<string> {
  const { answer: said, reason } = await judged(archive, type, args);
  return reason ?? said;
}

const DELETED = [
  [
    ["etc/shadow", "root:x"],
    ["app/a/b", "1"],
    ["old/x", "1"],
  ],
  [
    ["etc/.wh.shadow", ""],
    ["app/.wh.a", ""],
    ["old/.wh..wh..opq", ""],
    ["old/y", "2"],
  ],
] as const satisfies ImageLiteral["layers"];

for (const [name, make] of [
  ["an OCI layout", layout],
  ["docker save", saved],
] as const)
  test(`${name}: layers lie over each other`, async () => {
    const archive = await make({ layers: DELETED });
    const lacks = async (path: string): Promise<string> =>
      await answer(archive, "img.lacks", { path });
    expect(await lacks("etc/shadow")).toBe("TRUE");
    expect(await lacks("app/a/b")).toBe("TRUE");
    expect(await lacks("old/x")).toBe("TRUE");
    expect(await lacks("old/y")).toBe("FALSE");
    expect(await lacks("old")).toBe("FALSE");
    expect(await lacks("never")).toBe("TRUE");
    const [lower = []] = DELETED;
    expect(await answer(await make({ layers: [lower] }), "img.lacks", { path: "etc/shadow" })).toBe(
      "FALSE",
    );
  });

test("compressed layers are read as others; what their configuration denies is not believed", async () => {
  const args = { path: "bin/sh" };
  expect(await answer(await layout({ gzip: true }), "img.lacks", args)).toBe("FALSE");
  expect(await answer(gzipSync(await layout({})), "img.lacks", args)).toBe("FALSE");
  expect(await answer(await layout({ forged: true }), "img.lacks", args)).toBe("AMBIGUOUS");
});

test("what stands behind a link is another path's", async () => {
  const archive = await layout({
    layers: [[["etc", { type: "symlink", linkname: "usr/etc" }]], [["usr/etc/shadow", "x"]]],
  });
  expect(await answer(archive, "img.lacks", { path: "etc/shadow" })).toBe("AMBIGUOUS");
  expect(await answer(archive, "img.lacks", { path: "usr/etc/shadow" })).toBe("FALSE");
});

test("user, label and digest", async () => {
  const archive = await layout({ user: "node:node", labels: { version: "1.2.0" } });
  expect(await answer(archive, "img.user", { user: "node" })).toBe("TRUE");
  expect(await answer(archive, "img.user", { user: "root" })).toBe("FALSE");
  expect(await answer(archive, "img.user", { user: "1000" })).toBe("AMBIGUOUS");
  expect(await answer(await layout({}), "img.user", { user: "0" })).toBe("TRUE");
  expect(await answer(archive, "img.label", { label: "version", value: "1.2.0" })).toBe("TRUE");
  expect(await answer(archive, "img.label", { label: "version", value: "1.2.1" })).toBe("FALSE");
  expect(await answer(archive, "img.label", { label: "constructor", value: "x" })).toBe("FALSE");
  const { observed } = await judged(archive, "img.digest", { sha256: "0".repeat(64) });
  const digest = /[0-9a-f]{64}/.exec(observed)?.[0] ?? "";
  expect(await answer(archive, "img.digest", { sha256: digest })).toBe("TRUE");
  expect(await answer(archive, "img.digest", { sha256: "0".repeat(64) })).toBe("FALSE");
  // An old archive holds no manifest: what a registry calls it, it cannot say.
  expect(await answer(await saved({}), "img.digest", { sha256: "0".repeat(64) })).toBe(
    "NO_WITNESS",
  );
});

test("several images, none, and what is no archive", async () => {
  expect(
    await answer(await saved({ tags: ["shop:1"] }), "img.user", { user: "root", image: "shop:1" }),
  ).toBe("TRUE");
  expect(await answer(await saved({}), "img.user", { user: "root", image: "other:1" })).toBe(
    "NO_WITNESS",
  );
  expect(await answer(await tarOf([["a", "b"]]), "img.user", { user: "root" })).toBe("UNSUPPORTED");
  expect(await answer(Buffer.from("no archive".repeat(200)), "img.user", { user: "root" })).toBe(
    "UNSUPPORTED",
  );
  expect(await answer(Buffer.from("28b52ffd00000000", "hex"), "img.user", { user: "root" })).toBe(
    "UNSUPPORTED",
  );
  const half = await layout({});
  expect(await answer(half.subarray(0, 1024), "img.user", { user: "root" })).not.toMatch(
    /TRUE|FALSE/,
  );
  expect(await answer(gzipSync(half).subarray(0, 300), "img.lacks", { path: "x" })).not.toMatch(
    /TRUE|FALSE/,
  );
  const twice = await tarOf([
    ["manifest.json", "[]"],
    ["manifest.json", "[]"],
  ]);
  expect(await answer(twice, "img.user", { user: "root" })).toBe("AMBIGUOUS");
});

test("a bomb costs the budget, and no more", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  let left = 1024 * 1024;
  const meter = new Meter((bytes) => {
    left -= bytes;
    return left >= 0;
  });
  await expect(imagesOf(() => [bomb], meter)).rejects.toMatchObject({ reason: "BUDGET" });
  expect(left).toBeGreaterThan(-1024 * 1024);
});
