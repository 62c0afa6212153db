/**
 * Looks through a run's own diff for what weakens the witness of a claim: the table of tamper checks, and
 * test files, configuration and snapshots that were changed or taken away. It gives lines to show.
 */
import type { RepoPath } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { shown } from "../observation.ts";
import type { Scene } from "../scene.ts";
import { countAssertions, isHelper, loosened, movedAssertions } from "./assertions.ts";
import { PROSE, placesLeft } from "./changed-lines.ts";
import { manifestChanges, onlyDependencies } from "./manifest-changes.ts";
import { type Ruler, TAMPER_CHECKS, type TouchedFile } from "./tamper-checks.ts";
import { touchedFile } from "./touched-file.ts";
import { bearsOn, type WitnessKind, witnessKind } from "./witness-files.ts";

const LONGEST_LINE = 2_000;
const MOST_SHOWN = 6;

export interface Looked {
  /** Program and arguments of the command. */
  readonly command?: readonly string[];
  readonly within?: (path: RepoPath) => boolean;
  /** True where nothing is run: then a changed assertion counts as well, for no test shows what it was. */
  readonly unrun?: boolean;
}

/** What the run did to the witness, each as a line for people; empty where nothing. */
export async function findTampering(
  scene: Scene,
  ruler: Ruler,
  { command = [], within = () => true, unrun = false }: Looked = {},
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
    found.push(...tamperingIn(file, { ruler, command, moved, unrun }));
  }
  return found.slice(0, MOST_SHOWN).map((line) => shown(line, 160));
}

interface Ruled {
  readonly ruler: Ruler;
  readonly command: readonly string[];
  readonly unrun: boolean;
  /** Test files all of whose assertions stand in others now. */
  readonly moved: ReadonlySet<RepoPath>;
}

function tamperingIn(file: TouchedFile, { ruler, command, moved, unrun }: Ruled): string[] {
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
    const less = moved.has(path) ? undefined : saysLess(file, kind, unrun);
    if (less !== undefined) found.push(`${name} ${less}`);
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

/** What was taken from a test or its helper; undefined where nothing. */
function saysLess(
  { before, after }: TouchedFile,
  kind: WitnessKind | undefined,
  unrun: boolean,
): string | undefined {
  if (after === undefined)
    return kind === "test" ? "was a test file, and the run removed it" : undefined;
  if (before === undefined) return undefined;
  const [was, now] = [countAssertions(before), countAssertions(after)];
  if (now < was) return `asserts less: ${was} → ${now}`;
  return unrun ? loosened({ path: "", before, after }) : undefined;
}

/** Source in which shell's `||` means something else. */
const LANGUAGE = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|php|swift|c|cc|cpp|h|scala)$/;
