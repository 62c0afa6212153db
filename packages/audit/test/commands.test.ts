/**
 * Claims that rest on a command, with a runner that answers from a table: what is TRUE, what is FALSE, and
 * all that an honest or hostile worker does that must be neither.
 */
import type { FileLiteral, Policy } from "@wingman/model";
import { builtInPolicy } from "@wingman/model";
import { describe, expect, test } from "vitest";
import type { Reach } from "../src/index.ts";
import { judgeClaim, stageOf } from "../src/index.ts";
import { runOf } from "./run-literal.ts";

type Tree = Record<string, FileLiteral>;
/** Name to outcome, with a message after a colon: `fail: expected 3`. */
type Tests = Record<string, string>;
/** One end, or one for each attempt; a reason where it could not be looked at. */
type End = { tests?: Tests; exit?: number; out?: string; err?: string; lacks?: string[] } | string;

interface World {
  start?: Tree;
  end?: Tree;
  /** At P, at P with the tests from before, at S, at S with the run's tests. */
  P?: End | End[];
  old?: End;
  S?: End;
  bare?: End;
  /** With wrong expectations in the tests from before: over P, over S. They fail unless told. */
  deaf?: End;
  control?: End;
  commands?: Policy["commands"];
  attempts?: number;
}

const SRC = { "src/a.js": "old" };
const END = { "src/a.js": "new" };

function tapOf(tests: Tests): string {
  const lines = Object.entries(tests).flatMap(([name, said], at) => {
    const [outcome, ...message] = said.split(": ");
    const ok = outcome === "fail" ? "not ok" : "ok";
    const skip = outcome === "skip" ? " # SKIP" : "";
    const block = message.length === 0 ? [] : ["  ---", `  error: ${message.join(": ")}`, "  ..."];
    return [`${ok} ${at + 1} - ${name}${skip}`, ...block];
  });
  return ["TAP version 13", ...lines, `1..${Object.keys(tests).length}`, ""].join("\n");
}

async function judged(world: World, type: string, args: Record<string, unknown> = {}) {
  const run = await runOf({ start: world.start ?? SRC, end: world.end ?? END });
  const calls = new Map<string, number>();
  const reach: Reach = {
    commands: {
      run: async (_command, at) => {
        const which =
          at.tree.id === run.end.tree.id
            ? at.over === undefined
              ? "P"
              : "old"
            : at.tree.id === run.start.tree.id
              ? at.over === undefined
                ? "S"
                : "bare"
              : at.over === undefined
                ? "control"
                : "deaf";
        const call = calls.get(which) ?? 0;
        calls.set(which, call + 1);
        const told =
          world[which] ??
          {
            old: world.P,
            bare: world.S,
            deaf: { exit: 1 },
            control: { exit: 1 },
            P: undefined,
            S: undefined,
          }[which];
        const end = (Array.isArray(told) ? (told[call] ?? told.at(-1)) : told) ?? {
          exit: 1,
          out: "",
        };
        if (typeof end === "string") return { reason: end as "TIMEOUT", why: "not seen" };
        const failed = Object.values(end.tests ?? {}).some((one) => one.startsWith("fail"));
        const bytes = Buffer.from(end.tests === undefined ? (end.out ?? "") : tapOf(end.tests));
        return {
          seen: {
            exit: end.exit ?? (failed ? 1 : 0),
            ms: call,
            stdout: { sha256: "0".repeat(64), bytes, whole: true },
            stderr: Buffer.from(end.err ?? ""),
            lacks: end.lacks ?? [],
            enclosure: "enclosed",
          },
        };
      },
    },
  };
  const commands = world.commands ?? {
    unit: { run: ["node", "--test"], results: { format: "tap" } },
  };
  const audit = { ...builtInPolicy.audit, attempts: world.attempts ?? 3 };
  const policy = { ...builtInPolicy, commands, audit };
  const { observation } = await judgeClaim(stageOf(run, { policy, reach }), {
    type,
    args: type === "test.intact" ? args : { command: "unit", ...args },
  });
  return { said: observation.reason ?? observation.answer, observed: observation.observed, calls };
}

/** Rows of one length: the pattern that is shown may be left out. */
function pad4<A, B, C, D>(
  rows: readonly (readonly [A, B, C, D?])[],
): readonly (readonly [A, B, C, D | undefined])[] {
  return rows.map(([a, b, c, d]) => [a, b, c, d] as const);
}

const two = { one: "pass", two: "pass" };
const red = { one: "pass", two: "fail: expected 3, got 4" };
const plain = (P: End | End[], S: End): World => ({ P, S });

describe("suite.passes", () => {
  const rows: readonly (readonly [string, World, string, RegExp | undefined])[] = pad4([
    ["all pass, as before", plain({ tests: two }, { tests: two }), "TRUE"],
    ["all pass, none before", plain({ tests: two }, { exit: 1, out: "" }), "TRUE"],
    ["a test broke", plain({ tests: red }, { tests: two }), "FALSE", /two/],
    ["a new test fails", plain({ tests: red }, { tests: { one: "pass" } }), "FALSE"],
    ["it failed before as well", plain({ tests: red }, { tests: red }), "NO_WITNESS"],
    ["what it did before cannot be seen", plain({ tests: red }, "TIMEOUT"), "NO_WITNESS"],
    ["attempts disagree", plain([{ tests: red }, { tests: two }], { tests: two }), "FLAKY"],
    ["it takes too long", plain("TIMEOUT", { tests: two }), "TIMEOUT"],
    [
      "a later attempt takes too long",
      plain([{ tests: red }, "TIMEOUT"], { tests: two }),
      "TIMEOUT",
    ],
    ["nothing collected", plain({ out: "TAP version 13\n1..0\n" }, { tests: two }), "VACUOUS"],
    ["nothing counted", plain({ out: "fine" }, { out: "fine" }), "VACUOUS", /no whole tap report/],
    [
      "the runner is not installed",
      plain(
        { tests: { "a.test.js": "fail: Cannot find package 'vitest' imported from a" } },
        { tests: two },
      ),
      "TOOL_MISSING",
    ],
    [
      "no network",
      plain({ tests: { a: "fail: getaddrinfo EAI_AGAIN registry" } }, { tests: two }),
      "UNREACHABLE",
    ],
    [
      "no repository in a clean copy",
      plain({ tests: { a: "fail: fatal: not a git repository" } }, { tests: two }),
      "NO_WITNESS",
    ],
    [
      "one by its surroundings, one by itself",
      plain(
        { tests: { a: "fail: connect ECONNREFUSED 127.0.0.1:5432", b: "fail: 1 !== 2" } },
        { tests: two },
      ),
      "FALSE",
      /: b/,
    ],
    [
      "a file of its own that was never committed",
      plain(
        {
          tests: { a: "fail: Cannot find module '/copy/src/b.mjs' imported from /copy/test/a.mjs" },
        },
        { tests: two },
      ),
      "FALSE",
    ],
    [
      "what a build makes is not there",
      plain({ tests: { a: "fail: Cannot find module '/copy/dist/b.mjs'" } }, { tests: two }),
      "TOOL_MISSING",
    ],
    [
      "the copy lacks a submodule",
      plain({ tests: red, lacks: ["the submodule lib"] }, { tests: two }),
      "NO_WITNESS",
      /submodule/,
    ],
    [
      "every test passes, and yet it ends with 1",
      plain({ tests: two, exit: 1 }, { tests: two }),
      "AMBIGUOUS",
    ],
    ["tests fail, and yet it ends with 0", plain({ tests: red, exit: 0 }, { tests: two }), "FALSE"],
    [
      "fewer tests than before",
      plain({ tests: { one: "pass" } }, { tests: two }),
      "WITNESS_TAMPERED",
      /two/,
    ],
    [
      "more skips than before",
      plain({ tests: { one: "pass", two: "skip" } }, { tests: two }),
      "WITNESS_TAMPERED",
    ],
    [
      "the base's own tests fail",
      {
        start: { ...SRC, "test/a.js": "assert(1)" },
        end: { ...END, "test/a.js": "assert(2)" },
        P: { tests: two },
        S: { tests: two },
        old: { tests: red },
      },
      "WITNESS_TAMPERED",
      /two/,
    ],
    [
      "the base's own tests pass too",
      {
        start: { ...SRC, "test/a.js": "assert(1)" },
        end: { ...END, "test/a.js": "assert(2)" },
        P: { tests: two },
        S: { tests: two },
      },
      "TRUE",
    ],
    [
      "a command that the policy does not name",
      { ...plain({ tests: two }, { tests: two }), commands: {} },
      "NOT_ALLOWED",
    ],
    [
      "a command named like what every object has",
      {
        ...plain({ tests: two }, { tests: two }),
        commands: Object.create(null) as Policy["commands"],
      },
      "NOT_ALLOWED",
    ],
  ]);
  test.each(rows)("%s", async (_, world, wanted, observed) => {
    const { said, observed: seen } = await judged(world, "suite.passes");
    expect([said, seen]).toEqual([wanted, seen]);
    if (observed !== undefined) expect(seen).toMatch(observed);
  });

  test("only what passes at all is asked once; a contradiction is asked as often as the policy says", async () => {
    const green = await judged(plain({ tests: two }, { tests: two }), "suite.passes");
    expect([...green.calls]).toEqual([
      ["P", 1],
      ["S", 1],
    ]);
    const broken = await judged(
      { ...plain({ tests: red }, { tests: two }), attempts: 5 },
      "suite.passes",
    );
    expect(broken.calls.get("P")).toBe(5);
  });

  test("at least so many", async () => {
    const world = plain({ tests: two }, { tests: two });
    expect((await judged(world, "suite.passes", { min: 2 })).said).toBe("TRUE");
    expect((await judged(world, "suite.passes", { min: 3 })).said).toBe("FALSE");
  });
});

describe("a witness that the run changed", () => {
  const T = "test/a.test.js";
  const rows: readonly (readonly [string, Tree, Tree, RegExp | undefined])[] = pad4([
    ["a test is skipped", { [T]: "test('a', f)" }, { [T]: "test.skip('a', f)" }, /skipped/],
    ["only one is run", { [T]: "it('a')" }, { [T]: "it.only('a')" }],
    [
      "pytest's mark",
      { "test_a.py": "def test(): pass" },
      { "test_a.py": "@pytest.mark.skip\ndef test(): pass" },
    ],
    ["Go", { "a_test.go": "x" }, { "a_test.go": "x\n\tt.Skip()" }],
    ["Rust", { "tests/a.rs": "#[test]" }, { "tests/a.rs": "#[test]\n#[ignore]" }],
    ["a test file goes", { [T]: "assert(1)" }, {}, /removed/],
    ["asserts less", { [T]: "assert(1);\nassert(2);" }, { [T]: "assert(1);" }, /2 → 1/],
    [
      "a snapshot is rewritten",
      { "__snapshots__/a.snap": "1" },
      { "__snapshots__/a.snap": "2" },
      /snapshot/,
    ],
    [
      "the runner's configuration",
      { "vitest.config.ts": "a" },
      { "vitest.config.ts": "b" },
      /configures/,
    ],
    ["a conftest comes", {}, { "conftest.py": "x" }, /configures/],
    [
      "the script of the manifest",
      { "package.json": '{"scripts":{"test":"a"}}' },
      { "package.json": '{"scripts":{"test":"b"}}' },
      /scripts/,
    ],
    ["it ends itself as a success", {}, { "src/b.js": "process.exit(0)" }, /src\/b\.js:1/],
    ["Python ends itself", {}, { "src/b.py": "import sys\nsys.exit(0)" }, /:2/],
    ["a failure is swallowed", { "run.sh": "t" }, { "run.sh": "t || true" }, /swallowed/],
    ["results are written by hand", {}, { "src/b.js": 'console.log("TAP version 13")' }],
    ["the runner is patched", {}, { "src/b.js": 'process.on("exit", () => {})' }],
  ]);
  test.each(rows)("%s", async (_, start, end, shown) => {
    const world = {
      ...plain({ tests: two }, { tests: two }),
      start: { ...SRC, ...start },
      end: { ...END, ...end },
    };
    const { said, observed } = await judged(world, "suite.passes");
    expect([said, observed]).toEqual(["WITNESS_TAMPERED", observed]);
    if (shown !== undefined) expect(observed).toMatch(shown);
    const failing = await judged({ ...world, P: { tests: red } }, "suite.passes");
    expect(failing.said).toBe("FALSE");
  });

  test("a suite that passes whatever its tests expect is deaf; one that always did is not", async () => {
    const start = { ...SRC, [T]: "test('adds', () => equal(sum(1, 2), 3))" };
    const world = { ...plain({ tests: two }, { tests: two }), start, end: { ...start, ...END } };
    const green = { tests: two };
    const deaf = await judged({ ...world, deaf: green }, "suite.passes");
    expect([deaf.said, deaf.observed]).toEqual([
      "WITNESS_TAMPERED",
      expect.stringContaining("whatever they expect"),
    ]);
    expect((await judged({ ...world, deaf: green }, "test.passes", { id: "one" })).said).toBe(
      "WITNESS_TAMPERED",
    );
    expect((await judged({ ...world, deaf: green, control: green }, "suite.passes")).said).toBe(
      "TRUE",
    );
    expect((await judged({ ...world, deaf: green, S: { tests: red } }, "suite.passes")).said).toBe(
      "TRUE",
    );
    expect((await judged({ ...world, deaf: "TIMEOUT" }, "suite.passes")).said).toBe("TRUE");
  });

  test("tests that no longer run are not made good by as many new ones", async () => {
    const world = {
      ...plain({ tests: { x: "pass", y: "pass", "a.js": "pass" } }, { tests: two }),
      end: { ...END, "test/new.js": "test('x'); test('y')" },
      old: { tests: { "a.js": "pass" } },
    };
    const { said, observed } = await judged(world, "suite.passes");
    expect([said, observed]).toEqual(["WITNESS_TAMPERED", expect.stringContaining("2 ran, and 1")]);
  });

  test.each<readonly [string, string, string]>([
    ["behind a comment", "assert(1);", "// assert(1);"],
    ["behind a condition", "assert(1);", "if (false) {\nassert(1);\n}"],
    ["behind a return", "assert(1);", "return;\nassert(1);"],
    ["with another value", "assert(x, 1);", "assert(x, 2);"],
    ["with its failure taken", "assert(1);", "try {\nassert(1);\n} catch {}"],
    ["within a longer comment", "assert(1);", "/*\nassert(1);\n*/"],
  ])("test.intact is not TRUE of an assertion %s", async (_, before, after) => {
    const world = { ...plain({}, {}), start: { ...SRC, [T]: before }, end: { ...END, [T]: after } };
    expect((await judged(world, "test.intact")).said).toBe("WITNESS_TAMPERED");
  });

  test("a test that moved with its code is the same test; one that asks other code is not", async () => {
    const asks = (path: string): string => `import { f } from '${path}';\nequal(f(1), 1);`;
    const red = { tests: { one: "fail: no such file" } };
    const start = { "src/a.js": "old", [T]: asks("../src/a.js") };
    const moved = { "src/b.js": "old", "test/b.test.js": asks("../src/b.js") };
    const world = { ...plain({ tests: two }, { tests: two }), old: red, start };
    expect((await judged({ ...world, end: moved }, "suite.passes")).said).toBe("TRUE");
    const other = { ...moved, "src/a.js": "broken" };
    expect((await judged({ ...world, end: other }, "suite.passes")).said).toBe("WITNESS_TAMPERED");
  });

  test.each<readonly [string, Tree, Tree]>([
    ["an assertion is patched", {}, { "src/b.js": "assert.equal = () => {}" }],
    ["code asks for the runner", {}, { "src/b.js": "if (process.env.VITEST) cheat()" }],
    [
      "a helper asserts less",
      { "lib/c.js": "import a from 'node:assert';\na.equal(1);\nassert(2)" },
      { "lib/c.js": "import a from 'node:assert';" },
    ],
    ["a module stands in for the runner", {}, { "pytest.py": "print(1)" }],
    ["a package stands in the tree", {}, { "node_modules/chai/index.js": "1" }],
    [
      "a new script before the old",
      { "package.json": '{"scripts":{"test":"a"}}' },
      { "package.json": '{"scripts":{"test":"a","pretest":"b"}}' },
    ],
    [
      "assertions of pytest go",
      { "test_a.py": "    assert 1 == x\n    assert 2 == y" },
      { "test_a.py": "    assert 1 == x" },
    ],
    [
      "TOML decides how tests run",
      { "pyproject.toml": "[project]\na=1" },
      { "pyproject.toml": "[project]\na=1\n[tool.pytest.ini_options]\naddopts='-k x'" },
    ],
    [
      "two files go, one's assertions stay",
      { [T]: "assert(1)", "test/b.test.js": "assert(1)" },
      { "test/c.test.js": "assert(1)" },
    ],
  ])("%s", async (_, start, end) => {
    const world = {
      ...plain({ tests: two }, { tests: two }),
      start: { ...SRC, ...start },
      end: { ...END, ...end },
    };
    expect(await judged(world, "suite.passes")).toMatchObject({ said: "WITNESS_TAMPERED" });
  });

  test.each<readonly [string, Tree, Tree]>([
    ["a test file moves", { [T]: "assert(1)" }, { "test/b.test.js": "assert(1)" }],
    [
      "a test file is split",
      { [T]: "assert(1);\nassert(2)" },
      { "test/b.test.js": "assert(1);", "test/c.test.js": "assert(2)" },
    ],
    ["style", {}, { ".prettierrc": "{}", ".eslintrc.json": "{}", Dockerfile: "FROM scratch" }],
    [
      "a script that nothing runs",
      { "package.json": '{"scripts":{"test":"a"}}' },
      { "package.json": '{"scripts":{"test":"a","dev":"b"}}' },
    ],
    ["a default", {}, { "src/b.js": "export const on = (o) => o.a || true;" }],
    [
      "a dependency",
      { "pyproject.toml": "[project]\ndependencies = ['a']" },
      { "pyproject.toml": "[project]\ndependencies = ['a', 'b']" },
    ],
    [
      "a crate",
      { "Cargo.toml": "[package]\nname='a'\n[dependencies]" },
      { "Cargo.toml": "[package]\nname='a'\n[dependencies]\nserde = '1'" },
    ],
    ["a test more", { [T]: "assert(1)" }, { [T]: "assert(1);\nassert(2)" }],
    ["a test file more", {}, { [T]: "assert(1)" }],
    ["words in prose", {}, { "docs/x.md": "use it.skip and || true and process.exit(0)" }],
    [
      "a skip that was there before",
      { [T]: "test.skip('a')" },
      { [T]: "test.skip('a')\ntest('b')" },
    ],
    [
      "a version in the manifest",
      { "package.json": '{"version":"1"}' },
      { "package.json": '{"version":"2"}' },
    ],
    ["an exit with a failure", {}, { "src/b.js": "process.exit(1)" }],
  ])("honest: %s", async (_, start, end) => {
    const world = {
      ...plain({ tests: two }, { tests: two }),
      start: { ...SRC, ...start },
      end: { ...END, ...end },
    };
    expect(await judged(world, "suite.passes")).toMatchObject({ said: "TRUE" });
  });

  test("a linter is silenced, a threshold's lines are taken out", async () => {
    const out = { exit: 0, out: "" };
    const commands = { unit: { run: ["lint"] } };
    const world = {
      ...plain(out, out),
      commands,
      end: { ...END, "src/b.ts": "// eslint-disable-next-line\nx" },
    };
    expect((await judged(world, "lint.passes")).said).toBe("WITNESS_TAMPERED");
    expect((await judged(world, "build.passes")).said).toBe("TRUE");
    expect((await judged({ ...world, end: END }, "types.pass")).said).toBe("TRUE");
    const bad = { ...plain({ exit: 2, out: "3 errors" }, out), commands };
    expect((await judged(bad, "lint.passes")).said).toBe("FALSE");
    expect((await judged({ ...bad, S: { exit: 2, out: "3 errors" } }, "lint.passes")).said).toBe(
      "NO_WITNESS",
    );
  });
});

describe("a failure that may be the auditor's surroundings", () => {
  const T = "test/a.test.js";
  const fresh = plain({ tests: { ...two, three: "fail: 1 !== 2" } }, { tests: two });
  test.each<readonly [string, Tree]>([
    ["time zone", { [T]: "equal(new Date(0).getHours(), 1)" }],
    ["language", { [T]: "equal((1.5).toLocaleString(), '1,5')" }],
    ["environment", { [T]: "ok(process.env.DATABASE_URL)" }],
    [
      "environment, in the code that is tested",
      { "src/url.js": "export const url = () => process.env.URL;" },
    ],
    ["name of the folder", { [T]: "equal(basename(process.cwd()), 'shop')" }],
    ["terminal", { [T]: "ok(process.stdout.isTTY)" }],
    ["repository", { [T]: "ok(existsSync('.git'))" }],
    ["times of files", { [T]: "ok(statSync('a').mtimeMs < 5)" }],
    ["user", { [T]: "equal(process.getuid(), 1000)" }],
    ["another program", { [T]: "equal(spawnSync('ffmpeg').status, 0)" }],
    ["chance", { [T]: "ok(Math.random() < 0.5)" }],
    ["a newer language", { [T]: "equal(new Set(a).union(b).size, 3)" }],
    ["Python", { "test_a.py": "import os\ndef test():\n    assert os.environ['DB']" }],
    ["Go", { "a_test.go": 'if os.Getenv("DB") == "" {' }],
    ["shell", { "test/run.sh": '[ "$(date +%Z)" = CET ]' }],
  ])("%s", async (_, brought) => {
    const { said, observed } = await judged(
      { ...fresh, end: { ...END, ...brought } },
      "suite.passes",
    );
    expect([said, observed]).toEqual(["NO_WITNESS", expect.stringContaining(" reads ")]);
  });

  test("what a changed test imports is looked through; what nobody imports is not", async () => {
    const clock = { "src/hour.js": "export const hour = (ms) => new Date(ms).getHours();" };
    const start = { ...SRC, ...clock };
    const asks = "import { hour } from '../src/hour.js';\nequal(hour(0), 1);";
    const through = { ...fresh, start, end: { ...END, ...clock, [T]: asks } };
    expect((await judged(through, "suite.passes")).said).toBe("NO_WITNESS");
    const apart = { ...fresh, start, end: { ...END, ...clock, [T]: "equal(1, 2);" } };
    expect((await judged(apart, "suite.passes")).said).toBe("FALSE");
  });

  test("guards that were taken away count as well; comments and lock files do not", async () => {
    const guarded = { "src/a.js": "process.env.TZ = 'UTC';\nold" };
    const away = { ...fresh, start: guarded, end: END };
    expect((await judged(away, "suite.passes")).said).toBe("NO_WITNESS");
    const words = { "src/b.js": "// new Date\n1", "package-lock.json": '"https://a.example"' };
    const said = await judged({ ...fresh, end: { ...END, ...words } }, "suite.passes");
    expect(said.said).toBe("FALSE");
  });

  test.each([
    "Cannot find module '/copy/shop/src/Url.js' imported from /copy/shop/test/a.test.js",
    "ENOENT: no such file or directory, open 'SRC/url.js'",
  ])("a disk that folds case: %s", async (message) => {
    const world = plain({ tests: { ...two, three: `fail: ${message}` } }, { tests: two });
    const end = { ...END, "src/url.js": "1" };
    expect((await judged({ ...world, end }, "suite.passes")).said).toBe("NO_WITNESS");
    expect((await judged(world, "suite.passes")).said).toBe("FALSE");
  });

  test.each([
    'Unknown file extension ".ts" for /copy/a.test.ts',
    "The requested module 'node:util' does not provide an export named 'styleText'",
    "java.lang.OutOfMemoryError: Java heap space",
    "node: bad option: --experimental-strip-types",
  ])("an older or smaller machine: %s", async (message) => {
    const world = plain({ tests: { ...two, three: `fail: ${message}` } }, { tests: two });
    expect((await judged(world, "suite.passes")).said).toMatch(/^(TOOL_MISSING|BUDGET)$/);
  });
});

describe("tests by name", () => {
  test.each([
    ["tests/test_a.py::test_sum[1]", "tests.test_a › test_sum[1]"],
    ["tests/test_a.py::TestSum::test_sum", "tests.test_a.TestSum › test_sum"],
    ["za\u0308hlt", "z\u00e4hlt"],
  ])("%s is %s", async (id, name) => {
    const found = plain({ tests: { [name]: "pass" } }, { tests: {} });
    expect((await judged(found, "test.passes", { id })).said).toBe("TRUE");
  });
  const world = plain(
    { tests: { ...red, "keys › expire": "pass", three: "skip" } },
    { tests: { one: "pass" } },
  );
  test.each([
    ["one", "TRUE"],
    ["keys > expire", "TRUE"],
    ["expire", "TRUE"],
    ["two", "FALSE"],
    ["three", "VACUOUS"],
    ["no such test", "VACUOUS"],
    ["Keys.Expire", "AMBIGUOUS"],
  ])("test.passes %s", async (id, wanted) => {
    expect(await judged(world, "test.passes", { id })).toMatchObject({ said: wanted });
  });
  test.each([
    ["expire", "TRUE", /fail without/],
    ["one", "FALSE", /before the run already/],
    ["never written", "FALSE", /not among/],
    ["three", "VACUOUS", /skipped/],
  ])("test.added %s", async (id, wanted, shown) => {
    const all = { one: "pass", "keys › expire": "pass", three: "skip" };
    const { said, observed } = await judged(
      plain({ tests: all }, { tests: { one: "pass" } }),
      "test.added",
      { id },
    );
    expect(said).toBe(wanted);
    expect(observed).toMatch(shown);
  });
  test("a new test that passes without the change proves nothing, and that is said", async () => {
    const tests = { one: "pass", fresh: "pass" };
    const end = { ...END, "test/fresh.test.js": "fresh" };
    const more = { end, ...plain({ tests }, { tests: { one: "pass" } }), bare: { tests } };
    expect((await judged(more, "test.added", { id: "fresh" })).observed).toMatch(/prove nothing/);
    expect((await judged(more, "test.added", { count: 1 })).said).toBe("TRUE");
    expect((await judged(more, "test.added", { count: 2 })).said).toBe("FALSE");
  });
  test.each<readonly [string, End, Record<string, unknown>, string]>([
    [
      "the command leaves no report before the run",
      { exit: 1, out: "" },
      { id: "old one" },
      "NO_WITNESS",
    ],
    [
      "one of its files does not load before the run",
      { tests: { "old.js": "fail: SyntaxError" } },
      { id: "old one" },
      "NO_WITNESS",
    ],
    ["a number, of which some stood there", { exit: 1, out: "" }, { count: 2 }, "NO_WITNESS"],
    [
      "truly new beside one that does not load",
      { tests: { "old.js": "fail: SyntaxError" } },
      { id: "fresh" },
      "TRUE",
    ],
  ])("a test that stood there uncollected is not new: %s", async (_title, S, args, wanted) => {
    const start = { ...SRC, "test/old.js": "test('old one')" };
    const end = { ...END, ...start, "src/a.js": "new", "test/fresh.js": "test('fresh')" };
    const world = { ...plain({ tests: { "old one": "pass", fresh: "pass" } }, S), start, end };
    expect((await judged(world, "test.added", args)).said).toBe(wanted);
  });
  test("a test that is written and not collected accuses nobody", async () => {
    const end = { ...END, "test/e2e.js": "test('slow one')" };
    const { said } = await judged({ ...plain({ tests: two }, { tests: two }), end }, "test.added", {
      id: "slow one",
    });
    expect(said).toBe("VACUOUS");
  });
});

describe("commands", () => {
  test.each<readonly [string, World, string, Record<string, unknown>, string]>([
    ["ends so", plain({ exit: 3 }, { exit: 3 }), "cmd.exit", { value: 3 }, "TRUE"],
    ["ends well, not with 7", plain({ exit: 0 }, { exit: 0 }), "cmd.exit", { value: 7 }, "FALSE"],
    [
      "fails, and did not before",
      plain({ exit: 1 }, { exit: 0 }),
      "cmd.exit",
      { value: 0 },
      "FALSE",
    ],
    [
      "fails, and did before",
      plain({ exit: 1 }, { exit: 1 }),
      "cmd.exit",
      { value: 0 },
      "NO_WITNESS",
    ],
    [
      "fails by its surroundings",
      plain({ exit: 1, err: "npm: not found\n" }, { exit: 0 }),
      "cmd.exit",
      { value: 0 },
      "TOOL_MISSING",
    ],
    [
      "attempts disagree",
      plain([{ exit: 1 }, { exit: 0 }], { exit: 0 }),
      "cmd.exit",
      { value: 0 },
      "FLAKY",
    ],
    [
      "writes it",
      plain({ out: "0 failed" }, { out: "" }),
      "cmd.output",
      { literal: "0 failed" },
      "TRUE",
    ],
    [
      "does not write it",
      plain({ out: "1 failed" }, { out: "" }),
      "cmd.output",
      { literal: "0 failed" },
      "FALSE",
    ],
    [
      "writes it on its other stream",
      plain({ err: "v1.2" }, { out: "" }),
      "cmd.output",
      { pattern: "v\\d\\.\\d" },
      "TRUE",
    ],
    [
      "nothing to look for",
      plain({ out: "x" }, { out: "" }),
      "cmd.output",
      { literal: "" },
      "VACUOUS",
    ],
    [
      "a slow pattern",
      plain({ out: "a".repeat(20_000) }, { out: "" }),
      "cmd.output",
      { pattern: "(a*)*b" },
      "FALSE",
    ],
    [
      "another digest",
      plain({ out: "x" }, { out: "" }),
      "cmd.output",
      { sha256: "1".repeat(64) },
      "AMBIGUOUS",
    ],
  ])("%s", async (_, world, type, args, wanted) => {
    expect(await judged(world, type, args)).toMatchObject({ said: wanted });
  });
});
