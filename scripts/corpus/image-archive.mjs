/** A `docker save` archive from a recipe: `{user, labels, layers: [{path: text}]}`. */
import { createHash } from "node:crypto";

export function imageArchive({ user, labels, layers }) {
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
  const configName = `${sha256(Buffer.from(config))}.json`;
  const names = packed.map((one) => `${sha256(one)}/layer.tar`);
  const manifest = JSON.stringify([
    { Config: configName, RepoTags: ["shop:1.2.0"], Layers: names },
  ]);
  return tar([
    [configName, config],
    ...packed.map((bytes, at) => [names[at], bytes]),
    ["manifest.json", manifest],
  ]);
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
