/**
 * Looks through a run's own diff for what weakens the witness of a claim: the table of tamper checks, and
 * test files, configuration and snapshots that were changed or taken away. It gives lines to show.
 */
import type { PathChange } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { shown } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { PROSE, placesLeft } from "./changed-lines.ts";
import { type Ruler, TAMPER_CHECKS, type TouchedFile } from "./tamper-checks.ts";
import { witnessKind } from "./witness-files.ts";

/** Larger files are not looked through; that alone is then said. */
const LARGEST = 1024 * 1024;
const LONGEST_LINE = 2_000;
const MOST_SHOWN = 6;
const ASSERTION =
  /\b(?:assert\w*|expect|should|verify|require)\b\s*[.(!]|\b(?:t|self)\.(?:Error|Fatal|assert|equal|deepEqual|ok|is|not)\w*\s*\(/g;

/** What the run did to the witness, each as a line for people; empty where nothing. */
export async function findTampering(
  scene: Scene,
  ruler: Ruler,
  command: readonly string[] = [],
  within: (path: string) => boolean = () => true,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const change of scene.stage.own.values()) {
    if (change.path.startsWith(".wingman/") || found.length > MOST_SHOWN) continue;
    if (!within(change.path)) continue;
    const file = await touched(scene, change);
    if (file === undefined) {
      if (!PROSE.test(change.path) && (change.before ?? change.after)?.mode !== "120000")
        if (witnessKind(change.path) !== undefined)
          found.push(`${quotePath(change.path)} is too large to look through`);
      continue;
    }
    found.push(...tamperingIn(file, ruler, command));
  }
  return found.slice(0, MOST_SHOWN).map((line) => shown(line, 160));
}

function tamperingIn(file: TouchedFile, ruler: Ruler, command: readonly string[]): string[] {
  const { path, before, after } = file;
  const found: string[] = [];
  const kind = witnessKind(path);
  const name = quotePath(path);
  if (command.some((word) => word.replace(/^\.\//, "") === path) && kind !== "test")
    found.push(`${name} is what the command runs, and the run changed it`);
  if (path === "package.json" || path.endsWith("/package.json"))
    found.push(...manifestChanges(name, before, after));
  if (kind === "config") found.push(`${name} configures the tests, and the run changed it`);
  else if (kind === "snapshot" && before !== undefined)
    found.push(`${name} is a snapshot, and the run rewrote it`);
  else if (kind === "test" && (ruler === "tests" || ruler === "coverage")) {
    if (after === undefined) found.push(`${name} was a test file, and the run removed it`);
    else if (before !== undefined && count(after) < count(before))
      found.push(`${name} asserts less: ${count(before)} → ${count(after)}`);
  }
  if (after === undefined || PROSE.test(path)) return found;
  for (const index of placesLeft(after, before ?? [])) {
    const line = after[index] ?? "";
    for (const check of TAMPER_CHECKS) {
      if (!check.rulers.includes(ruler)) continue;
      if (check.where === "witness" && kind === undefined) continue;
      if (!check.added.test(line.slice(0, LONGEST_LINE))) continue;
      found.push(`${name}:${index + 1} ${check.says}: ${line.trim().slice(0, 80)}`);
      break;
    }
  }
  return found;
}

/** What of a manifest decides how tests run. */
const DECIDING = [
  "scripts",
  "jest",
  "vitest",
  "mocha",
  "ava",
  "c8",
  "nyc",
  "tap",
  "type",
  "babel",
  "eslintConfig",
  "packageManager",
  "engines",
  "imports",
];

function manifestChanges(
  name: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): string[] {
  if (before === undefined) return [];
  const [old, now] = [record(before), record(after)];
  if (old === undefined || now === undefined) return [`${name} can no longer be read`];
  return DECIDING.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key])).map(
    (key) => `${name}: the run changed ${key}`,
  );
}

function record(
  lines: readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse((lines ?? []).join("\n"));
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function count(lines: readonly string[]): number {
  let all = 0;
  for (const line of lines) all += [...line.slice(0, LONGEST_LINE).matchAll(ASSERTION)].length;
  return all;
}

async function touched(scene: Scene, change: PathChange): Promise<TouchedFile | undefined> {
  const { start, end } = scene.stage;
  const lines = async (side: "before" | "after"): Promise<readonly string[] | undefined | null> => {
    const entry = change[side];
    const ground = side === "before" ? start : end;
    if (entry === undefined) return undefined;
    if (ground === undefined || entry.mode === "160000" || entry.mode === "120000") return null;
    if ((await ground.tree.size(entry)) > LARGEST) return null;
    scene.note("tampering", side, change.path, entry.oid);
    return Buffer.from(await ground.read(entry))
      .toString("utf8")
      .split("\n");
  };
  const [before, after] = [await lines("before"), await lines("after")];
  if (before === null || after === null) return undefined;
  return { path: change.path, before, after };
}
