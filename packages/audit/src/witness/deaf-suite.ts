/**
 * Can this suite still go red? The tests from before the run, with other numbers and words in what they
 * expect, must fail over P as they fail over S. Where they fail over S alone, the run made the suite deaf:
 * an assertion patched from the code that it tests, a report that says what it likes, however it is hidden.
 */
import type { Entry, RepoPath, Tree } from "@wingman/model";
import { digestOf } from "@wingman/model";
import { type CommandView, viewCommand } from "../command/command-view.ts";
import type { Ground } from "../ground.ts";
import type { Scene } from "../scene.ts";
import { witnessKind } from "./witness-files.ts";

const MOST_FILES = 400;
const LARGEST = 256 * 1024;
/** Lines that say what is expected. */
const EXPECTS =
  /\b(?:assert\w*|expect\w*|should\w*|equal\w*|require\.\w+|t\.\w+)\b|[!=]=|\]\]?\s*(?:\|\||&&)|\[\[? /i;
const NAMES_A_MODULE = /^\s*(?:import|export|from)\b|\brequire\s*\(/;

/** True where the tests from before the run pass over P whatever they expect, and did not over S. */
export async function isDeaf(
  scene: Scene,
  command: string,
  passes: (view: CommandView) => boolean,
): Promise<boolean> {
  const { start, end } = scene.stage;
  if (start === undefined) return false;
  // What was red before fails with any expectation: it is no measure.
  const before = await viewCommand(scene, command, { tree: start.tree });
  if ("reason" in before || !passes(before)) return false;
  const wrong = await wrongTests(start);
  if (wrong.size === 0) return false;
  const entries = await start.tree.entries();
  const over = new Map<RepoPath, Entry | undefined>(
    entries.filter((entry) => isTest(entry.path)).map((entry) => [entry.path, entry]),
  );
  // What the run brought of tests goes: it is the old ones that are asked.
  for (const change of scene.stage.own.values())
    if (!over.has(change.path) && isTest(change.path)) over.set(change.path, undefined);
  const now = await viewCommand(scene, command, { tree: withBytes(end.tree, wrong), over });
  if ("reason" in now || !passes(now)) return false;
  const then = await viewCommand(scene, command, { tree: withBytes(start.tree, wrong) });
  return !("reason" in then) && !passes(then);
}

function isTest(path: RepoPath): boolean {
  return !path.startsWith(".wingman/") && witnessKind(path) === "test";
}

/** The test files of a tree with wrong expectations, by blob. */
async function wrongTests(ground: Ground): Promise<ReadonlyMap<string, Uint8Array>> {
  const wrong = new Map<string, Uint8Array>();
  for (const entry of await ground.tree.entries()) {
    if (wrong.size >= MOST_FILES) break;
    if (!isTest(entry.path) || !entry.mode.startsWith("100")) continue;
    if ((await ground.tree.size(entry)) > LARGEST) continue;
    const bytes = Buffer.from(await ground.read(entry));
    const text = bytes.toString("latin1");
    const other = withWrongExpectations(text);
    if (other !== text) wrong.set(entry.oid, Buffer.from(other, "latin1"));
  }
  return wrong;
}

/** Every number of a line that expects becomes another, each by more than the last; else its words do. */
export function withWrongExpectations(text: string): string {
  let more = 7919;
  return text
    .split("\n")
    .map((line) => {
      if (!EXPECTS.test(line) || NAMES_A_MODULE.test(line)) return line;
      const other = line.replace(/(?<![\w.'"`-])\d{1,12}(?![\w.])/g, (digits) => {
        more += 7919;
        return String(Number(digits) + more);
      });
      if (other !== line) return other;
      return line.replace(/(['"])([^'"\\$`]{1,80})\1(?=\s*\)*;?,?\s*$)/, "$1$2 7919$1");
    })
    .join("\n");
}

/** The same tree with other bytes for some blobs. */
function withBytes(tree: Tree, bytes: ReadonlyMap<string, Uint8Array>): Tree {
  const id = digestOf(JSON.stringify([tree.id, [...bytes.keys()].sort()]));
  return {
    id,
    entries: (folder) => tree.entries(folder),
    entry: (path) => tree.entry(path),
    names: (folders) => tree.names(folders),
    hasFolder: (path) => tree.hasFolder(path),
    read: async (entry) => bytes.get(entry.oid) ?? (await tree.read(entry)),
    size: async (entry) => bytes.get(entry.oid)?.length ?? (await tree.size(entry)),
  };
}
