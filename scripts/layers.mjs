/**
 * The layer rule: `schemas <- model <- {git, gate, audit, ledger, watch} <- cli`. Reads every package's
 * manifest and imports and refuses what leaves the table, reaches past a package's door, touches
 * `process` outside the cli, starts a process outside its one door, or imports in a circle.
 * Exit 1 names each place as `file:line`; exit 2 means that it could not look.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOnly, importsOf, lineAt } from "./source-text.mjs";

/** What each room may import of the workspace. The five in the middle never import one another. */
export const TABLE = {
  model: [],
  git: ["model"],
  gate: ["model"],
  audit: ["model"],
  ledger: ["model"],
  watch: ["model"],
  cli: ["model", "git", "gate", "audit", "ledger", "watch"],
  testkit: ["model"],
};
/** Node's own modules that a room may use, where it may not use all: model is pure. */
const BUILTINS = { model: ["node:crypto", "node:buffer"] };
/** The doors behind which a process may be started: git's room, and the cli's one `process` file. */
const STARTERS = [/^packages\/git\/src\//, /^packages\/cli\/src\/process-io\.ts$/];
const TEST_TOOLS = ["vitest", "fast-check", "@wingman/testkit"];
const WEAK_NAME = /^(utils?|helpers?|common|managers?|handlers?|services?|data|info)$/;
const MODEL_IMPURE =
  /(?<![\w$.])(?:Date\.now\s*\(|new\s+Date\s*\(\s*\)|Math\.random\s*\(|fetch\s*\(|performance\.now\s*\()/g;

/**
 * Judges a workspace. Takes its root; gives the violations (`{file, line, what}`), the rooms' counts
 * and the number of files, so that a caller can see that it looked at something.
 */
export function judgeLayers(root) {
  const rooms = readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const violations = [];
  const counts = [];
  const graph = new Map();
  for (const room of rooms) {
    const manifest = manifestOf(root, room, violations);
    const files = sourcesIn(join(root, "packages", room)).map((file) =>
      posix(relative(root, file)),
    );
    let imports = 0;
    for (const file of files) {
      const source = readFileSync(join(root, file), "utf8");
      const found = judgeFile({ root, room, file, source, manifest, violations });
      imports += found.length;
      graph.set(file, edgesOf(root, file, found));
    }
    counts.push({ room, files: files.length, imports, may: TABLE[room] ?? [] });
  }
  violations.push(...cyclesIn(graph));
  return { violations, counts, files: graph.size };
}

/** The room's package.json, judged: it names only what the table allows. */
function manifestOf(root, room, violations) {
  const file = `packages/${room}/package.json`;
  if (!existsSync(join(root, file))) {
    violations.push({ file, line: 1, what: "this package has no package.json" });
    return {};
  }
  const text = readFileSync(join(root, file), "utf8");
  const manifest = JSON.parse(text);
  const at = (name) => lineAt(text, Math.max(0, text.indexOf(`"${name}"`)));
  if (!(room in TABLE)) {
    violations.push({ file, line: 1, what: `room ${room} has no row in the layer table` });
  }
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const other = /^@wingman\/(.+)$/.exec(name)?.[1];
    if (other !== undefined && !(TABLE[room] ?? []).includes(other)) {
      violations.push({ file, line: at(name), what: `${room} may not depend on ${other}` });
    }
  }
  return manifest;
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.(?:m|c)?ts$|\.mjs$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[/\\](?:node_modules|generated|cases)[/\\]/.test(file))
    .sort();
}

function judgeFile({ root, room, file, source, manifest, violations }) {
  const code = codeOnly(source);
  const imports = importsOf(source, code);
  const test = /\.test\.ts$/.test(file) || file.startsWith(`packages/${room}/test/`);
  const free = test || room === "testkit";
  const say = (line, what) => violations.push({ file, line, what });
  for (const one of imports) judgeImport({ root, room, file, one, manifest, test, free, say });
  const each = (shape, what) => {
    for (const match of code.matchAll(shape)) say(lineAt(source, match.index), what);
  };
  if (!free && room !== "cli") {
    each(
      /(?<![\w$.])(?:globalThis\s*\.\s*)?process\s*(?:\.|\?\.|\[)/g,
      "only the cli touches process",
    );
  }
  if (!test && room === "model") each(MODEL_IMPURE, "model is pure: no clock, chance or network");
  each(/(?<![\w$.])export\s+default\b|\bas\s+default\b/g, "named exports only: no default export");
  const weak = basename(file)
    .split(".")[0]
    .split("-")
    .find((part) => WEAK_NAME.test(part));
  if (weak !== undefined)
    say(1, `a file called "${weak}" says nothing of what is in it: name it after its main export`);
  return imports;
}

function judgeImport({ root, room, file, one, manifest, test, free, say }) {
  const { name, line } = one;
  if (name === undefined) return say(line, "a dynamic import names its module as a literal");
  if (name.startsWith(".")) {
    const target = posix(relative(root, resolve(root, dirname(file), name)));
    if (!target.startsWith(`packages/${room}/`) && !test)
      say(line, `"${name}" leaves the package: import it by its name`);
    if (/\/test\//.test(target) && !test) say(line, `"${name}" is a test's file`);
    if (!/\.(?:ts|mts|mjs|json)$/.test(name)) say(line, `"${name}" needs its extension`);
    return;
  }
  if (name.startsWith("node:")) {
    if (name === "node:process" && !free && room !== "cli")
      say(line, "only the cli touches process");
    const starts = /^node:(?:child_process|cluster|worker_threads)$/.test(name);
    if (starts && !free && !STARTERS.some((door) => door.test(file))) {
      say(line, `${name} outside packages/git: git is its only door`);
    }
    const allowed = BUILTINS[room];
    if (allowed && !test && !allowed.includes(name))
      say(line, `${room} is pure: ${name} is not allowed in it`);
    return;
  }
  const other = /^@wingman\/([^/]+)(\/.*)?$/.exec(name);
  const packageName = other
    ? `@wingman/${other[1]}`
    : name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/");
  if (test && TEST_TOOLS.includes(packageName)) return;
  if (other) {
    if (other[2])
      say(line, `"${name}" reaches past the door of ${other[1]}: import "@wingman/${other[1]}"`);
    if (other[1] === room) say(line, `${room} imports itself by name: use a relative path`);
    else if (!(TABLE[room] ?? []).includes(other[1]))
      say(line, `${room} may not import ${other[1]}`);
    return;
  }
  // The set-up file of the tests belongs to vitest; testkit is never part of the program.
  if (room === "testkit" && packageName === "vitest") return;
  if (!(packageName in { ...manifest.dependencies, ...(test ? manifest.devDependencies : {}) })) {
    say(line, `${name} is not among the dependencies of ${room}`);
  }
}

/** Files that a file loads at run time: erased and lazy imports make no circle. */
function edgesOf(root, file, imports) {
  const edges = [];
  for (const one of imports) {
    if (one.name === undefined || one.erased || one.dynamic) continue;
    const other = /^@wingman\/([^/]+)$/.exec(one.name)?.[1];
    const target = other
      ? `packages/${other}/src/index.ts`
      : one.name.startsWith(".")
        ? posix(relative(root, resolve(root, dirname(file), one.name)))
        : undefined;
    if (target !== undefined) edges.push({ to: target, line: one.line });
  }
  return edges;
}

/** Every circle of imports once, by depth-first search, named at the import that closes it. */
export function cyclesIn(graph) {
  const found = [];
  const state = new Map();
  const path = [];
  const visit = (file) => {
    state.set(file, "open");
    path.push(file);
    for (const { to, line } of graph.get(file) ?? []) {
      if (state.get(to) === "open") {
        const circle = [...path.slice(path.indexOf(to)), to];
        found.push({ file, line, what: `import circle: ${circle.join(" -> ")}` });
      } else if (!state.has(to) && graph.has(to)) visit(to);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return found;
}

function posix(path) {
  return path.split(sep).join("/");
}

/** Prints the table and what broke it. Gives the exit code. */
function report(root) {
  const { violations, counts, files } = judgeLayers(root);
  if (files === 0) {
    console.error(`layers: no source file below ${join(root, "packages")}: nothing was judged`);
    return 2;
  }
  for (const { room, files: count, imports, may } of counts) {
    const row = `${room.padEnd(8)} ${String(count).padStart(4)} files ${String(imports).padStart(5)} imports`;
    console.log(`${row}   may import: ${may.join(", ") || "nothing"}`);
  }
  for (const { file, line, what } of violations) console.error(`${file}:${line}  ${what}`);
  console.log(`${files} files, ${violations.length} broken layer rules`);
  return violations.length === 0 ? 0 : 1;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = report(
    resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))),
  );
}
