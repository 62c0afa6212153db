/** Image archives: made here with a real packer, honest and hostile, and judged as a claim would have it. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Observation } from "@wingman/model";
import { treeOf } from "@wingman/model";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { tarArchive } from "../src/image/archive.ts";
import { Meter } from "../src/image/archive-refused.ts";
import { imagesOf } from "../src/image/image-archive.ts";
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
  /** Tars as they are, in place of `layers`. */
  tars?: readonly Buffer[];
  /** Packs each layer. */
  packed?: (tar: Buffer) => Buffer;
  /** More keys of the configuration's inner part. */
  config?: Record<string, unknown>;
  platform?: { os: string; architecture: string; variant?: string };
  /** Adds what `docker save` writes beside the layout. */
  saved?: boolean;
  layers?: readonly (readonly (readonly [string, File])[])[];
  user?: string;
  labels?: Record<string, string>;
  tags?: string[];
  gzip?: boolean;
  /** Changes the bytes of the first layer behind the configuration's back. */
  forged?: boolean;
}

/** The files of an OCI layout that holds these images. */
async function layoutFiles(...images: readonly ImageLiteral[]): Promise<[string, Buffer][]> {
  const blobs = new Map<string, Buffer>();
  const put = (bytes: Buffer): string => {
    blobs.set(`blobs/sha256/${sha(bytes)}`, bytes);
    return `sha256:${sha(bytes)}`;
  };
  const manifests = [];
  const saves = [];
  for (const image of images) {
    const raw = image.tars ?? (await Promise.all((image.layers ?? [[["bin/sh", "x"]]]).map(tarOf)));
    const config = Buffer.from(
      JSON.stringify({
        ...image.platform,
        config: { User: image.user ?? "", Labels: image.labels ?? null, ...image.config },
        rootfs: { type: "layers", diff_ids: raw.map((one) => `sha256:${sha(one)}`) },
      }),
    );
    const forged = image.forged === true ? [await tarOf([["other", "y"]]), ...raw.slice(1)] : raw;
    const pack_ = image.packed ?? (image.gzip === true ? gzipSync : (one: Buffer) => one);
    const layers = forged.map((one) => ({ digest: put(pack_(one)) }));
    const manifest = { schemaVersion: 2, config: { digest: put(config) }, layers };
    const annotations = { "org.opencontainers.image.ref.name": image.tags?.[0] ?? "latest" };
    const digest = put(Buffer.from(JSON.stringify(manifest)));
    manifests.push({ digest, annotations, platform: image.platform });
    if (image.saved === true)
      saves.push({ Config: `blobs/sha256/${sha(config)}`, RepoTags: ["shop:1"] });
  }
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  return [
    ["oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')],
    ["index.json", index],
    ...blobs,
    ...(saves.length === 0
      ? []
      : [["manifest.json", Buffer.from(JSON.stringify(saves))] satisfies [string, Buffer]]),
  ];
}

/** An OCI layout as a tar. */
async function layout(...images: readonly ImageLiteral[]): Promise<Buffer> {
  return await tarOf(await layoutFiles(...images));
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
  await expect(imagesOf(tarArchive(() => [bomb], meter))).rejects.toMatchObject({
    reason: "BUDGET",
  });
  expect(left).toBeGreaterThan(-1024 * 1024);
});

/** zstd frames with their content as it is, in blocks of 100 KB; RFC 8878 §3.1.1. */
function framed(bytes: Buffer, frame = 1 << 17): Buffer {
  const parts: Buffer[] = [Buffer.from("502a4d1803000000616263", "hex")];
  for (let at = 0; at < bytes.length; at += frame) {
    const piece = bytes.subarray(at, at + frame);
    const head = Buffer.from("28b52ffd00380000000000", "hex").subarray(0, 6);
    const blocks: Buffer[] = [];
    for (let from = 0; from < piece.length; from += 100_000) {
      const block = piece.subarray(from, from + 100_000);
      const last = from + 100_000 >= piece.length ? 1 : 0;
      const size = Buffer.alloc(3);
      size.writeUIntLE((block.length << 3) | last, 0, 3);
      blocks.push(size, block);
    }
    parts.push(head, ...blocks);
  }
  return Buffer.concat(parts);
}

test("zstd layers: several frames, frames to skip, and a frame that asks for everything", async () => {
  const bin = { path: "bin/sh" };
  expect(await answer(await layout({ packed: framed }), "img.lacks", bin)).toBe("FALSE");
  const small = await layout({ packed: (one) => framed(one, 300) });
  expect(await answer(small, "img.lacks", { path: "bin/other" })).toBe("TRUE");
  expect(await answer(framed(await layout({})), "img.lacks", bin)).toBe("FALSE");
  // As zstd 1.5 packed it at its level 19, with its tables and its checksum.
  const real = Buffer.from(
    [
      "KLUv/QRoHQkA0g0mGmBN24P4EjBSIjyCGoapEmoS2jLjgFEBETgJJiUqYh7RiFa/9EM//fnlD3+//TuqTIqc",
      "1PrjTCta3fex0/lnVSpTQkdIFZ2flJmpeEw/V+r0z9bJNtVW2SrantuqbZVt2hqQQBwMBYUwECS2Z8oCobga",
      "D7IxK6KsAIORGEBk17I0zJ1pJMvxMGfmZB6UqWcgCyE5OAKDpQRIoDEoU7Y4aTcARYSC2higWTG5joLQFXGu",
      "dzpsLMfjnd3necvwEEOUvpGXMZccrY9Zd1Z3qUakzuQJHTou14OdOyKd9RYFBeREzBR3qaOT7BiJJHoG9BzP",
      "XpxNmxpv/geqtmjmpDHHGR6Sy4ttNttj1AvIaQeY/nqqP18UBXIa++XC8g4YbHpqi96RdA==",
    ].join(""),
    "base64",
  );
  const lines = Array.from(
    { length: 60 },
    (_, i) => `line ${i * i}: ${"abcdefghij".slice(i % 10)}`,
  );
  const raw = rawTar(
    { name: "etc/shadow", body: "root:x\n" },
    { name: "app/text", body: lines.join("\n") },
  );
  const tables = await layout({ tars: [raw], packed: () => real });
  expect(await answer(tables, "img.lacks", { path: "app/text" })).toBe("FALSE");
  expect(await answer(tables, "img.lacks", { path: "app/other" })).toBe("TRUE");
  const broken = await layout({ tars: [raw], packed: () => real.subarray(0, 100) });
  expect(await answer(broken, "img.lacks", { path: "x" })).toBe("UNSUPPORTED");
  const greedy = Buffer.from("28b52ffd00ff010000", "hex");
  const asks = await layout({ packed: () => greedy });
  expect(await answer(asks, "img.lacks", bin)).toBe("BUDGET");
});

interface Head {
  readonly name: string;
  readonly flag?: string;
  readonly body?: string;
  readonly leads?: string;
  /** What the header says in place of the body's own. */
  readonly size?: number;
  readonly magic?: string;
}

/** A tar header by header, as no packer writes it. */
function rawTar(...heads: readonly (Head | Buffer)[]): Buffer {
  const parts = heads.flatMap((one) => {
    if (Buffer.isBuffer(one)) return [one];
    const { name, flag = "0", body = "", leads = "", size, magic = "ustar\u000000" } = one;
    const bytes = Buffer.from(body);
    const head = Buffer.alloc(512);
    head.write(name, 0, 100);
    head.write("0000644\0", 100);
    head.write(`${(size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
    head.write("        ", 148);
    head.write(flag, 156, "latin1");
    head.write(leads, 157, 100);
    head.write(magic, 257, "latin1");
    const sum = head.reduce((all, byte) => all + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat(parts);
}

const END = Buffer.alloc(1024);
const pax = (...pairs: readonly string[]): string =>
  pairs
    .map((pair) => {
      const size = (count: number): number => ` ${pair}\n`.length + String(count).length;
      const count = size(size(size(10)));
      return `${count} ${pair}\n`;
    })
    .join("");

test.each([
  [
    "a name by PAX",
    [{ name: "x", flag: "x", body: pax("path=etc/shadow") }, { name: "cut" }],
    "FALSE",
  ],
  [
    "a long name of GNU",
    [{ name: "x", flag: "L", body: "etc/shadow\0" }, { name: "cut" }],
    "FALSE",
  ],
  [
    "a remark for all",
    [{ name: "x", flag: "g", body: pax("comment=c0ffee") }, { name: "etc/shadow" }],
    "FALSE",
  ],
  [
    "a name for all",
    [{ name: "x", flag: "g", body: pax("path=a") }, { name: "etc/shadow" }],
    "AMBIGUOUS",
  ],
  [
    "two long names",
    [
      { name: "x", flag: "L", body: "a" },
      { name: "x", flag: "x", body: pax("path=etc/shadow") },
      { name: "c" },
    ],
    "AMBIGUOUS",
  ],
  [
    "two records of one kind",
    [{ name: "x", flag: "x", body: pax("path=a", "path=etc/shadow") }, { name: "c" }],
    "AMBIGUOUS",
  ],
  [
    "a sparse file",
    [{ name: "x", flag: "x", body: pax("GNU.sparse.name=etc/shadow") }, { name: "c" }],
    "UNSUPPORTED",
  ],
  ["an old sparse file", [{ name: "etc/shadow", flag: "S" }], "UNSUPPORTED"],
  ["a broken record", [{ name: "x", flag: "x", body: "99 path=a" }, { name: "c" }], "UNSUPPORTED"],
  ["a way round", [{ name: "./a/../etc//shadow" }], "FALSE"],
  ["a name from the root", [{ name: "/etc/shadow" }], "FALSE"],
  ["a name that climbs out", [{ name: "../etc/shadow" }], "AMBIGUOUS"],
  ["a hard link", [{ name: "a" }, { name: "etc/shadow", flag: "1", leads: "a" }], "FALSE"],
  ["a folder", [{ name: "etc/shadow/", flag: "5" }], "FALSE"],
  ["an old folder", [{ name: "etc/shadow/", flag: "\0" }], "FALSE"],
  ["a device", [{ name: "etc/shadow", flag: "3" }], "FALSE"],
  // Engines take no content from a link, so they read a header there.
  [
    "a header within a link",
    [{ name: "a", flag: "2", leads: "b", size: 512 }, { name: "etc/shadow" }],
    "AMBIGUOUS",
  ],
  [
    "a header within a folder",
    [{ name: "a/", flag: "5", size: 512 }, { name: "etc/shadow" }],
    "AMBIGUOUS",
  ],
  ["behind its end", [{ name: "a" }, END, { name: "etc/shadow" }], "TRUE"],
  ["without an end", [{ name: "a" }], "TRUE"],
  ["one empty block", [{ name: "a" }, Buffer.alloc(512), { name: "etc/shadow" }], "UNSUPPORTED"],
  [
    "a size by PAX",
    [
      { name: "x", flag: "x", body: pax("size=3") },
      { name: "etc/shadow", body: "abc", size: 0 },
    ],
    "FALSE",
  ],
  ["a body that breaks off", [{ name: "a", body: "abc", size: 5000 }], "UNSUPPORTED"],
  [
    "GNU with a name in front",
    [{ name: "shadow", magic: `ustar  \0${"\0".repeat(80)}etc` }],
    "AMBIGUOUS",
  ],
  ["an unknown kind", [{ name: "a", flag: "V" }], "UNSUPPORTED"],
] as const)("a layer with %s", async (_, heads, said) => {
  const archive = await layout({ tars: [rawTar(...heads)] });
  expect(await answer(archive, "img.lacks", { path: "etc/shadow" })).toBe(said);
});

test("a white-out behind a layer's end takes nothing away", async () => {
  const lower = rawTar({ name: "etc/shadow", body: "x" }, END);
  const upper = rawTar({ name: "a" }, END, { name: "etc/.wh.shadow" }, END);
  expect(
    await answer(await layout({ tars: [lower, upper] }), "img.lacks", { path: "etc/shadow" }),
  ).toBe("FALSE");
});

test("old archives: a layer that is a link to another's, and one that lies there twice", async () => {
  const raw = await tarOf([["etc/shadow", "x"]]);
  const config = JSON.stringify({
    rootfs: { diff_ids: [`sha256:${sha(raw)}`, `sha256:${sha(raw)}`] },
  });
  const of = async (second: string, ...more: [string, File | Buffer][]): Promise<Buffer> =>
    await tarOf([
      ["a/layer.tar", raw],
      ...more,
      ["c.json", config],
      ["manifest.json", JSON.stringify([{ Config: "c.json", Layers: ["a/layer.tar", second] }])],
    ]);
  const path = { path: "etc/shadow" };
  expect(await answer(await of("a/layer.tar"), "img.lacks", path)).toBe("FALSE");
  const link = (linkname: string, type: "symlink" | "link" = "symlink"): [string, File] => [
    "b/layer.tar",
    { type, linkname },
  ];
  const linked = async (one: [string, File]): Promise<string> =>
    await answer(await of("b/layer.tar", one), "img.lacks", path);
  expect(await linked(link("../a/layer.tar"))).toBe("FALSE");
  expect(await linked(link("a/layer.tar", "link"))).toBe("FALSE");
  for (const leads of ["../../etc/passwd", "/etc/passwd", "nowhere"])
    expect(await linked(link(leads)), leads).toMatch(/NO_WITNESS|UNSUPPORTED/);
  // A link to itself ends nowhere.
  expect(await linked(link("layer.tar"))).toMatch(/NO_WITNESS|UNSUPPORTED/);
});

test("several platforms under one name", async () => {
  const platform = (architecture: string, variant?: string) => ({
    os: "linux",
    architecture,
    ...(variant === undefined ? {} : { variant }),
  });
  const archive = await layout(
    { tags: ["shop:1"], user: "node", platform: platform("amd64") },
    { tags: ["shop:1"], user: "root", platform: platform("arm64", "v8") },
  );
  const user = async (args: object): Promise<string> =>
    await answer(archive, "img.user", { user: "node", ...args });
  expect(await user({})).toBe("AMBIGUOUS");
  expect(await user({ image: "shop:1" })).toBe("AMBIGUOUS");
  expect(await user({ platform: "linux/amd64" })).toBe("TRUE");
  expect(await user({ platform: "linux/arm64" })).toBe("FALSE");
  expect(await user({ platform: "linux/arm64/v8", image: "docker.io/library/shop:1" })).toBe(
    "FALSE",
  );
  expect(await user({ platform: "linux/s390x" })).toBe("NO_WITNESS");
  const { observed } = await judged(archive, "img.digest", { sha256: "0".repeat(64) });
  const sha256 = /[0-9a-f]{64}/.exec(observed)?.[0];
  expect(await answer(archive, "img.digest", { sha256 })).toBe("TRUE");
  expect(await answer(archive, "img.digest", { sha256: "0".repeat(64) })).toBe("FALSE");
});

test("what docker save packed anew does not say what a registry calls it", async () => {
  const digest = { sha256: "0".repeat(64) };
  expect(await answer(await layout({ saved: true }), "img.digest", digest)).toBe("NO_WITNESS");
  expect(await answer(await layout({ saved: false }), "img.digest", digest)).toBe("FALSE");
});

test("an OCI layout as a folder", async () => {
  const files = await layoutFiles({ user: "node", layers: [[["etc/shadow", "x"]]], gzip: true });
  const said = async (
    type: string,
    args: object,
    all: readonly (readonly [string, Buffer])[] = files,
  ): Promise<string> => {
    const tree = treeOf(Object.fromEntries(all.map(([path, bytes]) => [`image/${path}`, bytes])));
    const claim = { type, args: { archive: "image", ...args } };
    const { answer: one, reason } = await judgeAgainst(tree, claim, { patience: "audit" });
    return reason ?? one;
  };
  expect(await said("img.user", { user: "node" })).toBe("TRUE");
  expect(await said("img.lacks", { path: "etc/shadow" })).toBe("FALSE");
  expect(await said("img.lacks", { path: "etc/passwd" })).toBe("TRUE");
  const inLfs = (path: string): Buffer =>
    Buffer.from(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\n${path}`,
    );
  const large = files.map(([path, bytes]) => {
    const layer = bytes.subarray(0, 2).toString("hex") === "1f8b";
    return [path, layer ? inLfs(path) : bytes] as const;
  });
  expect(await said("img.lacks", { path: "etc/passwd" }, large)).toBe("NO_WITNESS");
  expect(await said("img.user", { user: "node" }, [["readme", Buffer.from("x")]])).toBe(
    "NO_WITNESS",
  );
  expect(await answer(inLfs("image.tar"), "img.user", { user: "node" })).toBe("UNSUPPORTED");
});

test("keys in another case: engines take them, so they count", async () => {
  const user = async (config: Record<string, unknown>, claimed: string): Promise<string> =>
    await answer(await layout({ user: "node", config }), "img.user", { user: claimed });
  expect(await user({}, "node")).toBe("TRUE");
  expect(await user({ user: "root" }, "node")).toBe("AMBIGUOUS");
  expect(await user({ "U\u017fer": "root" }, "node")).toBe("AMBIGUOUS");
  expect(await user({ User: undefined, user: "dana" }, "dana")).toBe("TRUE");
});

test("an archive with any of its bytes changed never ends the auditor", async () => {
  const archive = await layout({ layers: DELETED, gzip: true });
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 150; round += 1) {
    const bytes = Buffer.from(archive);
    for (let times = 0; times < 1 + random(4); times += 1)
      bytes[random(bytes.length)] = random(256);
    const cut = random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    const { answer: said, reason } = await judged(cut, "img.lacks", { path: "old/y" });
    // Any byte of a layer or a description that counts is under a digest.
    expect(said === "FALSE" || reason !== undefined, `round ${round}`).toBe(true);
  }
});
