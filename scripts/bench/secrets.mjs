/**
 * The secret scanner: its engine in process, and whole processes over trees and histories that any
 * machine has, beside git's own reading of the same and whatever other scanner is to be had.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { scannersIn } from "./peers.mjs";
import { interleaved, line, timed } from "./timing.mjs";
import { env, git, newFolder, program, rooms, root, words } from "./worlds.mjs";

const MOST_BYTES = 100 << 20;
/** Nothing found, and something found. */
const CODES = [0, 1];

export async function benchSecrets({ rounds, large }) {
  await engine();
  const peers = scannersIn();
  const few = Math.min(rounds, 3);
  for (const count of [1, 100]) await tree(`${count} source files`, sources(count), peers, rounds);
  await tree("packages, as installed", packages(), peers, few);
  const own = newFolder();
  git(own, ["clone", "-q", "--no-local", root, "."]);
  await history("this repository's history", own, peers, few);
  if (large) await history("20,000 commits made up", madeUp(20_000), peers, 1);
  else console.log("(20,000 commits made up: --large)");
}

/** In process, on what a disk holds most of: other people's code. */
async function engine() {
  const { scanBytes } = await rooms();
  const files = [];
  let bytes = 0;
  for (const entry of readdirSync(join(root, "node_modules"), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile() || bytes > MOST_BYTES) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    if (content.length > 4 << 20) continue;
    files.push(content);
    bytes += content.length;
  }
  // The floor: every byte looked at once, as text.
  let started = performance.now();
  let lines = 0;
  for (const content of files) lines += content.toString("latin1").split("\n").length;
  const floor = performance.now() - started;
  for (const content of files.slice(0, 200)) await scanBytes(content);
  started = performance.now();
  let hits = 0;
  for (const content of files) hits += (await scanBytes(content)).length;
  const ms = performance.now() - started;
  line(`secret scan, ${(bytes / 1e6).toFixed(0)} MB of node_modules`, {
    ms,
    floor,
    floorIs: "to split it into lines",
    also: `${(bytes / 1e6 / (ms / 1000)).toFixed(1)} MB/s, ${files.length} files, ${lines} lines, ${hits} hits`,
  });
}

async function tree(what, folder, { tree: peers }, rounds) {
  const medians = await interleaved(rounds, {
    floor: () => timed(process.execPath, ["-e", "0"], { env }),
    ours: () => scan(folder, ["."]),
    ...others(peers, folder),
  });
  tell(`scan of ${what}`, medians, "node -e 0");
}

async function history(what, folder, { history: peers }, rounds) {
  const medians = await interleaved(rounds, {
    floor: () =>
      timed("git", ["log", "-p", "-U0", "--all", "--no-renames", "--text"], { cwd: folder, env }),
    ours: () => {
      // What an earlier run judged is remembered; a first run is what is asked for here.
      rmSync(join(folder, ".git/wingman"), { recursive: true, force: true });
      return scan(folder, ["--history"]);
    },
    again: () => scan(folder, ["--history"]),
    ...others(peers, folder),
  });
  tell(`scan of ${what}`, medians, "git log -p -U0 --all");
}

function scan(cwd, args) {
  return timed(process.execPath, [program, "secrets", "scan", ...args], { cwd, env, codes: CODES });
}

function others(peers, folder) {
  return Object.fromEntries(
    Object.entries(peers).map(([name, command]) => {
      const [file, args, options] = command(folder);
      return [name, () => timed(file, args, { ...options, env, codes: CODES })];
    }),
  );
}

function tell(what, { floor, ours, ...rest }, floorIs) {
  const also = Object.entries(rest).map(
    ([name, ms]) => `${name} ${ms.toFixed(0)} ms, ${(ms / ours).toFixed(1)} x ours`,
  );
  line(what, { ms: ours, floor, floorIs, also: also.join("; ") });
}

/** Our own source files, as many as asked for, in a repository of their own. */
function sources(count) {
  const folder = newFolder();
  git(folder, ["init", "-q"]);
  const all = git(root, ["ls-files", "packages/*/src/*.ts"]).toString().trim().split("\n");
  for (let at = 0; at < count; at += 1) {
    const from = all[at % all.length];
    cpSync(join(root, from), join(folder, `${at}.ts`));
  }
  return folder;
}

/** Some 40 MB of installed packages. */
function packages() {
  const folder = newFolder();
  git(folder, ["init", "-q"]);
  const store = join(root, "node_modules/.pnpm");
  let bytes = 0;
  for (const entry of readdirSync(store, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:[cm]?[jt]s|json|md)$/.test(entry.name)) continue;
    if (bytes > 40e6) break;
    const from = join(entry.parentPath, entry.name);
    const to = join(
      folder,
      "packages",
      from.slice(store.length + 1).replaceAll("node_modules/", ""),
    );
    mkdirSync(join(to, ".."), { recursive: true });
    cpSync(from, to);
    bytes += readFileSync(from).length;
  }
  return folder;
}

/** A history of small edits, by fast-import. */
function madeUp(commits) {
  const folder = newFolder();
  git(folder, ["init", "-q", "--initial-branch=main"]);
  const stream = [];
  for (let at = 1; at <= commits; at += 1) {
    const text = words(at, 1500);
    stream.push(
      `commit refs/heads/main\ncommitter Mark <mark@acme.example> ${1700000000 + at} +0000\n` +
        `data 5\nStep\n\nM 100644 inline src/${at % 500}.ts\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
  }
  git(folder, ["fast-import", "--quiet"], stream.join(""));
  return folder;
}
