/** What init derives and what it plans: pure functions, every case on values. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { originOfFolder, originOfUrl, policyBranchOf } from "../src/install-derive.ts";
import { type HookPlace, type PlanInput, planInstall } from "../src/install-plan.ts";

test.each([
  ["https://forge.example/acme/shop.git", "acme/shop"],
  ["https://user@forge.example:8443/acme/shop", "acme/shop"],
  ["https://forge.example/group/sub/shop.git/", "sub/shop"],
  ["git@forge.example:acme/shop.git", "acme/shop"],
  ["ssh://git@forge.example:2222/acme/shop.git", "acme/shop"],
  ["forge.example:shop.git", "shop"],
  ["/srv/git/acme/shop.git", "acme/shop"],
  ["file:///srv/git/shop.git", "shop"],
  ["../acme/shop.git", "acme/shop"],
  ["C:\\work\\acme\\shop", "acme/shop"],
  ["https://forge.example/acme/shop with space.git", "acme/shop-with-space"],
])("the name in %s is %s", (url, expected) => {
  expect(originOfUrl(url)).toBe(expected);
});

test.each([
  ["/srv/git/acme/shop.git", "acme/shop"],
  ["/srv/git/shop.git", "shop"],
  ["/home/mark/shop", "mark/shop"],
  ["/tmp/shop", "shop"],
  ["/acme/shop/.git", "acme/shop"],
])("the name of folder %s is %s", (folder, expected) => {
  expect(originOfFolder(folder)).toBe(expected);
});

test("whatever the address, the name is one that the policy accepts or none", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (url) => {
      const name = originOfUrl(url);
      if (name !== undefined) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/);
    }),
  );
});

const NOTHING = { configured: undefined, remoteHead: undefined, head: undefined, branches: [] };
test.each([
  [
    "a new bare repository names nothing",
    { bare: true, head: { branch: "master", born: false } },
    undefined,
  ],
  [
    "a bare one with an unborn HEAD and one branch",
    { bare: true, head: { branch: "master", born: false }, branches: ["main"] },
    "main",
  ],
  [
    "the ledger's branch does not count",
    { bare: true, head: { branch: "master", born: false }, branches: ["main", "wingman-ledger"] },
    "main",
  ],
  [
    "a bare one with an unborn HEAD and two branches",
    { bare: true, head: { branch: "master", born: false }, branches: ["main", "next"] },
    undefined,
  ],
  [
    "a bare one with a born HEAD",
    { bare: true, head: { branch: "trunk", born: true }, branches: ["main", "trunk"] },
    "trunk",
  ],
  [
    "what was configured wins",
    { bare: true, configured: "law", head: { branch: "trunk", born: true } },
    "law",
  ],
  [
    "a clone follows the remote's HEAD",
    {
      bare: false,
      remoteHead: "develop",
      head: { branch: "topic", born: true },
      branches: ["main", "topic"],
    },
    "develop",
  ],
  [
    "a new repository: the branch to be born",
    { bare: false, head: { branch: "main", born: false } },
    "main",
  ],
  [
    "a clone of an empty server: its master is nobody's choice",
    { bare: false, cloned: true, head: { branch: "master", born: false } },
    undefined,
  ],
  [
    "a clone of an empty server that names another branch",
    { bare: false, cloned: true, head: { branch: "main", born: false } },
    "main",
  ],
  [
    "a clone on a topic branch",
    { bare: false, head: { branch: "topic", born: true }, branches: ["main", "topic"] },
    "main",
  ],
  [
    "main beside master is for a person to say",
    { bare: false, head: { branch: "main", born: true }, branches: ["main", "master"] },
    undefined,
  ],
])("policy branch: %s", (_title, facts, expected) => {
  expect(policyBranchOf({ ...NOTHING, ...facts })).toBe(expected);
});

const HOOK: HookPlace = {
  hook: "pre-commit",
  path: "/r/.git/hooks/pre-commit",
  shown: ".git/hooks/pre-commit",
  state: "absent",
  chained: "absent",
};
const INPUT: PlanInput = {
  shim: "SHIM",
  program: { current: true, version: "1" },
  hooks: [],
  edits: [],
  files: [],
  config: [],
  head: undefined,
  key: undefined,
};
const kinds = (more: Partial<PlanInput>): string[] =>
  planInstall({ ...INPUT, ...more }).steps.map((step) => step.kind);

test("what stands is kept, what is due is planned", () => {
  expect(kinds({})).toEqual([]);
  expect(kinds({ program: { current: false, version: "2" } })).toEqual(["program"]);
  expect(kinds({ hooks: [HOOK] })).toEqual(["shim"]);
  expect(kinds({ hooks: [{ ...HOOK, state: "current", chained: "other" }] })).toEqual([]);
  expect(kinds({ hooks: [{ ...HOOK, state: "old", chained: "other" }] })).toEqual(["shim"]);
  expect(kinds({ hooks: [{ ...HOOK, state: "foreign" }] })).toEqual(["chain", "shim"]);
  expect(kinds({ hooks: [{ ...HOOK, state: "managed", chained: "other" }] })).toEqual([]);
  const edit = { path: "/r/lefthook.yml", shown: "lefthook.yml", says: "add Wingman" };
  expect(kinds({ edits: [{ ...edit, text: "x" }] })).toEqual(["edit"]);
  expect(kinds({ edits: [{ ...edit, text: undefined }] })).toEqual([]);
  expect(kinds({ key: { path: "/k", exists: true } })).toEqual([]);
  expect(kinds({ key: { path: "/k", exists: false } })).toEqual(["key"]);
});

test("an init cut off between chain and shim goes on without a second chain", () => {
  expect(kinds({ hooks: [{ ...HOOK, state: "absent", chained: "other" }] })).toEqual(["shim"]);
  expect(kinds({ hooks: [{ ...HOOK, state: "foreign", chained: "equal" }] })).toEqual(["shim"]);
});

test("a second foreign hook is never lost: it is a fault", () => {
  expect(() => kinds({ hooks: [{ ...HOOK, state: "foreign", chained: "other" }] })).toThrow(
    /not Wingman's.*holds another hook already/,
  );
});

test("files that exist are kept whatever they say", () => {
  const file = { path: "/r/.wingman/policy.yaml", shown: ".wingman/policy.yaml", text: "new" };
  const plan = planInstall({ ...INPUT, files: [{ ...file, exists: true }] });
  expect(plan).toEqual({ steps: [], kept: ["the program, version 1", ".wingman/policy.yaml"] });
  expect(kinds({ files: [{ ...file, exists: false }] })).toEqual(["file"]);
});

test("the key is made before any hook that asks for it", () => {
  const made = kinds({
    key: { path: "/k", exists: false },
    hooks: [HOOK],
    program: { current: false, version: "1" },
  });
  expect(made).toEqual(["program", "key", "shim"]);
});
