/** Runs the cases beside the claim types: input trees and the expected verdict. A missing expectation fails. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ClaimText, FileLiteral, Policy } from "@wingman/model";
import { builtInPolicy, digestOf, treeOf } from "@wingman/model";
import { describe, expect, it } from "vitest";
import type { Reach } from "../src/index.ts";
import { CLAIM_TYPES, grammarsAt, judgeClaim, stageOf } from "../src/index.ts";
import type { CommitLiteral, RunLiteral } from "./run-literal.ts";
import { runOf } from "./run-literal.ts";

type CaseFile =
  | string
  | {
      mode?: "100644" | "100755" | "120000" | "160000";
      text?: string;
      b64?: string;
      repeat?: [string, number];
    };
interface Case extends Omit<RunLiteral, "start" | "end" | "commits"> {
  commits?: Record<string, Omit<CommitLiteral, "files"> & { files?: Record<string, CaseFile> }>;
  name: string;
  args: ClaimText["args"];
  start?: Record<string, CaseFile>;
  end?: Record<string, CaseFile>;
  policy?: Partial<Policy>;
  /** What the remote's refs name; null where it has no such ref; a reason where it does not answer. */
  remote?: Record<string, string | null>;
  /** The trusted side. The run was opened on its INS-0007.yaml, unless `digest` says another. */
  trusted?: Record<string, string>;
  events?: Record<string, unknown>[];
  worktree?: { status?: string[]; uid?: number; gid?: number };
  /** `TRUE`, `FALSE`, or the reason of UNVERIFIABLE. */
  expect?: string;
  observed?: string;
}

/** Types whose cases stand in a test of their own: commands, hosts, images. */
const PENDING = new Set(
  CLAIM_TYPES.map((row) => row.type).filter(
    (type) => !/^(file|git|data|symbol|pkg|dep|lock|ci|gh|secret|instr|diff)\./.test(type),
  ),
);

const root = new URL("../src/claim-types/", import.meta.url);

function casesOf(family: string): { type: string; cases: Case[] }[] {
  const folder = new URL(`${family}/cases/`, root);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({
      type: file.replace(/\.json$/, ""),
      cases: JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Case[],
    }));
}

function treeLiteral(files: Record<string, CaseFile> | undefined): Record<string, FileLiteral> {
  return Object.fromEntries(
    Object.entries(files ?? {}).map(([path, file]) => {
      if (typeof file === "string") return [path, file];
      const content =
        file.b64 !== undefined
          ? Buffer.from(file.b64, "base64")
          : file.repeat !== undefined
            ? file.repeat[0].repeat(file.repeat[1])
            : (file.text ?? "");
      return [path, { mode: file.mode ?? "100644", content }];
    }),
  );
}

function reachOf(one: Case): Reach {
  const { remote, worktree, events } = one;
  return {
    grammars,
    secrets: scanner,
    ...(one.trusted === undefined ? {} : { trusted: treeOf(one.trusted) }),
    ...(events === undefined ? {} : { events: { digest: "sha256:0", events } }),
    ...(remote === undefined
      ? {}
      : {
          remote: {
            name: "origin",
            ref: async (name) => {
              const oid = remote[name];
              if (oid === "UNREACHABLE") return { reason: oid, why: "connection refused" };
              return { seen: oid?.length === 1 ? oid.repeat(40) : (oid ?? undefined) };
            },
          },
        }),
    ...(worktree === undefined
      ? {}
      : {
          worktree: {
            status: async () => ({ seen: worktree.status ?? [] }),
            owner: async () => ({
              seen: {
                uid: worktree.uid ?? 0,
                gid: worktree.gid ?? 0,
                users: new Map([
                  ["root", 0],
                  ["node", 1000],
                ]),
                groups: new Map([
                  ["wheel", 0],
                  ["node", 1000],
                ]),
              },
            }),
          },
        }),
  };
}

const INSTRUCTION = ".wingman/instructions/INS-0007.yaml";

/** Finds the words HIGH and LOW, and cannot read what is PACKED. */
const scanner: NonNullable<Reach["secrets"]> = {
  version: "words",
  scan: async (_path, content) => {
    const text = Buffer.from(await content.read()).toString("utf8");
    const hit = (word: string, confidence: "high" | "low") =>
      text.includes(word)
        ? [
            {
              rule: "word",
              line: 1,
              confidence,
              ...(text.includes("ALLOWED") ? { allowance: true } : {}),
            },
          ]
        : [];
    return {
      hits: [...hit("HIGH", "high"), ...hit("LOW", "low")],
      unread: text.includes("PACKED") ? [{ why: "it is packed" }] : [],
    };
  },
};

const grammars = grammarsAt(fileURLToPath(new URL("../../../dist/grammars", import.meta.url)));

const families = readdirSync(root, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map((one) => one.name);
const all = families.flatMap(casesOf);

describe("cases of the claim types", () => {
  it("has all answers for every type that this auditor judges", () => {
    const judged = CLAIM_TYPES.filter((row) => !PENDING.has(row.type)).map((row) => row.type);
    expect(all.map((one) => one.type).sort()).toEqual([...judged].sort());
    for (const { type, cases } of all) {
      const answers = new Set(cases.map((one) => one.expect));
      const open = [...answers].some((one) => one !== "TRUE" && one !== "FALSE");
      const canLie = type !== "diff.claimed";
      expect([type, answers.has("TRUE"), answers.has("FALSE"), open]).toEqual([
        type,
        true,
        canLie,
        true,
      ]);
    }
  });
  for (const { type, cases } of all) {
    for (const one of cases) {
      it(`${type}: ${one.name}`, async () => {
        expect(one.expect, "a case without expectation").toBeTypeOf("string");
        const { name: _, args, start, end, commits, expect: wanted, observed, ...rest } = one;
        const setting = { policy: { ...builtInPolicy, ...one.policy }, reach: reachOf(one) };
        const order = one.trusted?.[INSTRUCTION];
        const run = await runOf({
          ...(order === undefined ? {} : { digest: digestOf(Buffer.from(order)) }),
          ...rest,
          ...(one.claims === undefined ? {} : { claims: one.claims }),
          start: treeLiteral(start),
          end: treeLiteral(end),
          commits: Object.fromEntries(
            Object.entries(commits ?? {}).map(([id, { files, ...more }]) => [
              id,
              { ...more, files: treeLiteral(files) },
            ]),
          ),
        });
        const judged = await judgeClaim(stageOf(run, setting), { type, args });
        const { observation } = judged;
        expect([observation.reason ?? observation.answer, observation.observed]).toEqual([
          wanted,
          observation.observed,
        ]);
        if (observed !== undefined) expect(observation.observed).toContain(observed);
        const again = await judgeClaim(stageOf(run, setting), { type, args });
        expect(again.evidence).toBe(judged.evidence);
      });
    }
  }
});
