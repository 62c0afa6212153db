/** The small range over which sentences are judged in tests: what each file was, and what it is. */
import {
  answerOfAll,
  claimsOfSentence,
  judgeSentence,
  stageOf,
  stageOfTree,
} from "../src/index.ts";
import { runOf } from "./run-literal.ts";

const S = {
  "old.ts": "1",
  "both.ts": "const a = 1;\n",
  "gone.ts": "g",
  "moved.ts": "m",
  Makefile: "all:\n",
  "docs/guide.md": "# Guide\n\nTODO\n",
  "lib/x.py": "x",
  "dark mode": "a file of an odd name",
  "old/a.txt": "o",
  "deep/er/x.txt": "x",
  "deep/er/y.txt": "y",
  "tree/leaf.txt": "l",
} as const;
const P = {
  "old.ts": "2",
  "both.ts": "const a = 1;\n",
  "renamed.ts": "m",
  Makefile: "all: test\n",
  "docs/guide.md": "# Guide\n\n## Rolling back\n\nOne\nOne\n",
  "lib/x.py": "x",
  "dark mode": "a file of an odd name",
  "src/a.ts": "export const a = 1;\n",
  "src/b.js": "b",
  "src/c": "c",
  "backup.tar.gz": "z",
  "my notes.txt": "n",
  "empty.txt": "",
  "bin/run": { mode: "100755", content: "#!/bin/sh\n" },
  latest: { mode: "120000", content: "src/a.ts" },
  "src/keys/rotate.mjs": "r",
  "Größe.txt": "u",
  "src/keys/x.txt": "x",
  "deep/er/z.txt": "y",
  "wood/leaf.txt": "l",
} as const;

export const run = await runOf({ start: S, end: P });
/** A branch, as sentences name them. */
export const isRef = async (name: string): Promise<boolean> => name === "docs/fix-typo";
const overRange = stageOf(run);
export const treeOnly = stageOfTree(run.end.tree);
export const commands = ["unit", "build", "lint"];

/** The answer, the reason of an open one, or `?` where nothing is judged. */
export async function answer(sentence: string, stage = overRange): Promise<string> {
  const clauses = claimsOfSentence(sentence, { commands });
  if ("why" in clauses) return "?";
  const judged = await judgeSentence(stage, clauses, { changes: async () => "unknown", isRef });
  const seen = answerOfAll(judged.map((one) => one.observation.answer));
  const open = judged.find((one) => one.observation.answer === "UNVERIFIABLE");
  return seen === "UNVERIFIABLE" ? (open?.observation.reason ?? "UNVERIFIABLE") : seen;
}
