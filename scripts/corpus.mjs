/**
 * `pnpm corpus`: every labelled claim of `corpus/` through real git histories and the built auditor. It
 * prints the lies caught, what stayed UNVERIFIABLE and the false accusations, by family, and fails on any
 * false accusation, on a lie or an open claim that passed as TRUE, and below the goals of DESIGN.md.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { fixtures } from "./corpus/fixtures.mjs";
import { makeWorlds } from "./corpus/make-worlds.mjs";
import { withMutations } from "./corpus/mutations.mjs";
import { readCorpus } from "./corpus/read-corpus.mjs";
import { report } from "./corpus/report.mjs";
import { rooms } from "./corpus/rooms.mjs";
import { machineOfSystemd } from "./corpus/services.mjs";
import { inShapes } from "./corpus/shapes.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const program = join(root, "dist/wingman.mjs");
const folder = mkdtempSync(join(tmpdir(), "wingman-corpus-"));
const ended = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })];
process.on("exit", () => {
  for (const end of ended.reverse()) end();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(2));

const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(GIT|WINGMAN|NODE)_/.test(name)),
  ),
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};
const began = performance.now();
const { claims, digestOf, signers } = await rooms(folder);
const { expand, env: operators, stop } = await fixtures(folder);
ended.push(stop);
const ruled = machineOfSystemd(folder);

const families = readCorpus(join(root, "corpus"));
const worlds = families.flatMap(({ family, worlds: all }) =>
  all
    .filter(canBe)
    .flatMap((world) => inShapes({ ...world, family, claims: withMutations(world) })),
);
const repository = join(folder, "corpus.git");
const run = (args, input) =>
  execFileSync("git", args, { cwd: repository, env, input, maxBuffer: 1 << 28 }).toString("utf8");
mkdirSync(repository);
run(["init", "-q", "--bare", "--template=", "--initial-branch=main"]);
run(["config", "core.compression", "1"]);
const marksFile = join(folder, "marks");
const made = makeWorlds(worlds, { run, marksFile, rooms: claims, expand, digestOf });
trusted();
const events = eventFile();
const builtIn = Math.round(performance.now() - began);

const answers = new Map();
const whole = made.filter((world) => world.depth === undefined);
await judge(repository, ["--all", "--events", events], `the ${whole.length} histories`);
for (const world of made.filter((one) => one.depth !== undefined)) {
  const into = join(folder, `${world.name}.git`);
  const url = `file://${repository}`;
  const branch = ["--single-branch", "--branch", `w/${world.name}`];
  execFileSync(
    "git",
    ["clone", "-q", "--bare", "--depth", String(world.depth), ...branch, url, into],
    { env, stdio: "pipe" },
  );
  await judge(into, ["--run", world.run], world.name, world.run);
}
for (const world of made.filter((one) => one.now)) await askNow(world);
const ok = report(
  { worlds: made, answers, builtIn, ms: Math.round(performance.now() - began) },
  process.argv.includes("--all"),
);
process.exitCode = ok ? 0 : 1;

/** Services need a machine that systemd rules; where there are no namespaces there is none, and that is said. */
function canBe(world) {
  if (world.ruled !== true || ruled !== undefined) return true;
  process.stderr.write(`${world.name}: left out, this machine gives no namespaces\n`);
  return false;
}

/** The policy branch: the commands, signers and instructions that all histories are judged by. */
function trusted() {
  const files = parse(expand(readFileSync(join(root, "corpus/trusted.yaml"), "utf8")));
  files[".wingman/allowed_signers"] = signers;
  const parts = [
    "commit refs/heads/main\ncommitter Mark <mark@acme.example> 1760000000 +0000\ndata 6\nPolicy\n",
  ];
  for (const [path, text] of Object.entries(files))
    parts.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  run(["fast-import", "--quiet", "--force"], parts.join(""));
}

function eventFile() {
  const file = join(folder, "events.json");
  const facts = made.flatMap((world) => {
    const text = JSON.stringify(world.events ?? []);
    return JSON.parse(text.replace(/\{commit:(\w+)\}/g, (_, key) => world.commits[key]));
  });
  writeFileSync(file, JSON.stringify(facts));
  return file;
}

/**
 * One process of the auditor; `only`: the one run whose verdicts count. Nothing here waits for it standing
 * still: what it looks at is served from here.
 */
async function judge(cwd, args, what, only) {
  const told = await ran(["audit", ...args, "--format", "json", "--no-drift"], { cwd });
  if (told.status === 2)
    throw new Error(`the auditor could not judge ${what}: ${told.stderr.slice(0, 2000)}`);
  for (const { claim, verdict, reason, expected, observed } of JSON.parse(told.stdout).verdicts) {
    if (only !== undefined && !claim.name.startsWith(`${only}#`)) continue;
    if (only === undefined && answers.has(claim.name))
      throw new Error(`${claim.name} was judged twice`);
    answers.set(claim.name, { verdict, reason, expected, observed });
  }
}

/** What can be contradicted at the moment of looking only: each claim asked by itself, four at a time. */
async function askNow(world) {
  const todo = world.claims.map((claim, index) => ({ claim, name: `${world.run}#${index + 1}` }));
  const hand = async () => {
    for (let one = todo.shift(); one !== undefined; one = todo.shift()) {
      const { type, args } = one.claim;
      const words = Object.entries(args).map(
        ([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`,
      );
      const at = ["--at", `w/${world.name}`, "--format", "json"];
      const { status, stdout, stderr } = await ran(["verify", type, ...words, ...at], {
        ruled: world.ruled,
      });
      if (status === 2) throw new Error(`${type} ${words.join(" ")}: ${stderr.slice(0, 1000)}`);
      const { answer, reason, expected, observed } = JSON.parse(stdout).answers[0].observation;
      answers.set(one.name, { verdict: answer, reason, expected, observed });
    }
  };
  await Promise.all([hand(), hand(), hand(), hand()]);
}

/** The program once; `ruled`: on the machine that systemd rules. */
function ran(args, { cwd = repository, ruled: there = false } = {}) {
  const [start, ...rest] = [...(there ? ruled : []), process.execPath, program, ...args];
  return new Promise((done, failed) => {
    execFile(
      start,
      rest,
      { cwd, env: { ...env, ...operators }, maxBuffer: 1 << 28 },
      (error, stdout, stderr) =>
        typeof (error?.code ?? 0) === "number"
          ? done({ status: error?.code ?? 0, stdout, stderr })
          : failed(error),
    );
  });
}
