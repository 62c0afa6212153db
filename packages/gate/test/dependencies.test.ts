import type { Answer, ClaimsDraft, ClaimsFile, LedgerState } from "@wingman/model";
import {
  appendClaimsRecord,
  claimName,
  claimsPath,
  cycleThrough,
  cyclic,
  emptyLedger,
  nearestInstruction,
  parseClaimsFile,
  parseInstruction,
} from "@wingman/model";
import { instructionText } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { completeness } from "../src/dependency-standing.ts";

const FILE = { "file.exists": { path: "src/keys/rotate.mjs" } };
const TEXT = { "file.contains": { path: "docs/rotation.md", literal: "## Rolling back" } };
const parsed = parseInstruction(
  ".wingman/instructions/INS-0007.md",
  Buffer.from(instructionText({ deliverables: [FILE, TEXT] })),
);
if (!parsed.ok) throw new Error("instruction");
const instruction = parsed.value;

function run(id: string, claims: readonly object[], outcome?: string): ClaimsFile {
  const ts = "2026-11-22T09:00:01.000Z";
  const worker = "claude-code/alice";
  const drafts = [
    {
      kind: "open",
      origin: "acme/shop",
      instruction: "INS-0007",
      digest: instruction.digest,
      worker,
      run: id,
      ts,
    },
    ...claims.map((one) => {
      const [type, args] = Object.entries(one)[0] ?? [];
      return { kind: "claim", type, args, ts };
    }),
    ...(outcome === undefined ? [] : [{ kind: "close", outcome, ts }]),
  ] as ClaimsDraft[];
  let bytes: Buffer | undefined;
  for (const draft of drafts) bytes = appendClaimsRecord(bytes, draft);
  const file = parseClaimsFile(claimsPath({ worker, run: id }), bytes ?? Buffer.alloc(0));
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  return file.value;
}

const A = "20261122-090001-aaaa";
const B = "20261122-090002-bbbb";

function ledger(file: ClaimsFile, answers: Readonly<Record<number, Answer>>): LedgerState {
  const verdicts = new Map(
    Object.entries(answers).map(([seq, verdict]) => {
      const digest = file.lines[Number(seq)]?.digest ?? "";
      return [
        claimName(file.name, Number(seq)),
        { seq: 1, digest, verdict, accuses: false, commit: "c" },
      ];
    }),
  );
  return { ...emptyLedger, size: 9, verdicts };
}

describe("an instruction is complete", () => {
  const both = run(A, [FILE, TEXT], "done");

  it("once a run of it is done and each deliverable was judged TRUE", () => {
    const judged = { ledger: ledger(both, { 1: "TRUE", 2: "TRUE" }), verdicts: [] };
    expect(completeness(instruction, [both], judged)).toEqual({ state: "complete", inWords: 0 });
  });

  it("also over several runs", () => {
    const part = run(B, [TEXT], "partial");
    const rest = run(A, [FILE], "done");
    const verdicts = new Map([
      ...ledger(part, { 1: "TRUE" }).verdicts,
      ...ledger(rest, { 1: "TRUE" }).verdicts,
    ]);
    const judged = { ledger: { ...emptyLedger, verdicts }, verdicts: [] };
    expect(completeness(instruction, [part, rest], judged).state).toBe("complete");
    expect(completeness(instruction, [part], judged).state).toBe("open");
  });

  it.each([
    ["no run", [], emptyLedger, "open"],
    ["an open run", [run(A, [FILE, TEXT])], emptyLedger, "open"],
    ["an abandoned run", [run(A, [FILE, TEXT], "abandoned")], emptyLedger, "open"],
    ["a deliverable that is FALSE", [both], ledger(both, { 1: "TRUE", 2: "FALSE" }), "false"],
    [
      "a run with a FALSE",
      [both],
      { ...ledger(both, { 1: "TRUE", 2: "TRUE" }), falseRuns: new Set([`claude-code/alice/${A}`]) },
      "false",
    ],
    ["no verdict", [both], emptyLedger, "unknown"],
    [
      "one that could not be verified",
      [both],
      ledger(both, { 1: "TRUE", 2: "UNVERIFIABLE" }),
      "unknown",
    ],
    [
      "one that nobody claimed",
      [run(A, [FILE], "done")],
      ledger(run(A, [FILE], "done"), { 1: "TRUE" }),
      "unknown",
    ],
    [
      "one claimed in other words",
      [run(A, [FILE, { "file.exists": { path: "docs/rotation.md" } }], "done")],
      emptyLedger,
      "unknown",
    ],
  ] as const)("not with %s", (_, runs, state, expected) => {
    expect(completeness(instruction, runs, { ledger: state, verdicts: [] }).state).toBe(expected);
  });

  it("also by one claim for all of them, on this very text", () => {
    const standing = (args: object, answer: Answer, on = instruction) => {
      const whole = run(A, [{ "instr.complete": args }], "done");
      return completeness(on, [whole], { ledger: ledger(whole, { 1: answer }), verdicts: [] })
        .state;
    };
    expect(standing({}, "TRUE")).toBe("complete");
    expect(standing({ instruction: "INS-0007" }, "TRUE")).toBe("complete");
    expect(standing({ instruction: "INS-0008" }, "TRUE")).toBe("unknown");
    expect(standing({}, "UNVERIFIABLE")).toBe("unknown");
    expect(standing({}, "TRUE", { ...instruction, digest: "sha256:another" })).toBe("unknown");
  });

  it("in another spelling of a path, and by no looser claim", () => {
    const standing = (claim: object) => {
      const one = run(A, [claim, TEXT], "done");
      const judged = { ledger: ledger(one, { 1: "TRUE", 2: "TRUE" }), verdicts: [] };
      return completeness(instruction, [one], judged).state;
    };
    expect(standing({ "file.exists": { path: "./src//keys/rotate.mjs" } })).toBe("complete");
    expect(standing({ "file.exists": { path: "src/Keys/rotate.mjs" } })).toBe("unknown");
    expect(standing({ "file.exists": { path: "src/keys/rotate.mjs/" } })).toBe("unknown");
    expect(standing({ "file.lines": { path: "src/keys/rotate.mjs", op: ">=", lines: 0 } })).toBe(
      "unknown",
    );
  });

  it("never silently by words, and not where its text is gone", () => {
    const words = { ...instruction, points: { ...instruction.points } };
    const point = instruction.points.deliverables;
    if (point === undefined) throw new Error("no deliverables");
    words.points.deliverables = { ...point, value: ["A page that strangers understand", TEXT] };
    const judged = { ledger: ledger(both, { 2: "TRUE" }), verdicts: [] };
    expect(completeness(words, [both], judged)).toEqual({ state: "complete", inWords: 1 });
    const edited = { ...words, digest: "sha256:another" };
    expect(completeness(edited, [both], judged)).toMatchObject({ state: "unknown" });
    expect(completeness(undefined, [both], judged)).toMatchObject({ state: "unknown" });
  });

  it("not by a verdict on another line under its name", () => {
    const state = ledger(both, { 1: "TRUE", 2: "TRUE" });
    const other = new Map(
      [...state.verdicts].map(([name, mark]) => [name, { ...mark, digest: "sha256:other" }]),
    );
    const judged = { ledger: { ...state, verdicts: other }, verdicts: [] };
    expect(completeness(instruction, [both], judged).state).toBe("unknown");
  });
});

describe("the graph", () => {
  const needsOf = (edges: Readonly<Record<string, readonly string[]>>) => (id: string) =>
    edges[id] ?? [];

  it("finds the shortest circle, along its path", () => {
    const edges = { a: ["b", "c"], b: ["d"], d: ["c"], c: ["a"] };
    expect(cycleThrough("a", needsOf(edges))).toEqual(["a", "c", "a"]);
    expect(cycleThrough("d", needsOf(edges))).toEqual(["d", "c", "a", "b", "d"]);
    expect(cycleThrough("x", needsOf({ x: ["y"], y: ["z"], z: ["y"] }))).toBeUndefined();
  });

  it("a chain of 20,000 is no circle, and is soon told so", () => {
    const edges: Record<string, string[]> = {};
    for (let at = 0; at < 20_000; at += 1) edges[`n${at}`] = [`n${at + 1}`];
    expect(cyclic(Object.keys(edges), needsOf(edges)).size).toBe(0);
    edges["n20000"] = ["n19999"];
    expect([...cyclic(Object.keys(edges), needsOf(edges))].sort()).toEqual(["n19999", "n20000"]);
  });

  it.each([
    ["INS-0070", "INS-0007"],
    ["INS-7", "INS-0007"],
    ["INS-0017", "INS-0007"],
    ["INS-4711", undefined],
  ])("%s was probably meant for %s", (id, meant) => {
    expect(nearestInstruction(id, ["INS-0123", "INS-0007"])).toBe(meant);
  });
});
