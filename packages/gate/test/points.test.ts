import { readFileSync } from "node:fs";
import type { Change, FileLiteral, Finding } from "@wingman/model";
import { builtInPolicy, differences, emptyLedger, emptyTree, POINTS, treeOf } from "@wingman/model";
import { describe, expect, test } from "vitest";
import { points } from "../src/rules/points.ts";

const GOOD = readFileSync(
  new URL("../../model/test/instruction-cases/ok.typed/INS-0007.md", import.meta.url),
  "utf8",
);
const TEXT = readFileSync(
  new URL("../../model/test/instruction-cases/ok.text/INS-0007.md", import.meta.url),
  "utf8",
);
const DIR = ".wingman/instructions";

test("the normative example passes; its commands have to be the policy's", async () => {
  expect(await judge({ "INS-0007.md": GOOD })).toEqual([]);
  const found = await judge({ "INS-0007.md": GOOD.replace("[unit]", "[compile]") });
  expect(found).toMatchObject([{ code: "points/thin", why: "point 6 of 10: test_process" }]);
});

test("the text form passes, and says that its boundaries bind nobody", async () => {
  expect(await judge({ "INS-0007.md": TEXT })).toMatchObject([
    { code: "points/text-only", severity: "warn" },
  ]);
});

test.each(POINTS)("without %s nothing gets in", async (name) => {
  const cut = GOOD.replace(new RegExp(`^${name}:.*\\n(?:  .*\\n)*`, "m"), "");
  const [found, ...others] = await judge({ "INS-0007.md": cut });
  const line = cut.slice(0, cut.indexOf("\n---\nWrite") + 1).split("\n").length;
  expect(others).toEqual([]);
  expect(found).toMatchObject({ code: "points/missing", severity: "block", line, frame: "---" });
  expect(found?.why).toBe(`point ${POINTS.indexOf(name) + 1} of 10: ${name}`);
  expect(found?.help).toContain(`${name}:`);
});

const placeholders = [
  "TBD",
  "tbd.",
  "To be determined",
  "n/a",
  "N/A.",
  "none",
  "None.",
  "x",
  "xxx",
  "\u2026",
  "...",
  "-",
  "?",
  "TODO",
  "TODO: write this",
  "**TBD**",
  '"TBD"',
  "(tbd)",
  "<tbd>",
  "lorem ipsum dolor sit amet",
  "fill in",
  "Fill in the details here",
  "as needed",
  "As required",
  "aaaa",
  "blah blah blah",
  "REQUIRED",
  "[Standard sections]",
  "{{mitigation}}",
  "will be defined later",
  "This will be filled in later",
  "TBD / n/a",
  "none, see above",
  "\uff34\uff22\uff24",
  "T\u200bB\u200bD",
  "noch offen",
  "\u5f85\u5b9a",
  "same as above",
  "`TBD`",
  "<!-- really --> TBD",
  "not applicable",
  "\u00e0 d\u00e9finir",
];
test.each(placeholders)("%j is no mitigation, typed or as text", async (text) => {
  const typed = GOOD.replace(/^mitigation:.*$/m, `mitigation: ${JSON.stringify(text)}`);
  expect(await judge({ "INS-0007.md": typed })).toMatchObject([
    {
      code: expect.stringMatching(/^points\/(placeholder|scaffold)$/),
      why: "point 5 of 10: mitigation",
    },
  ]);
  const said = TEXT.replace("Revert the merge; nothing is stored on disk.", text);
  const found = (await judge({ "INS-0007.md": said })).filter((one) => one.severity === "block");
  expect(found.map((one) => one.why)).toEqual(["point 5 of 10: mitigation"]);
});

test.each(["", "   ", "\u200b\u200b", "\u2800", "<!-- nothing -->", "\u3164"])(
  "%j is empty",
  async (text) => {
    const typed = GOOD.replace(/^mitigation:.*$/m, `mitigation: ${JSON.stringify(text)}`);
    expect((await judge({ "INS-0007.md": typed })).map((one) => one.code)).toEqual([
      "points/empty",
    ]);
  },
);

test.each([
  ["Revert it", "points/thin"],
  ["Later on", "points/thin"],
  ["5", "points/thin"],
  ["REQUIRED: what to do when it goes wrong", "points/scaffold"],
  ["A key older than 30 days is refused with KEY_EXPIRED within 1 second", undefined],
  ["Revert the merge", undefined],
  ["Remove every TBD from the guide", undefined],
  ["npm test", undefined],
  ["docs/rollback.md", undefined],
  ["Within 5m", undefined],
  ["\u56de\u6eda\u5408\u5e76\u5e76\u901a\u77e5\u7528\u6237", undefined],
  ["See https://example.org/rollback", undefined],
])("%j as a mitigation: %s", async (text, code) => {
  const typed = GOOD.replace(/^mitigation:.*$/m, `mitigation: ${JSON.stringify(text)}`);
  expect((await judge({ "INS-0007.md": typed })).map((one) => one.code)).toEqual(
    code === undefined ? [] : [code],
  );
});

test("the same words in two points, and a sentence that only swaps the point's name, are no content", async () => {
  const twice = GOOD.replace(/^mitigation:.*$/m, "mitigation: The same good words again").replace(
    /^test_process:.*$/m,
    "test_process: the SAME good words, again!",
  );
  expect(await judge({ "INS-0007.md": twice })).toMatchObject([
    { code: "points/same", why: "point 6 of 10: test_process" },
  ]);
  const all = `# T\n\n${POINTS.map((name) => `## ${name}\nThe ${name.replaceAll("_", " ")} are well defined and agreed.\n`).join("\n")}`;
  const found = (await judge({ "INS-0007.md": all })).filter((one) => one.severity === "block");
  expect(found.map((one) => one.code)).toEqual(Array.from({ length: 9 }, () => "points/same"));
});

test("the old system's holes: names in a sentence, empty sections, eight of ten", async () => {
  const names = POINTS.join(", ").toUpperCase();
  expect(await judge({ "INS-0007.md": `All of ${names} are fine.` })).toHaveLength(10);
  expect(
    await judge({ "INS-0007.md": POINTS.map((name) => `## ${name}\n`).join("\n") }),
  ).toHaveLength(10);
  expect(await judge({ "INS-0007.md": "" })).toHaveLength(10);
  const eight = GOOD.replace(/^risk_assessment:.*\n/m, "").replace(/^mitigation:.*\n/m, "");
  expect((await judge({ "INS-0007.md": eight })).map((one) => one.code)).toEqual([
    "points/missing",
    "points/missing",
  ]);
});

test.each([
  ["boundaries: {allow: []}", "points/empty"],
  ['boundaries: {allow: ["**"]}', "points/boundless"],
  ['boundaries: {allow: ["**/*", "src/**"], deny: []}', "points/boundless"],
  ['boundaries: {allow: ["**"], deny: ["infra/**"]}', undefined],
  ["boundaries: {allow: [TBD]}", "points/placeholder"],
])("%s: %s", async (text, code) => {
  const changed = GOOD.replace(/^boundaries:.*\n(?: {2}.*\n)*/m, `${text}\n`);
  expect((await judge({ "INS-0007.md": changed })).map((one) => one.code)).toEqual(
    code === undefined ? [] : [code],
  );
});

test("a claim with a placeholder in it is a placeholder", async () => {
  const changed = GOOD.replace("{path: src/keys/rotate.mjs}", "{path: TBD}");
  expect((await judge({ "INS-0007.md": changed })).map((one) => one.code)).toEqual([
    "points/placeholder",
  ]);
});

test.each(["<main>", "TODO"])("a text %j that a file shall have or lack is none", async (text) => {
  const claims = `file.lacks: {path: src/keys/rotate.mjs, literal: "${text}"}`;
  const changed = GOOD.replace("file.exists: {path: src/keys/rotate.mjs}", claims);
  expect(changed).not.toBe(GOOD);
  expect(await judge({ "INS-0007.md": changed })).toEqual([]);
});

test("prd asks for claims and typed boundaries", async () => {
  const prd = GOOD.replace("environment: test", "environment: prd");
  expect(await judge({ "INS-0007.md": prd })).toEqual([]);
  const loose = prd
    .replace("- file.exists: {path: src/keys/rotate.mjs}", "- The rotation in src/keys/rotate.mjs")
    .replace(/^boundaries:.*\n(?: {2}.*\n)*/m, "boundaries: Only the keys and their test\n");
  expect((await judge({ "INS-0007.md": loose })).map((one) => [one.code, one.why])).toEqual([
    ["points/untyped", "point 1 of 10: deliverables"],
    ["points/untyped", "point 3 of 10: boundaries"],
  ]);
});

describe("files", () => {
  test("drafts are asked for their format only", async () => {
    const draft = "---\nid: INS-0007\ntitle: A\nenvironment: dev\ndraft: true\n---\n";
    expect(await judge({ "INS-0007.md": draft })).toEqual([]);
    expect(
      (await judge({ "INS-0007.md": draft.replace("title", "titel") })).map((one) => one.code),
    ).toContain("format/unknown-key");
  });

  test.each<[string, Record<string, FileLiteral>, string]>([
    ["another extension", { "INS-0001.txt": "x" }, "format/extension"],
    ["a link", { "INS-0001.md": { mode: "120000", content: "../../x" } }, "format/not-a-file"],
    ["a submodule", { "INS-0001.md": { mode: "160000", content: "" } }, "format/not-a-file"],
    ["a folder", { "old/INS-0007.md": GOOD }, "format/id"],
    ["another name", { "NOTES.md": "x" }, "format/id"],
    ["a binary file", { "INS-0001.yaml": new Uint8Array([1, 0, 2, 255]) }, "format/nul"],
    ["a huge file", { "INS-0001.md": "x".repeat(2_000_000) }, "format/size"],
  ])("%s is a finding", async (_what, files, code) => {
    expect((await judge(files)).map((one) => one.code)).toEqual([code]);
  });

  test("one id in two files is a finding on both", async () => {
    const yaml = GOOD.slice(4, GOOD.indexOf("\n---\nWrite") + 1);
    const found = await judge({ "INS-0007.md": GOOD, "INS-0007.yaml": yaml });
    expect(found.map((one) => one.code)).toEqual(["format/duplicate-id", "format/duplicate-id"]);
  });

  test("untouched instructions are not asked again", async () => {
    const bad = { [`${DIR}/INS-0001.md`]: "" };
    expect(await points.judge(await changeOf(bad, { ...bad, "a.txt": "x" }))).toEqual([]);
  });
});

async function judge(files: Record<string, FileLiteral>): Promise<Finding[]> {
  const named = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [`${DIR}/${name}`, file]),
  );
  return points.judge(await changeOf({}, named));
}

async function changeOf(
  old: Record<string, FileLiteral>,
  files: Record<string, FileLiteral>,
): Promise<Change> {
  const before = treeOf(old);
  const after = treeOf(files);
  const policy = { ...builtInPolicy, commands: { unit: { run: ["node", "--test"] } } };
  return {
    scope: "tip",
    trusted: {
      commit: "1",
      tree: emptyTree,
      policy,
      policyDigest: "",
      established: true,
      signers: [],
      policyBranch: "main",
    },
    ledger: emptyLedger,
    ref: undefined,
    governed: false,
    before,
    after,
    parents: [],
    own: await differences(before, after),
    commit: undefined,
    message: undefined,
    signature: undefined,
    identity: { kind: "unattributed", name: "", proven: false, proof: "none", anyProof: false },
    texts: [],
    runs: [],
    known: new Set(),
    local: true,
    published: [],
  };
}
