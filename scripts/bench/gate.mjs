/** The gate: a commit's hook beside a floor and other hook managers, a whole commit, and pre-receive through a real push. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peersIn } from "./peers.mjs";
import { interleaved, line, median, processor, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;

export async function benchGate({ rounds, large }) {
  const rooms = await worlds.rooms();
  const key = rooms.generateSshKey(worlds.MARK.email);
  await preCommit(key, rounds);
  await preReceive(key, rooms, Math.min(rounds, 3), large);
}

const FLOOR = "node -e 0 and 4 git calls";
/** What nobody can do without: node itself, and where the repository is, its refs, the staged tree, objects. */
const LEAST = [
  [process.execPath, ["-e", "0"]],
  ["git", ["rev-parse", "--git-dir", "--git-common-dir"]],
  ["git", ["for-each-ref"]],
  ["git", ["write-tree"]],
  ["git", ["cat-file", "--batch-command"], "info HEAD\n"],
];

function floor(clone) {
  return LEAST.reduce(
    (ms, [file, args, input]) => ms + timed(file, args, { cwd: clone, env, input }),
    0,
  );
}

function floorProcessor(clone) {
  return LEAST.reduce(
    (ms, [file, args, input]) => ms + processor(file, args, { cwd: clone, env, input }),
    0,
  );
}

async function preCommit(key, rounds) {
  for (const files of [100, 50_000]) {
    const { server, clone } = await worlds.governed(worlds.sourceFiles(files), key);
    const hook = join(clone, ".git/hooks/pre-commit");
    const options = { cwd: clone, env };
    // In a clone of their own: lefthook puts itself in the place of hooks that it finds.
    const theirs = worlds.newFolder();
    git(theirs, ["clone", "-q", server, "."]);
    const peers = files === 100 ? peersIn(theirs) : {};
    for (const staged of [1, 10, 100]) {
      for (const one of [clone, theirs]) stage(one, staged);
      const others = Object.entries(peers).map(([name, [file, args]]) => [
        name,
        () => timed(file, args, { cwd: theirs, env }),
      ]);
      const cost = [];
      const medians = await interleaved(rounds, {
        least: () => floor(clone),
        ours: () => timed(hook, [], options),
        ...(staged === 1 ? Object.fromEntries(others) : {}),
        processor: () => {
          cost.push([processor(hook, [], options), floorProcessor(clone)]);
          return 0;
        },
      });
      const { least, ours } = medians;
      const cpu = cost.some(([mine]) => mine === undefined)
        ? ""
        : `processor ${median(cost.map(([mine]) => mine)).toFixed(0)} of ${median(cost.map(([, theirs]) => theirs)).toFixed(0)} ms`;
      line(`pre-commit, ${staged} of ${files} files`, {
        ms: ours,
        floor: least,
        floorIs: FLOOR,
        goal: "1.4 x",
        also: cpu,
      });
      if (staged === 1)
        for (const [name] of others)
          line(`  ${name} with a hook that does nothing`, { ms: medians[name] });
    }
    await wholeCommit(clone, rounds);
  }
}

/** So many changed files in the index and nothing else. */
function stage(clone, staged) {
  git(clone, ["reset", "-q", "--hard"]);
  for (let at = 0; at < staged; at += 1)
    writeFileSync(join(clone, `src/d0/f${at}.ts`), `// ${worlds.words(at + rounds, 2000)}`);
  rounds += staged;
  git(clone, ["add", "src"]);
}
let rounds = 0;

/** `git commit` of one file with every hook, on a branch and on the governed one, beside one without. */
async function wholeCommit(clone, times) {
  for (const branch of ["work", "main"]) {
    git(clone, ["checkout", "-q", "-B", branch, "origin/main"]);
    const commit = (more) => () => {
      stage(clone, 1);
      return timed("git", [...more, "commit", "-q", "-m", "Change a file"], { cwd: clone, env });
    };
    const { least, ours } = await interleaved(Math.min(times, 5), {
      least: commit(["-c", "core.hooksPath=/dev/null"]),
      ours: commit([]),
    });
    const what = branch === "main" ? "the governed branch" : "a branch";
    line(`  git commit with all hooks, on ${what}`, {
      ms: ours,
      floor: least,
      floorIs: "git commit without hooks",
      also: `${(ours - least).toFixed(0)} ms added`,
    });
  }
}

async function preReceive(key, rooms, rounds, large) {
  const worldsOf = [
    { count: 1 },
    { count: 300 },
    { count: 300, files: 50_000 },
    { count: 300, refs: 1000 },
    { count: 3000 },
    ...(large ? [{ count: 10_000 }] : []),
  ];
  for (const { count, files = 100, refs = 0 } of worldsOf) {
    const { server, clone } = await worlds.governed(worlds.sourceFiles(files), key);
    const tip = git(server, ["rev-parse", "main"]);
    const moves = Array.from({ length: refs }, (_, at) => `create refs/heads/b${at} ${tip}\n`);
    git(server, ["update-ref", "--stdin"], moves.join(""));
    const objects = worlds.signedCommits(clone, count, key, rooms);
    const plain = worlds.newFolder();
    git(plain, ["clone", "-q", "--bare", server, "."]);
    const told = watchHook(server);
    const start = git(server, ["rev-parse", "main"]);
    const push = (to) => {
      git(to, ["update-ref", "refs/heads/main", start]);
      const args = ["push", "-q", to, "many:main"];
      return timed("git", args, { cwd: clone, env: { ...env, WINGMAN_PUSHER: worlds.MARK.email } });
    };
    const seen = [];
    const { least, ours } = await interleaved(count < 3000 ? rounds : 1, {
      least: () => push(plain),
      ours: () => {
        const took = push(server);
        seen.push(told());
        return took;
      },
    });
    const cpu = median(seen.map((one) => (one.cpu.user + one.cpu.system) / 1000));
    const rss = Math.max(...seen.map((one) => one.rss));
    const where = `${files === 100 ? "" : `, ${files} files`}${refs === 0 ? "" : `, ${refs} refs`}`;
    line(`pre-receive, ${count} signed commits${where}`, {
      ms: median(seen.map((one) => one.ms)),
      goal: count === 3000 ? "3 s, 300 MB" : undefined,
      also: `${objects} objects, ${cpu.toFixed(0)} ms of processor, ${rss.toFixed(0)} MB; push ${ours.toFixed(0)} ms, without hooks ${least.toFixed(0)} ms`,
    });
  }
}

/** Lets the server's hook tell its own time and memory; gives a function that reads the last of them. */
function watchHook(server) {
  const [preload, node, log] = ["told.cjs", "node", "told.json"].map((name) => join(server, name));
  writeFileSync(
    preload,
    `process.on("exit", () => process.argv.includes("pre-receive") && require("fs").writeFileSync(
      ${JSON.stringify(log)},
      JSON.stringify({ ms: performance.now(), cpu: process.cpuUsage(), rss: process.resourceUsage().maxRSS / 1024 })));\n`,
  );
  const script = `#!/bin/sh\nexec "${process.execPath}" --require "${preload}" "$@"\n`;
  writeFileSync(node, script, { mode: 0o755 });
  const hook = join(server, "hooks/pre-receive");
  const shim = readFileSync(hook, "utf8").replace(/^baked_node=.*$/m, `baked_node='${node}'`);
  writeFileSync(hook, shim, { mode: 0o755 });
  if (spawnSync("grep", ["-q", preload, node]).status !== 0)
    throw new Error("the hook is not watched");
  return () => JSON.parse(readFileSync(log, "utf8"));
}
