/** Claims that nothing could ever judge are told so before they are recorded; no honest claim is. */
import type { ClaimText } from "@wingman/model";
import { describe, expect, it } from "vitest";
import { CLAIM_TYPES, whyNeverJudgeable } from "../src/index.ts";

const REFUSED: readonly [string, ClaimText["args"], RegExp][] = [
  ["data.path", { path: "a.txt", pointer: "/a" }, /say format=json/],
  ["data.absent", { path: "conf", pointer: "/a" }, /say format=json/],
  ["data.path", { path: "a.json", pointer: "/a", op: "exists", value: 1 }, /takes no value/],
  ["file.mode", { path: "a", mode: "600" }, /git stores/],
  ["file.owner", { path: "a", user: "root" }, /about=worktree/],
  ["file.contains", { path: "a", literal: "x", count: 0 }, /no file could differ/],
  ["symbol.defined", { path: "a.ts", name: " " }, /name is empty/],
  ["symbol.defined", { path: "notes.md", name: "x" }, /file\.contains/],
  ["symbol.exported", { path: "src/a.c", name: "x" }, /file\.contains/],
  ["symbol.refs", { name: "x", scope: [], count: 1 }, /scope is empty/],
  ["symbol.refs", { name: "x", scope: ["src/**"], op: ">=", count: 0 }, /any number/],
  ["pkg.installed", { ecosystem: "npm", name: "" }, /no name/],
  ["dep.version", { ecosystem: "npm", name: "a", version: "" }, /version is empty/],
  ["ci.green", { commit: "run", checks: [] }, /no check/],
  ["gh.issue", { number: 0, state: "open" }, /begin with 1/],
  ["gh.release", { tag: "" }, /no name/],
  ["secret.absent", { scope: [] }, /scope is empty/],
  ["git.ancestor", { commit: "run", of: "run" }, /of itself/],
  ["git.merged", { commit: "run", into: "" }, /no name/],
  ["git.clean", {}, /about=worktree/],
];

const TAKEN: readonly [string, ClaimText["args"]][] = [
  ["data.path", { path: "a.txt", format: "json", pointer: "/a" }],
  ["file.mode", { path: "a", mode: "755" }],
  ["file.owner", { path: "a", user: "root", about: "worktree" }],
  ["symbol.defined", { path: "bin/tool", name: "run" }],
  ["symbol.defined", { path: "a.txt", name: "run", language: "shell" }],
  ["symbol.refs", { name: "x", scope: ["src/**"], count: 0 }],
  ["secret.absent", {}],
  ["ci.green", { commit: "run" }],
  ["git.clean", { about: "worktree" }],
  ["git.ancestor", { commit: "0123456", of: "run" }],
  ["file.lacks", { path: "not-there-yet", literal: "x" }],
];

describe("claims that nothing could ever judge", () => {
  for (const [type, args, why] of REFUSED)
    it(`${type} ${JSON.stringify(args)}`, async () => {
      expect(await whyNeverJudgeable({ type, args })).toMatch(why);
    });
  for (const [type, args] of TAKEN)
    it(`not ${type} ${JSON.stringify(args)}`, async () => {
      expect(await whyNeverJudgeable({ type, args })).toBeUndefined();
    });
  it("are none of the examples that the table shows", async () => {
    for (const { example } of CLAIM_TYPES)
      expect([example.type, await whyNeverJudgeable(example)]).toEqual([example.type, undefined]);
  });
});
