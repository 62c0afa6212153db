/** What a difference proposes: only claims that are TRUE once they are recorded, whatever the difference is. */
import type { FileLiteral } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { describe, expect, it } from "vitest";
import { judgeClaim, pastedWords, proposeClaims, readArguments, stageOf } from "../src/index.ts";
import { runOf } from "./run-literal.ts";

type Files = Record<string, FileLiteral>;

const module = (oid: string): FileLiteral => ({ mode: "160000", content: oid.repeat(40) });
const link = (content: string): FileLiteral => ({ mode: "120000", content });
const lfs =
  "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

/** Each case: what stood before, what stands now, what is proposed, and for which paths nothing is. */
const CASES: readonly [string, Files, Files, readonly string[], readonly string[]][] = [
  [
    "created, modified, deleted, moved",
    { "a.ts": "1\n", "b.ts": "2\n", "c.ts": "3\n" },
    { "a.ts": "9\n", "d.ts": "3\n", "e.ts": "5\n" },
    [
      "file.modified path=a.ts",
      "file.deleted path=b.ts",
      "file.renamed from=c.ts to=d.ts",
      "file.created path=e.ts",
    ],
    [],
  ],
  [
    "two that went and one that came is no rename",
    { "a.ts": "same\n", "b.ts": "same\n" },
    { "c.ts": "same\n" },
    ["file.deleted path=a.ts", "file.deleted path=b.ts", "file.created path=c.ts"],
    [],
  ],
  [
    "binary, empty, a pointer of LFS, an executable bit",
    { run: "#!/bin/sh\n" },
    {
      run: { mode: "100755", content: "#!/bin/sh\n" },
      bin: Buffer.from([0, 1, 255]),
      empty: "",
      "big.psd": lfs,
    },
    [
      "file.created path=big.psd",
      "file.created path=bin",
      "file.created path=empty",
      "file.modified path=run",
    ],
    [],
  ],
  [
    "names that a shell or a terminal takes for something else",
    {},
    {
      'it\'s "$(id)".txt': "1\n",
      "new\nline.txt": "2\n",
      "-rf": "3\n",
      "~": "4\n",
      "~root/x": "5\n",
      "a\\b.txt": "6\n",
      "C:\\x": "7\n",
      "bidi\u202etxt": "8\n",
      "esc\u001b[31m": "9\n",
      " lead": "10\n",
      '{"b64":"YQ=="}': "11\n",
      Größe: "12\n",
    },
    [
      "file.created path=' lead'",
      "file.created path=-rf",
      `file.created path='{"b64":"QzpceA=="}'`,
      "file.created path='Größe'",
      `file.created path='{"b64":"YVxiLnR4dA=="}'`,
      `file.created path='{"b64":"YmlkaeKArnR4dA=="}'`,
      `file.created path='{"b64":"ZXNjG1szMW0="}'`,
      `file.created path='it'\\''s "$(id)".txt'`,
      `file.created path='{"b64":"bmV3CmxpbmUudHh0"}'`,
      `file.created path='{"b64":"eyJiNjQiOiJZUT09In0="}'`,
      `file.created path='{"b64":"fg=="}'`,
      `file.created path='{"b64":"fnJvb3QveA=="}'`,
    ],
    [],
  ],
  [
    "a submodule that came, moved on, went",
    { old: module("1"), on: module("2") },
    { on: module("3"), new: module("4") },
    [],
    ["new", "old", "on"],
  ],
  [
    "a file that became a folder, and a folder that became a file",
    { "x/a": "1\n", y: "2\n" },
    { x: "3\n", "y/b": "4\n" },
    ["file.deleted path=x/a", "file.created path=y/b"],
    ["x", "y"],
  ],
  [
    "a file that moved below its own name",
    { a: "1\n" },
    { "a/a": "1\n" },
    ["file.created path=a/a"],
    ["a"],
  ],
  [
    "another case, a link in its place",
    { "Readme.md": "r\n", doc: "d\n" },
    { "README.md": "r\n", doc: link("README.md") },
    ["file.renamed from=Readme.md to=README.md", "file.modified path=doc"],
    [],
  ],
];

describe("a difference proposes", () => {
  for (const [name, start, end, wanted, without] of CASES)
    it(name, async () => {
      const run = await runOf({ start, end });
      const proposed = await proposeClaims(run, run.diff);
      const told = proposed.claims.map((one) => `${one.type}${pastedWords(one.args)}`);
      expect([...told].sort()).toEqual([...wanted].sort());
      expect(proposed.without.map((one) => one.path).sort()).toEqual([...without].sort());
      for (const one of proposed.claims) {
        const { observation } = await judgeClaim(stageOf(run), one);
        expect([pastedWords(one.args), observation.answer]).toEqual([
          pastedWords(one.args),
          "TRUE",
        ]);
        // What `wingman claim` makes of the words that are pasted is the same claim.
        const words = Object.entries(one.args).map(
          ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
        );
        expect(readArguments(one.type, words)).toEqual({ ok: true, value: one.args });
        for (const value of Object.values(one.args))
          expect(quotePath(JSON.stringify(value))).not.toMatch(/[\u0000-\u001f]/);
      }
    });
});
