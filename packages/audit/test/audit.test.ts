import type { Identity, LedgerState, Tree, VerdictMark } from "@wingman/model";
import {
  appendClaimsRecord,
  builtInPolicy,
  claimName,
  digestOf,
  emptyLedger,
  fault,
  parseClaimsFile,
  treeOf,
} from "@wingman/model";
import { describe, expect, it } from "vitest";
import type { Reach } from "../src/index.ts";
import { auditRun, isRecorded, judgeAgainst } from "../src/index.ts";
import type { RunLiteral } from "./run-literal.ts";
import { context, NAME, ownProof, P, runOf, S } from "./run-literal.ts";

const LIE: RunLiteral = {
  start: { a: "1" },
  end: { a: "1", b: "2" },
  claims: [{ type: "file.created", args: { path: "c" } }],
};
const digestOfLie = async () => (await runOf(LIE)).file.claims[0]?.line.digest ?? "";

function ledgerWith(mark: Partial<VerdictMark> & { digest: string }): LedgerState {
  const full = { seq: 9, verdict: "FALSE", accuses: true, commit: P, ...mark } as const;
  return { ...emptyLedger, verdicts: new Map([[claimName(NAME, 1), full]]) };
}
const audit = async (literal: RunLiteral, more: Parameters<typeof context>[0] = {}) =>
  auditRun(await runOf(literal), context(more));
const first = async (literal: RunLiteral, more: Parameters<typeof context>[0] = {}) =>
  (await audit(literal, more)).verdicts[0];

const nobody: Identity = {
  kind: "worker",
  name: NAME.worker,
  proven: false,
  proof: "none",
  anyProof: false,
  run: NAME,
};
const person: Identity = {
  kind: "person",
  name: "dana",
  proven: true,
  proof: "signature",
  anyProof: true,
};
const personWithTrailer: Identity = { ...nobody, anyProof: true, signer: "dana" };
const bob: Identity = { ...ownProof, name: "codex/bob" };

describe("a verdict", () => {
  it("names claim, run, P, tree, evidence and attempt", async () => {
    const one = await first({ ...LIE, broughtBy: ownProof });
    expect(one).toMatchObject({
      claim: { name: "claude-code/alice/20261122-090001-k3f9#1", type: "file.created" },
      run: "claude-code/alice/20261122-090001-k3f9",
      worker: "claude-code/alice",
      instruction: "INS-0007",
      commit: P,
      verdict: "FALSE",
      witness: "git",
      forgeable: false,
      proof: "signature",
      accuses: true,
      attempts: [{ at: "2026-11-22T09:00:01.000Z", ms: 0, outcome: "FALSE" }],
    });
    expect(one?.evidence).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(one).not.toHaveProperty("reason");
  });
  it("has an evidence digest of what was seen: the same tree the same, another tree another", async () => {
    const again = await first(LIE);
    expect((await first(LIE))?.evidence).toBe(again?.evidence);
    expect((await first({ ...LIE, end: { a: "1", b: "3" } }))?.evidence).not.toBe(again?.evidence);
    // What only P shows is the same evidence from wherever the run began.
    const exists = { ...LIE, claims: [{ type: "file.exists", args: { path: "b" } }] };
    const moved = await first({ ...exists, start: { z: "9" } });
    expect((await first(exists))?.evidence).toBe(moved?.evidence);
  });
  it("is given to duplicates each, and to retracted claims never", async () => {
    const claims = [
      ...(LIE.claims ?? []),
      ...(LIE.claims ?? []),
      { type: "file.created", args: { path: "b" } },
    ];
    const { verdicts } = await audit({ ...LIE, claims, retracted: [1] });
    expect(verdicts.map((one) => [one.claim.name.at(-1), one.verdict])).toEqual([
      ["2", "FALSE"],
      ["3", "TRUE"],
    ]);
  });
  it("never has a raw control character or the length of a novel in its text", async () => {
    const path = `x\u001b[31m\n::error::${"y".repeat(3000)}`;
    const one = await first({ ...LIE, claims: [{ type: "file.exists", args: { path } }] });
    expect(one?.verdict).toBe("FALSE");
    expect(one?.expected).not.toMatch(/[\u0000-\u001f]/);
    expect(`${one?.expected}${one?.observed}`.length).toBeLessThan(1500);
  });
  it("of an unknown type is UNSUPPORTED with a did-you-mean", async () => {
    const one = await first({ ...LIE, claims: [{ type: "file.exist", args: { path: "b" } }] });
    expect(one).toMatchObject({ verdict: "UNVERIFIABLE", reason: "UNSUPPORTED" });
    expect(one?.observed).toContain("did you mean `file.exists`");
  });
  it("of a claim that needs a command is NOT_KNOWN_HERE, with wrong arguments MALFORMED", async () => {
    const claims = [
      { type: "suite.passes", args: { command: "unit" } },
      { type: "suite.passes", args: { comand: "unit" } },
    ];
    const { verdicts } = await audit({ ...LIE, claims });
    expect(verdicts.map((one) => one.reason)).toEqual(["NOT_KNOWN_HERE", "MALFORMED"]);
  });
  it("tells when it was looked, also where nothing could be run: a record without that is none", async () => {
    const reach: Reach = { commands: { run: async () => ({ reason: "TIMEOUT", why: "slow" }) } };
    const claims = [{ type: "cmd.exit", args: { command: "unnamed", value: 0 } }];
    const one = await first({ ...LIE, claims }, { reach });
    expect(one).toMatchObject({
      reason: "NOT_ALLOWED",
      attempts: [{ at: "2026-11-22T09:00:01.000Z", ms: 0, outcome: "UNVERIFIABLE" }],
    });
  });
  it("is UNVERIFIABLE where an object is missing; any other fault goes up", async () => {
    const run = await runOf({
      ...LIE,
      claims: [{ type: "file.contains", args: { path: "b", literal: "x" } }],
    });
    const broken = (code: string) => ({
      ...run,
      end: {
        ...run.end,
        tree: {
          ...run.end.tree,
          read: async () =>
            Promise.reject(Object.assign(new Error("gone"), { code, hint: "fetch" })),
        },
      },
    });
    const { verdicts } = await auditRun(broken("git/missing-object"), context());
    expect(verdicts[0]).toMatchObject({ verdict: "UNVERIFIABLE", reason: "NO_WITNESS" });
    await expect(auditRun(broken("git/died"), context())).rejects.toThrow("gone");
  });
});

describe("accusing", () => {
  const cases: [string, Identity | undefined, boolean, string, boolean][] = [
    ["its own proven commit accuses", ownProof, false, "FALSE", true],
    ["no proof of anybody: FALSE, and no lock", nobody, false, "FALSE", false],
    ["nothing known: FALSE, and no lock", undefined, false, "FALSE", false],
    ["a person carried it", person, false, "STALE", false],
    ["a person carried it under the run's trailer", personWithTrailer, true, "STALE", false],
    ["another worker carried it", bob, true, "STALE", false],
    ["a bot carried it", { ...person, kind: "bot" }, true, "STALE", false],
    ["no proof, and the policy locks the unproven with the trailer", nobody, true, "FALSE", true],
    [
      "no proof and no trailer never locks",
      { kind: "unattributed", name: "", proven: false, proof: "none", anyProof: false },
      true,
      "FALSE",
      false,
    ],
    [
      "the trailer of another run never locks",
      { ...nobody, run: { ...NAME, run: "20261122-090001-zzzz" } },
      true,
      "FALSE",
      false,
    ],
  ];
  for (const [name, broughtBy, unprovenMayLock, answer, accuses] of cases) {
    it(name, async () => {
      const one = await first(
        { ...LIE, ...(broughtBy === undefined ? {} : { broughtBy }) },
        { unprovenMayLock },
      );
      expect([one?.reason ?? one?.verdict, one?.accuses]).toEqual([answer, accuses]);
    });
  }
  const closers: [string, Identity, boolean, string, boolean][] = [
    ["a person closed its open run on another tree", person, false, "STALE", false],
    ["so under the run's trailer", personWithTrailer, true, "STALE", false],
    ["another worker closed it", bob, true, "STALE", false],
    ["somebody unproven closed it", nobody, false, "FALSE", false],
  ];
  for (const [name, closedBy, unprovenMayLock, answer, accuses] of closers) {
    it(`${name}: its own proven line accuses nobody`, async () => {
      const one = await first({ ...LIE, broughtBy: ownProof, closedBy }, { unprovenMayLock });
      expect([one?.reason ?? one?.verdict, one?.accuses]).toEqual([answer, accuses]);
    });
  }
  it("a run that nobody has closed accuses nobody", async () => {
    expect((await first({ ...LIE, broughtBy: ownProof, open: true }))?.accuses).toBe(false);
  });
  it("never twice elsewhere: the same line on another commit is STALE", async () => {
    const digest = await digestOfLie();
    for (const verdict of ["FALSE", "TRUE"] as const) {
      const ledger = ledgerWith({ digest, commit: "e".repeat(40), verdict });
      expect(await first({ ...LIE, broughtBy: ownProof }, { ledger })).toMatchObject({
        reason: "STALE",
        accuses: false,
      });
    }
  });
  it.each(["FALSE", "TRUE"] as const)(
    "nor where it was %s first and STALE since: a rebase twice is no new line",
    async (verdict) => {
      const settled = { verdict, commit: "e".repeat(40) };
      const mark = { verdict: "UNVERIFIABLE", commit: "d".repeat(40), settled } as const;
      const ledger = ledgerWith({ digest: await digestOfLie(), ...mark });
      expect(await first({ ...LIE, broughtBy: ownProof }, { ledger })).toMatchObject({
        reason: "STALE",
        accuses: false,
      });
    },
  );
  it("the same commit is FALSE again, so that a landing stays refused, and is known as recorded", async () => {
    const ledger = ledgerWith({ digest: await digestOfLie() });
    const one = await first({ ...LIE, broughtBy: ownProof }, { ledger });
    expect(one?.verdict).toBe("FALSE");
    expect(one !== undefined && isRecorded(one, ledger)).toBe(true);
    expect(one !== undefined && isRecorded(one, emptyLedger)).toBe(false);
  });
  it("an earlier UNVERIFIABLE shields no lie, nor does the verdict of another line", async () => {
    const digest = await digestOfLie();
    const ledger = ledgerWith({ digest, commit: "e".repeat(40), verdict: "UNVERIFIABLE" });
    expect((await first({ ...LIE, broughtBy: ownProof }, { ledger }))?.accuses).toBe(true);
    const other = ledgerWith({ digest: "sha256:other", commit: "e".repeat(40) });
    expect((await first({ ...LIE, broughtBy: ownProof }, { ledger: other }))?.accuses).toBe(true);
  });
  it("changes no TRUE, whoever carried it", async () => {
    const one = await first({
      ...LIE,
      claims: [{ type: "file.created", args: { path: "b" } }],
      broughtBy: person,
    });
    expect(one).toMatchObject({ verdict: "TRUE", accuses: false });
  });
});

describe("what no claim covers", () => {
  const policy = builtInPolicy;
  const codes = async (literal: RunLiteral, more: Parameters<typeof context>[0] = {}) =>
    (await audit(literal, more)).findings.map((one) => [one.code, one.severity, one.path]);
  it("is one finding a path, by the policy's weight", async () => {
    expect(await codes(LIE)).toEqual([["audit/unclaimed", "warn", "b"]]);
    const weight = (unclaimed: "block" | "off") => ({
      policy: { ...policy, audit: { ...policy.audit, unclaimed } },
    });
    expect(await codes(LIE, weight("block"))).toEqual([["audit/unclaimed", "block", "b"]]);
    expect(await codes(LIE, weight("off"))).toEqual([]);
  });
  it("is nothing where claims, the claims file and companions cover it", async () => {
    const end = {
      ...LIE.end,
      [".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl"]: "x",
      "src/k/x": "1",
      "pnpm-lock.yaml": "1",
    };
    const claims = [
      { type: "file.created", args: { path: "b" } },
      { type: "file.created", args: { path: "src/k" } },
    ];
    expect((await codes({ ...LIE, end, claims })).map((one) => one[2])).toEqual(["pnpm-lock.yaml"]);
    const companions = { "pnpm-lock.yaml": ["b"] };
    expect(await codes({ ...LIE, end, claims }, { policy: { ...policy, companions } })).toEqual([]);
    expect(
      await codes(
        { ...LIE, end, claims },
        { policy: { ...policy, companions: { "pnpm-lock.yaml": ["zz"] } } },
      ),
    ).toHaveLength(1);
  });
  it("a folder that merely exists covers nothing below it", async () => {
    const end = { "src/x": "1" };
    expect(
      (await codes({ end, claims: [{ type: "file.exists", args: { path: "src" } }] })).map(
        (one) => one[2],
      ),
    ).toEqual(["src/x"]);
  });
  it("claims that assert nothing cover nothing, retracted ones neither", async () => {
    const empty = { type: "file.contains", args: { path: "b", literal: "" } };
    expect((await codes({ ...LIE, claims: [empty] })).map((one) => one[2])).toEqual(["b"]);
    const good = { type: "file.created", args: { path: "b" } };
    expect((await codes({ ...LIE, claims: [good], retracted: [1] })).map((one) => one[0])).toEqual([
      "audit/no-claims",
    ]);
  });
  it("a diff and not one claim blocks, unless the run is abandoned, open, or changed nothing", async () => {
    expect(await codes({ ...LIE, claims: [] })).toMatchObject([
      ["audit/no-claims", "block", expect.anything()],
    ]);
    expect(await codes({ ...LIE, claims: [], outcome: "abandoned" })).toEqual([]);
    expect(await codes({ ...LIE, claims: [], open: true })).toEqual([]);
    expect(await codes({ start: { a: "1" }, end: { a: "1" }, claims: [] })).toEqual([]);
  });
  it("is said to be unknown where history is not here", async () => {
    expect(await codes({ ...LIE, incomplete: true })).toMatchObject([
      ["audit/incomplete", "warn", expect.anything()],
    ]);
  });
  it("is bounded, and the rest is counted", async () => {
    const end = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${at}`, "x"]));
    const { findings } = await audit({
      end,
      claims: [{ type: "file.created", args: { path: "f0" } }],
    });
    expect(findings).toHaveLength(201);
    expect(findings.at(-1)?.message).toContain("299 more");
  });
});

describe("cost", () => {
  it("judges 1,000 claims on 3,000 files well within the goal", async () => {
    const end = Object.fromEntries(
      Array.from({ length: 3000 }, (_, at) => [
        `src/d${at % 50}/f${at}.ts`,
        `line ${at}\n`.repeat(50),
      ]),
    );
    const claims = Array.from({ length: 1000 }, (_, at) => {
      const path = `src/d${at % 50}/f${at}.ts`;
      const args = [
        { path },
        { path, literal: `line ${at}` },
        { path, pattern: `^line ${at}$` },
        { path: `nope/${at}` },
      ];
      return {
        type: ["file.created", "file.contains", "file.contains", "file.exists"][at % 4] ?? "",
        args: args[at % 4] ?? {},
      };
    });
    const run = await runOf({ end, claims, broughtBy: ownProof });
    const began = performance.now();
    const { verdicts } = await auditRun(run, context());
    const ms = performance.now() - began;
    console.log(`1,000 claims: ${Math.round(ms)} ms`);
    expect(verdicts.filter((one) => one.verdict === "TRUE")).toHaveLength(750);
    expect(verdicts.filter((one) => one.accuses)).toHaveLength(250);
  });
  it.each([
    ["git/hostile-tree", "UNSUPPORTED"],
    ["git/hostile-commit", "UNSUPPORTED"],
    ["git/object-too-large", "BUDGET"],
    ["git/missing-object", "NO_WITNESS"],
  ])("is the answer to its own claims where a repository holds it: %s", async (code, reason) => {
    const claims = [
      { type: "file.exists", args: { path: "none" } },
      { type: "file.exists", args: { path: "a" } },
    ];
    const run = await runOf({ end: { a: "a" }, claims, broughtBy: ownProof });
    const stop = async (): Promise<never> => fault("it never ends", { code, hint: "none" });
    const tree: Tree = { ...run.end.tree, entries: stop, names: stop };
    const { verdicts } = await auditRun({ ...run, end: { ...run.end, tree } }, context());
    expect(verdicts.map((one) => one.reason ?? one.verdict)).toEqual([reason, "TRUE"]);
  });
  it("parses a file once for all claims on it, and reads none that is too large to parse", async () => {
    const json = JSON.stringify(Array.from({ length: 100_000 }, (_, at) => `${at}`.padStart(8)));
    const huge = { size: 1 << 30, reads: 0 };
    const end = { "a.json": json, "huge.json": " " };
    const claims = Array.from({ length: 400 }, (_, at) => ({
      type: "data.path",
      args: { path: at % 2 === 0 ? "a.json" : "huge.json", pointer: `/${at}`, op: "exists" },
    }));
    const run = await runOf({ end, claims });
    const { tree } = run.end;
    const isHuge = (path: string): boolean => path === "huge.json";
    const watched: Tree = {
      ...tree,
      size: async (entry) => (isHuge(entry.path) ? huge.size : await tree.size(entry)),
      read: async (entry) => {
        if (isHuge(entry.path)) huge.reads += 1;
        return await tree.read(entry);
      },
    };
    const { verdicts } = await auditRun({ ...run, end: { ...run.end, tree: watched } }, context());
    expect(verdicts.filter((one) => one.verdict === "TRUE")).toHaveLength(200);
    expect(verdicts.filter((one) => one.reason === "BUDGET")).toHaveLength(200);
    expect(huge.reads).toBe(0);
  });
  it("ends in BUDGET, not in a wait, on a thousand costly patterns", async () => {
    const end = { big: "ab".repeat(200_000) };
    const claims = Array.from({ length: 1000 }, (_, at) => ({
      type: "file.lacks",
      args: { path: "big", pattern: `(a|b|ab)*x${at}` },
    }));
    const began = performance.now();
    const { verdicts } = await audit({ end, claims });
    console.log(`1,000 costly patterns: ${Math.round(performance.now() - began)} ms`);
    expect(new Set(verdicts.map((one) => one.reason))).toContain("BUDGET");
    expect(verdicts.some((one) => one.verdict === "FALSE")).toBe(false);
  });
  it("ends in BUDGET on patterns that are large to write out, and on texts searched twice", async () => {
    const end = { big: "é\n".repeat(500_000) };
    const odd = [
      { pattern: "(((a?){70}){70}|b)c" },
      { pattern: `${"(a?b?){900}".repeat(2)}` },
      { literal: "x\ny" },
      { literal: "ü" },
    ];
    const claims = Array.from({ length: 1000 }, (_, at) => ({
      type: "file.contains",
      args: { path: "big", ...odd[at % 4] },
    }));
    const began = performance.now();
    const { verdicts } = await audit({ end, claims });
    console.log(`1,000 costly claims: ${Math.round(performance.now() - began)} ms`);
    expect(verdicts.at(-1)?.reason).toBe("BUDGET");
  });
});

describe("verify on a tree alone", () => {
  const tree = treeOf({ "a.ts": "x\n" });
  it("answers what a tree shows, and nothing of a run", async () => {
    expect((await judgeAgainst(tree, { type: "file.exists", args: { path: "a.ts" } })).answer).toBe(
      "TRUE",
    );
    expect((await judgeAgainst(tree, { type: "file.exists", args: { path: "b.ts" } })).answer).toBe(
      "FALSE",
    );
    for (const type of ["file.created", "file.modified", "file.deleted"]) {
      expect(await judgeAgainst(tree, { type, args: { path: "a.ts" } })).toMatchObject({
        answer: "UNVERIFIABLE",
        reason: "NO_WITNESS",
      });
    }
    expect(
      (await judgeAgainst(tree, { type: "git.commit", args: { commit: "a".repeat(40) } })).reason,
    ).toBe("NO_WITNESS");
  });
});

describe("what the instruction itself claims", () => {
  const order = (points: string) =>
    treeOf({
      ".wingman/instructions/INS-0007.yaml": `id: INS-0007\ntitle: Rotate the keys\nenvironment: test\n${points}`,
    });
  const undelivered = async (points: string, more: Partial<RunLiteral> = {}) => {
    const trusted = order(points);
    const [entry] = await trusted.entries();
    const digest = entry === undefined ? "" : digestOf(await trusted.read(entry));
    const literal = { start: {}, end: { a: "key" }, digest, ...more };
    const { findings, verdicts } = await audit(literal, { reach: { trusted } });
    expect(verdicts.filter((one) => one.accuses)).toEqual([]);
    return findings.filter((one) => one.code === "audit/undelivered");
  };
  it("makes a run incomplete, and nobody a liar", async () => {
    const missing = "deliverables:\n  - file.exists: {path: b}\n";
    expect(await undelivered(missing)).toMatchObject([{ severity: "warn" }]);
    expect(await undelivered(missing, { outcome: "partial" })).toEqual([]);
    expect(await undelivered(missing, { digest: digestOf("another") })).toEqual([]);
    expect(await undelivered("deliverables:\n  - file.exists: {path: a}\n")).toEqual([]);
  });
  it("leaves alone what a run before did, and says so where the ledger does", async () => {
    const path = ".wingman/claims/codex/bob/20261121-090001-k3f9.jsonl";
    const name = { worker: "codex/bob", run: "20261121-090001-k3f9" };
    const head = { origin: "acme/shop", instruction: "INS-0007", ts: "2026-11-21T09:00:01.000Z" };
    const digest = `sha256:${"1".repeat(64)}`;
    let bytes = appendClaimsRecord(undefined, { kind: "open", ...head, digest, ...name });
    const made = { type: "file.created", args: { path: "./b" } };
    bytes = appendClaimsRecord(bytes, { kind: "claim", ts: head.ts, ...made });
    const file = parseClaimsFile(path, bytes);
    if (!file.ok) throw new Error(JSON.stringify(file.problems));
    const order = "deliverables:\n  - file.created: {path: a}\n  - file.created: {path: b}\n";
    const trusted = treeOf({
      ".wingman/instructions/INS-0007.yaml": `id: INS-0007\ntitle: Rotate the keys\nenvironment: test\n${order}`,
    });
    const [entry] = await trusted.entries();
    const on = entry === undefined ? "" : digestOf(await trusted.read(entry));
    const before = { b: "key", [path]: Buffer.from(bytes) };
    const audited = async (end: RunLiteral["end"], verdict?: "TRUE") => {
      const mark = { seq: 1, digest: file.value.lines[1]?.digest ?? "", accuses: false, commit: S };
      const verdicts = new Map(
        verdict === undefined ? [] : [["codex/bob/20261121-090001-k3f9#1", { ...mark, verdict }]],
      );
      const claims = [{ type: "instr.complete", args: {} }];
      const literal = { start: before, end: { ...before, ...end }, digest: on, claims };
      const ledger = { ...emptyLedger, verdicts };
      const seen = await audit(literal, { reach: { trusted }, ledger });
      const told = seen.findings.filter((one) => one.code === "audit/undelivered").length;
      return [seen.verdicts[0]?.reason ?? seen.verdicts[0]?.verdict, told];
    };
    expect(await audited({ a: "key" }, "TRUE")).toEqual(["TRUE", 0]);
    expect(await audited({ a: "key" })).toEqual(["AMBIGUOUS", 1]);
    expect(await audited({}, "TRUE")).toEqual(["FALSE", 1]);
  });
  it("is told of criteria and metrics too, and left alone where nobody can look here", async () => {
    const criteria = "success_criteria:\n  - file.contains: {path: a, literal: lock}\n";
    expect(await undelivered(criteria)).toHaveLength(1);
    const metrics = 'quality_metrics:\n  - {name: coverage.lines, op: ">=", value: 90.5}\n';
    expect(await undelivered(metrics)).toEqual([]);
    const size = 'quality_metrics:\n  - {name: coverage.lines, op: ">=", value: [1]}\n';
    expect(await undelivered(size)).toHaveLength(1);
  });
});

describe("attempts of a verdict", () => {
  const claims = [
    { type: "cmd.exit", args: { command: "unit", value: 0 } },
    { type: "cmd.exit", args: { command: "unit", op: "<", value: 1 } },
    { type: "file.exists", args: { path: "b" } },
  ];
  const policy = { ...builtInPolicy, commands: { unit: { run: ["unit"] } } };
  /** Exits of P's runs, one after the other; the last for all later ones, and for S. */
  const audited = async (exits: readonly (number | "TIMEOUT")[], seed = 0) => {
    const run = await runOf({ ...LIE, claims });
    let time = seed;
    let ran = 0;
    const tick = (ms: number) => {
      time += ms;
      return time;
    };
    const reach: Reach = {
      commands: {
        run: async (_, at) => {
          const exit = at.tree.id === run.end.tree.id ? (exits[ran++] ?? exits.at(-1)) : 0;
          tick(100);
          if (exit === "TIMEOUT") return { reason: exit, why: "too long" };
          const stdout = { sha256: "0".repeat(64), bytes: Buffer.alloc(0), whole: true };
          const end = { exit: exit ?? 0, ms: 0, stdout, stderr: Buffer.alloc(0) };
          return { seen: { ...end, lacks: [], enclosure: "enclosed" } };
        },
      },
    };
    const clocks = { now: () => new Date(tick(1)).toISOString(), clock: () => tick(1) };
    return (await auditRun(run, context({ policy, reach, ...clocks }))).verdicts;
  };
  const outcomes = async (...exits: (number | "TIMEOUT")[]) =>
    (await audited(exits)).map((one) => one.attempts.map((attempt) => attempt.outcome));

  it("lists every run of a command over P, with what it alone says", async () => {
    expect((await outcomes(0))[0]).toEqual(["TRUE"]);
    expect((await outcomes(1))[0]).toEqual(["FALSE", "FALSE", "FALSE"]);
    expect((await outcomes(1, 1, 0))[0]).toEqual(["FALSE", "FALSE", "TRUE"]);
    expect((await outcomes(1, "TIMEOUT"))[0]).toEqual(["FALSE", "UNVERIFIABLE"]);
  });
  it("lists one for what a tree shows", async () => {
    expect((await outcomes(1))[2]).toEqual(["TRUE"]);
  });
  it("are the same runs where two claims rest on them, with times that only go on", async () => {
    const [one, two] = await audited([1, 1, 0]);
    expect(one?.attempts).toEqual(two?.attempts);
    expect(one?.reason).toBe("FLAKY");
    const times = one?.attempts.map((attempt) => Date.parse(attempt.at)) ?? [];
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBe(3);
    expect(one?.attempts.every((attempt) => attempt.ms >= 0)).toBe(true);
  });
  it("differ in nothing but time where the same is audited again", async () => {
    const plain = async (seed: number) =>
      (await audited([1, 1, 0], seed)).map((one) => ({
        ...one,
        attempts: one.attempts.map((attempt) => attempt.outcome),
      }));
    expect(await plain(0)).toEqual(await plain(86_400_000));
  });
});
