/** The testkit itself: clean environment, real commits, signatures that git can read. */
import { existsSync } from "node:fs";
import { parseSshSignature } from "@wingman/model";
import { expect, test } from "vitest";
import {
  alice,
  gitEnvironment,
  newRepository,
  SECRET_KINDS,
  secret,
  temporaryFolder,
  withKey,
} from "../src/index.ts";

test("no GIT_* of the caller reaches a child", () => {
  process.env["GIT_INDEX_FILE"] = "/nowhere/index";
  try {
    const env = gitEnvironment();
    expect(Object.keys(env).filter((name) => /^GIT_(DIR|INDEX|WORK)/.test(name))).toEqual([]);
    expect(gitEnvironment({ GIT_DIR: "." })["GIT_DIR"]).toBe(".");
  } finally {
    delete process.env["GIT_INDEX_FILE"];
  }
});

test.each(["sha1", "sha256"] as const)(
  "commits, signs and pushes in a %s repository",
  async (format) => {
    const repo = await newRepository({ format, files: { "a.txt": "a\n" } });
    const remote = await repo.bareRemote({ format });
    const signer = withKey(alice);
    const trailer = "claude-code/alice/20261122-090001-k3f9";
    const oid = await repo.commit("Work", {
      as: alice,
      sign: signer,
      trailer,
      files: { "b/c.txt": "c\n" },
    });
    expect(oid).toHaveLength(format === "sha1" ? 40 : 64);
    const raw = await repo.git("cat-file", "commit", "HEAD");
    expect(raw).toMatch(/^author Alice's bot <alice-bot@acme\.example>/m);
    expect(raw).toContain(`Wingman-Run: ${trailer}`);
    const armored =
      /^gpgsig(?:-sha256)? ((?:.*\n)(?: .*\n)*)/m.exec(raw)?.[1]?.replaceAll("\n ", "\n") ?? "";
    expect(parseSshSignature(armored)).toMatchObject({ namespace: "git" });
    expect(await repo.git("fsck", "--strict")).not.toMatch(/error/);
    expect((await repo.push(["origin", "main"])).code).toBe(0);
    expect(await remote.git("rev-parse", "main")).toBe(oid);
  },
);

test("folders are new each time, secrets too", () => {
  const [one, other] = [temporaryFolder(), temporaryFolder()];
  expect(one).not.toBe(other);
  expect(existsSync(one)).toBe(true);
  for (const kind of SECRET_KINDS) expect(secret(kind)).not.toBe(secret(kind));
});
