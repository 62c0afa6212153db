/**
 * The auditor as a whole process: ten claims and a thousand, beside node and the git calls they need, with
 * the processes that they start; with --large runs of 10,000 claims each, one of them and ten, and the
 * memory that they take.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { benchWaits } from "./audit-waits.mjs";
import { interleaved, line, timed } from "./timing.mjs";
import * as worlds from "./worlds.mjs";

const { env, git } = worlds;

export async function benchAudit({ rounds, large }) {
  const { appendClaimsRecord, claimsPath, digestOf, generateSshKey } = await worlds.rooms();
  const key = generateSshKey(worlds.MARK.email);
  const { clone } = await worlds.governed(worlds.sourceFiles(2000), key);
  const ts = "2026-11-22T09:00:01.000Z";
  const head = { instruction: "INS-0007", digest: digestOf("an instruction"), origin: "acme/shop" };
  git(clone, ["checkout", "-q", "-b", "run"]);
  const write = (path, content) => {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), content);
  };
  for (const [count, goal] of [
    [1000, "2 s"],
    [10, undefined],
  ]) {
    const name = {
      worker: "claude-code/alice",
      run: `20261122-09${String(count).padStart(4, "0")}-k3f9`,
    };
    let bytes;
    const add = (draft) => {
      bytes = appendClaimsRecord(bytes, { ts, ...draft });
    };
    add({ kind: "open", ...head, ...name });
    for (let at = 0; at < count / 2; at += 1) {
      const path = `src/${count === 1000 ? "new" : "few"}/f${at}.ts`;
      write(path, `${worlds.words(at, 1500)}needle ${at}\n`);
      add({ kind: "claim", type: "file.created", args: { path } });
      add({ kind: "claim", type: "file.contains", args: { path, literal: `needle ${at}` } });
    }
    add({ kind: "close", outcome: "done", count });
    write(claimsPath(name), bytes);
    git(clone, ["add", "-A"]);
    const message = `Work\n\nWingman-Run: ${name.worker}/${name.run}`;
    git(clone, ["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", message]);
    const args = [worlds.program, "audit", "--no-drift", "--run", `${name.worker}/${name.run}`];
    const { ours, least } = await interleaved(rounds, {
      least: () =>
        timed(process.execPath, ["-e", "0"], { cwd: clone, env }) +
        timed("git", ["diff", "--stat", "HEAD~1", "HEAD"], { cwd: clone, env }),
      ours: () => timed(process.execPath, args, { cwd: clone, env, codes: [0, 1, 3] }),
    });
    const floorIs = "node -e 0 and git diff";
    line(`audit, ${count} file claims`, { ms: ours, floor: least, floorIs, goal });
    const { processes, gits } = startedBy(args, clone);
    console.log(`audit, ${count} file claims: ${processes} processes started (${gits})`);
  }
  await benchWaits();
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
    if (one === 0 || one === 9) told(clone, one + 1);
  }
}

/** What an audit of all runs takes. The high-water mark is the program's own, told by node at its end. */
function told(clone, runs) {
  for (const format of ["text", "json"]) {
    const began = performance.now();
    const args = [worlds.program, "audit", "--all", "--no-drift", "--format", format];
    const tell = `process.on("exit", () => console.error("maxrss " + process.resourceUsage().maxRSS));`;
    const preload = `data:text/javascript,${encodeURIComponent(tell)}`;
    const options = { cwd: clone, env, encoding: "utf8", maxBuffer: 1 << 28 };
    const ran = spawnSync(process.execPath, ["--import", preload, ...args], options);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const rss = Math.round(Number(/maxrss (\d+)/.exec(ran.stderr)?.[1] ?? 0) / 1024);
    const summary = format === "text" ? `; ${ran.stdout.trim().split("\n").at(-1)}` : "";
    console.log(
      `audit, ${runs * 10_000} claims in ${runs} runs, ${format}: ${seconds} s, ${rss} MiB (goal 60 s for 100,000)${summary}`,
    );
  }
}

/** The processes that an audit starts: node's own calls, counted from within. */
function startedBy(args, cwd) {
  const count = `import child from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
const started = [];
const { spawn } = child;
child.spawn = (file, args, ...more) => (started.push((args ?? []).find((one) => /^[a-z]+(-[a-z]+)*$/.test(one)) ?? file), spawn(file, args, ...more));
syncBuiltinESMExports();
process.on("exit", () => console.error("started " + started.join(" ")));`;
  const preload = `data:text/javascript,${encodeURIComponent(count)}`;
  const ran = spawnSync(process.execPath, ["--import", preload, ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  const gits = /started (.*)/.exec(ran.stderr)?.[1] ?? "";
  return { processes: gits.split(" ").length, gits };
}
