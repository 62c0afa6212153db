/**
 * Looks through a run's own diff for what weakens the witness of a claim: the table of tamper checks, and
 * test files, configuration and snapshots that were changed or taken away. It gives lines to show.
 */
import type { PathChange, RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { shown } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { linesLeft, PROSE, placesLeft } from "./changed-lines.ts";
import { type Ruler, TAMPER_CHECKS, type TouchedFile } from "./tamper-checks.ts";
import { bearsOn, witnessKind } from "./witness-files.ts";

/** Larger files are not looked through; that alone is then said. */
const LARGEST = 1024 * 1024;
const LONGEST_LINE = 2_000;
const MOST_SHOWN = 6;
const ASSERTION =
  /\b(?:assert\w*|expect|should|verify|require)\b\s*[.(!]|^\s*assert\s|\b(?:t|self)\.(?:Error|Fatal|assert|equal|deepEqual|ok|is|not)\w*\s*\(/g;

/** What the run did to the witness, each as a line for people; empty where nothing. */
export async function findTampering(
  scene: Scene,
  ruler: Ruler,
  command: readonly string[] = [],
  within: (path: string) => boolean = () => true,
): Promise<readonly string[]> {
  const found: string[] = [];
  const moved = await movedAssertions(scene);
  for (const change of scene.stage.own.values()) {
    if (change.path.startsWith(".wingman/") || found.length > MOST_SHOWN) continue;
    if (!within(change.path)) continue;
    const file = await touchedFile(scene, change);
    if (file === undefined) {
      if (!PROSE.test(change.path) && (change.before ?? change.after)?.mode !== "120000")
        if (witnessKind(change.path) !== undefined)
          found.push(`${quotePath(change.path)} is too large to look through`);
      continue;
    }
    found.push(...tamperingIn(file, { ruler, command, moved }));
  }
  return found.slice(0, MOST_SHOWN).map((line) => shown(line, 160));
}

interface Ruled {
  readonly ruler: Ruler;
  readonly command: readonly string[];
  /** Test files all of whose assertions stand in others now. */
  readonly moved: ReadonlySet<RepoPath>;
}

function tamperingIn(file: TouchedFile, { ruler, command, moved }: Ruled): string[] {
  const { path, before, after } = file;
  const found: string[] = [];
  const kind = witnessKind(path);
  const name = quotePath(path);
  if (command.some((word) => word.replace(/^\.\//, "") === path) && kind !== "test")
    found.push(`${name} is what the command runs, and the run changed it`);
  if (path === "package.json" || path.endsWith("/package.json"))
    found.push(...manifestChanges(name, before, after, command));
  if (kind === "config" && (!bearsOn(path, ruler, command) || onlyDependencies(file))) return [];
  if (kind === "config") found.push(`${name} configures the tests, and the run changed it`);
  else if (kind === "snapshot" && before !== undefined)
    found.push(`${name} is a snapshot, and the run rewrote it`);
  else if ((kind === "test" || isHelper(file)) && (ruler === "tests" || ruler === "coverage")) {
    if (moved.has(path)) return found;
    if (after === undefined && kind !== "test") return found;
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
      const pattern = kind === undefined && LANGUAGE.test(path) ? check.inCode : undefined;
      if (!(pattern ?? check.added).test(line.slice(0, LONGEST_LINE))) continue;
      found.push(`${name}:${index + 1} ${check.says}: ${line.trim().slice(0, 80)}`);
      break;
    }
  }
  return found;
}

const SECTION = /^\s*\[{1,2}\s*([^\]]+?)\s*\]/;
const DEPENDENCIES =
  /^(?:project|(?:[\w.'"()=]+\.)?(?:[\w-]+-)?dependenc(?:ies|y-groups)(?:\.[\w-]+)*)$/;

/** True where all that a TOML manifest changed stands in its sections of what is depended on. */
function onlyDependencies({ path, before, after }: TouchedFile): boolean {
  if (!path.endsWith(".toml") || before === undefined || after === undefined) return false;
  const all = (of: readonly string[], than: readonly string[]): boolean =>
    placesLeft(of, than).every((at) => {
      if ((of[at] ?? "").trim() === "") return true;
      const head = of.slice(0, at + 1).findLast((line) => SECTION.test(line)) ?? "";
      return DEPENDENCIES.test(SECTION.exec(head)?.[1] ?? "");
    });
  return all(after, before) && all(before, after);
}

/** Source in which shell's `||` means something else. */
const LANGUAGE = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|swift|c|cc|cpp|h|scala)$/;

/** Code beside the tests that asserts for them: it loads an assertion library. */
const ASSERTS =
  /['"](?:node:)?(?:assert(?:\/strict)?|chai|expect|should|power-assert|@jest\/globals|vitest|unexpected)['"]|^\s*(?:import|from) (?:unittest|pytest|hamcrest|testtools)\b|\btestify\//;

function isHelper({ before }: TouchedFile): boolean {
  return before?.some((line) => ASSERTS.test(line)) ?? false;
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

/** npm runs these unasked. */
const UNASKED = /^(?:(?:pre|post)?(?:install|prepare|test|pack)|prepublish(?:Only)?|dependencies)$/;

/** Changed scripts that may run: what stood there, or comes around what did. A new `dev` runs nowhere. */
function scriptsThatRun(old: unknown, now: unknown, command: readonly string[]): boolean {
  const [was, is] = [old, now].map((one) =>
    typeof one === "object" && one !== null ? (one as Readonly<Record<string, unknown>>) : {},
  );
  const words = new Set(command.flatMap((word) => word.split(/[^\w:.-]+/)));
  const names = Object.keys({ ...was, ...is }).filter((name) => was?.[name] !== is?.[name]);
  return names.some((name) => {
    const around = name.replace(/^(?:pre|post)/, "");
    return [name, around].some(
      (one) =>
        (was !== undefined && Object.hasOwn(was, one)) || UNASKED.test(one) || words.has(one),
    );
  });
}

function manifestChanges(
  name: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  command: readonly string[],
): string[] {
  if (before === undefined) return [];
  const [old, now] = [record(before), record(after)];
  if (old === undefined || now === undefined) return [`${name} can no longer be read`];
  return DECIDING.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    .filter((key) => key !== "scripts" || scriptsThatRun(old[key], now[key], command))
    .map((key) => `${name}: the run changed ${key}`);
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

/** Test files whose lost assertions all stand, word for word, among what other test files gained. */
async function movedAssertions(scene: Scene): Promise<ReadonlySet<RepoPath>> {
  const lost = new Map<RepoPath, readonly string[]>();
  const gained: string[] = [];
  for (const change of scene.stage.own.values()) {
    if (witnessKind(change.path) !== "test") continue;
    const file = await touchedFile(scene, change);
    if (file === undefined) continue;
    const { before = [], after = [] } = file;
    lost.set(change.path, linesLeft(before, after).filter(asserts));
    gained.push(...linesLeft(after, before).filter(asserts));
  }
  const moved = new Set<RepoPath>();
  for (const [path, lines] of lost) {
    const rest = linesLeft(gained, lines);
    if (lines.length === 0 || rest.length !== gained.length - lines.length) continue;
    gained.splice(0, gained.length, ...rest);
    moved.add(path);
  }
  return moved;
}

function asserts(line: string): boolean {
  return [...line.slice(0, LONGEST_LINE).matchAll(ASSERTION)].length > 0;
}

/** Both sides of a change as lines; undefined where it is no file that can be looked through. */
export async function touchedFile(
  scene: Scene,
  change: PathChange,
): Promise<TouchedFile | undefined> {
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
