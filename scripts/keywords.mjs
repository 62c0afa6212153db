/**
 * Builds the secret scanner's keyword automaton into packages/gate/src/secrets/keywords.bin, so
 * that no command builds it when it starts (24 ms). Refuses a keyword that the automaton refuses.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const secrets = join(root, "packages/gate/src/secrets");
const target = join(root, "packages/gate/src/secrets/keywords.bin");

/** Writes the file, unless it is newer than every row. */
/** For the tests' runner. */
export async function setup() {
  await buildKeywords();
}

export async function buildKeywords() {
  if (isFresh()) return;
  const { buildAutomaton, encodeAutomaton, KEYWORDS } = await rows();
  const bytes = encodeAutomaton(buildAutomaton(KEYWORDS), digestOf(sources()));
  const part = `${target}.${process.pid}.part`;
  await writeFile(part, bytes);
  await rename(part, target);
}

function isFresh() {
  if (!existsSync(target)) return false;
  const made = statSync(target).mtimeMs;
  return [...sources(), fileURLToPath(import.meta.url)].every(
    (file) => statSync(file).mtimeMs < made,
  );
}

function sources() {
  return readdirSync(secrets, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(secrets, name));
}

/** Of everything that decides what is a secret: a cache of what is clean holds for one digest only. */
function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** The rows are TypeScript, which the oldest Node cannot read: bundled in memory, then imported. */
async function rows() {
  const result = await build({
    stdin: {
      contents: [
        `export { KEYWORDS } from "./keywords.ts";`,
        `export { buildAutomaton, encodeAutomaton } from "./automaton.ts";`,
      ].join("\n"),
      resolveDir: secrets,
    },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    write: false,
    logLevel: "error",
  });
  const code = Buffer.from(result.outputFiles[0].contents).toString("base64");
  return await import(`data:text/javascript;base64,${code}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKeywords();
