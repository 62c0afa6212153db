/**
 * Fuzzing of the ledger's files: verifying broken ones answers, soon, and never that a changed record
 * is sound; so with the auditor's key known. `pnpm fuzz 20000` for more than the suite's seconds.
 */
import { isFault } from "@wingman/model";
import { diceOf, mutated } from "@wingman/testkit";
import { expect, test } from "vitest";
import { parseCheckpoint, verifyLedger } from "../src/index.ts";
import { readLine } from "../src/line-reading.ts";
import { typedRecord } from "../src/record-reading.ts";
import {
  auditor,
  type Files,
  genesis,
  grow,
  lie,
  textOf,
  treeOfFiles,
  verdict,
  withFile,
} from "./ledgers.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 200;

const whole: Files = await grow([
  [genesis()],
  [verdict({ of: 1 }), verdict({ of: 2 })],
  [lie({ of: 3 })],
  [verdict({ of: 4 })],
]);
const paths = [...whole.keys()];
const texts = paths.map((path) => textOf(whole, path));

test(
  "one line, one note: never throws",
  () => {
    const lines = texts.join("").split("\n");
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 1_000_003 + run);
      const bytes = mutated(lines[dice(lines.length)] ?? "", dice, lines);
      try {
        const fields = readLine(bytes, dice(5));
        if (typeof fields !== "string") typedRecord(fields);
        parseCheckpoint(Buffer.from(bytes).toString("utf8"));
      } catch (error) {
        throw new Error(`run ${run}: ${Buffer.from(bytes).toString("base64")}`, { cause: error });
      }
    }
  },
  TIMEOUT,
);

test(
  "a ledger with a changed file is never sound",
  async () => {
    let changed = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 2_000_003 + run);
      const at = dice(paths.length);
      const bytes = Buffer.from(mutated(texts[at] ?? "", dice, texts, 3));
      if (bytes.equals(Buffer.from(texts[at] ?? ""))) continue;
      changed += 1;
      const tree = treeOfFiles(withFile(whole, paths[at] ?? "", bytes));
      const sound = await verifyLedger({ tree, auditor: auditor.publicKey }).then(
        (report) => report.sound,
        (error: unknown) => {
          // A record from a newer version that says so is a fault, and lets nobody be judged.
          if (isFault(error)) return false;
          throw new Error(`run ${run}: ${bytes.toString("base64")}`, { cause: error });
        },
      );
      if (sound) throw new Error(`run ${run}, ${paths[at]}, is sound: ${bytes.toString("base64")}`);
    }
    expect(changed).toBeGreaterThan(RUNS / 2);
  },
  TIMEOUT,
);
