/**
 * How a clone's hooks start: by code that was kept compiled, by answers that the shim asked for, by the
 * index and objects themselves. Whatever of it is stale, spoiled or missing, the judgement is the same.
 */
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runProgram, secret, type TestRepository, temporaryFolder } from "@wingman/testkit";
import { build } from "esbuild";
import { expect, test, vi } from "vitest";
import { governed } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

const cacheOf = (clone: TestRepository): string => join(clone.folder, ".git/wingman/cache");

/** The hook's answers to an honest staged file and to a secret, judged one after the other. */
async function answers(clone: TestRepository): Promise<number[]> {
  const codes: number[] = [];
  for (const content of ["export const a = 1;\n", `token: ${secret("github")}\n`]) {
    writeFileSync(join(clone.folder, "a.ts"), content);
    await clone.git("add", "a.ts");
    const hook = join(clone.folder, ".git/hooks/pre-commit");
    const ran = await runProgram(hook, [], { cwd: clone.folder });
    expect(ran.stderr.includes("secrets/found")).toBe(ran.code === 1);
    codes.push(ran.code);
  }
  return codes;
}

test("compiled code is kept for this account alone, and spoiled code changes no answer", async () => {
  const { clone } = await governed();
  await clone.wingman(["init", "--yes"]);
  expect(await answers(clone)).toEqual([0, 1]);
  const folder = join(cacheOf(clone), "code");
  const kept = readdirSync(folder).map((name) => join(folder, name));
  expect(kept.length).toBeGreaterThan(0);
  for (const path of kept) expect(statSync(path).mode & 0o077).toBe(0);
  const spoil: ((path: string) => void)[] = [
    (path) => writeFileSync(path, "no code"),
    (path) => truncateSync(path, 0),
    (path) => truncateSync(path, statSync(path).size >> 1),
    (path) => chmodSync(path, 0o622),
    (path) =>
      writeFileSync(path, readFileSync(kept[0] === path ? (kept[1] ?? path) : (kept[0] ?? path))),
    (path) => rmSync(path),
  ];
  for (const act of spoil) {
    for (const path of kept) if (existsSync(path)) act(path);
    expect(await answers(clone)).toEqual([0, 1]);
  }
  rmSync(cacheOf(clone), { recursive: true });
  writeFileSync(cacheOf(clone), "a file where the folder should be");
  expect(await answers(clone)).toEqual([0, 1]);
});

test("a clone without the quick start, or with foreign words on its pipe, judges alike", async () => {
  const { clone } = await governed();
  await clone.wingman(["init", "--yes"]);
  rmSync(join(clone.folder, ".git/wingman/program/hook.cjs"));
  expect(await answers(clone)).toEqual([0, 1]);
  await clone.wingman(["init", "--yes"]);
  const other = await governed();
  const program = join(clone.folder, ".git/wingman/program/hook.cjs");
  for (const input of ["", "wingman-asked 0\nwingman-asked 0\n", "rubbish\n".repeat(10_000)]) {
    const env = { WINGMAN_ASKED: "1" };
    const args = [program, "hook", "pre-commit"];
    const ran = await runProgram(process.execPath, args, { cwd: clone.folder, env, input });
    expect(ran.code).toBe(1);
    const clean = await runProgram(process.execPath, args, { cwd: other.clone.folder, env, input });
    expect(clean.code).toBe(0);
  }
});

test("the policy that judges is the one that stands, whatever was kept of an earlier one", async () => {
  const { clone } = await governed();
  await clone.wingman(["init", "--yes"]);
  expect(await answers(clone)).toEqual([0, 1]);
  await clone.git("reset", "-q", "--hard");
  const path = join(clone.folder, ".wingman/policy.yaml");
  const policy = readFileSync(path, "utf8");
  await clone.git("-c", "core.hooksPath=/dev/null", "checkout", "-q", "main");
  const looser = policy
    .replace(/^mode: .*$/m, "mode: warn")
    .replace(/^revision: \d+/m, "revision: 9");
  writeFileSync(path, looser.includes("mode: warn") ? looser : `${looser}mode: warn\n`);
  await clone.git("add", "-A");
  await clone.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "Only warn");
  const warned = await runProgram(join(clone.folder, ".git/hooks/pre-commit"), [], {
    cwd: clone.folder,
  });
  expect(warned.code).toBe(0);
  writeFileSync(join(clone.folder, "a.ts"), `token: ${secret("github")}\n`);
  await clone.git("add", "a.ts");
  const ran = await runProgram(join(clone.folder, ".git/hooks/pre-commit"), [], {
    cwd: clone.folder,
  });
  expect([ran.code, ran.stderr.includes("secrets/found")]).toEqual([0, true]);
});

test("a judgement that can never end is a refusal, not silence", async () => {
  const file = join(temporaryFolder(), "never.cjs");
  await build({
    stdin: {
      contents: `import { startHook } from "./one-hook.ts"; startHook({ never: () => new Promise(() => {}) });`,
      resolveDir: join(import.meta.dirname, "../../packages/cli/src"),
    },
    outfile: file,
    bundle: true,
    format: "cjs",
    platform: "node",
    define: { "import.meta.url": JSON.stringify("file:///never") },
    logLevel: "error",
  });
  const ran = await runProgram(process.execPath, [file, "hook", "never"], { cwd: "/" });
  expect(ran.code).toBe(2);
});

test("an authority's kept ledger tip is believed only for what stands, and its loss costs nothing", async () => {
  const { server, clone } = await governed();
  const kept = join(server.folder, "wingman/cache/ledger-tip");
  const env = { WINGMAN_PUSHER: "mark@acme.example" };
  const push = async (name: string) => {
    await clone.commit(name, { files: { [`src/${name}.ts`]: `${name}\n` } });
    const ran = await runProgram("git", ["push", "-q", "origin", "main"], {
      cwd: clone.folder,
      env,
    });
    expect(ran.stderr).not.toContain("ledger/");
    expect(ran.code).toBe(0);
  };
  await push("one");
  expect(statSync(kept).mode & 0o077).toBe(0);
  const old = readFileSync(kept);
  await push("two");
  const now = readFileSync(kept, "utf8");
  expect(now).not.toBe(old.toString());
  const forged = now.replace(/"refs\/heads\/main","[0-9a-f]+"/, '"refs/heads/main","none"');
  expect(forged).not.toBe(now);
  for (const spoiled of [old, forged, "", "rubbish"]) {
    writeFileSync(kept, spoiled);
    await push(`after-${String(spoiled).length}`);
  }
  rmSync(kept);
  await push("three");
  const verified = await server.wingman(["ledger", "verify", "--format", "json"]);
  const { records, size } = JSON.parse(verified.stdout);
  expect([0, 3]).toContain(verified.code);
  const shown = await server.git("log", "--format=%s", "wingman-ledger");
  // Genesis, and one batch for each push.
  expect(shown.split("\n").filter((line) => line === "accepted push").length).toBe(7);
  expect(records ?? size).toBeGreaterThan(14);
});
