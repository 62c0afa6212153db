/** The gate: a commit's hook as a whole process, and pre-receive through a real push. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleaved, line, median, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;

export async function benchGate({ rounds, large }) {
  const rooms = await worlds.rooms();
  const key = rooms.generateSshKey(worlds.MARK.email);
  await preCommit(key, rounds);
  await preReceive(key, rooms, Math.min(rounds, 3), large);
}

/** What nobody can do without: node itself, and where the repository is, its refs, the staged tree, objects. */
function floor(clone) {
  let ms = timed(process.execPath, ["-e", "0"], { cwd: clone, env });
  ms += timed("git", ["rev-parse", "--git-dir", "--git-common-dir"], { cwd: clone, env });
  ms += timed("git", ["for-each-ref"], { cwd: clone, env });
  ms += timed("git", ["write-tree"], { cwd: clone, env });
  ms += timed("git", ["cat-file", "--batch-command"], { cwd: clone, env, input: "info HEAD\n" });
  return ms;
}

async function preCommit(key, rounds) {
  for (const files of [100, 20_000]) {
    const { clone } = await worlds.governed(worlds.sourceFiles(files), key);
    for (const staged of [1, 10, 100]) {
      git(clone, ["reset", "-q", "--hard"]);
      for (let at = 0; at < staged; at += 1)
        writeFileSync(join(clone, `src/d0/f${at}.ts`), `// ${worlds.words(at, 2000)}`);
      git(clone, ["add", "-A"]);
      const hook = join(clone, ".git/hooks/pre-commit");
      const { ours, least } = await interleaved(rounds, {
        least: () => floor(clone),
        ours: () => timed(hook, [], { cwd: clone, env }),
      });
      line(`pre-commit, ${staged} of ${files} files`, {
        ms: ours,
        floor: least,
        floorIs: "node -e 0 and 4 git calls",
        goal: "1.4 x",
      });
    }
  }
}

async function preReceive(key, rooms, rounds, large) {
  for (const count of large ? [1, 300, 3000, 10_000] : [1, 300, 3000]) {
    const { server, clone } = await worlds.governed(worlds.sourceFiles(100), key);
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
    line(`pre-receive, ${count} signed commits`, {
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
