/**
 * `pnpm schemas`: writes schemas/claim-types.schema.json from the table of claim types. A test holds the
 * committed file against the table, so that a new type cannot be forgotten there.
 */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildSchemas } from "./schemas.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await buildSchemas();
const folder = await mkdtemp(join(tmpdir(), "wingman-schema-"));
try {
  const outfile = join(folder, "claim-schema.mjs");
  await build({
    entryPoints: [join(root, "packages/audit/src/claim-schema.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "bundle",
    // What a row loads when it judges is not needed to describe it.
    external: ["node:*"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  const { claimTypesSchema } = await import(pathToFileURL(outfile).href);
  const file = join(root, "schemas/claim-types.schema.json");
  writeFileSync(file, `${JSON.stringify(claimTypesSchema(), null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
