/**
 * Fuzzing of the whole gate: whatever a file of ours, or one that rules look into, has become, every
 * rule answers, and soon; and no instruction that lost a point gets in. `pnpm fuzz` for more.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  builtInPolicy,
  type Change,
  differences,
  emptyLedger,
  emptyTree,
  POINTS,
  treeOf,
} from "@wingman/model";
import { diceOf, instructionText, mutated, policyText } from "@wingman/testkit";
import { expect, test } from "vitest";
import { judgeChange } from "../src/gate.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 100);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 400;

const examples = fileURLToPath(new URL("../../../schemas/examples/", import.meta.url));
const example = (start: string): string[] =>
  ["good", "bad"].flatMap((kind) =>
    readdirSync(`${examples}${kind}`)
      .filter((name) => name.startsWith(`${start}.`) && !name.endsWith(".expect"))
      .map((name) => readFileSync(`${examples}${kind}/${name}`, "utf8")),
  );

const COMPOSE = `services:
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "\${DB_PASSWORD}", POSTGRES_DB: shop}
    ports: ["\${DB_PORT}:5432"]
    command: [sh, -c, "exec postgres -c port=5432"]
`;
const MODULES = `[submodule "lib"]\n\tpath = lib\n\turl = https://acme.example/lib.git\n`;

/** What is broken, by the path that it stands at. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  ".wingman/instructions/INS-0007.md": [instructionText(), ...example("instruction")],
  ".wingman/policy.yaml": [policyText(), ...example("policy")],
  ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl": example("claims"),
  ".wingman/baseline.json": example("baseline"),
  ".wingman/orders/7f3c.yaml": example("order"),
  ".wingman/approvals/INS-0007.yaml": example("approval"),
  "compose.yaml": [COMPOSE],
  ".gitmodules": [MODULES],
};

async function changes(path: string, bytes: Uint8Array): Promise<Change[]> {
  const trusted = treeOf({ ".wingman/instructions/INS-0007.md": instructionText() });
  const after = treeOf({ [path]: bytes });
  const workers = { "claude-code/alice": { principals: [], logins: ["alice-bot"] } };
  const common = {
    trusted: {
      commit: "1".repeat(40),
      tree: trusted,
      policy: { ...builtInPolicy, origin: "acme/shop", administrators: ["mark"], workers },
      policyDigest: "sha256:",
      established: true,
      signers: [],
      policyBranch: "main",
    },
    ledger: emptyLedger,
    ref: { name: "refs/heads/main", before: "3".repeat(40), after: "4".repeat(40), forced: false },
    governed: true,
    before: emptyTree,
    after,
    parents: [emptyTree],
    own: await differences(emptyTree, after),
    message: "Work\n",
    signature: undefined,
    identity: { kind: "person", name: "dana", proven: true, proof: "pusher", anyProof: true },
    texts: [],
    runs: [],
    known: new Set(["message", "signature", "pusher"] as const),
    now: new Date("2026-11-22T10:00:00.000Z"),
    local: false,
    published: [],
  } as const satisfies Omit<Change, "scope" | "commit">;
  return [
    { ...common, scope: "commit", commit: "4".repeat(40) },
    { ...common, scope: "tip", commit: undefined },
    { ...common, scope: "landing", commit: undefined },
  ];
}

const shown = (bytes: Uint8Array): string => `base64 ${Buffer.from(bytes).toString("base64")}`;

test.each(Object.entries(FILES))(
  "%s: every rule answers, and soon",
  async (path, seeds) => {
    expect(seeds.length).toBeGreaterThan(0);
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 1_000_003 + run);
      const bytes = mutated(seeds[dice(seeds.length)] ?? "", dice, seeds);
      const before = process.cpuUsage();
      for (const change of await changes(path, bytes))
        await judgeChange(change).catch((cause: unknown) => {
          throw new Error(`run ${run}, ${change.scope}: ${shown(bytes)}`, { cause });
        });
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      if (ms > 1000) throw new Error(`run ${run} took ${ms} ms: ${shown(bytes)}`);
    }
  },
  TIMEOUT,
);

test(
  "an instruction that lost a point is refused, whatever is done to the rest",
  async () => {
    const path = ".wingman/instructions/INS-0007.md";
    const whole = instructionText();
    for (let run = 0; run < RUNS; run += 1) {
      const dice = diceOf(SEED * 2_000_003 + run);
      const name = POINTS[dice(POINTS.length)] ?? "";
      const cut = whole.replace(new RegExp(`^${name}:.*\\n(?:[ -].*\\n)*`, "m"), "");
      expect(cut).not.toBe(whole);
      const bytes = mutated(cut, dice, [cut]);
      const tip = (await changes(path, bytes))[1] as Change;
      const { findings } = await judgeChange(tip);
      // Only an instruction that says that it is none yet may wait for its points.
      if (/draft/i.test(Buffer.from(bytes).toString("utf8"))) continue;
      const refused = findings.some((one) => one.severity === "block" && one.path === path);
      if (!refused) throw new Error(`run ${run}, without ${name}, got in: ${shown(bytes)}`);
    }
  },
  TIMEOUT,
);
