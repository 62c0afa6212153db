/**
 * Worlds to measure in: repositories made in a temporary folder, with the identities and keys that they
 * need made in process. The rooms' own code is bundled for the run, as it would be in the program.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import { build } from "esbuild";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const program = join(root, "dist/wingman.mjs");
export const MARK = { name: "Mark", email: "mark@acme.example" };
const WORKER = "alice-bot@acme.example";

const made = mkdtempSync(join(tmpdir(), "wingman-bench-"));
process.on("exit", () => rmSync(made, { recursive: true, force: true, maxRetries: 3 }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(2));
writeFileSync(join(made, "gitconfig"), '[gc]\n\tauto = 0\n[protocol "file"]\n\tallow = always\n');

/** An environment that knows nothing of the caller's git. */
export const env = {
  ...Object.fromEntries(
    // Node reads extra certificates at every start, some 45 ms: hooks unset them, and so does their floor.
    Object.entries(process.env).filter(([name]) => !/^(GIT|WINGMAN)_|^NODE_/.test(name)),
  ),
  HOME: made,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: join(made, "gitconfig"),
  GIT_AUTHOR_DATE: "1760000000 +0000",
  GIT_COMMITTER_DATE: "1760000000 +0000",
};

let folders = 0;
/** A new folder, removed at the end. */
export function newFolder() {
  folders += 1;
  const folder = join(made, `w${folders}`);
  mkdirSync(folder);
  return folder;
}

/** Runs git and gives its output, the last line's end cut off. */
export function git(cwd, args, input) {
  const options = { cwd, env, input, maxBuffer: 1 << 30 };
  return execFileSync("git", args, { ...options, stdio: ["pipe", "pipe", "pipe"] })
    .toString("utf8")
    .replace(/\n$/, "");
}

/** The rooms' exports, bundled once for this run. */
export async function rooms() {
  const outfile = join(made, "rooms.mjs");
  await build({
    absWorkingDir: root,
    stdin: {
      contents: [
        'export * from "@wingman/model";',
        'export { planOnHead, emptyHead } from "@wingman/ledger";',
        'export { scanBytes } from "@wingman/gate";',
        'export { openRepo } from "@wingman/git";',
        'export { appendToLedger, openTip } from "./src/ledger-branch.ts";',
      ].join("\n"),
      resolveDir: join(root, "packages/cli"),
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
  // The scanner looks for it beside its own code.
  copyFileSync(join(root, "packages/gate/src/secrets/keywords.bin"), join(made, "keywords.bin"));
  return await import(pathToFileURL(outfile).href);
}

/** Files by path as a branch's one commit, through fast-import: 20,000 files take a second. */
export function importFiles(folder, branch, files) {
  const pieces = [
    Buffer.from(
      `commit refs/heads/${branch}\ncommitter ${MARK.name} <${MARK.email}> 1760000000 +0000\ndata 5\nBegin\n`,
    ),
  ];
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    pieces.push(
      Buffer.from(`M 100644 inline ${path}\ndata ${bytes.length}\n`),
      bytes,
      Buffer.from("\n"),
    );
  }
  const ran = spawnSync("git", ["fast-import", "--quiet", "--force"], {
    cwd: folder,
    env,
    input: Buffer.concat(pieces),
  });
  if (ran.status !== 0) throw new Error(`git fast-import: ${ran.stderr}`);
}

/** The files that make a repository governed, with one administrator who signs with `key`. */
export function lawFiles(key) {
  const policy = {
    v: 1,
    revision: 1,
    origin: "acme/shop",
    governed: ["main"],
    mode: "enforce",
    identity: { unattributed: "person", unproven: "incident" },
    administrators: [MARK.email],
    workers: { "claude-code/alice": { principals: [WORKER], logins: ["alice-bot"] } },
  };
  const text = Object.entries(policy).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  return {
    ".wingman/policy.yaml": text.join(""),
    ".wingman/allowed_signers": `${MARK.email} namespaces="git" ${key.publicLine}\n`,
    ".wingman/.gitattributes": "* -text -merge -filter -ident -working-tree-encoding\n",
  };
}

/** So many small source files in folders of 100. */
export function sourceFiles(count) {
  const files = {};
  for (let at = 0; at < count; at += 1)
    files[`src/d${Math.floor(at / 100)}/f${at}.ts`] = `export const value${at} = ${at};\n`;
  return files;
}

/** A bare remote that enforces and a clone with its hooks; `main` holds `files` and the law. */
export async function governed(files, key) {
  const [server, clone] = [newFolder(), newFolder()];
  git(server, ["init", "-q", "--bare", "--initial-branch=main"]);
  importFiles(server, "main", { ...lawFiles(key), ...files });
  wingman(server, ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop"]);
  git(clone, ["clone", "-q", server, "."]);
  git(clone, ["config", "user.name", MARK.name]);
  git(clone, ["config", "user.email", MARK.email]);
  const admin = ["--admin", MARK.email];
  wingman(clone, ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop", ...admin]);
  git(clone, ["fetch", "-q"]);
  return { server, clone };
}

/** Runs the built program. */
export function wingman(cwd, args) {
  return execFileSync(process.execPath, [program, ...args], { cwd, env, stdio: "pipe" }).toString();
}

/** Text that deflates as source does and holds no secret: words from a small list. */
export function words(seed, bytes) {
  let state = seed + 1;
  let text = "";
  while (text.length < bytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += WORDS[state >>> 24];
    text += state % 11 === 0 ? "\n" : " ";
  }
  return `${text.slice(0, bytes)}\n`;
}
const WORDS = Array.from({ length: 256 }, (_, at) => {
  const parts = [
    "ka",
    "lo",
    "mi",
    "ne",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "wu",
    "xa",
    "yo",
    "za",
    "be",
    "co",
    "du",
  ];
  return `${parts[at >> 4]}${parts[at & 15]}${parts[(at * 7) & 15]}`;
});

/**
 * So many commits on top of `main` in `clone`, each with 6 new files, signed with `key` in process, as
 * the branch `many`. Written as one pack of our own: git signs some 60 commits a second.
 */
export function signedCommits(clone, count, key, { signSsh }) {
  const objects = new Map();
  const put = (type, bytes) => {
    const head = Buffer.from(`${type} ${bytes.length}\0`);
    const oid = createHash("sha1").update(head).update(bytes).digest();
    objects.set(oid.toString("hex"), { type, bytes });
    return oid;
  };
  const top = git(clone, ["ls-tree", "-z", "main"])
    .split("\0")
    .filter(Boolean)
    .map((row) => /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/.exec(row).slice(1));
  const entry = (mode, name, oid) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), oid]);
  let parent = git(clone, ["rev-parse", "main"]);
  const base = top.map(([mode, oid, name]) => [
    mode.replace(/^0/, ""),
    name,
    Buffer.from(oid, "hex"),
  ]);
  const folders = new Map();
  for (let at = 0; at < count; at += 1) {
    // Folders of 50 commits' files: a tree that grows for ever is nobody's repository.
    const folder = `n${String(Math.floor(at / 50)).padStart(4, "0")}`;
    const rows = folders.get(folder) ?? [];
    folders.set(folder, rows);
    for (let file = 0; file < 6; file += 1) {
      const blob = put("blob", Buffer.from(words(at * 6 + file, 3300)));
      rows.push(["100644", `f${String(at % 50).padStart(2, "0")}-${file}.txt`, blob]);
    }
    const sub = put("tree", Buffer.concat(rows.map((row) => entry(...row))));
    const all = [
      ...base,
      ...[...folders.keys()].map((name) => [
        "40000",
        name,
        name === folder ? sub : folders.get(name).oid,
      ]),
    ];
    rows.oid = sub;
    all.sort(([am, a], [bm, b]) =>
      Buffer.compare(
        Buffer.from(am === "40000" ? `${a}/` : a),
        Buffer.from(bm === "40000" ? `${b}/` : b),
      ),
    );
    const tree = put("tree", Buffer.concat(all.map((row) => entry(...row)))).toString("hex");
    const who = `${MARK.name} <${MARK.email}> ${1760000001 + at} +0000`;
    const head = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}`;
    const body = `\n\nCommit ${at}\n`;
    const armored = signSsh({ key, message: Buffer.from(head + body), namespace: "git" }).trimEnd();
    const raw = `${head}\ngpgsig ${armored.replaceAll("\n", "\n ")}${body}`;
    parent = put("commit", Buffer.from(raw)).toString("hex");
  }
  git(clone, ["index-pack", "--stdin"], packOf(objects));
  git(clone, ["update-ref", "refs/heads/many", parent]);
  return objects.size;
}

const PACK_TYPES = { commit: 1, tree: 2, blob: 3 };
function packOf(objects) {
  const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0");
  head.writeUInt32BE(objects.size, 8);
  const pieces = [head];
  for (const { type, bytes } of objects.values()) {
    const size = [];
    let rest = bytes.length >> 4;
    let byte = (PACK_TYPES[type] << 4) | (bytes.length & 15);
    for (; rest > 0; rest >>= 7) {
      size.push(byte | 128);
      byte = rest & 127;
    }
    pieces.push(Buffer.from([...size, byte]), deflateSync(bytes, { level: 1 }));
  }
  const pack = Buffer.concat(pieces);
  return Buffer.concat([pack, createHash("sha1").update(pack).digest()]);
}
