/** The layer rule finds what is planted, where it is planted, and nothing in clean rooms. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { judgeLayers } from "../layers.mjs";
import { codeOnly, importsOf } from "../source-text.mjs";

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

const CLEAN = {
  "packages/model/package.json": '{"dependencies": {"yaml": "1"}}',
  "packages/model/src/index.ts": 'export * from "./a.ts";\n',
  "packages/model/src/a.ts": 'import { parse } from "yaml";\nexport const a = parse;\n',
  "packages/gate/package.json": '{"dependencies": {"@wingman/model": "workspace:*"}}',
  "packages/gate/src/index.ts": 'import type { A } from "@wingman/model";\nexport type B = A;\n',
};

function judge(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), "wingman-layers-"));
  made.push(root);
  for (const [path, text] of Object.entries({ ...CLEAN, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { violations } = judgeLayers(root);
  return violations.map(({ file, line, what }) => `${file}:${line} ${what}`);
}

test("clean rooms have no violation", () => {
  expect(judge({})).toEqual([]);
});

const PLANTED: readonly [string, Record<string, string>, string][] = [
  [
    "a room of the middle imports another",
    { "packages/gate/src/b.ts": '\nimport { x } from "@wingman/git";\nexport const b = x;\n' },
    "packages/gate/src/b.ts:2 gate may not import git",
  ],
  [
    "a type import counts as well",
    { "packages/model/src/b.ts": 'import type { X } from "@wingman/gate";\nexport type Y = X;\n' },
    "packages/model/src/b.ts:1 model may not import gate",
  ],
  [
    "a dynamic import counts as well",
    { "packages/gate/src/b.ts": 'export const b = () => import("@wingman/ledger");\n' },
    "packages/gate/src/b.ts:1 gate may not import ledger",
  ],
  [
    "an import inside a template's expression",
    {
      "packages/gate/src/b.ts":
        'export const b = async () => `${(await import("@wingman/git")).x}`;\n',
    },
    "packages/gate/src/b.ts:1 gate may not import git",
  ],
  [
    "a manifest names a room that it may not",
    {
      "packages/gate/package.json":
        '{\n  "dependencies": {\n    "@wingman/model": "1",\n    "@wingman/audit": "1"\n  }\n}',
    },
    "packages/gate/package.json:4 gate may not depend on audit",
  ],
  [
    "a room without a row",
    { "packages/extra/package.json": "{}", "packages/extra/src/a.ts": "export const a = 1;\n" },
    "packages/extra/package.json:1 room extra has no row in the layer table",
  ],
  [
    "a relative import leaves the package",
    { "packages/gate/src/b.ts": 'export * from "../../model/src/a.ts";\n' },
    'packages/gate/src/b.ts:1 "../../model/src/a.ts" leaves the package: import it by its name',
  ],
  [
    "a deep import reaches past the door",
    { "packages/gate/src/b.ts": 'export * from "@wingman/model/src/a.ts";\n' },
    'packages/gate/src/b.ts:1 "@wingman/model/src/a.ts" reaches past the door of model: import "@wingman/model"',
  ],
  [
    "process outside the cli",
    { "packages/gate/src/b.ts": "export const b =\n  process.env;\n" },
    "packages/gate/src/b.ts:2 only the cli touches process",
  ],
  [
    "process by its module",
    { "packages/gate/src/b.ts": 'import { env } from "node:process";\nexport const b = env;\n' },
    "packages/gate/src/b.ts:1 only the cli touches process",
  ],
  [
    "a process started outside git's room",
    { "packages/gate/src/b.ts": 'export { spawn } from "node:child_process";\n' },
    "packages/gate/src/b.ts:1 node:child_process outside packages/git: git is its only door",
  ],
  [
    "model reads the disk",
    { "packages/model/src/b.ts": 'export { readFileSync } from "node:fs";\n' },
    "packages/model/src/b.ts:1 model is pure: node:fs is not allowed in it",
  ],
  [
    "model looks at the clock",
    { "packages/model/src/b.ts": "export const b = () => Date.now();\n" },
    "packages/model/src/b.ts:1 model is pure: no clock, chance or network",
  ],
  [
    "a default export",
    { "packages/gate/src/b.ts": "export default 1;\n" },
    "packages/gate/src/b.ts:1 named exports only: no default export",
  ],
  [
    "a file that is named after nothing",
    { "packages/gate/src/rule-helper.ts": "export const b = 1;\n" },
    'packages/gate/src/rule-helper.ts:1 a file called "helper" says nothing of what is in it: name it after its main export',
  ],
  [
    "an import circle",
    {
      "packages/gate/src/b.ts": 'import { c } from "./c.ts";\nexport const b = () => c;\n',
      "packages/gate/src/c.ts": 'import { b } from "./b.ts";\nexport const c = () => b;\n',
    },
    "packages/gate/src/c.ts:1 import circle: packages/gate/src/b.ts -> packages/gate/src/c.ts -> packages/gate/src/b.ts",
  ],
  [
    "an undeclared dependency",
    { "packages/gate/src/b.ts": 'export * from "yaml";\n' },
    "packages/gate/src/b.ts:1 yaml is not among the dependencies of gate",
  ],
];

test.each(PLANTED)("%s", (_title, files, expected) => {
  expect(judge(files)).toEqual([expected]);
});

test("tests may use the test tools and process; words in texts are no code", () => {
  const files = {
    "packages/gate/test/b.test.ts":
      'import { test } from "vitest";\nimport { newRepository } from "@wingman/testkit";\nimport { b } from "../src/index.ts";\nexport const c = [process.env, test, newRepository, b];\n',
    "packages/gate/src/c.ts":
      '// import { x } from "@wingman/git"; process.exit()\nexport const c = `process.exit ${"export default"}`;\nexport const d = /process\\.exit/;\n',
  };
  expect(judge(files)).toEqual([]);
});

test("lazy and erased imports make no circle", () => {
  const files = {
    "packages/gate/src/b.ts": 'import type { C } from "./c.ts";\nexport const b = (c: C) => c;\n',
    "packages/gate/src/c.ts": 'export type C = 1;\nexport const c = () => import("./b.ts");\n',
  };
  expect(judge(files)).toEqual([]);
});

test("blanking keeps every line and offset", () => {
  const source =
    'const a = "x\\"y"; // c\nconst b = `p${a ? `q${1}` : "r"}s`;\nconst c = 4 / 2 / 1;\n/* é😀 */ f(/["/]/);\n';
  const code = codeOnly(source);
  expect(code).toHaveLength(source.length);
  expect(code.split("\n")).toHaveLength(source.split("\n").length);
  expect(code).toContain("const c = 4 / 2 / 1;");
  expect(code).not.toMatch(/[xyqrps]"|😀/);
});

test("every shape of import is seen with its line", () => {
  const source =
    'import "a";\nimport b, {\n  c,\n} from "b";\nexport * as d from "d";\nconst e = require("e");\nawait import("f");\nawait import(e);\nimport type { G } from "g";\n';
  expect(importsOf(source)).toEqual([
    { name: "a", line: 1, erased: false, dynamic: false },
    { name: "b", line: 2, erased: false, dynamic: false },
    { name: "d", line: 5, erased: false, dynamic: false },
    { name: "e", line: 6, erased: false, dynamic: true },
    { name: "f", line: 7, erased: false, dynamic: true },
    { name: undefined, line: 8, erased: false, dynamic: true },
    { name: "g", line: 9, erased: true, dynamic: false },
  ]);
});
