/** The auditor: one closed run with 1,000 claims (10,000 with --large), as a whole process. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { interleaved, line, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;

export async function benchAudit({ rounds }) {
  const { appendClaimsRecord, claimsPath, digestOf, generateSshKey } = await worlds.rooms();
  const key = generateSshKey(worlds.MARK.email);
  const { clone } = await worlds.governed(worlds.sourceFiles(2000), key);
  const name = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };
  const ts = "2026-11-22T09:00:01.000Z";
  let bytes;
  const add = (draft) => {
    bytes = appendClaimsRecord(bytes, { ts, ...draft });
  };
  const head = { instruction: "INS-0007", digest: digestOf("an instruction"), origin: "acme/shop" };
  add({ kind: "open", ...head, ...name });
  git(clone, ["checkout", "-q", "-b", "run"]);
  const write = (path, content) => {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), content);
  };
  for (let at = 0; at < 500; at += 1) {
    write(`src/new/f${at}.ts`, `${worlds.words(at, 1500)}needle ${at}\n`);
    add({ kind: "claim", type: "file.created", args: { path: `src/new/f${at}.ts` } });
    const args = { path: `src/new/f${at}.ts`, literal: `needle ${at}` };
    add({ kind: "claim", type: "file.contains", args });
  }
  add({ kind: "close", outcome: "done", count: 1000 });
  write(claimsPath(name), bytes);
  git(clone, ["add", "-A"]);
  git(clone, [
    "-c",
    "core.hooksPath=/dev/null",
    "commit",
    "-q",
    "-m",
    `Work\n\nWingman-Run: ${name.worker}/${name.run}`,
  ]);
  const args = [worlds.program, "audit", "--run", `${name.worker}/${name.run}`];
  const { ours, least } = await interleaved(rounds, {
    least: () =>
      timed(process.execPath, ["-e", "0"], { cwd: clone, env }) +
      timed("git", ["diff", "--stat", "main", "run"], { cwd: clone, env }),
    ours: () => timed(process.execPath, args, { cwd: clone, env, codes: [0, 1, 3] }),
  });
  line("audit, 1,000 file claims", {
    ms: ours,
    floor: least,
    floorIs: "node -e 0 and git diff",
    goal: "2 s",
  });
}
