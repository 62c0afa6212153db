/**
 * Looks for what a failure may owe to the auditor's machine: reads of its surroundings in the lines that the
 * run changed, and in its changed tests with all that they import. Without any, what differs between two
 * runs is the work alone. It gives one line to show.
 */
import { type Entry, quotePath, type RepoPath } from "@wingman/model";
import type { Ground } from "../ground.ts";
import { shown } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { linesLeft, PROSE } from "./changed-lines.ts";
import { PLACE_READS } from "./place-reads.ts";
import { relativePath } from "./relative-path.ts";
import { witnessKind } from "./witness-files.ts";

/** What is never run, and a lock file, which names addresses without asking them. */
const DATA = new RegExp(`${PROSE.source}|\\.(?:jsonc?|sum|snap)$|-lock\\.ya?ml$`, "i");
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#[\s!]|<!--|--\s)/;
const LARGEST = 1024 * 1024;
const LONGEST_LINE = 2_000;
/** Files that are followed from the changed tests. */
const MOST_FOLLOWED = 64;

/** The first such line; undefined where the run's failure is its own. `also`: files to read whole as well. */
export async function findPlaceRead(
  scene: Scene,
  also: readonly RepoPath[] = [],
): Promise<string | undefined> {
  const { start, end, own } = scene.stage;
  const whole = new Set<RepoPath>(also.filter(isPlain));
  for (const change of own.values()) {
    if (change.path.startsWith(".wingman/") || DATA.test(change.path)) continue;
    const [before, after] = [
      start && (await linesOf(scene, start, change.before)),
      await linesOf(scene, end, change.after),
    ];
    if (before === null || after === null)
      return `${quotePath(change.path)} is too large to look through`;
    const found = firstRead(changedLines(before ?? [], after ?? []));
    if (found !== undefined) return told(change.path, found);
    if (change.after !== undefined && witnessKind(change.path) === "test") whole.add(change.path);
  }
  return await amongImports(scene, whole);
}

async function amongImports(scene: Scene, from: Iterable<RepoPath>): Promise<string | undefined> {
  const { end } = scene.stage;
  const todo = [...from];
  const seen = new Set<RepoPath>(todo);
  for (let path = todo.shift(); path !== undefined; path = todo.shift()) {
    const standing = await end.standing(path);
    if (standing.what !== "file" && standing.what !== "executable") continue;
    const lines = await linesOf(scene, end, standing.entry);
    if (lines === undefined || lines === null) continue;
    const found = firstRead(lines);
    if (found !== undefined) return told(path, found);
    for (const next of await imported(scene, path, lines)) {
      if (seen.has(next) || seen.size >= MOST_FOLLOWED) continue;
      seen.add(next);
      todo.push(next);
    }
  }
  return undefined;
}

const SPECIFIER =
  /(?:\bfrom|\bimport|\brequire(?:_relative)?|^\s*(?:\.|source))\s*\(?\s*['"]?(\.{0,2}[\w./-]+)/g;
const ENDINGS = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx", ".py", ".rb", ".sh"];

/** Files of the tree that these lines name: `from "./a.js"`, `from calc import add`, `. ./lib.sh`. */
async function imported(
  scene: Scene,
  path: RepoPath,
  lines: readonly string[],
): Promise<readonly RepoPath[]> {
  const found: RepoPath[] = [];
  for (const line of lines)
    for (const [, specifier = ""] of line.slice(0, LONGEST_LINE).matchAll(SPECIFIER)) {
      // A module of Python is looked for beside the file, at the top and below `src`.
      const dotted = specifier.replace(/^\.(?=\w)/, "").replaceAll(".", "/");
      const tried = /^\.{1,2}\//.test(specifier)
        ? [relativePath(path, specifier)]
        : [relativePath(path, dotted), dotted, `src/${dotted}`];
      for (const stem of tried)
        for (const ending of ENDINGS) {
          const name = `${stem}${ending}`;
          if (name === "" || !isPlain(name)) continue;
          const standing = await scene.stage.end.standing(name);
          if (standing.what === "file") found.push(name);
        }
      // TypeScript names the file that will be: `./a.js` is `a.ts`.
      if (/\.[cm]?jsx?$/.test(specifier))
        found.push(relativePath(path, specifier.replace(/\.([cm]?)js(x?)$/, ".$1ts$2")));
    }
  return found.filter(isPlain);
}

function isPlain(path: RepoPath): boolean {
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

/** Lines of one side alone: brought or taken away. */
function changedLines(before: readonly string[], after: readonly string[]): readonly string[] {
  return [...linesLeft(after, before), ...linesLeft(before, after)];
}

interface Found {
  readonly of: string;
  readonly line: string;
}

function firstRead(lines: readonly string[]): Found | undefined {
  for (const line of lines) {
    if (COMMENT.test(line)) continue;
    const row = PLACE_READS.find(({ pattern }) => pattern.test(line.slice(0, LONGEST_LINE)));
    if (row !== undefined) return { of: row.of, line: line.trim() };
  }
  return undefined;
}

function told(path: RepoPath, { of, line }: Found): string {
  return shown(`${quotePath(path)} reads ${of}: ${line.slice(0, 80)}`, 160);
}

/** Undefined where nothing stands, null where it cannot be looked through. */
async function linesOf(
  scene: Scene,
  ground: Ground,
  entry: Entry | undefined,
): Promise<readonly string[] | undefined | null> {
  if (entry === undefined || entry.mode === "160000" || entry.mode === "120000") return undefined;
  if ((await ground.tree.size(entry)) > LARGEST) return null;
  scene.note("place", entry.path, entry.oid);
  const bytes = Buffer.from(await ground.read(entry));
  return bytes.includes(0) ? undefined : bytes.toString("utf8").split("\n");
}
