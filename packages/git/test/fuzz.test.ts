/**
 * Fuzzing of git's own objects as we read them: broken commits, tags and trees are hostile or mean
 * what git would take them for, never a crash. `pnpm fuzz 20000` for more than the suite's seconds.
 */
import { isFault } from "@wingman/model";
import { diceOf, mutated } from "@wingman/testkit";
import { expect, test } from "vitest";
import { parseCommit, parseTag } from "../src/commit-object.ts";
import { parseTree } from "../src/tree-object.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const TIMEOUT = 60_000 + RUNS * 100;

const OID = "0123456789".repeat(4);
const id = (char: string): string => char.repeat(40);
const person = "Dana <dana@acme.example> 1700000000 +0100";
const signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n";
const commit = (more: string): string =>
  `tree ${id("a")}\nparent ${id("b")}\nauthor ${person}\ncommitter ${person}\n${more}\nWork\n`;
const COMMITS = [
  commit(""),
  commit(signature),
  commit(`encoding ISO-8859-1\n${signature}HG:extra x\n`),
  commit(`mergetag object ${id("c")}\n type commit\n tag v1\n tagger ${person}\n \n One\n`),
  `tree ${id("a")}\nparent ${id("b")}\nparent ${id("c")}\nauthor ${person}\ncommitter ${person}\n\n\n`,
];
const TAGS = [
  `object ${id("a")}\ntype commit\ntag v1\ntagger ${person}\n\nOne\n`,
  `object ${id("a")}\ntype tree\ntag v0\n\nWithout a tagger\n`,
];
// Ids of plain letters, so that a tree is text that can be changed as such.
const TREES = [
  `100644 a\0${"A".repeat(20)}40000 b\0${"B".repeat(20)}120000 c\0${"C".repeat(20)}`,
  `100755 run\0${"R".repeat(20)}160000 sub\0${"S".repeat(20)}`,
];

/** Undefined where it is hostile; any other failure is one. */
function read<T>(parse: () => T, run: number, bytes: Buffer): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (isFault(error) && error.code.startsWith("git/hostile-")) return undefined;
    throw new Error(`run ${run}: base64 ${bytes.toString("base64")}`, { cause: error });
  }
}

function* broken(seeds: readonly string[], salt: number): Generator<readonly [number, Buffer]> {
  for (let run = 0; run < RUNS; run += 1) {
    const dice = diceOf(SEED * 1_000_003 + salt + run);
    yield [run, Buffer.from(mutated(seeds[dice(seeds.length)] ?? "", dice, seeds))];
  }
}

test(
  "a commit's links are those that git follows, and nothing but signatures is left out of what is signed",
  () => {
    let sound = 0;
    for (const [run, bytes] of broken(COMMITS, 0)) {
      const parsed = read(() => parseCommit(OID, bytes), run, bytes);
      if (parsed === undefined) continue;
      sound += 1;
      const lines = bytes.toString("latin1").split("\n");
      // commit.c, parse_commit_buffer: the tree, then parents as long as the lines are such.
      expect(lines[0]).toBe(`tree ${parsed.tree}`);
      const parents: string[] = [];
      for (let at = 1; lines[at]?.startsWith("parent "); at += 1)
        parents.push(lines[at]?.slice("parent ".length) ?? "");
      expect(parsed.parents).toEqual(parents);
      expect(parsed.payload.toString("latin1")).toBe(unsigned(bytes.toString("latin1")));
    }
    expect(sound).toBeGreaterThan(RUNS / 20);
  },
  TIMEOUT,
);

/** The object without its signature headers, taken out line by line. */
function unsigned(raw: string): string {
  const kept: string[] = [];
  let dropping = false;
  let rest = raw;
  while (rest !== "" && !rest.startsWith("\n")) {
    const end = rest.indexOf("\n") + 1 || rest.length;
    const line = rest.slice(0, end);
    rest = rest.slice(end);
    if (!line.startsWith(" ") || kept.length === 0)
      dropping = /^gpgsig(?:-sha256)?(?: |\n|$)/.test(line);
    if (!dropping) kept.push(line);
  }
  return kept.join("") + rest;
}

test(
  "a tag names an object by a whole id and a known type",
  () => {
    for (const [run, bytes] of broken(TAGS, 1)) {
      const parsed = read(() => parseTag(OID, bytes), run, bytes);
      if (parsed === undefined) continue;
      expect(parsed.object).toMatch(/^[0-9a-f]{40}$/);
      expect(["blob", "tree", "commit", "tag"]).toContain(parsed.type);
    }
  },
  TIMEOUT,
);

test(
  "a tree that is read has each name once, and none that leads out",
  () => {
    let sound = 0;
    for (const [run, bytes] of broken(TREES, 2)) {
      const parsed = read(() => parseTree(OID, bytes, 40), run, bytes);
      if (parsed === undefined) continue;
      sound += 1;
      const names = [...parsed.values()].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.join("\n")).not.toMatch(/^(?:\.\.?|\.git)$/im);
      const size = [...parsed.values()].reduce((sum, { oid }) => sum + oid.length / 2, 0);
      expect(size).toBe(parsed.size * 20);
    }
    expect(sound).toBeGreaterThan(RUNS / 100);
  },
  TIMEOUT,
);
