/** `wingman secrets`: the gate's scanner by itself. What it tells, where, and that it never tells the secret. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { newRepository, PROGRAM, runProgram, secret, temporaryFolder } from "@wingman/testkit";
import { describe, expect, test } from "vitest";
import { governed, LOGINS } from "./governed.ts";

interface Told {
  readonly findings: readonly {
    code: string;
    path?: string;
    line?: number;
    commit?: string;
    severity: string;
    message: string;
    fingerprint?: string;
  }[];
}
const findings = (stdout: string) => (JSON.parse(stdout) as Told).findings;
const places = (stdout: string) =>
  findings(stdout).map(({ code, path, line }) => `${code} ${path ?? "-"}:${line ?? "-"}`);

test("over the disk, the index, a range: the same finding, by the same fingerprint", async () => {
  const repo = await newRepository({ files: { "README.md": "# Shop\n" } });
  const text = secret("github");
  repo.write("src/a.ts", `const a = 1;\nconst key = "${text}";\n`);
  const disk = await repo.wingman(["secrets", "scan", "src", "--format", "json"]);
  await repo.git("add", "-A");
  const staged = await repo.wingman(["secrets", "scan", "--staged", "--format", "json"]);
  const commit = await repo.commit("Work");
  const range = await repo.wingman([
    "secrets",
    "scan",
    "--range",
    "HEAD~1..HEAD",
    "--format",
    "json",
  ]);
  const history = await repo.wingman(["secrets", "scan", "--history", "--format", "json"]);
  const all = [disk, staged, range, history];
  for (const run of all) {
    expect(run.code).toBe(1);
    expect(places(run.stdout)).toEqual(["secrets/found src/a.ts:2"]);
    expect(run.stdout + run.stderr).not.toContain(text);
  }
  expect(new Set(all.map((run) => findings(run.stdout)[0]?.fingerprint)).size).toBe(1);
  expect(findings(history.stdout)[0]?.commit).toBe(commit);
}, 60_000);

describe("the history", () => {
  test("holds what no tip shows: a file that went, a message, a tag, a merge, a note, another branch", async () => {
    const repo = await newRepository({ files: { "README.md": "# Shop\n" } });
    await repo.git("config", "user.name", "M");
    await repo.git("config", "user.email", "m@acme.example");
    const kinds = Array.from({ length: 6 }, () => secret("npm"));
    const [gone = "", inMessage = "", inTag = "", inMerge = "", inNote = "", inName = ""] = kinds;
    await repo.commit("Add", { files: { "gone.txt": `${gone}\n` } });
    await repo.commit(`Take it out, was ${inMessage}`, { files: { "gone.txt": undefined } });
    await repo.git("tag", "-a", "-m", `Release ${inTag}`, "v1");
    await repo.git("checkout", "-q", "-b", "side", "HEAD~1");
    await repo.commit("Side", { files: { [`a/${inName}.txt`]: "nothing\n" } });
    await repo.git("checkout", "-q", "main");
    await repo.git("merge", "-q", "--no-ff", "--no-commit", "side");
    await repo.commit("Merge", { files: { "merge.txt": `${inMerge}\n` } });
    await repo.git("notes", "add", "-m", inNote, "HEAD~1");
    const run = await repo.wingman(["secrets", "scan", "--history", "--format", "json"]);
    expect(run.code).toBe(1);
    const told = findings(run.stdout).map((one) => one.path ?? one.message.replace(/ .*/, ""));
    // A note's path is the id of what it is about.
    const known = told.map((one) => (/^[0-9a-f]{2}/.test(one) ? "note" : one));
    expect(known.sort()).toEqual(["commit", "gone.txt", "merge.txt", "note", "tag", "the"]);
    for (const text of kinds) expect(run.stdout + run.stderr).not.toContain(text);
  }, 60_000);

  test("is taken up again where it was, and not by other rules", async () => {
    const repo = await newRepository({ files: { "a.txt": "a\n", "b.txt": "b\n" } });
    const scan = () => repo.wingman(["secrets", "scan", "--history"]);
    expect((await scan()).code).toBe(0);
    const file = join(repo.folder, ".git/wingman/secrets-clean");
    const whole = readFileSync(file);
    const header = whole.indexOf(10) + 1;
    expect(whole.length).toBe(header + 2 * 16);
    // Broken off in the middle of an entry: what is whole still counts, and nothing shifts.
    writeFileSync(file, whole.subarray(0, header + 20));
    expect((await scan()).code).toBe(0);
    expect(readFileSync(file)).toHaveLength(whole.length);
    // Of other rules: as if it were not there.
    await repo.commit("Add", { files: { "c.txt": `${secret("npm")}\n` } });
    const forged = Buffer.from(whole);
    forged.write("0000", forged.indexOf(10) - 4);
    writeFileSync(file, forged);
    expect((await scan()).code).toBe(1);
    expect(readFileSync(file).subarray(0, header)).toEqual(whole.subarray(0, header));
  }, 60_000);

  test("that git cannot read whole is a fault, not a clean one", async () => {
    const repo = await newRepository({ files: { "a.txt": "a\n", "d/b.txt": "b\n" } });
    await repo.commit("More", { files: { "a.txt": "aa\n" } });
    const blob = await repo.git("rev-parse", "HEAD~1:a.txt");
    const tree = await repo.git("rev-parse", "HEAD~1:d");
    for (const oid of [blob, tree]) {
      const path = join(repo.folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
      const content = readFileSync(path);
      rmSync(path, { force: true });
      const run = await repo.wingman(["secrets", "scan", "--history"]);
      expect(`${run.code} ${run.stderr}`).toContain("2 ");
      expect(run.stderr).toContain("git/missing-object");
      expect(run.stdout).toBe("");
      writeFileSync(path, content);
    }
    const shallow = temporaryFolder();
    await repo.git("clone", "-q", "--depth", "1", `file://${repo.folder}`, shallow);
    const run = await runProgram(process.execPath, [PROGRAM, "secrets", "scan", "--history"], {
      cwd: shallow,
    });
    expect([run.code, run.stderr.includes("git/shallow")]).toEqual([2, true]);
  }, 60_000);
});

test("allowances: a person's new one counts, a worker's does not, a landed one does for all", async () => {
  const { clone, keys } = await governed();
  const text = secret("github");
  const line = `const key = "${text}"; // wingman:allow github-token key of a closed account\n`;
  // A worker's own, and nobody's: refused.
  await clone.git("checkout", "-q", "-b", "theirs");
  await clone.commit("Theirs", { files: { "a.ts": line }, sign: keys.alice });
  const refused = await clone.push(["origin", "HEAD:refs/heads/theirs"], { pusher: LOGINS.alice });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("the allowance beside it does not count");
  expect((await clone.push(["origin", "HEAD:refs/heads/nobody"])).code).not.toBe(0);
  // A person's: let in, and told.
  await clone.git("checkout", "-q", "-b", "mine", "origin/main");
  await clone.commit("Mine", { files: { "a.ts": line }, sign: keys.mark });
  const landed = await clone.push(["origin", "HEAD:refs/heads/main"], { pusher: LOGINS.mark });
  expect(landed.code).toBe(0);
  expect(landed.stderr).toContain("secrets/allowed");
  // Now anyone may touch that file, but not with another secret.
  await clone.git("fetch", "-q", "origin");
  await clone.git("checkout", "-q", "-b", "later", "origin/main");
  await clone.commit("Later", { files: { "a.ts": `// moved\n\n${line}` } });
  expect((await clone.push(["origin", "HEAD:refs/heads/later"])).code).toBe(0);
  await clone.commit("Other", { files: { "a.ts": line.replace(text, secret("github")) } });
  expect((await clone.push(["origin", "HEAD:refs/heads/other"])).code).not.toBe(0);
  for (const run of [refused, landed]) expect(run.stderr).not.toContain(text);
}, 90_000);

test("a baseline's entry lets an old finding pass until its day, and no other", async () => {
  const text = secret("github");
  const { clone, keys } = await governed({ files: { "old.ts": "x\n" } });
  await clone.git("checkout", "-q", "-b", "work");
  await clone.commit("Old", { files: { "old.ts": `const key = "${text}";\n` } });
  const scan = ["secrets", "scan", "--range", "origin/main..HEAD", "--format", "json"];
  const [found] = findings((await clone.wingman(scan)).stdout);
  const { fingerprint = "", code = "", path = "" } = found ?? {};
  expect(fingerprint).toMatch(/^github-token:[0-9a-f]{12}:[0-9a-f]{5}$/);
  await clone.git("checkout", "-q", "main");
  const entry = { fingerprint, code, path, owner: "mark@acme.example", reason: "closed account" };
  const baseline = (expires: string) =>
    `${JSON.stringify({ v: 1, tips: [], findings: [{ ...entry, expires }] }, null, 2)}\n`;
  for (const [expires, wanted] of [
    ["2099-01-01T00:00:00.000Z", 0],
    ["2020-01-01T00:00:00.000Z", 1],
  ] as const) {
    await clone.git("checkout", "-q", "main");
    await clone.commit("Baseline", {
      files: { ".wingman/baseline.json": baseline(expires) },
      sign: keys.mark,
    });
    const pushed = await clone.push(["origin", "HEAD:refs/heads/main"], { pusher: LOGINS.mark });
    expect(pushed.stderr).not.toContain("error[");
    await clone.git("fetch", "-q", "origin");
    await clone.git("checkout", "-q", "work");
    const run = await clone.wingman(scan);
    expect(run.code).toBe(wanted);
    if (wanted === 0) expect(findings(run.stdout)[0]?.message).toContain("closed account");
  }
}, 90_000);

test("outside a repository, through archives, of links and names; and usage", async () => {
  const folder = temporaryFolder();
  const text = secret("github");
  writeFileSync(join(folder, "a.txt.gz"), gzipSync(`${text}\n`));
  const program = (...args: string[]) =>
    runProgram(process.execPath, [PROGRAM, "secrets", ...args], { cwd: folder });
  const run = await program("scan", "--format", "json");
  expect(run.code).toBe(1);
  expect(findings(run.stdout)[0]).toMatchObject({ path: "a.txt.gz", code: "secrets/found" });
  for (const args of [["scan", "nowhere"], ["scan", "--staged", "a"], ["test"], ["sing"]]) {
    const wrong = await program(...args);
    expect([args, wrong.code, wrong.stderr.includes("help:")]).toEqual([args, 2, true]);
  }
}, 60_000);

test("rules lists, test explains, neither shows the secret", async () => {
  const folder = temporaryFolder();
  const text = secret("github");
  const filler = `${text.slice(0, 8)}${"x".repeat(32)}`;
  writeFileSync(join(folder, "a.txt"), `one\nkey ${text}\nkey ${filler}\n`);
  const program = (...args: string[]) =>
    runProgram(process.execPath, [PROGRAM, "secrets", ...args], { cwd: folder });
  const rules = await program("rules", "--format", "json");
  const listed = (JSON.parse(rules.stdout) as { rules: { id: string; harm: string }[] }).rules;
  expect(listed.find((row) => row.id === "github-token")).toMatchObject({ vendor: "GitHub" });
  expect((await program("rules")).stdout).toContain("github-token");
  const explained = await program("test", "a.txt");
  expect(explained.code).toBe(1);
  expect(explained.stdout).toContain("a.txt:2:5  github-token  high");
  expect(explained.stdout).toMatch(/a\.txt:3:5 {2}github-token {2}cleared by \w+/);
  expect(explained.stdout).not.toContain(text.slice(4, 20));
}, 60_000);
