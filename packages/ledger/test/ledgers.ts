/** Ledgers in memory for the tests of this room: made with the real plan, broken by hand. */
import type { Tree, Verdict } from "@wingman/model";
import { treeOf } from "@wingman/model";
import type { Draft } from "../src/index.ts";
import {
  auditorKeyOf,
  generateAuditorKey,
  planAppend,
  readLedger,
  verdictDraft,
} from "../src/index.ts";

export const auditor = generateAuditorKey();
export type Files = Map<string, Uint8Array>;

export function treeOfFiles(files: ReadonlyMap<string, Uint8Array>): Tree {
  return treeOf(Object.fromEntries(files));
}

export function genesis(key = auditor.pem, origin = "acme/shop"): Draft {
  return {
    kind: "genesis",
    origin,
    auditor: auditorKeyOf(key).publicKey,
    policy: `sha256:${"0".repeat(64)}`,
  };
}

export function verdict(about: Partial<Verdict> & { readonly of?: number } = {}): Draft {
  const { of = 1, ...rest } = about;
  const run = rest.run ?? "claude-code/alice/20261122-090001-k3f9";
  return verdictDraft(
    {
      claim: {
        name: `${run}#${of}`,
        digest: `sha256:${String(of).padStart(64, "0")}`,
        type: "file.exists",
      },
      worker: "claude-code/alice",
      instruction: "INS-0007",
      commit: "a".repeat(40),
      tree: "b".repeat(40),
      verdict: "TRUE",
      expected: "src/a.mjs exists",
      observed: "src/a.mjs, 120 bytes",
      evidence: `sha256:${"c".repeat(64)}`,
      witness: "git",
      forgeable: false,
      proof: "signature",
      accuses: false,
      attempts: [{ at: "2026-11-22T09:00:01.000Z", ms: 3, outcome: "TRUE" }],
      ...rest,
      run,
    },
    { checker: "test", policy: "" },
  );
}

export function lie(about: Partial<Verdict> & { readonly of?: number } = {}): Draft {
  return verdict({ verdict: "FALSE", accuses: true, ...about });
}

export function clock(second: number): Date {
  return new Date(Date.UTC(2026, 10, 22, 9, 0, second));
}

/** Appends batches one after the other, each reading the tree anew, as separate processes would. */
export async function grow(
  batches: readonly (readonly Draft[])[],
  files: Files = new Map(),
  key = auditor.pem,
): Promise<Files> {
  let grown = files;
  for (const [at, drafts] of batches.entries()) {
    const ledger = await readLedger(grown.size === 0 ? undefined : treeOfFiles(grown));
    const plan = planAppend(ledger, drafts, { key, now: clock(at) });
    grown = new Map([...grown, ...plan.files]);
  }
  return grown;
}

export function textOf(files: Files, path: string): string {
  return Buffer.from(files.get(path) ?? []).toString("utf8");
}

export function withFile(files: Files, path: string, bytes: Uint8Array | string): Files {
  return new Map([...files, [path, Buffer.from(bytes)]]);
}
