/**
 * Claims that wait for others: forty addresses that answer after 250 ms each, and four commands of two
 * seconds, by the clock on the wall. One after the other they would take ten and eight seconds.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { line, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;
const SERVER = `require("node:http").createServer((_, answer) => setTimeout(() => answer.end("up"), 250))
.listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

export async function benchWaits() {
  const { generateSshKey } = await worlds.rooms();
  const key = generateSshKey(worlds.MARK.email);
  const names = ["c0", "c1", "c2", "c3"];
  const commands = Object.fromEntries(names.map((name) => [name, { run: ["sleep", "2"] }]));
  const policy = `${worlds.lawFiles(key)[".wingman/policy.yaml"]}commands: ${JSON.stringify(commands)}\n`;
  const { clone } = await worlds.governed({ ".wingman/policy.yaml": policy }, key);
  git(clone, ["checkout", "-q", "-b", "run"]);
  const server = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const port = await new Promise((done) => server.stdout.once("data", (text) => done(+text)));
    const looks = Array.from({ length: 40 }, (_, at) => ({
      type: "http.responds",
      args: { url: `http://127.0.0.1:${port}/${at}`, status: 200 },
    }));
    const runs = names.map((command) => ({ type: "cmd.exit", args: { command, value: 0 } }));
    const floorIs = "one of them";
    const what = { looks: ["40 addresses", 250, looks], runs: ["4 commands of 2 s", 2000, runs] };
    for (const [name, [says, floor, claims]] of Object.entries(what)) {
      const run = await closedRun(clone, name, claims);
      const args = [worlds.program, "audit", "--no-drift", "--run", run];
      const ms = timed(process.execPath, args, { cwd: clone, env });
      line(`audit, ${says}`, { ms, floor, floorIs });
    }
  } finally {
    server.kill();
  }
}

async function closedRun(clone, mark, claims) {
  const { appendClaimsRecord, claimsPath, digestOf } = await worlds.rooms();
  const name = { worker: "claude-code/alice", run: `20261124-090000-${mark.slice(0, 4)}` };
  const ts = new Date().toISOString();
  const head = { instruction: "INS-0007", digest: digestOf("an instruction"), origin: "acme/shop" };
  const drafts = [
    { kind: "open", ...head, ...name },
    ...claims.map((one) => ({ kind: "claim", ...one })),
    { kind: "close", outcome: "done", count: claims.length },
  ];
  let bytes;
  for (const draft of drafts) bytes = appendClaimsRecord(bytes, { ts, ...draft });
  const path = join(clone, claimsPath(name));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  git(clone, ["add", "-A"]);
  const message = `Work\n\nWingman-Run: ${name.worker}/${name.run}`;
  git(clone, ["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", message]);
  return `${name.worker}/${name.run}`;
}
