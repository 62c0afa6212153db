/** A clone's objects read from its files, held against git, and against files that lie. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ObjectReader } from "../src/batch-reader.ts";
import { fileReader } from "../src/file-reader.ts";
import { git, newRepo } from "./fixture.ts";

/** In git's place: says that it was asked. */
function backstop(): ObjectReader & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async (oid) => {
      asked.push(oid);
      return undefined;
    },
    close: async () => undefined,
  };
}

/** A history whose files change a little each time, so that packs hold deltas of deltas. */
function history(...flags: readonly string[]): string {
  const dir = newRepo(...flags);
  const lines = Array.from({ length: 400 }, (_, at) => `line ${at * at}`);
  for (let at = 0; at < 12; at += 1) {
    lines[at * 30] = `changed ${at}`;
    writeFileSync(join(dir, "f"), lines.join("\n"));
    writeFileSync(join(dir, `g${at}`), `${at}`);
    git(dir, ["add", "-A"]);
    git(dir, ["commit", "-q", "-m", `c${at}`]);
  }
  git(dir, ["tag", "-a", "-m", "t", "v1"]);
  return dir;
}

function objectsOf(dir: string): { oid: string; type: string; size: string }[] {
  return git(dir, ["cat-file", "--batch-all-objects", "--batch-check"])
    .split("\n")
    .map((line) => line.split(" "))
    .map(([oid = "", type = "", size = ""]) => ({ oid, type, size }));
}

async function agrees(dir: string, hexLength: number): Promise<void> {
  const git2 = backstop();
  const reader = fileReader(join(dir, ".git/objects"), hexLength, git2);
  const all = objectsOf(dir);
  expect(all.length).toBeGreaterThan(40);
  for (const { oid, type, size } of all)
    expect(await reader.ask(oid, true)).toMatchObject({ type, size: Number(size) });
  expect(git2.asked).toEqual([]);
  const absent = "4".repeat(hexLength);
  expect(await reader.ask(absent, true)).toBeUndefined();
  expect(git2.asked).toEqual([absent]);
  await reader.close();
}

describe("fileReader", () => {
  it("reads every object that git has: loose, packed, deltas of both kinds, SHA-256", async () => {
    for (const flags of [[], ["--object-format=sha256"]]) {
      const dir = history(...flags);
      const length = flags.length === 0 ? 40 : 64;
      await agrees(dir, length);
      git(dir, ["repack", "-adfq", "--depth=50"]);
      expect(git(dir, ["verify-pack", "-v", ...packs(dir, ".idx")])).toMatch(
        /chain length = [3-9]/,
      );
      await agrees(dir, length);
      git(dir, ["-c", "repack.usedeltabaseoffset=false", "repack", "-adfq"]);
      await agrees(dir, length);
    }
  });

  it("asks git rather than believing a file that was torn, swapped or made to unfold without end", async () => {
    const dir = history();
    const [first = "", second = ""] = objectsOf(dir).map(({ oid }) => oid);
    const loose = (oid: string): string => join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2));
    const lies = [
      readFileSync(loose(second)),
      readFileSync(loose(first)).subarray(0, 20),
      Buffer.alloc(0),
      deflateSync("blob 4\0evil"),
      deflateSync(Buffer.alloc(300 << 20)),
    ];
    for (const lie of lies) {
      chmodSync(loose(first), 0o644);
      writeFileSync(loose(first), lie);
      const asked = backstop();
      const reader = fileReader(join(dir, ".git/objects"), 40, asked);
      expect(await reader.ask(first, true)).toBeUndefined();
      expect(asked.asked).toEqual([first]);
    }
  });

  it("never gives other bytes than the id's, whatever stands in a pack or its index", async () => {
    const dir = history();
    git(dir, ["repack", "-adfq"]);
    const all = objectsOf(dir);
    const right = new Map<string, Buffer>();
    const honest = fileReader(join(dir, ".git/objects"), 40, backstop());
    for (const { oid } of all)
      right.set(oid, (await honest.ask(oid, true))?.bytes ?? Buffer.from("absent"));
    for (const suffix of [".pack", ".idx"]) {
      const [path = ""] = packs(dir, suffix);
      const sound = readFileSync(path);
      chmodSync(path, 0o644);
      let fooled = 0;
      for (let at = 0; at < sound.length; at += Math.ceil(sound.length / 150)) {
        const spoiled = Buffer.from(sound);
        spoiled[at] = (spoiled[at] ?? 0) ^ 0x15;
        writeFileSync(path, spoiled);
        const asked = backstop();
        const reader = fileReader(join(dir, ".git/objects"), 40, asked);
        for (const { oid } of all) {
          const answer = await reader.ask(oid, true);
          if (answer !== undefined)
            expect(answer.bytes.equals(right.get(oid) as Buffer)).toBe(true);
        }
        fooled += asked.asked.length;
        await reader.close();
      }
      expect(fooled).toBeGreaterThan(0);
      writeFileSync(path, sound);
    }
  }, 30_000);

  it("leaves large objects and long readings to git", async () => {
    const dir = newRepo();
    const big = git(dir, ["hash-object", "-w", "--stdin"], { input: "x".repeat(3 << 20) });
    const asked = backstop();
    const reader = fileReader(join(dir, ".git/objects"), 40, asked);
    await reader.ask(big, true);
    expect(asked.asked).toEqual([big]);
    // More than it remembers: what was asked a moment ago costs no reading.
    const small = Array.from({ length: 20 }, (_, at) =>
      git(dir, ["hash-object", "-w", "--stdin"], { input: `s${at}` }),
    );
    for (let at = 0; at < 600; at += 1) await reader.ask(small[at % 20] ?? "", false);
    expect(asked.asked.length).toBeGreaterThan(50);
  });
});

function packs(dir: string, suffix: string): string[] {
  const folder = join(dir, ".git/objects/pack");
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix) && statSync(join(folder, name)).isFile())
    .map((name) => join(folder, name));
}
