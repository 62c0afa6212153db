/**
 * Compiles schemas/*.schema.json into one file of plain functions, so that no command pays for a
 * schema compiler when it starts. Refuses a schema that ajv's strict mode does not understand.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "schemas");
const target = join(root, "packages/model/src/generated/validators.mjs");

/** Exported name → schema. `instructionForm` asks for no point: in Markdown they may be headings. */
const VALIDATORS = {
  approval: "approval.schema.json",
  baseline: "baseline.schema.json",
  claimRecord: "claim-record.schema.json",
  claimTypes: "claim-types.schema.json",
  instruction: "instruction.schema.json",
  instructionForm: "instruction.schema.json#/definitions/form",
  ledgerRecord: "ledger-record.schema.json",
  order: "order.schema.json",
  policy: "policy.schema.json",
};

/** Writes packages/model/src/generated/validators.mjs, unless it is newer than all it is made of. */
export async function buildSchemas() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".schema.json"));
  const inputs = [...files.map((name) => join(folder, name)), fileURLToPath(import.meta.url)];
  if (isNewer(target, inputs)) return false;
  const { default: Ajv } = await import("ajv");
  const { default: standaloneCode } = await import("ajv/dist/standalone/index.js");
  const esbuild = await import("esbuild");
  const ajv = new Ajv({
    allErrors: true,
    // schema-check.ts words each error itself.
    messages: false,
    strict: true,
    // Draft-07's if/then may require what the parent describes.
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    schemas: files.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8"))),
  });
  const plain = Object.entries(VALIDATORS).map(([name, ref]) => [`plain_${name}`, ref]);
  const compiled = standaloneCode(ajv, Object.fromEntries(plain));
  // Each validator carries its schema: messages list known keys and give examples. (ajv's `verbose`
  // does the same, and makes the code seven times as big.) Marked pure, so that a bundle leaves out
  // what it does not use; read when first asked for.
  const exported = Object.entries(VALIDATORS).map(([name, ref]) => {
    const [file = "", pointer = ""] = ref.split("#");
    const whole = JSON.parse(readFileSync(join(folder, file), "utf8"));
    const keys = pointer.split("/").slice(1);
    const part = keys.reduce((at, key) => at[key], whole);
    const text = JSON.stringify(JSON.stringify(part));
    return `export const ${name} = /* @__PURE__ */ withSchema(plain_${name}, ${text});`;
  });
  const code = [
    compiled.replaceAll("export const plain_", "const plain_"),
    `function withSchema(validator, text) {
      let schema;
      return Object.defineProperty(validator, "schema", {
        get: () => (schema ??= JSON.parse(text)),
      });
    }`,
    ...exported,
  ].join("\n");
  // ajv's standalone output still calls require() for its runtime (ucs2length, equal).
  const bundled = await esbuild.build({
    stdin: { contents: code, resolveDir: root, sourcefile: "validators.mjs" },
    bundle: true,
    // Not minified: esbuild drops the pure marks with the white space.
    format: "esm",
    platform: "neutral",
    target: "node20.19",
    write: false,
    logLevel: "error",
  });
  const text = bundled.outputFiles[0]?.text ?? "";
  // ajv's runtime functions carry their own source text in `.code`: that is a string, no call.
  const calls = /(?<!\.code ?= ?['"`])\brequire\(/.test(text);
  if (calls) throw new Error("validators.mjs would still call require()");
  mkdirSync(dirname(target), { recursive: true });
  // Renamed into place: tests may load it while another build writes.
  const part = `${target}.${process.pid}`;
  writeFileSync(
    part,
    `// Made by scripts/schemas.mjs from schemas/*.schema.json. Do not edit.\n${text}`,
  );
  renameSync(part, target);
  return true;
}

function isNewer(file, inputs) {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((input) => statSync(input).mtimeMs < made);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await buildSchemas();
  process.stdout.write(made ? "validators.mjs made\n" : "validators.mjs is up to date\n");
}
