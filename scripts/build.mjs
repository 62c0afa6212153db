/**
 * The build: schemas' validators, then one split ESM bundle in dist/ that needs only node and git and
 * runs from wherever that folder is copied. It does nothing when no input has changed, and it
 * refuses to leave a half-written program: the entry is replaced last.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { hookFiles } from "./hook-files.mjs";
import { buildKeywords } from "./keywords.mjs";
import { lateModules, SMALL } from "./late.mjs";
import { buildSchemas } from "./schemas.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stampFile = join(dist, ".build.json");
const ENTRY = "wingman.mjs";
const KEYWORDS = "packages/gate/src/secrets/keywords.bin";
const GRAMMARS = [
  "bash",
  "go",
  "java",
  "javascript",
  "python",
  "ruby",
  "rust",
  "tsx",
  "typescript",
];

// CommonJS dependencies call require(); an ES module has none of its own.
const BANNER = [
  'import { createRequire as wingmanCreateRequire } from "node:module";',
  "const require = wingmanCreateRequire(import.meta.url);",
].join("\n");

await buildSchemas();
await buildKeywords();
if (!(await isFresh())) {
  const started = performance.now();
  const { files, inputs, hooks } = await makeFiles();
  await writeDist(files);
  await writeFile(
    stampFile,
    JSON.stringify({ files: [...files.keys()], hooks, inputs: await stampOf(inputs) }),
  );
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes.length, 0);
  const took = Math.round(performance.now() - started);
  console.log(
    `dist/${ENTRY} and ${files.size - 1} more files, ${Math.round(bytes / 1024)} KiB, ${took} ms`,
  );
}

/** Every file of dist by its path with `/`, the inputs, and which of them a hook always loads. */
async function makeFiles() {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const late = lateModules();
  const result = await build({
    plugins: [late.plugin],
    absWorkingDir: root,
    entryPoints: { wingman: "packages/cli/src/main.ts" },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: { js: BANNER },
    define: { WINGMAN_VERSION: JSON.stringify(version) },
    ...SMALL,
    legalComments: "external",
    metafile: true,
    write: false,
    logLevel: "warning",
  }).catch((error) => {
    // esbuild has printed each error with its frame already; its own stack says nothing more.
    console.error(`build: ${error.errors?.length ?? 0} errors, dist/ is as it was`);
    process.exit(1);
  });
  const hooks = await hookFiles(version);
  const files = new Map([...late.files, ...hooks.files]);
  for (const file of result.outputFiles) {
    const path = posix(relative(dist, file.path));
    files.set(path, {
      bytes: path === ENTRY ? withShebang(file.text) : Buffer.from(file.contents),
    });
  }
  const copied = [...(await addCopies(files)), ...(await addGrammars(files)), KEYWORDS];
  // Beside whichever files the search for them ended up in.
  const searching = [...files].filter(([, { bytes }]) => bytes.includes(basename(KEYWORDS)));
  for (const folder of new Set(searching.map(([path]) => dirname(path))))
    files.set(posix(join(folder, basename(KEYWORDS))), {
      bytes: await readFile(join(root, KEYWORDS)),
    });
  addManifest(files, version);
  const own = [
    "package.json",
    "pnpm-lock.yaml",
    "scripts/build.mjs",
    "scripts/hook-files.mjs",
    "scripts/late.mjs",
    "scripts/keywords.mjs",
  ];
  const read = Object.keys(result.metafile.inputs).filter((path) => !path.startsWith("late:"));
  return {
    files,
    hooks: hooks.always,
    inputs: [...read, ...late.inputs, ...hooks.inputs, ...copied, ...own],
  };
}

function withShebang(text) {
  return Buffer.from(text.startsWith("#!") ? text : `#!/usr/bin/env node\n${text}`);
}

/** hooks/ and the published schemas travel with the program, so that `init` needs no source tree. */
async function addCopies(files) {
  const copied = [];
  for (const [folder, wanted] of [
    ["hooks", /./],
    ["schemas", /\.schema\.json$/],
  ]) {
    for (const name of (await readdir(join(root, folder))).sort()) {
      const source = join(root, folder, name);
      const { mode } = await stat(source);
      if (!wanted.test(name) || !(await stat(source)).isFile()) continue;
      files.set(`${folder}/${name}`, {
        bytes: await readFile(source),
        executable: (mode & 0o111) !== 0,
      });
      copied.push(`${folder}/${name}`);
    }
  }
  return copied;
}

/**
 * grammars/: the parser engine and its grammars, for claims about symbols. Packed, since an installed
 * program is copied into each clone; read when the first such claim is judged, and never in a hook else.
 */
async function addGrammars(files) {
  const folder = join(root, "node_modules/@vscode/tree-sitter-wasm/wasm");
  const names = ["tree-sitter", ...GRAMMARS.map((name) => `tree-sitter-${name}`)];
  const copied = [];
  for (const name of [...names.map((one) => `${one}.wasm`), "tree-sitter.js"]) {
    const source = join(folder, name);
    const bytes = await readFile(source);
    if (name.endsWith(".js")) files.set("grammars/tree-sitter.cjs", { bytes });
    else files.set(`grammars/${name}.gz`, { bytes: gzipSync(bytes, { level: 9 }) });
    copied.push(posix(relative(root, source)));
  }
  return copied;
}

/**
 * dist/manifest.json: version, each file's SHA-256, and one digest over all of them, by which an
 * installed copy is compared with a release. It covers every file but itself.
 */
function addManifest(files, version) {
  const digests = {};
  const whole = createHash("sha256");
  for (const path of [...files.keys()].sort()) {
    digests[path] = createHash("sha256").update(files.get(path).bytes).digest("hex");
    whole.update(`${digests[path]}  ${path}\n`);
  }
  const manifest = { version, digest: `sha256:${whole.digest("hex")}`, files: digests };
  files.set("manifest.json", { bytes: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) });
}

/** Chunks carry their hash in the name, so all may be written before the entry that names them. */
async function writeDist(files) {
  const order = [...files.keys()].sort((a, b) => Number(a === ENTRY) - Number(b === ENTRY));
  for (const path of order) {
    const { bytes, executable } = files.get(path);
    const target = join(dist, path);
    await mkdir(dirname(target), { recursive: true });
    const part = `${target}.${process.pid}.part`;
    await writeFile(part, bytes, { mode: executable || path === ENTRY ? 0o755 : 0o644 });
    await rename(part, target);
  }
  await removeStale(files);
}

/**
 * Files of earlier builds go after an hour: a program that runs while another build ends still loads
 * its own chunks when it first needs them. No copy takes them along: the manifest does not list them.
 */
async function removeStale(files) {
  const before = Date.now() - 3_600_000;
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = posix(relative(dist, join(entry.parentPath, entry.name)));
    if (!entry.isFile() || files.has(path)) continue;
    const found = await stat(join(dist, path)).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < before) await rm(join(dist, path), { force: true });
  }
}

/** True where every output stands and no input has another size or time than at the last build. */
async function isFresh() {
  if (!existsSync(stampFile)) return false;
  const was = JSON.parse(await readFile(stampFile, "utf8"));
  if (!was.files.every((path) => existsSync(join(dist, path)))) return false;
  const now = await stampOf(Object.keys(was.inputs));
  // A file that came into a copied folder is an input that the last build did not know.
  const came = (await readdir(join(root, "hooks"))).some(
    (name) => !(`hooks/${name}` in was.inputs),
  );
  return !came && JSON.stringify(now) === JSON.stringify(was.inputs);
}

async function stampOf(inputs) {
  const stamp = {};
  for (const path of [...new Set(inputs)].sort()) {
    const found = await stat(join(root, path)).catch((error) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    stamp[path] = found ? `${found.size} ${found.mtimeMs}` : "absent";
  }
  return stamp;
}

function posix(path) {
  return path.split(sep).join("/");
}
