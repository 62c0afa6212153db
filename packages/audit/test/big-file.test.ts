/** A file larger than what is held in memory is streamed: its blob is never asked for whole. */
import { createHash } from "node:crypto";
import { type Tree, treeOf } from "@wingman/model";
import { expect, it } from "vitest";
import { LARGEST_HELD } from "../src/budget.ts";
import { judgeAgainst, judgeClaim } from "../src/judge-claim.ts";
import { stageOfTree } from "../src/scene.ts";
import type { Grammars } from "../src/source/syntax-tree.ts";

/** Nothing here comes as far as being parsed. */
const grammars: Grammars = { parser: () => Promise.reject(new Error("parsed")) };
const PIECE = Buffer.alloc(1024 * 1024);
const PIECES = LARGEST_HELD / PIECE.length + 1;
const LAST = Buffer.from("the last line\n");

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < PIECES; at += 1) yield PIECE;
  yield LAST;
}

function digest(): string {
  const hash = createHash("sha256");
  for (let at = 0; at < PIECES; at += 1) hash.update(PIECE);
  return hash.update(LAST).digest("hex");
}

const small = treeOf({ "big.bin": "in its place" });
const tree: Tree = {
  id: small.id,
  hasFolder: async (path) => await small.hasFolder(path),
  names: async (path) => await small.names(path),
  entry: async (path) => await small.entry(path),
  entries: async () => await small.entries(),
  size: async () => PIECES * PIECE.length + LAST.length,
  read: () => Promise.reject(new Error("the blob was asked for whole")),
  stream: () => pieces(),
};

it.each([
  ["file.contains", { literal: "last line" }, "TRUE"],
  ["file.contains", { literal: "nowhere" }, "FALSE"],
  ["file.lacks", { literal: "nowhere" }, "TRUE"],
  ["file.lines", { op: "==", lines: 1 }, "TRUE"],
  ["file.size", { op: ">", bytes: LARGEST_HELD }, "TRUE"],
  ["file.sha256", { sha256: digest() }, "TRUE"],
  ["file.contains", { pattern: "last" }, "UNVERIFIABLE"],
])("%s %j is %s", async (type, args, answer) => {
  const seen = await judgeAgainst(tree, { type, args: { path: "big.bin", ...args } });
  expect(seen).toMatchObject({ answer });
});

it.each([
  ["symbol.defined", { name: "a" }, "a.ts", 2 << 20],
  ["symbol.absent", { name: "a", language: "python" }, "a.bin", 2 << 20],
  ["data.path", { pointer: "/a", op: "exists" }, "a.json", 5 << 20],
  ["data.schema", { schema: "a.json" }, "small.json", 1 << 20],
])("%s never reads a file that is larger than what it parses", async (type, args, path, size) => {
  const files = treeOf({ "a.ts": "x", "a.bin": "x", "a.json": "x", "small.json": "{}" });
  const large: Tree = {
    ...small,
    id: files.id,
    hasFolder: async (at) => await files.hasFolder(at),
    entry: async (at) => await files.entry(at),
    entries: async () => await files.entries(),
    size: async (entry) => (entry.path === "small.json" ? 2 : size),
    read: async (entry) => {
      if (entry.path !== "small.json") throw new Error("the blob was asked for");
      return await files.read(entry);
    },
  };
  const seen = await judgeAgainst(
    large,
    { type, args: { path, ...args } },
    { reach: { grammars } },
  );
  expect(seen).toMatchObject({ answer: "UNVERIFIABLE", reason: "BUDGET" });
});

it("does not read what is left too little to parse", async () => {
  const files = treeOf({ "a.ts": `// ${"x".repeat(1000)}\n` });
  let reads = 0;
  const run = stageOfTree(
    {
      ...files,
      id: files.id,
      hasFolder: async (at) => await files.hasFolder(at),
      entry: async (at) => await files.entry(at),
      entries: async () => await files.entries(),
      size: async (entry) => await files.size(entry),
      read: async (entry) => {
        reads += 1;
        return await files.read(entry);
      },
    },
    { reach: { grammars } },
  );
  run.budget.parsed = 100;
  const claim = { type: "symbol.defined", args: { path: "a.ts", name: "a" } };
  const { observation } = await judgeClaim(run, claim);
  expect([observation.reason, reads]).toEqual(["BUDGET", 0]);
});
