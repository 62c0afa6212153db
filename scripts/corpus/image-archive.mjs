/**
 * An image archive from a recipe: `{as, user, labels, gzip, layers: [{path: text}]}`. `as`: what `docker save`
 * wrote of old, an OCI `layout`, or `both`, which is what it writes today.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Its bytes, and the digests that follow from the recipe: of its configuration and of its manifest. */
export function imageArchive({ as = "save", user, labels, gzip = false, layers }) {
  const packed = layers.map((files) => tar(Object.entries(files)));
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    config: {
      ...(user === undefined ? {} : { User: user }),
      ...(labels === undefined ? {} : { Labels: labels }),
    },
    rootfs: { type: "layers", diff_ids: packed.map((one) => `sha256:${sha256(one)}`) },
  });
  const blobs = packed.map((one) => (gzip ? gzipSync(one) : one));
  const type = `application/vnd.oci.image.layer.v1.tar${gzip ? "+gzip" : ""}`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: `sha256:${sha256(config)}` },
    layers: blobs.map((one) => ({ mediaType: type, digest: `sha256:${sha256(one)}` })),
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ digest: `sha256:${sha256(manifest)}` }],
  });
  const blob = (one) => [`blobs/sha256/${sha256(one)}`, one];
  const layout = [
    ["oci-layout", '{"imageLayoutVersion":"1.0.0"}'],
    ["index.json", index],
    ...[config, manifest, ...blobs].map(blob),
  ];
  const configName = as === "both" ? blob(config)[0] : `${sha256(config)}.json`;
  const names = packed.map((one) => (as === "both" ? blob(one)[0] : `${sha256(one)}/layer.tar`));
  const saved = JSON.stringify([{ Config: configName, RepoTags: ["shop:1.2.0"], Layers: names }]);
  const files = {
    save: [
      [configName, config],
      ...packed.map((bytes, at) => [names[at], bytes]),
      ["manifest.json", saved],
    ],
    layout,
    both: [...layout, ["manifest.json", saved]],
  }[as];
  return { bytes: tar(files), config256: sha256(config), manifest256: sha256(manifest) };
}

/** ustar, files only: 512 bytes of header, content padded to 512, two empty blocks. */
function tar(files) {
  const parts = files.flatMap(([path, content]) => {
    const bytes = Buffer.from(content);
    const head = Buffer.alloc(512);
    head.write(path, 0);
    head.write("0000644\0", 100);
    head.write("0000000\0", 108);
    head.write("0000000\0", 116);
    head.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    head.write("00000000000\0", 136);
    head.write("        ", 148);
    head.write("0", 156);
    head.write("ustar\u000000", 257);
    const sum = head.reduce((all, byte) => all + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
