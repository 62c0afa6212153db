/**
 * `pnpm fuzz [COUNT] [SEED]`: the suite's fuzzing of every reader, COUNT times each (20,000 unless
 * told), from a seed of its own or the one that is told. Exit 1 where a reader threw or was slow.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [count = "20000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^\d{1,9}$/.test(count) || !/^\d{1,9}$/.test(seed)) {
  process.stderr.write("usage: pnpm fuzz [COUNT] [SEED], two whole numbers\n");
  process.exit(2);
}
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vitest = join(
  dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);
process.stdout.write(`each reader ${count} times, seed ${seed}\n`);
const files = [
  "packages/model/test/fuzz.test.ts",
  "packages/model/test/fuzz-passes.test.ts",
  "packages/git/test/fuzz.test.ts",
  "packages/gate/test/fuzz.test.ts",
  "packages/audit/test/fuzz.test.ts",
  "packages/ledger/test/fuzz.test.ts",
];
const ran = spawnSync(process.execPath, [vitest, "run", ...files], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, FUZZ_RUNS: count, FUZZ_SEED: seed },
});
process.exit(ran.status ?? 1);
