/**
 * Two names that are one on a disk that folds case or normalises: the second checkout overwrites the
 * first, and what was judged is not what is read. Only what the change adds is refused: repositories
 * that already hold such a pair can go on.
 */
import type { Change, Finding, RepoPath, TreeName } from "@wingman/model";
import { foldPath, quotePath } from "@wingman/model";

/** Longer ones are refused as they are; 4,000 is more than any disk takes. */
const LONGEST = 4000;

/**
 * Findings for names that a tip adds beside another that folds to the same. Only siblings in one folder
 * count (below `Src` beside `src` every file would repeat the pair), so only the folders that the change
 * adds something to are looked at, each once.
 */
export async function collisions(change: Change): Promise<Finding[]> {
  const added = new Set<RepoPath>();
  for (const { path, before, after } of change.own)
    if (after !== undefined && before === undefined && path.length <= LONGEST) added.add(path);
  if (added.size === 0) return [];
  const touched = touchedFolders(added);
  const listed = await change.after.names(new Set(touched.keys()));
  const isOld = oldNames(listed, added);
  const findings: Finding[] = [];
  for (const [folder, fresh] of touched)
    for (const same of sameNames(listed.get(folder) ?? [], fresh)) {
      const nodes = same
        .map((one) => ({ path: below(folder, one.name), old: isOld(folder, one) }))
        .filter((one) => one.path.length <= LONGEST);
      const mine = nodes.find((one) => !one.old);
      const other = nodes.find((one) => one !== mine);
      if (mine !== undefined && other !== undefined)
        findings.push(collision(change, mine.path, other.path));
    }
  return findings;
}

function below(folder: RepoPath, name: string): RepoPath {
  return folder === "" ? name : `${folder}/${name}`;
}

type Listed = ReadonlyMap<RepoPath, readonly TreeName[]>;

/**
 * Says of a name whether some file at or below it stood there before: a file that was not added, or a
 * folder that holds such a file. Nothing was added to a folder that is not listed, so it is old.
 */
function oldNames(
  listed: Listed,
  added: ReadonlySet<RepoPath>,
): (folder: RepoPath, one: TreeName) => boolean {
  const known = new Map<RepoPath, boolean>();
  const isOld = (folder: RepoPath, one: TreeName): boolean => {
    const path = below(folder, one.name);
    if (!one.folder) return path.length <= LONGEST && !added.has(path);
    const names = listed.get(path);
    if (names === undefined) return true;
    const old = known.get(path) ?? names.some((name) => isOld(path, name));
    known.set(path, old);
    return old;
  };
  return isOld;
}

/** Every folder above what was added, with the folded names that it may have got by it. */
function touchedFolders(added: ReadonlySet<RepoPath>): Map<RepoPath, Set<string>> {
  const touched = new Map<RepoPath, Set<string>>();
  for (const path of added) {
    for (let end = path.length; end > 0; ) {
      const slash = path.lastIndexOf("/", end - 1);
      const folder = path.slice(0, Math.max(slash, 0));
      const name = folded(path.slice(slash + 1, end));
      const names = touched.get(folder);
      // Who put it there has been through all that lies above as well.
      if (names?.has(name) === true) break;
      if (names === undefined) touched.set(folder, new Set([name]));
      else names.add(name);
      end = slash;
    }
  }
  return touched;
}

/** Names of one folder that are one to a disk, as far as the change can have brought one of them. */
function sameNames(names: readonly TreeName[], fresh: ReadonlySet<string>): TreeName[][] {
  const groups = new Map<string, TreeName[]>();
  for (const one of names) {
    const key = folded(one.name);
    if (!fresh.has(key)) continue;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [one]);
    else same.push(one);
  }
  return [...groups.values()].filter((same) => same.length > 1);
}

/** Most names are ASCII, where folding is lower case. */
function folded(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name.toLowerCase() : foldPath(name);
}

function collision({ ref }: Change, mine: string, other: string): Finding {
  return {
    code: "hostile/collision",
    severity: "block",
    always: true,
    message: `${quotePath(mine.slice(-200))} and ${quotePath(other.slice(-200))} are one name on a disk that folds case`,
    path: mine,
    why: "one of the two would hide the other in a clone, so what was judged is not what is read",
    help: "rename one of them",
    ...(ref === undefined ? {} : { ref: ref.name }),
  };
}
