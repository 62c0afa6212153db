/** A file larger than what is held in memory is streamed: its blob is never asked for whole. */
import { createHash } from "node:crypto";
import { type Tree, treeOf } from "@wingman/model";
import { expect, it } from "vitest";
import { LARGEST_HELD } from "../src/budget.ts";
import { judgeAgainst } from "../src/judge-claim.ts";

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
