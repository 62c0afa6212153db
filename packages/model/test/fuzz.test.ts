/**
 * Fuzzing of every reader: whatever the bytes, it answers, and soon; and no instruction that lost a
 * point ever passes. Seconds in the suite; `pnpm fuzz 20000` for more (FUZZ_RUNS, FUZZ_SEED).
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { diceOf, instructionText, mutated, policyText } from "@wingman/testkit";
import { expect, test } from "vitest";
import { parseAllowedSigners } from "../src/allowed-signers.ts";
import { parseApproval } from "../src/approval.ts";
import { parseBaseline } from "../src/baseline.ts";
import { parseClaimsFile } from "../src/claims-file.ts";
import { POINTS, type PointName } from "../src/instruction.ts";
import { parseInstruction } from "../src/instruction-file.ts";
import { parseOrder } from "../src/order.ts";
import { parsePolicy } from "../src/policy-file.ts";
import { generateSshKey } from "../src/ssh-key.ts";
import { parseSshSignature, signSsh, verifySignedText } from "../src/sshsig.ts";
import { substanceProblems } from "../src/substance.ts";
import { cpuMs } from "./cpu-time.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 100;

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const examples = (start: string): string[] =>
  ["good", "bad"].flatMap((kind) => {
    const from = folder(`../../../schemas/examples/${kind}/`);
    const names = readdirSync(from).filter(
      (name) => name.startsWith(`${start}.`) && !name.endsWith(".expect"),
    );
    return names.map((name) => readFileSync(from + name, "utf8"));
  });

/** Instructions that pass, by name: the typed example and the cases beside this file. */
const instructions = readdirSync(folder("./instruction-cases"))
  .filter((name) => name.startsWith("ok."))
  .map((name) => {
    const dir = folder(`./instruction-cases/${name}/`);
    const file = readdirSync(dir).find((one) => one.startsWith("INS-")) ?? "";
    return { file, text: readFileSync(dir + file, "utf8") };
  })
  .concat({ file: "INS-0007.md", text: instructionText() });

const key = generateSshKey("dana");
const message = Buffer.from("payload");
const armored = signSsh({ key, message, namespace: "git" });
const CLAIMS = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";

const READERS: Readonly<
  Record<string, { seeds: readonly string[]; read(bytes: Uint8Array): unknown }>
> = {
  instruction: {
    seeds: [...instructions.map((one) => one.text), ...examples("instruction")],
    read: (bytes) =>
      ["INS-0007.md", "INS-0007.yaml"].map((name) => {
        const parsed = parseInstruction(`.wingman/instructions/${name}`, bytes);
        return parsed.ok ? substanceProblems(parsed.value) : parsed.problems;
      }),
  },
  policy: { seeds: [policyText(), ...examples("policy")], read: parsePolicy },
  claims: { seeds: examples("claims"), read: (bytes) => parseClaimsFile(CLAIMS, bytes) },
  order: {
    seeds: examples("order"),
    read: (bytes) => parseOrder(".wingman/orders/7f3c.yaml", bytes),
  },
  approval: {
    seeds: examples("approval"),
    read: (bytes) => parseApproval(".wingman/approvals/INS-0007.yaml", bytes),
  },
  baseline: { seeds: examples("baseline"), read: parseBaseline },
  "allowed signers": {
    seeds: [
      `dana@acme.example namespaces="git" ${key.publicLine}\n`,
      `# who signs\n*@acme.example,!eve@acme.example cert-authority,valid-after="20260101Z" ${key.publicLine}\n`,
    ],
    read: parseAllowedSigners,
  },
  signature: {
    seeds: [armored],
    read: (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const signers = parseAllowedSigners(Buffer.from(`dana@acme.example ${key.publicLine}\n`));
      const at = new Date("2026-11-22T09:00:00.000Z");
      const listed = signers.ok ? signers.value : [];
      const seen = verifySignedText({
        message,
        armored: text,
        namespace: "git",
        signers: listed,
        at,
      });
      // Another spelling of the same signature would be a second one.
      if (seen.state === "good")
        expect(text.replaceAll("\n", "")).toBe(armored.replaceAll("\n", ""));
      return parseSshSignature(text);
    },
  },
};

test.each(Object.entries(READERS))(
  "%s: never throws, never takes a second",
  (name, { seeds, read }) => {
    expect(seeds.length).toBeGreaterThan(0);
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 1_000_003 + run);
      const bytes = mutated(seeds[dice(seeds.length)] ?? "", dice, seeds);
      let ms = 0;
      try {
        ms = cpuMs(() => read(bytes));
      } catch (error) {
        throw new Error(`${name}, run ${run}: ${shown(bytes)}`, { cause: error });
      }
      if (ms > 1000) throw new Error(`${name}, run ${run} took ${ms} ms: ${shown(bytes)}`);
    }
  },
  TIMEOUT,
);

test(
  "an instruction that lost a point never passes, whatever is done to the rest",
  () => {
    let judged = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 2_000_003 + run);
      const whole = instructions[dice(instructions.length)] as (typeof instructions)[number];
      const name = POINTS[dice(POINTS.length)] as PointName;
      const cut = without(whole.text, name);
      const bytes = mutated(cut, dice, [cut]);
      const parsed = parseInstruction(`.wingman/instructions/${whole.file}`, bytes);
      if (!parsed.ok) continue;
      judged += 1;
      const missing = substanceProblems(parsed.value).some((one) => one.point === name);
      if (!missing) throw new Error(`run ${run}, without ${name}, passed: ${shown(bytes)}`);
    }
    // Where nothing could be read, nothing was proven.
    expect(judged).toBeGreaterThan(RUNS / 4);
  },
  TIMEOUT,
);

/** The text without every line that says the point's name, and without its typed value's lines. */
function without(text: string, name: PointName): string {
  const said = new RegExp(name.replace(/s$|y$|ies$|ia$/, "").replaceAll("_", "[ _-]"), "i");
  const kept: string[] = [];
  let skipping = false;
  for (const line of text.split("\n")) {
    // What is indented below a key belongs to it.
    if (skipping && /^\s+\S/.test(line)) continue;
    skipping = said.test(line) && new RegExp(`^${name}:`).test(line);
    if (!said.test(line)) kept.push(line);
  }
  return kept.join("\n");
}

function shown(bytes: Uint8Array): string {
  return `base64 ${Buffer.from(bytes).toString("base64").slice(0, 20_000)}`;
}
