/** The model's own functions for claims files, bundled for this run as the program is. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export async function rooms(folder) {
  const outfile = join(folder, "rooms.mjs");
  await build({
    stdin: {
      contents: 'export { appendClaimsRecord, claimsPath, digestOf } from "@wingman/model";',
      resolveDir: new URL("../../packages/cli", import.meta.url).pathname,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    banner: {
      js: 'import { createRequire as made } from "node:module";\nconst require = made(import.meta.url);',
    },
    logLevel: "error",
  });
  const { appendClaimsRecord, claimsPath, digestOf } = await import(pathToFileURL(outfile).href);
  return { claims: { appendClaimsRecord, claimsPath }, digestOf };
}
