import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Change, Finding, JudgedRun, Tree, Verdict } from "@wingman/model";
import {
  builtInPolicy,
  emptyLedger,
  emptyTree,
  Fault,
  isFault,
  parseClaimsFile,
  treeOf,
} from "@wingman/model";
import { noHistory } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { EXPLANATIONS, explain } from "../src/explanations.ts";
import { judgeChange } from "../src/gate.ts";
import type { Rule } from "../src/rule.ts";
import { netBoundaries } from "../src/rules/boundaries.ts";
import { verdicts } from "../src/rules/landing.ts";
import { RULES } from "../src/rules.ts";

const change = (over: Partial<Change> = {}): Change => ({
  scope: "commit",
  trusted: {
    commit: undefined,
    tree: emptyTree,
    policy: builtInPolicy,
    policyDigest: "",
    established: false,
    signers: [],
    policyBranch: "main",
  },
  ledger: emptyLedger,
  ref: { name: "refs/heads/topic", before: undefined, after: "1".repeat(40), forced: false },
  governed: false,
  before: emptyTree,
  after: emptyTree,
  parents: [],
  own: [],
  commit: "1".repeat(40),
  message: "x",
  signature: { state: "absent" },
  identity: { kind: "unattributed", name: "", proven: false, proof: "none", anyProof: false },
  texts: [],
  runs: [],
  known: new Set(["message", "signature", "pusher"]),
  local: false,
  published: [],
  ...over,
});

const rule = (over: Partial<Rule>): Rule => ({
  codes: ["test/code"],
  title: "a rule",
  scopes: ["commit"],
  needs: [],
  judge: () => [],
  ...over,
});
const finding = (over: Partial<Finding> = {}): Finding => ({
  code: "test/code",
  severity: "block",
  message: "m",
  ...over,
});

const faultOf = async (run: () => Promise<unknown>): Promise<Fault> => {
  try {
    await run();
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error("no fault");
};

describe("the gate", () => {
  it("is not green without rules, nor without one for the scope", async () => {
    expect((await faultOf(() => judgeChange(change(), []))).code).toBe("gate/no-rules");
    const other = rule({ scopes: ["tip"] });
    expect((await faultOf(() => judgeChange(change(), [other]))).code).toBe("gate/no-rules");
  });

  it("a rule that crashes is a fault with its cause; a fault passes through", async () => {
    const crash = rule({
      judge: () => {
        throw new TypeError("boom");
      },
    });
    const found = await faultOf(() => judgeChange(change(), [crash]));
    expect([found.code, found.cause]).toEqual(["gate/rule-crashed", new TypeError("boom")]);
    const missing = rule({
      judge: () => Promise.reject(new Fault("gone", { code: "git/missing-object", hint: "fetch" })),
    });
    expect((await faultOf(() => judgeChange(change(), [missing]))).code).toBe("git/missing-object");
  });

  it("sorts, drops doubles, keeps the graver of two", async () => {
    const all = [
      finding({ path: "b" }),
      finding({ path: "a", severity: "warn" }),
      finding({ path: "a" }),
    ];
    const { findings } = await judgeChange(change(), [rule({ judge: () => all })]);
    expect(findings.map((one) => [one.path, one.severity])).toEqual([
      ["a", "block"],
      ["b", "block"],
    ]);
  });

  it("mode warn lets pass all but what is always enforced", async () => {
    const warn = change({
      trusted: { ...change().trusted, policy: { ...builtInPolicy, mode: "warn" } },
    });
    const all = [finding({ path: "a" }), finding({ path: "b", always: true })];
    const { findings } = await judgeChange(warn, [rule({ judge: () => all })]);
    expect(findings.map((one) => one.severity)).toEqual(["warn", "block"]);
  });

  it("only a local surface may leave a rule to a later one", async () => {
    const asks = rule({ needs: ["pusher"], judge: () => [finding()] });
    const known = new Set(["message"] as const);
    const local = await judgeChange(change({ local: true, known }), [asks]);
    expect(local).toEqual({ findings: [], notKnown: ["test/code"] });
    const server = await judgeChange(change({ known }), [asks]);
    expect(server.findings).toHaveLength(1);
    expect(server.notKnown).toEqual([]);
  });

  it("the whole table judges an empty change of every scope without a finding", async () => {
    for (const scope of ["commit", "tip", "landing"] as const) {
      expect((await judgeChange(change({ scope }))).findings).toEqual([]);
    }
  });
});

describe("explain", () => {
  const sources = fileURLToPath(new URL("../src/", import.meta.url));
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("explanations") && !name.includes("cases/"),
  );

  it("knows every code that a rule can emit", () => {
    for (const one of RULES) {
      expect(one.codes.length, one.title).toBeGreaterThan(0);
      for (const code of one.codes) {
        const entry = explain(code);
        expect(entry, code).toBeDefined();
        for (const text of Object.values(entry ?? {})) expect(text.trim(), code).not.toBe("");
      }
    }
  });

  it("no source names a code that no rule lists, and no entry is left over", () => {
    const listed = new Set(RULES.flatMap((one) => one.codes));
    const named = new Set<string>();
    const family = [...new Set([...listed].map((code) => code.split("/")[0]))].join("|");
    const code = new RegExp(`"((?:${family})/[a-z][a-z0-9-]*)"`, "g");
    for (const file of files) {
      for (const [, found] of readFileSync(join(sources, file), "utf8").matchAll(code)) {
        if (found !== undefined) named.add(found);
      }
    }
    // What the parser of claims files calls its problems; claims-problems.ts names each anew.
    for (const own of ["claims/prev", "claims/seq"]) named.delete(own);
    expect(named.size).toBeGreaterThan(40);
    expect([...named].filter((one) => !listed.has(one) && explain(one) === undefined)).toEqual([]);
    expect(Object.keys(EXPLANATIONS).filter((one) => !listed.has(one))).toEqual([]);
  });
});

describe("landing", () => {
  const path = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";
  const verdict = (over: Partial<Verdict>): Verdict => ({
    claim: {
      name: "claude-code/alice/20261122-090001-k3f9#1",
      digest: "sha256:1",
      type: "file.exists",
    },
    run: "claude-code/alice/20261122-090001-k3f9",
    worker: "claude-code/alice",
    instruction: "INS-0007",
    commit: "1",
    tree: "2",
    verdict: "TRUE",
    expected: "a file at a.txt",
    observed: "nothing\u001b[31m there",
    evidence: "sha256:2",
    witness: "git",
    forgeable: false,
    proof: "none",
    accuses: false,
    attempts: [],
    ...over,
  });
  const judged = (
    claims: number,
    all: Verdict[],
    more: Partial<JudgedRun["run"]> = {},
  ): JudgedRun => {
    const record = {
      kind: "claim" as const,
      v: 1 as const,
      prev: "",
      ts: "",
      type: "file.exists",
      args: {},
    };
    const line = (seq: number) => ({
      record: { ...record, seq },
      text: "",
      digest: "",
      line: seq + 1,
    });
    const open = {
      kind: "open" as const,
      v: 1 as const,
      prev: null,
      seq: 0,
      ts: "",
      instruction: "INS-0007",
      digest: "",
      origin: "",
      run: "20261122-090001-k3f9",
      worker: "claude-code/alice",
    };
    const lines = Array.from({ length: claims }, (_, index) => line(index + 1));
    const name = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };
    return {
      verdicts: all,
      run: {
        name,
        file: {
          path,
          name,
          open,
          close: undefined,
          lines,
          claims: lines.map((one) => ({ line: one, record: one.record, retracted: false })),
        },
        start: { commit: undefined, tree: emptyTree },
        end: { commit: "1", tree: emptyTree },
        diff: [],
        foreign: new Set(),
        placed: true,
        doubtful: new Set(),
        incomplete: false,
        broughtBy: new Map(),
        history: noHistory,
        ...more,
      },
    };
  };
  const land = async (
    runs: JudgedRun[],
    unverifiable: "block" | "warn" | "off" = "warn",
    rules = [verdicts],
  ) => {
    const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, unverifiable } };
    const trusted = { ...change().trusted, policy };
    return (await judgeChange(change({ scope: "landing", governed: true, runs, trusted }), rules))
      .findings;
  };

  it("a FALSE blocks, with what was expected and what was seen, made visible", async () => {
    const [found] = await land([judged(1, [verdict({ verdict: "FALSE" })])]);
    expect(found).toMatchObject({ code: "audit/false", severity: "block", path, line: 2 });
    expect(found?.message).toContain("expected a file at a.txt, observed nothing\\x1b[31m there");
  });

  it("UNVERIFIABLE goes by the policy; what is not known here never blocks", async () => {
    const one = judged(1, [verdict({ verdict: "UNVERIFIABLE", reason: "NO_WITNESS" })]);
    const here = judged(1, [verdict({ verdict: "UNVERIFIABLE", reason: "NOT_KNOWN_HERE" })]);
    expect((await land([one], "block")).map((found) => found.severity)).toEqual(["block"]);
    expect((await land([one], "warn")).map((found) => found.severity)).toEqual(["warn"]);
    expect(await land([one], "off")).toEqual([]);
    expect(await land([here], "block")).toEqual([]);
    expect(await land([judged(1, [verdict({})])])).toEqual([]);
  });

  it("2,000 claims are judged, 2,001 are too many", async () => {
    expect(await land([judged(1000, []), judged(1000, [])])).toEqual([]);
    expect((await land([judged(1000, []), judged(1001, [])])).map((one) => one.code)).toEqual([
      "audit/too-many",
    ]);
  });

  it("missing history is told, not passed over", async () => {
    const found = await land([judged(1, [], { incomplete: true })], "warn", [netBoundaries]);
    expect(found.map((one) => [one.code, one.severity])).toEqual([["boundaries/unknown", "warn"]]);
  });

  it("the model's parser and this test agree on the path", () => {
    expect(parseClaimsFile(path, Buffer.from("x")).ok).toBe(false);
  });
});

describe("hostile changes", () => {
  it("100,000 files with odd names are judged in seconds", async () => {
    const [one] = await treeOf({ a: "text\n" }).entries();
    const entries = Array.from({ length: 100_000 }, (_, at) => ({
      path: `d${at % 300}/f${at}${at % 10 === 0 ? "\n\udcff" : ""}`,
      mode: "100644" as const,
      oid: one?.oid ?? "",
    }));
    const after: Tree = {
      ...treeOf({ a: "text\n" }),
      entries: async () => entries,
      read: async () => Buffer.from("text\n"),
    };
    const own = entries.map((entry) => ({ path: entry.path, after: entry }));
    for (const scope of ["commit", "tip"] as const) {
      expect((await judgeChange(change({ scope, after, own }))).findings).toEqual([]);
    }
  });

  it("a path of a megabyte and a link of a megabyte", async () => {
    const after = treeOf({
      ["a/".repeat(500_000)]: "x",
      link: { mode: "120000", content: "../".repeat(300_000) },
    });
    const own = (await after.entries()).map((entry) => ({ path: entry.path, after: entry }));
    for (const scope of ["commit", "tip"] as const) {
      const { findings } = await judgeChange(change({ scope, after, own }));
      expect(new Set(findings.map((one) => one.code))).toContain("hostile/long-path");
      for (const one of findings) expect(one.message.length).toBeLessThan(2000);
    }
  });
});
