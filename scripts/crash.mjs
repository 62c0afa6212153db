/**
 * `pnpm crash [ROUNDS]`: the stories of test/stories/kill.test.ts at every step instead of some, and
 * ROUNDS more kills of each story at moments chosen by chance (default 20). Takes many minutes.
 */
import { spawnSync } from "node:child_process";

const [rounds = "20"] = process.argv.slice(2);
if (!/^\d{1,6}$/.test(rounds)) {
  console.error(`crash: ${JSON.stringify(rounds)} is no number of rounds\n  help: pnpm crash 50`);
  process.exit(2);
}
const { status } = spawnSync("npx", ["vitest", "run", "test/stories/kill.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, CRASH_ROUNDS: rounds },
});
process.exit(status ?? 1);
