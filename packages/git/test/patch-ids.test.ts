/** A commit's work under another id: cherry-picked, squashed, squashed with edits, never merged. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { samePatch } from "../src/patch-ids.ts";
import { commit, git, newRepo, open } from "./fixture.ts";

const TOPIC = { ref: "refs/heads/topic" };

/** A branch `topic` of two commits on main; gives its tip. */
function branched() {
  const dir = newRepo();
  const base = commit(dir, { a: "1\n2\n3\n4\n5\n6\n7\n8\n9\n", b: "x\n" });
  commit(dir, { a: "1\n2\n3\n4\n5\n6\nseven\n8\n9\n" }, { ...TOPIC, parents: [base] });
  return { dir, tip: commit(dir, { c: "new\n" }, TOPIC) };
}
const asked = async (dir: string, tip: string) =>
  await samePatch(await open(dir), tip, git(dir, ["rev-parse", "main"]));

describe("the same patch", () => {
  it("is found after a cherry-pick, where main moved on", async () => {
    const { dir, tip } = branched();
    commit(dir, { a: "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n" });
    commit(dir, { c: "new\n" });
    expect(await asked(dir, tip)).toBe("equal");
  });
  it("is found after a squash of the whole line", async () => {
    const { dir, tip } = branched();
    commit(dir, { a: "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n" });
    commit(dir, { a: "0\n1\n2\n3\n4\n5\n6\nseven\n8\n9\n", c: "new\n" });
    expect(await asked(dir, tip)).toBe("squash");
  });
  it("is found though the claims file grew until it landed, from below the top as well", async () => {
    const { dir } = branched();
    const claims = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";
    const tip = commit(dir, { e: "e\n", [claims]: "open\n" }, TOPIC);
    commit(dir, {
      a: "1\n2\n3\n4\n5\n6\nseven\n8\n9\n",
      c: "new\n",
      e: "e\n",
      [claims]: "open\nclose\n",
    });
    expect(await asked(dir, tip)).toBe("squash");
  });
  it("is not found where nobody took it, nor after a squash with edits", async () => {
    const { dir, tip } = branched();
    expect(await asked(dir, tip)).toBe("none");
    commit(dir, { a: "1\n2\n3\n4\n5\n6\nSEVEN\n8\n9\n", c: "newer\n" });
    expect(await asked(dir, tip)).toBe("none");
  });
  it("is not known of binary files, nor without a common ancestor", async () => {
    const { dir } = branched();
    const tip = commit(dir, { d: "a\0b" }, TOPIC);
    commit(dir, { d: "a\0c" });
    expect(await asked(dir, tip)).toBe("unknown");
    expect(await asked(dir, commit(dir, { e: "1" }, { parents: [], ref: "refs/heads/root" }))).toBe(
      "unknown",
    );
  });
  it("runs no program that the repository names", async () => {
    const { dir, tip } = branched();
    commit(dir, { ".gitattributes": "* diff=evil\n" });
    git(dir, ["reset", "-q", "--hard"]);
    for (const key of ["command", "textconv"])
      git(dir, ["config", `diff.evil.${key}`, `touch ${join(dir, "ran")}`]);
    expect(await asked(dir, tip)).toBe("none");
    expect(existsSync(join(dir, "ran"))).toBe(false);
  });
});
