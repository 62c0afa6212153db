/** The model's own functions for claims files, bundled for this run as the program is. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export async function rooms(folder) {
  const outfile = join(folder, "rooms.mjs");
  await build({
    stdin: {
      contents:
        'export { appendClaimsRecord, claimsPath, digestOf, generateSshKey, signSsh } from "@wingman/model";',
      resolveDir: fileURLToPath(new URL("../../packages/cli", import.meta.url)),
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
  const model = await import(pathToFileURL(outfile).href);
  const { appendClaimsRecord, claimsPath, digestOf, generateSshKey, signSsh } = model;
  const people = Object.fromEntries(
    ["alice-bot", "dana", "mark"].map((name) => [name, generateSshKey(`${name}@acme.example`)]),
  );
  const signers = Object.entries(people)
    .map(([name, key]) => `${name}@acme.example namespaces="git" ${key.publicLine}\n`)
    .join("");
  const signed = (who, message) => signSsh({ key: people[who], message, namespace: "git" });
  return { claims: { appendClaimsRecord, claimsPath, signed }, digestOf, signers };
}
