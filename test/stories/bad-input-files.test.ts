/** Files that are cut, torn, foreign or far too large: refused where they stand, and never written on. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { instructionText, type Ran, type TestRepository } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, LOGINS } from "./governed.ts";
import { anotherClone, governedWithOrder, ok, runOf } from "./honest-run.ts";
import { expectFault, faultOf } from "./one-clear-error.ts";

let world: Governed;
beforeAll(async () => {
  world = await governedWithOrder();
});

/** A finding's exit and code, and that it was told without a stack. */
function findingOf(ran: Ran): readonly [exit: number, code: string | undefined, stack: boolean] {
  const text = ran.stdout + ran.stderr;
  return [ran.code, /error\[([^\]]+)\]/.exec(text)?.[1], /^\s+at .+:\d+:\d+/m.test(text)];
}

describe("a claims file that somebody broke", () => {
  let clone: TestRepository;
  let path: string;
  let whole: Buffer;
  async function open(): Promise<void> {
    clone = await anotherClone(world.server);
    await ok(clone, "start", "INS-0007");
    await ok(clone, "claim", "file.exists", "path=README.md");
    path = `.wingman/claims/${await runOf(clone)}.jsonl`;
    whole = Buffer.from(clone.read(path));
  }
  beforeAll(open);

  test.each([
    [
      "cut in mid-line",
      "claims/torn",
      "claim file.exists path=a",
      (bytes: Buffer) => bytes.subarray(0, -20),
    ],
    ["without its last line feed", "claims/torn", "done", (bytes: Buffer) => bytes.subarray(0, -1)],
    [
      "with CR",
      "claims/cr",
      "retract 1",
      (bytes: Buffer) => bytes.toString().replaceAll("\n", "\r\n"),
    ],
    [
      "with a BOM",
      "claims/invalid",
      "claim file.exists path=a",
      (bytes: Buffer) => `\ufeff${bytes}`,
    ],
    ["empty", "claims/invalid", "done", () => ""],
    [
      "not UTF-8",
      "claims/invalid",
      "retract 1",
      (bytes: Buffer) => Buffer.from([0xff, 0xfe, ...bytes]),
    ],
    [
      "edited",
      "claims/chain",
      "claim file.exists path=a",
      (bytes: Buffer) => `${bytes}`.replace("INS-0007", "INS-0008"),
    ],
  ])("%s takes no more claims, and is not committed", async (_name, code, line, breaks) => {
    const broken = Buffer.from(breaks(whole));
    clone.write(path, broken);
    expectFault(await clone.wingman(line.split(" ")), "run/broken-file");
    expect(Buffer.from(clone.read(path)).equals(Buffer.from(broken.toString()))).toBe(true);
    await clone.git("add", "-A");
    expect(findingOf(await clone.wingman(["check", "--staged"]))).toEqual([1, code, false]);
    clone.write(path, whole);
  });

  test("a torn end is mended by hand, and the chain goes on", async () => {
    await open();
    await ok(clone, "claim", "file.exists", "path=src");
    const two = clone.read(path);
    clone.write(path, two.slice(0, -9));
    expect((await clone.wingman(["done"])).stderr).toContain("remove its unfinished last line");
    clone.write(path, two.slice(0, -9).replace(/[^\n]*$/, ""));
    expect(await ok(clone, "done")).toContain("with 1 claim");
    await clone.git("add", "-A");
    expect((await clone.wingman(["check", "--staged"])).code).toBe(0);
  });

  test("a folder in its place, and one in the open run's", async () => {
    await open();
    rmSync(join(clone.folder, path));
    mkdirSync(join(clone.folder, path));
    expectFault(await clone.wingman(["done"]), "run/no-file");
    const run = join(clone.folder, ".git", "wingman", "run");
    rmSync(run);
    mkdirSync(run);
    for (const args of [["done"], ["status"], ["start", "INS-0007"]])
      expectFault(await clone.wingman(args), "system/wrong-kind");
    rmSync(run, { recursive: true });
    writeFileSync(run, "no run's name\n");
    expectFault(await clone.wingman(["done"]), "run/name");
  });

  test("a file where the claims' folder must be leaves nothing of a run behind", async () => {
    await open();
    rmSync(join(clone.folder, ".wingman", "claims"), { recursive: true });
    writeFileSync(join(clone.folder, ".wingman", "claims"), "");
    const before = await runOf(clone);
    expectFault(await clone.wingman(["start", "INS-0007"]), "system/wrong-kind");
    expect(await runOf(clone)).toBe(before);
  });

  test("eight claims at once are eight claims", async () => {
    await open();
    const ran = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        clone.wingman(["claim", "file.exists", `path=src/${at}.ts`]),
      ),
    );
    expect(ran.map(({ code }) => code)).toEqual(Array(8).fill(0));
    expect(await ok(clone, "done")).toContain("with 9 claim");
  });

  test("a lock that a killed process left is taken over", async () => {
    await open();
    // No process has this number: the largest that Linux gives is 2^22.
    writeFileSync(join(clone.folder, ".git", "wingman", "claims.lock"), "2147483646");
    expect(await ok(clone, "done")).toContain("with 1 claim");
  });
});

describe("an instruction that nobody can read", () => {
  const text = instructionText({ id: "INS-0008" });
  test.each([
    ["50 MB", "INS-0008.md", "format/size", () => text + "a".repeat(50_000_000)],
    [
      "a binary file",
      "INS-0008.yaml",
      "format/nul",
      () => Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 37) % 256)),
    ],
    [
      "UTF-8 that is none",
      "INS-0008.md",
      "format/encoding",
      () => Buffer.from([...Buffer.from(text), 0xff]),
    ],
    ["UTF-16", "INS-0008.md", "format/nul", () => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["a folder of that name", "INS-0008.md/inside", "format/id", () => text],
  ])(
    "%s is a finding on each surface",
    async (_name, file, code, make) => {
      const clone = await anotherClone(world.server);
      const path = `.wingman/instructions/${file}`;
      mkdirSync(dirname(join(clone.folder, path)), { recursive: true });
      writeFileSync(join(clone.folder, path), make());
      await clone.git("add", "-A");
      for (const args of [
        ["check", path],
        ["check", "--staged"],
        ["hook", "pre-commit"],
      ])
        expect(findingOf(await clone.wingman(args))).toEqual([1, code, false]);
      await clone.commit("Bring it");
      const pushed = await clone.push(["origin", "HEAD:refs/heads/bad"], { pusher: LOGINS.dana });
      expect(findingOf(pushed)).toEqual([1, code, false]);
    },
    60_000,
  );

  test("a file too large to read is named, not read", async () => {
    const clone = await anotherClone(world.server);
    writeFileSync(join(clone.folder, "big"), Buffer.alloc(70_000_000, "a"));
    expect(faultOf(await clone.wingman(["check", "big"]))).toEqual([2, "usage/too-large", ""]);
  });
});
