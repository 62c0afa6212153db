/** What a forge makes of a head is tied to it by content: merge, squash and rebase, and nothing beside them. */
import { gitEnvironment, newRepository, type TestRepository } from "@wingman/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { forgeLanding } from "../src/forge-landing.ts";
import { openRepo } from "../src/open-repo.ts";
import { commitsBetween } from "../src/refs.ts";

let clone: TestRepository;
let base: string;
let head: string;
let own: string[];

beforeEach(async () => {
  clone = await newRepository();
  await clone.git("config", "user.name", "Forge");
  await clone.git("config", "user.email", "forge@acme.example");
  const lines = (first: string): string => `${first}\n2\n3\n4\n5\n6\n7\n8\n9\n`;
  const start = await clone.commit("Begin", { files: { "a.txt": lines("1"), "z.txt": "z\n" } });
  await clone.git("checkout", "-q", "-b", "topic");
  own = [
    await clone.commit("One", { files: { "a.txt": lines("one") } }),
    await clone.commit("Two", { files: { "b.txt": "b\n", "z.txt": undefined } }),
  ];
  head = own[1] ?? "";
  await clone.git("checkout", "-q", "-B", "main", start);
  // The base goes on, in the same file as the head.
  base = await clone.commit("Meanwhile", { files: { "a.txt": lines("1").replace("9", "nine") } });
});

async function tied(after: string, heads: readonly string[] = [head]) {
  const repo = await openRepo({ cwd: clone.folder, env: gitEnvironment() });
  try {
    const commits = await commitsBetween(repo, { include: [after], exclude: [base] });
    const found = await forgeLanding(repo, { commits, heads });
    return { made: [...found.made].sort(), landed: [...found.landed], commits };
  } finally {
    await repo.close();
  }
}

async function squash(more: Record<string, string | undefined> = {}): Promise<string> {
  await clone.git("merge", "-q", "--squash", head);
  return await clone.commit("Topic (#1)", { files: more });
}

describe("a landing is tied to its head", () => {
  it("squashed", async () => {
    const made = await squash();
    expect(await tied(made)).toMatchObject({ made: [made], landed: own });
  });

  it("rebased", async () => {
    await clone.git("checkout", "-q", "-B", "copy", head);
    await clone.git("rebase", "-q", base);
    const after = await clone.git("rev-parse", "HEAD");
    const { made, landed, commits } = await tied(after);
    expect([made, landed]).toEqual([[...commits].sort(), own]);
    expect(made).toHaveLength(2);
  });

  it("merged", async () => {
    await clone.git("merge", "-q", "--no-ff", "-m", "Merge pull request #1", head);
    const after = await clone.git("rev-parse", "HEAD");
    // Its commits are in the range already.
    expect(await tied(after)).toMatchObject({ made: [after], landed: [] });
  });

  it("two in one queue, each on the one before", async () => {
    await clone.git("checkout", "-q", "-b", "other", base);
    const second = await clone.commit("Other", { files: { "c.txt": "c\n" } });
    await clone.git("checkout", "-q", "main");
    const first = await squash();
    await clone.git("merge", "-q", "--squash", second);
    const last = await clone.commit("Other (#2)");
    const found = await tied(last, [second, head]);
    expect(found.made).toEqual([first, last].sort());
    expect([...found.landed].sort()).toEqual([...own, second].sort());
  });
});

describe("a commit is tied to no head", () => {
  it.each([
    ["with a line more", { "b.txt": "b\nmore\n" }],
    ["with a file more", { "evil.txt": "x\n" }],
    ["with a file less", { "b.txt": undefined }],
    ["without what the base brought", { "a.txt": "one\n2\n3\n4\n5\n6\n7\n8\n9\n" }],
  ])("%s", async (_, more) => {
    expect(await tied(await squash(more))).toMatchObject({ made: [], landed: [] });
  });

  it("that is empty, where the head stands already", async () => {
    const first = await squash();
    await clone.git("merge", "-q", "-m", "m", head);
    const merged = await clone.git("rev-parse", "HEAD");
    const after = await clone.commit("Empty");
    const found = await tied(after, [head]);
    expect(found.made).not.toContain(after);
    expect(found.made.every((oid) => [first, merged].includes(oid))).toBe(true);
  });

  it("where the head is not at hand, or is none", async () => {
    const made = await squash();
    expect((await tied(made, ["1".repeat(40), base])).made).toEqual([]);
  });
});
