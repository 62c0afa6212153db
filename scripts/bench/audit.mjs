/**
 * The auditor as a whole process: one closed run with 1,000 file and git claims; with --large ten runs of
 * 10,000 claims each, and the memory that they take.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { interleaved, line, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;

export async function benchAudit({ rounds, large }) {
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
  if (large) await flood({ clone, write, appendClaimsRecord, claimsPath, head, ts });
}

/** 100,000 claims: files, contents and commits, over ten runs. */
async function flood({ clone, write, appendClaimsRecord, claimsPath, head, ts }) {
  for (let one = 0; one < 10; one += 1) {
    const name = { worker: "claude-code/alice", run: `20261123-09000${one}-k3f9` };
    const lines = [];
    let last;
    // Each append reads the whole file: the chain is made here instead, once.
    const { createHash } = await import("node:crypto");
    const add = (draft) => {
      const bytes = appendClaimsRecord(undefined, { ts, kind: "open", ...head, ...name });
      if (draft === undefined) return lines.push(bytes.toString("utf8").trimEnd());
      const record = { ...draft, prev: last, seq: lines.length, ts, v: 1 };
      return lines.push(canonical(record));
    };
    const canonical = (value) =>
      JSON.stringify(value, (_key, inner) =>
        inner !== null && typeof inner === "object" && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
          : inner,
      );
    const push = (draft) => {
      add(draft);
      last = createHash("sha256").update(lines.at(-1)).digest("hex");
    };
    push(undefined);
    for (let at = 0; lines.length < 9_998; at += 1) {
      const path = `src/flood/${one}/f${at % 1000}.ts`;
      if (at < 1000) write(path, `${worlds.words(at, 500)}needle ${at}\n`);
      const kinds = [
        { type: "file.created", args: { path } },
        { type: "file.contains", args: { literal: `needle ${at % 1000}`, path } },
        { type: "file.exists", args: { path: `src/new/f${at % 500}.ts` } },
        { type: "git.touches", args: { commit: "run", path } },
      ];
      push({ kind: "claim", ...kinds[at % 4] });
    }
    push({ count: lines.length, kind: "close", outcome: "done" });
    write(claimsPath(name), `${lines.join("\n")}\n`);
    git(clone, ["add", "-A"]);
    const message = `Work\n\nWingman-Run: ${name.worker}/${name.run}`;
    git(clone, ["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", message]);
  }
  const began = performance.now();
  const args = [worlds.program, "audit", "--all", "--no-drift"];
  // The program's own high-water mark, told by node when it ends.
  const told = `process.on("exit", () => console.error("maxrss " + process.resourceUsage().maxRSS));`;
  const ran = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(told)}`, ...args],
    { cwd: clone, env, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const rss = Math.round(Number(/maxrss (\d+)/.exec(ran.stderr)?.[1] ?? 0) / 1024);
  const summary = ran.stdout.trim().split("\n").at(-1);
  console.log(
    `audit, 100,000 claims over ten runs: ${seconds} s, ${rss} MiB (goal 60 s); ${summary}`,
  );
}
