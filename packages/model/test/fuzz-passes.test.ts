/**
 * Fuzzing with an oracle: what passes has what it must have. Each property is looked at a second way,
 * simpler than the reader's own, so that a hole in one is seen by the other. `pnpm fuzz` for more.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { diceOf, mutated, policyText } from "@wingman/testkit";
import { expect, test } from "vitest";
import { agentMarks } from "../src/agent-marks.ts";
import { parseAllowedSigners } from "../src/allowed-signers.ts";
import { parseApproval, serializeApproval, signedBytesOfApproval } from "../src/approval.ts";
import { appendClaimsRecord, parseClaimsFile } from "../src/claims-file.ts";
import { branchMatcher, globMatcher } from "../src/globs.ts";
import { isLaw } from "../src/law.ts";
import { parseOrder, serializeOrder, signedBytesOfOrder } from "../src/order.ts";
import { parsePolicy } from "../src/policy-file.ts";
import { generateSshKey } from "../src/ssh-key.ts";
import { signSsh, verifySignedText } from "../src/sshsig.ts";
import { runOfMessage } from "../src/trailer.ts";
import { cpuMs } from "./cpu-time.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 100;

const shown = (bytes: Uint8Array): string => `base64 ${Buffer.from(bytes).toString("base64")}`;

function* broken(
  seeds: readonly string[],
  salt: number,
): Generator<{ run: number; bytes: Buffer; text: string }> {
  for (let run = 0; run < RUNS; run += 1) {
    const dice = diceOf(SEED * 1_000_003 + salt + run);
    const bytes = Buffer.from(mutated(seeds[dice(seeds.length)] ?? "", dice, seeds));
    yield { run, bytes, text: bytes.toString("utf8") };
  }
}

const TS = "2026-11-22T09:00:01.000Z";
const CLAIMS = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";
const RUN = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };

function claims(): string {
  let bytes: Buffer | undefined;
  for (const draft of [
    {
      kind: "open",
      origin: "acme/shop",
      instruction: "INS-0007",
      digest: `sha256:${"a".repeat(64)}`,
      ...RUN,
      ts: TS,
    },
    { kind: "claim", type: "file.created", args: { path: "a.txt" }, ts: TS },
    { kind: "claim", type: "file.exists", args: { path: "b.txt" }, ts: TS },
    { kind: "retract", of: 2, why: "it is not", ts: TS },
    { kind: "close", outcome: "done", ts: TS },
  ] as const)
    bytes = appendClaimsRecord(bytes, draft as Parameters<typeof appendClaimsRecord>[1]);
  return bytes?.toString("utf8") ?? "";
}

test(
  "a claims file that passes is one chain of whole lines",
  () => {
    const whole = claims();
    // Cut lines keep a sound chain, and are what an open run's file looks like.
    const seeds = [whole, whole.split("\n").slice(0, 3).join("\n").concat("\n")];
    let passed = 0;
    for (const { run, bytes } of broken(seeds, 0)) {
      if (!parseClaimsFile(CLAIMS, bytes).ok) continue;
      passed += 1;
      const text = bytes.toString("latin1");
      expect(text.endsWith("\n") && !text.includes("\r"), shown(bytes)).toBe(true);
      let prev: string | null = null;
      for (const [seq, line] of text.slice(0, -1).split("\n").entries()) {
        const record = JSON.parse(Buffer.from(line, "latin1").toString("utf8"));
        expect([record.seq, record.prev], `run ${run}: ${shown(bytes)}`).toEqual([seq, prev]);
        prev = createHash("sha256").update(Buffer.from(line, "latin1")).digest("hex");
      }
    }
    expect(passed).toBeGreaterThan(0);
  },
  TIMEOUT,
);

test(
  "a policy that passes names its version, revision and repository",
  () => {
    const file = new URL("../../../schemas/examples/good/policy.full.yaml", import.meta.url);
    const example = readFileSync(file, "utf8");
    const wholes = [policyText(), example];
    for (const key of ["v", "revision", "origin"]) {
      const cut = wholes.map((text) => text.replace(new RegExp(`^${key}:.*\\n`, "m"), ""));
      for (const { run, bytes } of broken(cut, key.length)) {
        const parsed = parsePolicy(bytes);
        if (!parsed.ok) continue;
        const said = new RegExp(`(?:^|[{,"' ])${key}["']?\\s*:`, "m").test(bytes.toString("utf8"));
        expect(said, `run ${run}, without ${key}: ${shown(bytes)}`).toBe(true);
      }
    }
  },
  TIMEOUT,
);

const key = generateSshKey("mark@acme.example");
test(
  "an order or approval whose signature holds says what was signed",
  () => {
    const listed = parseAllowedSigners(Buffer.from(`mark@acme.example ${key.publicLine}\n`));
    const at = new Date(TS);
    const order = {
      v: 1,
      origin: "acme/shop",
      action: "unlock",
      subject: "claude-code/alice",
      reason: "Build path was a typo; corrected in INS-0011",
      nonce: "7f3c".repeat(8),
      covers: 118,
      by: "mark@acme.example",
    } as const;
    const approval = {
      v: 1,
      instruction: "INS-0007",
      digest: `sha256:${"a".repeat(64)}`,
      environment: "test",
      reason: "Read; an overlap of 7 days is enough",
      expires: "2026-12-22T00:00:00.000Z",
      by: "mark@acme.example",
    } as const;
    const sign = (message: Buffer, namespace: string) =>
      signSsh({ key, message, namespace }).replace(/\n*$/, "\n");
    const holds = (message: Buffer, armored: string | undefined, namespace: string): boolean =>
      armored !== undefined &&
      verifySignedText({
        message,
        armored,
        namespace,
        signers: listed.ok ? listed.value : [],
        at,
      }).state === "good";
    const orderText = serializeOrder({
      ...order,
      signature: sign(signedBytesOfOrder(order), "wingman-order"),
    });
    for (const { run, bytes } of broken([orderText], 1)) {
      const parsed = parseOrder(".wingman/orders/x.yaml", bytes);
      if (!parsed.ok) continue;
      const { signature, ...said } = parsed.value;
      if (!holds(signedBytesOfOrder(said), signature, "wingman-order")) continue;
      expect(said, `run ${run}: ${shown(bytes)}`).toEqual(order);
    }
    const approvalText = serializeApproval({
      ...approval,
      signature: sign(signedBytesOfApproval(approval, "acme/shop"), "wingman-approval"),
    });
    for (const { run, bytes } of broken([approvalText], 2)) {
      const parsed = parseApproval(".wingman/approvals/INS-0007.yaml", bytes);
      if (!parsed.ok) continue;
      const { signature, ...said } = parsed.value;
      if (!holds(signedBytesOfApproval(said, "acme/shop"), signature, "wingman-approval")) continue;
      expect(said, `run ${run}: ${shown(bytes)}`).toEqual(approval);
    }
  },
  TIMEOUT,
);

test(
  "a message names a run only where it says so, whatever else it says",
  () => {
    const said = `${RUN.worker}/${RUN.run}`;
    const seeds = [
      `Work\n\nWhy: it was due\nWingman-Run: ${said}\n`,
      `Work\n\nWingman-Run: ${said}\nCo-authored-by: Dana <dana@acme.example>\n---\nmore\n`,
      `Work\n\nCo-authored-by: Claude <noreply@anthropic.com>\n`,
    ];
    for (const { run, bytes, text } of broken(seeds, 0)) {
      let found: ReturnType<typeof runOfMessage> = "absent";
      const ms = cpuMs(() => {
        found = runOfMessage(text);
        agentMarks(text);
      });
      expect(ms, `run ${run}: ${shown(bytes)}`).toBeLessThan(1000);
      const read = found as ReturnType<typeof runOfMessage>;
      if (read === "absent" || !("run" in read)) continue;
      const flat = text.replaceAll(/\s+/g, "");
      expect(flat, `run ${run}: ${shown(bytes)}`).toMatch(/wingman-run/i);
      expect(flat).toContain(`${read.run.worker}/${read.run.run}`);
    }
  },
  TIMEOUT,
);

test(
  "a pattern without wildcards matches its own path, and no pattern takes long",
  () => {
    const seeds = [
      "src/keys/**",
      "**/package.json",
      "a[a-z]*?[!x]/b",
      "docs/rotation.md",
      "*a*a*a*b",
    ];
    const path = `${"a/".repeat(30)}${"a".repeat(60)}`;
    for (const { run, bytes, text } of broken(seeds, 0)) {
      const ms = cpuMs(() => {
        globMatcher([text])(path);
        branchMatcher([text])(path);
        isLaw({ protect: [text] }, path);
      });
      expect(ms, `run ${run}: ${shown(bytes)}`).toBeLessThan(1000);
      const plain = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(text);
      if (plain) expect(globMatcher([text])(text), shown(bytes)).toBe(true);
    }
  },
  TIMEOUT,
);
