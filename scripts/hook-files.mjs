/**
 * The hooks' code: for each kind of hook one CommonJS file with what it always needs, and a file for
 * each part that it imports only when a change asks for it (the auditor, the rows of secrets, formats).
 * What such a part shares with the first file is taken from there and never run twice. `hook.cjs`
 * starts them with their compiled code kept: an ES module's cannot be, on node 20, and the loader of
 * modules alone takes 5 ms.
 */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { lateModules, lazyBuiltins } from "./late.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
};
const HEAD = "(function (require, module, wingmanLoad, __filename) {";
const URL_OF_FILE = 'const wingmanUrl = require("node:url").pathToFileURL(__filename).href;\n';

/** The files by their path in dist/, their inputs, and each hook's modules that are always loaded. */
export async function hookFiles(version) {
  const late = lateModules({ loader: "wingmanLoad" });
  const files = new Map();
  const inputs = [];
  const names = {};
  const always = {};
  for (const part of ["local", "server"]) {
    const split = await splitCode(part, version, late);
    inputs.push(...split.inputs);
    always[part] = split.always;
    for (const [name, text] of await asFunctions(split)) {
      const bytes = Buffer.from(asciiOnly(text));
      files.set(`chunks/${name}`, { bytes });
      if (name.startsWith(`hook-${part}-`)) names[part] = name;
    }
  }
  const starter = await build({
    ...COMMON,
    format: "cjs",
    entryPoints: ["packages/cli/src/code-cache.ts"],
    outfile: "hook.cjs",
    define: { WINGMAN_HOOK_CODE: JSON.stringify(names) },
  });
  files.set("hook.cjs", { bytes: Buffer.from(starter.outputFiles[0].contents) });
  inputs.push(...Object.keys(starter.metafile.inputs), ...late.inputs);
  for (const [path, file] of late.files) files.set(path, file);
  return { files, always, inputs: inputs.filter((path) => !/^(?:late|lazy):/.test(path)) };
}

/** One kind of hook as ES modules, cut where it imports dynamically. */
async function splitCode(part, version, late) {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    format: "esm",
    splitting: true,
    outdir: "hook",
    chunkNames: "[name]-[hash]",
    plugins: [late.plugin, lazyBuiltins],
    entryPoints: { [`hook-${part}`]: `packages/cli/src/hook-${part}.ts` },
    define: { WINGMAN_VERSION: JSON.stringify(version), "import.meta.url": "wingmanUrl" },
  });
  const chunks = new Map();
  for (const file of outputFiles) {
    const name = basename(file.path);
    const { imports, inputs } = metafile.outputs[`hook/${name}`];
    const own = imports.filter((one) => one.external !== true);
    chunks.set(name, {
      text: file.text,
      inputs: Object.keys(inputs),
      now: own.filter((one) => one.kind === "import-statement").map((one) => basename(one.path)),
      later: own.filter((one) => one.kind === "dynamic-import").map((one) => basename(one.path)),
    });
  }
  const entry = `hook-${part}.js`;
  // A set that grows while it is walked: whatever the entry needs at once.
  const first = new Set([entry]);
  for (const name of first) for (const one of chunks.get(name).now) first.add(one);
  return {
    entry,
    chunks,
    first,
    inputs: Object.keys(metafile.inputs),
    always: [...first].flatMap((name) => chunks.get(name).inputs).sort(),
  };
}

/** The chunks as functions that the starter calls, by their file's name: the first ones as one. */
async function asFunctions({ entry, chunks, first }) {
  const rest = [...chunks.keys()].filter((name) => !first.has(name));
  const shared = [...new Set(rest.flatMap((name) => chunks.get(name).now))].filter((name) =>
    first.has(name),
  );
  const texts = new Map();
  const whole = [
    ...shared.map((name, at) => `import * as shared${at} from "./${name}";`),
    `import "./${entry}";`,
    ...shared.map((name, at) => `wingmanLoad(${JSON.stringify(name)}, shared${at});`),
  ];
  texts.set(entry, await asFunction(whole.join("\n"), chunks, (name) => first.has(name)));
  for (const name of rest) {
    texts.set(name, await asFunction(undefined, chunks, (asked) => asked === name, name));
  }
  return named(texts, chunks);
}

/**
 * `inside`: the chunks whose code becomes part of it; the others are asked of the starter. `alone`: one
 * chunk as it is, with all that it exports.
 */
async function asFunction(contents, chunks, inside, alone) {
  const plugin = {
    name: "chunks",
    setup(bundle) {
      bundle.onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path);
        return { path: name, namespace: inside(name) ? "inside" : "outside" };
      });
      bundle.onLoad({ filter: /./, namespace: "inside" }, ({ path }) => ({
        contents: withoutImport(chunks.get(path)),
      }));
      bundle.onLoad({ filter: /./, namespace: "outside" }, ({ path }) => ({
        contents: `module.exports = wingmanLoad(${JSON.stringify(path)});`,
      }));
    },
  };
  const { outputFiles } = await build({
    ...COMMON,
    ...(alone === undefined
      ? { stdin: { contents, resolveDir: root } }
      : { entryPoints: [`./${alone}`] }),
    outfile: "hook-code.cjs",
    format: "cjs",
    // Names stay, so that a stack in a fault report can be read.
    minifyWhitespace: true,
    plugins: [plugin],
  });
  const { text } = outputFiles[0];
  return `${HEAD}${text.includes("wingmanUrl") ? URL_OF_FILE : ""}${text}\n})`;
}

/** A chunk whose dynamic imports ask the starter: it keeps compiled code, `import()` does not. */
function withoutImport({ text, later }) {
  let count = 0;
  const asked = text.replace(/\bimport\("\.\/([^"/]+)"\)/g, (_all, name) => {
    count += 1;
    if (!later.includes(name)) throw new Error(`no such part of a hook: ${name}`);
    return `Promise.resolve().then(() => wingmanLoad(${JSON.stringify(name)}))`;
  });
  if (count < later.length) throw new Error("a hook imports a part in a way the build cannot see");
  return asked;
}

/** Gives every file a name with one digest over all of them, and puts it where others ask for it. */
function named(texts, chunks) {
  const whole = createHash("sha256");
  for (const name of [...texts.keys()].sort()) whole.update(texts.get(name)).update("\0");
  const digest = whole.digest("hex").slice(0, 16).toUpperCase();
  const fileOf = (name) =>
    `${name.startsWith("hook-") ? "" : "hook-part-"}${name.replace(/\.js$/, "")}-${digest}.cjs`;
  return [...texts].map(([name, text]) => {
    const known = text.replace(/\bwingmanLoad\("([^"]+\.js)"/g, (all, asked) =>
      chunks.has(asked) ? `wingmanLoad("${fileOf(asked)}"` : all,
    );
    return [fileOf(name), known];
  });
}

/** Only regular expressions keep what is beyond ASCII; without it a file's text takes half the memory and time. */
function asciiOnly(text) {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
