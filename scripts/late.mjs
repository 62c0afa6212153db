/**
 * Late modules: big, synchronous, and needed only when a file asks for them (a Markdown parser, a YAML
 * parser, the schemas' validators). The bundle gets a stand-in for each; the module itself becomes a
 * CommonJS file of its own that is loaded at the first call. A hook that meets none of them pays nothing:
 * read, compiled and set up, they were half of what it loaded.
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = join(root, "packages");

/**
 * A copy of the program stands in every clone, so it is packed tightly; names and lines stay, so that a
 * stack in a fault report can be read.
 */
export const SMALL = { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 };

/**
 * `each`: every export is a file of its own. Only functions and classes can be late; `alone` is for what is
 * imported dynamically, whatever it exports.
 */
const LATE = [
  { name: "markdown", wanted: /^mdast-util-from-markdown$/, each: false },
  { name: "yaml", wanted: /^yaml$/, each: false },
  { name: "xml", wanted: /^saxes$/, each: false },
  { name: "validator", wanted: /^\.\/generated\/validators\.mjs$/, each: true },
  // Imported only dynamically: hooks and program share the one file.
  { name: "secretlint", wanted: /^@secretlint\/secretlint-rule-preset-recommend$/, alone: true },
];

/**
 * Gives esbuild's plugin and, once the bundle is made, the files by their path in dist/ and the inputs
 * that they were made of. `loader: "wingmanLoad"`: the hooks' bundle, whose loader keeps compiled code.
 */
export function lateModules({ loader } = {}) {
  const files = new Map();
  const inputs = new Set();
  const plugin = {
    name: "late",
    setup(bundle) {
      for (const { name, wanted, each, alone } of LATE) {
        bundle.onResolve({ filter: wanted }, async (asked) => {
          if (asked.pluginData === "real" || !asked.importer.startsWith(rooms)) return undefined;
          const options = { resolveDir: asked.resolveDir, kind: asked.kind, pluginData: "real" };
          const { path } = await bundle.resolve(asked.path, options);
          return { path, namespace: "late", pluginData: { name, each, alone }, sideEffects: false };
        });
      }
      bundle.onLoad({ filter: /./, namespace: "late" }, async ({ path, pluginData }) => ({
        contents: await standIn(path, pluginData),
        loader: "js",
      }));
    },
  };
  return { plugin, files, inputs };

  async function standIn(path, { name, each, alone }) {
    const real = await import(pathToFileURL(path).href);
    const load = loader === undefined ? REQUIRE : `const load = ${loader};`;
    if (alone === true) {
      const file = JSON.stringify(await write(name, path, "*"));
      const lines = Object.keys(real).map((key) => `export const ${key} = load(${file}).${key};`);
      return `${load}\n${lines.join("\n")}\n`;
    }
    const exported = Object.keys(real).filter((key) => typeof real[key] === "function");
    const whole = each ? undefined : await write(name, path, "*");
    const lines = [];
    for (const key of exported) {
      const file = whole ?? (await write(`${name}-${key}`, path, `{ ${key} }`));
      lines.push(`export const ${key} = /* @__PURE__ */ late(${JSON.stringify([file, key])});`);
    }
    return `${load}\n${STAND_IN}\n${lines.join("\n")}\n`;
  }

  async function write(name, path, what) {
    const result = await build({
      absWorkingDir: root,
      stdin: { contents: `export ${what} from ${JSON.stringify(path)};`, resolveDir: root },
      outfile: "late.cjs",
      bundle: true,
      format: "cjs",
      platform: "node",
      target: "node20.19",
      legalComments: "none",
      ...SMALL,
      minifyIdentifiers: name.startsWith("validator"),
      metafile: true,
      write: false,
    });
    const { contents } = result.outputFiles[0];
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
    const file = `late-${name}-${digest}.cjs`;
    files.set(`chunks/${file}`, { bytes: Buffer.from(contents) });
    for (const input of Object.keys(result.metafile.inputs))
      if (!input.startsWith("<")) inputs.add(input);
    return file;
  }
}

const REQUIRE = `
import { createRequire } from "node:module";
const here = /* @__PURE__ */ (() =>
  createRequire(import.meta.url.replace(/(?:chunks\\/)?[^/]*$/, "chunks/_")))();
const load = (file) => here("./" + file);`;
// A proxy, so that a class can be constructed and a validator's `errors` be read, as of the real one.
const STAND_IN = `
function late([file, name]) {
  const real = () => load(file)[name];
  return new Proxy(function () {}, {
    apply: (_target, self, args) => Reflect.apply(real(), self, args),
    construct: (_target, args) => Reflect.construct(real(), args),
    get: (_target, key) => real()[key],
  });
}`;

/** Node's own modules that a hook seldom comes to, or of which only functions are wanted. */
const BUILTINS = ["node:child_process", "node:fs/promises", "node:readline/promises", "node:tty"];

/** For CommonJS: loads those modules at the first call; setting up processes alone takes 3 ms. */
export const lazyBuiltins = {
  name: "lazy-builtins",
  setup(bundle) {
    const filter = new RegExp(`^(?:${BUILTINS.join("|")})$`);
    bundle.onResolve({ filter }, ({ path }) => ({ path, namespace: "lazy", sideEffects: false }));
    bundle.onLoad({ filter: /./, namespace: "lazy" }, async ({ path }) => {
      const real = await import(path);
      const contents = Object.keys(real)
        .filter((name) => name !== "default" && typeof real[name] === "function")
        .map((name) => `exports.${name} = (...args) => require("${path}:")["${name}"](...args);`)
        .join("\n");
      return { contents, loader: "js" };
    });
    // The colon lets the real one through.
    bundle.onResolve({ filter: /:$/, namespace: "lazy" }, ({ path }) => ({
      path: path.slice(0, -1),
      external: true,
    }));
  },
};
