/**
 * An audit in parts: judged by shards, stopped and taken up again, joined to the same bytes; what no
 * longer holds is drift; and what nobody could ever judge is never written.
 */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { carryOut, governedWithOrder, ok, runOf } from "./honest-run.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 180_000 });

/** The report without what time makes of it. */
const timeless = (text: string): string =>
  text.replaceAll(/"at": "[^"]*"/g, '"at": ""').replaceAll(/"ms": \d+/g, '"ms": 0');

test("parts join to the bytes of the whole, and a stopped one goes on", async () => {
  const { clone, keys } = await governedWithOrder();
  await carryOut(clone, { keys }, { branch: "work" });
  await ok(clone, "start", "INS-0007", "--worker", "claude-code/alice");
  const second = await runOf(clone);
  clone.write("src/keys/second.mjs", "export const days = 31;\n");
  clone.write("src/keys/third.mjs", "export const days = 32;\n");
  await clone.git("add", "-A");
  const proposed = await ok(clone, "claim", "--from-diff");
  expect(proposed.split("\n")).toContain("wingman claim file.created path=src/keys/second.mjs");
  await ok(clone, "claim", "file.created", "path=src/keys/second.mjs");
  await ok(clone, "claim", "file.created", "path=src/keys/third.mjs");
  expect(await ok(clone, "claim", "--from-diff")).toBe("");
  const main = await clone.git("rev-parse", "origin/main");
  await clone.git("tag", "-a", "-m", "A tag", "v1", main);
  await ok(clone, "claim", "git.ancestor", `commit=${main}`, "of=run");
  await ok(clone, "claim", "git.merged", `commit=${main.slice(0, 12)}`, "into=main");
  await ok(clone, "claim", "git.tag", "name=v1", `commit=${main}`);
  await ok(clone, "claim", "git.pushed", "ref=main", `commit=${main}`);
  await ok(clone, "claim", "git.diffWithin", "allow=src/keys/**");
  await ok(
    clone,
    "claim",
    "git.adds",
    "commit=run",
    "path=src/keys/second.mjs",
    "literal=days = 31",
  );
  await ok(clone, "claim", "symbol.exported", "path=src/keys/second.mjs", "name=days");
  await ok(clone, "claim", "secret.absent");
  await ok(clone, "claim", "diff.claimed");

  for (const [words, why] of [
    [["file.lines", "path=a", "op=>=", "lines=0"], "could never be judged"],
    [["file.contains", "path=a", "pattern=(a)\\1"], "could never be judged"],
    [["tests.pass", "command=unit"], "suite.passes"],
    [["file.exists", "path=a", "about=host"], "judged on the committed tree"],
    [["suite.passes", "command=unheard-of"], "names no command"],
  ] as const) {
    const refused = await clone.wingman(["claim", ...words]);
    expect([words[0], refused.code]).toEqual([words[0], 2]);
    expect(refused.stderr).toContain(why);
  }
  await ok(clone, "done");
  await clone.git("add", "-A");
  await clone.commit("More work", { sign: keys.alice, trailer: second });

  const json = async (...more: string[]): Promise<string> => {
    const ran = await clone.wingman(["audit", "--format", "json", "--all-findings", ...more]);
    if (ran.code === 2) throw new Error(ran.stderr);
    return timeless(ran.stdout);
  };
  const whole = await json("--all");
  expect(JSON.parse(whole).verdicts).toHaveLength(12);
  expect(await json("--all")).toBe(whole);
  const parts = [1, 2].map((at) => join(clone.folder, ".git", `part-${at}.jsonl`));
  for (const [at, part] of parts.entries())
    await json("--all", "--shard", `${at + 1}/2`, "--part", part);
  expect(await json("--merge", ...parts)).toBe(whole);
  expect(await json("--merge", ...[...parts].reverse())).toBe(whole);

  const [first = "", other = ""] = parts;
  writeFileSync(other, readFileSync(other, "utf8").slice(0, -40));
  expect((await clone.wingman(["audit", "--merge", ...parts])).code).toBe(2);
  expect((await clone.wingman(["audit", "--merge", first])).code).toBe(2);
  await json("--all", "--shard", "2/2", "--part", other);
  expect(await json("--merge", ...parts)).toBe(whole);

  // Sealed by a secret: nobody else's is taken, and a worker's file or link least of all.
  const refusals: [string, Promise<{ code: number; stderr: string }>][] = [
    [
      "WINGMAN_PART_SECRET",
      clone.wingman(["audit", "--merge", ...parts], { env: { WINGMAN_PART_SECRET: "another" } }),
    ],
    ["other runs", clone.wingman(["audit", "--range", "HEAD~1..HEAD", "--merge", ...parts])],
    ["drift", clone.wingman(["audit", "--no-drift", "--merge", ...parts])],
    ["another shard", clone.wingman(["audit", "--all", "--shard", "1/2", "--part", other])],
    ["each of its 2 parts once", clone.wingman(["audit", "--all", "--merge", first, first])],
    ["no folder", clone.wingman(["audit", "--all", "--part", "nowhere/part.jsonl"])],
  ];
  for (const [why, ran] of refusals) {
    const { code, stderr } = await ran;
    expect([why, code, stderr]).toEqual([why, 2, expect.stringContaining(why)]);
  }
  writeFileSync(join(clone.folder, "audit.jsonl"), readFileSync(first));
  symlinkSync(join(clone.folder, ".git", "planted"), join(clone.folder, "link.jsonl"));
  symlinkSync(dirname(clone.folder), join(clone.folder, "out"));
  await clone.git("add", "-A");
  await clone.commit("Plant some parts");
  for (const [file, why] of [
    ["audit.jsonl", "is a committed file"],
    ["link.jsonl", "is a committed file"],
    ["out/part.jsonl", "leads out of the working tree"],
  ] as const)
    for (const how of [["--part"], ["--merge"], ["--events"]]) {
      const { code, stderr } = await clone.wingman(["audit", "--all", ...how, file]);
      expect([file, code, stderr]).toEqual([file, 2, expect.stringContaining(why)]);
    }
  await clone.git("rm", "-q", "--cached", "link.jsonl");
  await clone.commit("Leave the link where it is");
  expect((await clone.wingman(["audit", "--all", "--part", "link.jsonl"])).stderr).toContain(
    "no plain file",
  );
  expect(existsSync(join(clone.folder, ".git", "planted"))).toBe(false);
  expect((await clone.wingman(["audit", "--merge", ...parts])).stderr).toContain("other commits");

  await clone.git("rm", "-q", "src/keys/second.mjs");
  await clone.commit("Take it away again");
  const later = await clone.wingman(["audit", "--all"]);
  expect(later.stdout).toContain("audit/drift");
  expect(later.stdout).toContain(" 12 TRUE, 0 FALSE");
  expect((await clone.wingman(["audit", "--all", "--no-drift"])).stdout).not.toContain("drift");
});
