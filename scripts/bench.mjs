/**
 * `pnpm bench [gate] [audit] [ledger] [secrets] [--large] [--rounds N]`: how long things take beside a
 * floor that was measured in the same run. It reports and never judges: a machine that is busy is no
 * failure. DESIGN.md's goals stand beside the numbers.
 */
import { benchAudit } from "./bench/audit.mjs";
import { benchGate } from "./bench/gate.mjs";
import { benchLedger } from "./bench/ledger.mjs";
import { benchSecrets } from "./bench/secrets.mjs";

const BENCHES = { gate: benchGate, audit: benchAudit, ledger: benchLedger, secrets: benchSecrets };

const args = process.argv.slice(2);
const rounds = Number(args[args.indexOf("--rounds") + 1]) || 9;
const wanted = args.filter((name) => Object.hasOwn(BENCHES, name));
const unknown = args.find(
  (one) => !Object.hasOwn(BENCHES, one) && !/^(--large|--rounds|\d+)$/.test(one),
);
if (unknown !== undefined) {
  console.error(`bench: there is no ${unknown}; there are ${Object.keys(BENCHES).join(", ")}`);
} else {
  console.log(`node ${process.version}, medians of ${rounds} interleaved runs\n`);
  for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
    try {
      await BENCHES[name]({ rounds, large: args.includes("--large") });
    } catch (error) {
      console.error(`bench ${name}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}
