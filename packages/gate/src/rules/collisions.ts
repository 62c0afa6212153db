/**
 * Two names that are one on a disk that folds case or normalises: the second checkout overwrites the
 * first, and what was judged is not what is read. Only what the change adds is refused: repositories
 * that already hold such a pair can go on.
 */
import type { Change, Finding } from "@wingman/model";
import { foldPath, quotePath } from "@wingman/model";

/** One file or folder of the tree, by its exact name. */
interface Node {
  readonly id: number;
  readonly parent: number;
  readonly path: string;
  /** Where its name ends in `path`. */
  readonly end: number;
  /** True where some file at or below it stood there before. */
  old: boolean;
}

/** Findings for names that a tip adds beside another that folds to the same. One listing of the tree. */
export async function collisions(change: Change): Promise<Finding[]> {
  const added = new Set(
    change.own
      .filter((one) => one.after !== undefined && one.before === undefined)
      .map((one) => one.path),
  );
  if (added.size === 0) return [];
  const nodes = new Nodes();
  for (const { path } of await change.after.entries()) {
    // Longer ones are refused as they are; 4,000 is more than any disk takes.
    if (path.length <= 4000) nodes.add(path, !added.has(path));
  }
  return nodes.pairs().map(([mine, other]) => collision(change, shown(mine), shown(other)));
}

/**
 * Names component by component: a subtree that hangs under 100,000 folders costs its components,
 * not the square of its depth.
 */
class Nodes {
  private readonly exact = new Map<string, Node>();
  private readonly folded = new Map<string, Node[]>();

  add(path: string, old: boolean): void {
    let parent = 0;
    for (let start = 0; start <= path.length; ) {
      const cut = path.indexOf("/", start);
      const end = cut < 0 ? path.length : cut;
      const name = path.slice(start, end);
      const key = `${parent}/${name}`;
      let node = this.exact.get(key);
      if (node === undefined) {
        node = { id: this.exact.size + 1, parent, path, end, old };
        this.exact.set(key, node);
        // Only siblings of one folder: below `Src` beside `src` every file would repeat the pair.
        const foldedKey = `${parent}/${folded(name)}`;
        const same = this.folded.get(foldedKey);
        if (same === undefined) this.folded.set(foldedKey, [node]);
        else same.push(node);
      }
      node.old ||= old;
      parent = node.id;
      start = end + 1;
    }
  }

  /** A new name and another one beside it that folds to the same. */
  pairs(): [Node, Node][] {
    const pairs: [Node, Node][] = [];
    for (const same of this.folded.values()) {
      const fresh = same.find((one) => !one.old);
      const other = same.find((one) => one !== fresh);
      if (fresh !== undefined && other !== undefined) pairs.push([fresh, other]);
    }
    return pairs;
  }
}

/** Most names are ASCII, where folding is lower case. */
function folded(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name.toLowerCase() : foldPath(name);
}

function shown({ path, end }: Node): string {
  return path.slice(0, end);
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
