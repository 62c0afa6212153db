import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanEnv, commit, git, newRepo, open, temporaryDir } from "./fixture.ts";

describe("ObjectStore", () => {
  it("answers many requests at once, in order, with what each asked for", async () => {
    const dir = newRepo();
    const repo = await open(dir);
    const contents = Array.from({ length: 300 }, (_, at) =>
      at % 7 === 0 ? "" : `${at}\n`.repeat(at),
    );
    const oids = contents.map((input) => git(dir, ["hash-object", "-w", "--stdin"], { input }));
    const absent = "4".repeat(40);
    const answers = await Promise.all(
      oids.flatMap((oid) => [
        repo.objects.read(oid),
        repo.objects.has(absent),
        repo.objects.size(oid),
      ]),
    );
    contents.forEach((content, at) => {
      expect((answers[at * 3] as { bytes: Buffer }).bytes.toString()).toBe(content);
      expect(answers[at * 3 + 1]).toBe(false);
      expect(answers[at * 3 + 2]).toBe(content.length);
    });
  }, 20_000);

  it("reads ahead what it was told to expect, and fails for nobody who did not ask", async () => {
    const dir = newRepo();
    const repo = await open(dir);
    const oid = git(dir, ["hash-object", "-w", "--stdin"], { input: "soon\n" });
    const other = git(dir, ["hash-object", "-w", "--stdin"], { input: "too late\n" });
    repo.objects.expect([oid, "4".repeat(40), "no id", oid]);
    const [first] = await Promise.all([repo.objects.read(oid), repo.objects.has("5".repeat(40))]);
    expect(first.bytes.toString()).toBe("soon\n");
    repo.objects.expect([other]);
    await repo.close();
    await expect(repo.objects.read(other)).rejects.toMatchObject({ code: "git/reader-died" });
  });

  it("reads a blob of 60 MB, and 20 others beside it", async () => {
    const dir = newRepo();
    const big = Buffer.concat([randomBytes(1 << 20), Buffer.alloc(59 << 20, 10)]);
    const oid = git(dir, ["hash-object", "-w", "--stdin"], { input: big });
    const small = git(dir, ["hash-object", "-w", "--stdin"], { input: "s" });
    const repo = await open(dir);
    const [first, ...others] = await Promise.all([
      repo.objects.read(oid),
      ...Array.from({ length: 20 }, () => repo.objects.read(small)),
    ]);
    expect(first?.bytes.equals(big)).toBe(true);
    expect(others.every(({ bytes }) => bytes.toString() === "s")).toBe(true);
  }, 30_000);

  it("lets go of an object above the limit with a fault, and goes on", async () => {
    const dir = newRepo();
    // 260 MiB of zeros are 260 KB in the repository: a bomb anyone can push.
    const script = "head -c 272629760 /dev/zero | git -c core.compression=1 hash-object -w --stdin";
    const oid = execFileSync("sh", ["-c", script], { cwd: dir, env: cleanEnv as NodeJS.ProcessEnv })
      .toString()
      .trim();
    const small = git(dir, ["hash-object", "-w", "--stdin"], { input: "s" });
    const repo = await open(dir);
    const both = [repo.objects.read(oid), repo.objects.read(small)] as const;
    await expect(both[0]).rejects.toMatchObject({ code: "git/object-too-large" });
    expect((await both[1]).bytes.toString()).toBe("s");
    expect(await repo.objects.size(oid)).toBe(272_629_760);
  }, 60_000);

  it("never lets a name into the line protocol", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const repo = await open(dir);
    for (const bad of [
      "main",
      "HEAD",
      `${oid}\n${oid}`,
      oid.slice(0, 8),
      "",
      oid.toUpperCase(),
      `${oid}^{tree}`,
    ]) {
      await expect(repo.objects.read(bad)).rejects.toMatchObject({ code: "git/missing-object" });
      expect(await repo.objects.has(bad)).toBe(false);
    }
  });

  it("does not read replacements", async () => {
    const dir = newRepo();
    const secret = git(dir, ["hash-object", "-w", "--stdin"], { input: "planted" });
    const clean = git(dir, ["hash-object", "-w", "--stdin"], { input: "clean" });
    git(dir, ["update-ref", `refs/replace/${secret}`, clean]);
    const repo = await open(dir);
    expect((await repo.objects.read(secret)).bytes.toString()).toBe("planted");
  });

  it.each([
    ["in the middle of an object", "$oid blob 100\\nhalf an obj"],
    ["behind an object, without its line end", "$oid blob 4\\nhalf"],
    ["before an answer", ""],
    ["in the middle of a header", "$oid bl"],
    ["after an answer for another object", `${"5".repeat(40)} blob 4\\nhalf\\n`],
    ["after nonsense", "$oid banana 4\\nhalf\\n"],
  ])("faults, never hangs, when its process dies %s; then starts anew", async (_when, says) => {
    const dir = newRepo();
    const bin = temporaryDir();
    const real = join(git(dir, ["--exec-path"]), "git");
    writeFileSync(
      join(bin, "git"),
      `#!/bin/sh
case "$*" in *cat-file*)
  if [ ! -e ${bin}/died ]; then
    : > ${bin}/died
    read -r what oid
    printf "${says}"
    kill -9 $$
  fi;;
esac
exec ${real} "$@"
`,
      { mode: 0o755 },
    );
    const oid = git(dir, ["hash-object", "-w", "--stdin"], { input: "whole" });
    const repo = await open(dir, { ...cleanEnv, PATH: `${bin}:${cleanEnv["PATH"]}` });
    const reads = [repo.objects.read(oid), repo.objects.read(oid), repo.objects.has(oid)];
    for (const result of await Promise.allSettled(reads))
      expect(result).toMatchObject({ status: "rejected", reason: { code: "git/reader-died" } });
    expect((await repo.objects.read(oid)).bytes.toString()).toBe("whole");
  });

  it("faults after close", async () => {
    const dir = newRepo();
    const oid = commit(dir, { f: "x" });
    const repo = await open(dir);
    await repo.objects.has(oid);
    await repo.close();
    await expect(repo.objects.read(oid)).rejects.toMatchObject({ code: "git/reader-died" });
  });

  it("faults on a corrupt object", async () => {
    const dir = newRepo();
    const oid = git(dir, ["hash-object", "-w", "--stdin"], { input: "to be broken" });
    const file = `${dir}/.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`;
    chmodSync(file, 0o644);
    writeFileSync(file, "garbage");
    const repo = await open(dir);
    await expect(repo.objects.read(oid)).rejects.toMatchObject({
      code: expect.stringMatching(/^git\//),
    });
  });
});
