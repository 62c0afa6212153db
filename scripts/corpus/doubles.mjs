/** The testkit's doubles, bundled for this run: a name server, a container engine, certificates. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const testkit = fileURLToPath(new URL("../../packages/testkit/src", import.meta.url));

export async function doubles(folder) {
  const outfile = join(folder, "doubles.mjs");
  const names = ["certificate", "dns-double", "engine-double"];
  await build({
    stdin: {
      contents: names.map((name) => `export * from "./${name}.ts";`).join("\n"),
      resolveDir: testkit,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  return await import(pathToFileURL(outfile).href);
}
