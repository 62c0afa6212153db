/**
 * What a claim is worth by what a report says: who could be accused by it without having lied, and who could
 * pass by it with a lie.
 */
import type { Policy } from "@wingman/model";
import { builtInPolicy } from "@wingman/model";
import { describe, expect, test } from "vitest";
import type { Reach } from "../src/index.ts";
import { judgeClaim, stageOf } from "../src/index.ts";
import { runOf } from "./run-literal.ts";

type Format = NonNullable<Policy["commands"][string]["results"]>["format"];

interface Ended {
  readonly exit?: number;
  readonly out?: string;
  readonly err?: string;
  /** False where it wrote more than is kept. */
  readonly whole?: boolean;
  readonly results?: readonly string[];
  readonly coverage?: string;
}

interface Asked {
  /** Each run over P, and over S; the last for all later ones. */
  readonly P: readonly Ended[];
  readonly S?: readonly Ended[];
  readonly format?: Format;
  readonly path?: string;
  readonly coverage?: string;
  readonly start?: Record<string, string>;
  readonly end?: Record<string, string>;
}

async function judged(asked: Asked, type: string, args: Record<string, unknown> = {}) {
  const { P, S = P, format, path, coverage } = asked;
  const run = await runOf({
    start: asked.start ?? { "src/a.js": "1" },
    end: asked.end ?? { "src/a.js": "2" },
  });
  const calls = { P: 0, S: 0 };
  const reach: Reach = {
    commands: {
      run: async (_, at) => {
        const side = at.tree.id === run.end.tree.id ? "P" : "S";
        const ends = side === "P" ? P : S;
        const end = ends[Math.min(calls[side]++, ends.length - 1)] ?? {};
        return {
          seen: {
            exit: end.exit ?? 0,
            ms: 1,
            stdout: {
              sha256: "0".repeat(64),
              bytes: Buffer.from(end.out ?? ""),
              whole: end.whole ?? true,
            },
            stderr: Buffer.from(end.err ?? ""),
            ...(end.results === undefined
              ? {}
              : { results: end.results.map((text) => Buffer.from(text)) }),
            ...(end.coverage === undefined ? {} : { coverage: Buffer.from(end.coverage) }),
            lacks: [],
            enclosure: "enclosed",
          },
        };
      },
    },
  };
  const unit = {
    run: ["unit"],
    ...(format === undefined
      ? {}
      : { results: { format, ...(path === undefined ? {} : { path }) } }),
    ...(coverage === undefined ? {} : { coverage: { path: coverage } }),
  };
  const policy = { ...builtInPolicy, commands: { unit } };
  const stage = stageOf(run, { policy, reach });
  const { observation } = await judgeClaim(stage, { type, args: { command: "unit", ...args } });
  const { answer, reason, observed } = observation;
  return { said: reason ?? answer, observed, calls };
}

const junit = (cases: string) => `<testsuite name="s">${cases}</testsuite>`;
const one = (name: string, inside = "") => `<testcase name="${name}">${inside}</testcase>`;
const fails = "<failure message='expected 3'/>";
const green = { results: [junit(one("a") + one("b"))] };
const red = { exit: 1, results: [junit(one("a") + one("b", fails))] };

describe("a report that the policy names", () => {
  const at = { format: "junit", path: "out/unit.xml" } as const;
  test.each<readonly [string, Partial<Asked> & Pick<Asked, "P">, string]>([
    ["passes", { P: [green] }, "TRUE"],
    ["fails", { P: [red], S: [green] }, "FALSE"],
    ["was not written, whatever is printed", { P: [{ out: "# tests 9\n# fail 0\n" }] }, "VACUOUS"],
    ["was cut off", { P: [{ results: [green.results[0]?.slice(0, -5) ?? ""] }] }, "VACUOUS"],
    ["is of several files, one cut off", { P: [{ results: [...green.results, "<a"] }] }, "VACUOUS"],
    [
      "lists the try that failed beside the one that passed, and ends with 0",
      { P: [{ results: [junit(one("a", fails) + one("a"))] }], S: [green] },
      "AMBIGUOUS",
    ],
    ["lists a failure, and ends with 0", { P: [{ results: red.results }], S: [green] }, "FALSE"],
    [
      "lists a test that is to do and fails",
      {
        P: [{ results: [junit(one("a") + one("b", `<skipped/>${fails}`))] }],
        S: [{ results: [junit(one("a") + one("b", "<skipped/>"))] }],
      },
      "TRUE",
    ],
    [
      "cannot be read and ends with 1, as it did not before",
      { P: [{ exit: 1, out: "Segmentation" }], S: [green] },
      "FALSE",
    ],
  ])("%s", async (_, world, wanted) => {
    const { said, observed } = await judged({ ...at, ...world }, "suite.passes");
    expect([said, observed]).toEqual([wanted, observed]);
  });

  test("its own output counts whole or not at all", async () => {
    const out = "TAP version 13\nok 1 - a\n1..1\n";
    const said = async (whole: boolean, format?: Format) =>
      (
        await judged(
          { P: [{ out, whole }], ...(format === undefined ? {} : { format }) },
          "suite.passes",
        )
      ).said;
    expect([await said(true, "tap"), await said(false, "tap")]).toEqual(["TRUE", "VACUOUS"]);
    expect([await said(true), await said(false)]).toEqual(["TRUE", "VACUOUS"]);
  });
});

describe("a test that fails now and then", () => {
  const at = { format: "junit", path: "out/unit.xml" } as const;
  test("and failed so before the run accuses nobody", async () => {
    const seen = await judged({ ...at, P: [red], S: [green, green, red] }, "suite.passes");
    expect(seen).toMatchObject({ said: "FLAKY", calls: { P: 3, S: 3 } });
  });
  test("that passed each time before the run, and fails each time after it, was broken", async () => {
    const seen = await judged({ ...at, P: [red], S: [green] }, "suite.passes");
    expect(seen).toMatchObject({ said: "FALSE", calls: { P: 3, S: 3 } });
  });
  test("beside others that do, each attempt red by another, accuses nobody", async () => {
    const other = { exit: 1, results: [junit(one("a", fails) + one("b"))] };
    const seen = await judged({ ...at, P: [red, other, red], S: [green] }, "suite.passes");
    expect(seen.said).toBe("FLAKY");
    const both = { exit: 1, results: [junit(one("a", fails) + one("b", fails))] };
    expect(await judged({ ...at, P: [red, both], S: [green] }, "suite.passes")).toMatchObject({
      said: "FALSE",
    });
  });
  test("an exit and an output too", async () => {
    const P = [{ exit: 1, out: "no" }];
    const S = [{ out: "yes" }, { exit: 1, out: "no" }];
    for (const [type, args] of [
      ["cmd.exit", { value: 0 }],
      ["cmd.output", { literal: "yes" }],
    ] as const) {
      expect(await judged({ P, S }, type, args)).toMatchObject({ said: "FLAKY" });
      expect(await judged({ P, S: [{ out: "yes" }] }, type, args)).toMatchObject({ said: "FALSE" });
    }
  });
  test("a build too", async () => {
    const S = [{}, { exit: 1 }];
    expect(await judged({ P: [{ exit: 1 }], S }, "build.passes")).toMatchObject({ said: "FLAKY" });
    expect(await judged({ P: [{ exit: 1 }], S: [{}] }, "build.passes")).toMatchObject({
      said: "FALSE",
    });
  });
});

describe("a summary for people", () => {
  const says = (text: string, exit = 0) => ({ out: text, exit });
  test.each<readonly [string, Asked, Record<string, unknown>, string]>([
    ["passes", { P: [says("Tests  3 passed (3)\n")] }, {}, "TRUE"],
    [
      "of the last of several suites says nothing of how many there are",
      { P: [says("Tests  100 passed (100)\nTests  3 passed (3)\n")] },
      { min: 100 },
      "AMBIGUOUS",
    ],
    [
      "of an inner run that fails, as it should",
      {
        P: [says("Tests  3 passed (3)\n… Tests\nTests  1 failed (1)\n")],
        S: [says("Tests  3 passed (3)\n")],
      },
      {},
      "AMBIGUOUS",
    ],
    [
      "that Python expects failures",
      { P: [{ err: "Ran 3 tests in 0.1s\n\nOK (expected failures=1)\n" }] },
      {},
      "TRUE",
    ],
  ])("%s", async (_, asked, args, wanted) => {
    const { said, observed } = await judged(asked, "suite.passes", args);
    expect([said, observed]).toEqual([wanted, observed]);
  });
});

describe("a test by name", () => {
  const at = { format: "junit", path: "out/unit.xml" } as const;
  test("that another file has too is new where there are two of it now", async () => {
    const [S, P] = [[{ results: [junit(one("a"))] }], [{ results: [junit(one("a") + one("a"))] }]];
    expect(await judged({ ...at, P, S }, "test.added", { id: "a" })).toMatchObject({
      said: "TRUE",
    });
    expect(await judged({ ...at, P: S, S }, "test.added", { id: "a" })).toMatchObject({
      said: "FALSE",
    });
    expect(await judged({ ...at, P, S }, "test.added", { count: 2 })).toMatchObject({
      said: "FALSE",
    });
  });
  test("that stands in the claims file alone was not written", async () => {
    const S = [{ results: [junit(one("a"))] }];
    const end = { "src/a.js": "2", ".wingman/claims/x/y/z.jsonl": "never written" };
    expect(
      await judged({ ...at, P: S, S, end }, "test.added", { id: "never written" }),
    ).toMatchObject({ said: "FALSE" });
  });
  test.each(["tests/test_a.py::TestX::test_m[a.b]", "TestX::test_m[a.b]", "test_m[a.b]"])(
    "as pytest calls it: %s",
    async (id) => {
      const P = [
        {
          results: [
            '<testsuite name="pytest"><testcase classname="tests.test_a.TestX" name="test_m[a.b]"/></testsuite>',
          ],
        },
      ];
      const { said } = await judged({ ...at, P }, "test.passes", { id });
      expect(["TRUE", "AMBIGUOUS"]).toContain(said);
      if (id.startsWith("tests/")) expect(said).toBe("TRUE");
    },
  );
  test("as surefire calls it", async () => {
    const P = [
      {
        results: [
          '<testsuite name="com.acme.KeysTest"><testcase classname="com.acme.KeysTest" name="rotates"/></testsuite>',
        ],
      },
    ];
    const said = async (id: string) => (await judged({ ...at, P }, "test.passes", { id })).said;
    expect(await said("com.acme.KeysTest#rotates")).toBe("TRUE");
    expect(await said("com.acme.KeysTest#turns")).not.toBe("FALSE");
  });
});

describe("coverage", () => {
  const lcov = (hit: number, all: number) => `SF:a.js\nLF:${all}\nLH:${hit}\nend_of_record\n`;
  const covered = (coverage: string, more: Ended = {}): Asked => ({
    P: [{ coverage, ...more }],
    coverage: "coverage/lcov.info",
  });
  test.each<readonly [string, Asked, string, string]>([
    ["reached", covered(lcov(2, 3)), "66.66", "TRUE"],
    ["rounded up by a tool", covered(lcov(2, 3)), "66.67", "AMBIGUOUS"],
    ["rounded to a whole percent", covered(lcov(2, 3)), "67", "AMBIGUOUS"],
    ["not reached", covered(lcov(2, 3)), "67.5", "FALSE"],
    [
      "less where the network is cut off",
      covered(lcov(2, 3), { err: "connect ECONNREFUSED 127.0.0.1:5432" }),
      "90",
      "UNREACHABLE",
    ],
    [
      "less where tests are skipped",
      covered(lcov(2, 3), { out: "Tests  1 skipped | 2 passed (3)\n" }),
      "90",
      "AMBIGUOUS",
    ],
    ["more than there is", covered(lcov(9, 3)), "90", "NO_WITNESS"],
    ["cut off", covered(lcov(3, 3).slice(0, -9)), "90", "NO_WITNESS"],
    [
      "printed as a table, where a report is named",
      {
        P: [{ out: "# duration_ms 1\n# all files | 100.00 | 100.00 | 100.00 |\n" }],
        coverage: "c",
      },
      "90",
      "NO_WITNESS",
    ],
  ])("%s", async (_, asked, value, wanted) => {
    const { said, observed } = await judged(asked, "coverage.lines", { op: ">=", value });
    expect([said, observed]).toEqual([wanted, observed]);
  });
});
