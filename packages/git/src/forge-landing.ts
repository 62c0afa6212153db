/**
 * Commits that a forge made when it landed a head (merge, squash, rebase), told by what they hold: the
 * tree that merging that head gives (TRUST.md §5). Neither a message nor a committer's name is believed;
 * whoever makes such a commit by hand has landed the very content that is judged on the head itself.
 */
import { readCommit } from "./commit-object.ts";
import { cleanMerge } from "./own-content.ts";
import { commitsBetween, isAncestor } from "./refs.ts";
import type { Repo } from "./repo.ts";

/** What was found: the forge's own commits, and those of the heads, oldest first, to judge instead. */
export interface ForgeLanding {
  readonly made: ReadonlySet<string>;
  readonly landed: readonly string[];
}

/** Merging costs a process; a landing has a few commits and a few heads that could be meant. */
const MOST_TRIES = 400;
const MOST_ENDS = 100;

/** Ties commits of a range (oldest first) to heads. What ties to none stays as it is. */
export async function forgeLanding(
  repo: Repo,
  range: { readonly commits: readonly string[]; readonly heads: readonly string[] },
): Promise<ForgeLanding> {
  const inRange = new Set(range.commits);
  const made = new Set<string>();
  const landed: string[] = [];
  let tries = 0;
  const ends = await firstParents(repo, range.commits.at(-1), inRange);
  for (const head of range.heads) {
    if (made.has(head) || !(await isCommit(repo, head))) continue;
    for (const end of ends) {
      if (made.has(end) || tries >= MOST_TRIES) continue;
      const group = await groupOf(repo, { end, head, inRange }, () => {
        tries += 1;
      });
      if (group === undefined) continue;
      for (const oid of group.made) made.add(oid);
      const own = await commitsBetween(repo, { include: [head], exclude: [group.base] });
      for (const oid of own) if (!inRange.has(oid) && !landed.includes(oid)) landed.push(oid);
      break;
    }
  }
  return { made, landed };
}

/** The branch's own line, newest first: a forge lands nothing anywhere else. */
async function firstParents(
  repo: Repo,
  tip: string | undefined,
  inRange: ReadonlySet<string>,
): Promise<string[]> {
  const line: string[] = [];
  for (let at = tip; at !== undefined && inRange.has(at) && line.length < MOST_ENDS; ) {
    line.push(at);
    at = (await readCommit(repo, at)).parents[0];
  }
  return line;
}

/** The commits up to `end` that come to what merging the head gives, and what they build on. */
async function groupOf(
  repo: Repo,
  of: { readonly end: string; readonly head: string; readonly inRange: ReadonlySet<string> },
  onTry: () => void,
): Promise<{ made: readonly string[]; base: string } | undefined> {
  const { end, head, inRange } = of;
  const last = await readCommit(repo, end);
  const gives = async (base: string): Promise<boolean> => {
    onTry();
    // A head that stands already gives nothing: an empty commit would tie to it.
    if (await isAncestor(repo, head, base)) return false;
    return (await cleanMerge(repo, base, head))?.id === last.tree;
  };
  const [first, second, ...more] = last.parents;
  if (first === undefined || more.length > 0 || end === head) return undefined;
  if (second !== undefined)
    return second === head && (await gives(first)) ? { made: [end], base: first } : undefined;
  if (await isAncestor(repo, head, end)) return undefined;
  // First: the last of rebased commits alone also comes to what merging the head on the others gives.
  const line = await rebased(repo, { end, head, inRange, gives });
  if (line !== undefined) return line;
  return (await gives(first)) ? { made: [end], base: first } : undefined;
}

/** As many commits on one line as the head has of its own, and the same in sum. */
async function rebased(
  repo: Repo,
  of: {
    readonly end: string;
    readonly head: string;
    readonly inRange: ReadonlySet<string>;
    readonly gives: (base: string) => Promise<boolean>;
  },
): Promise<{ made: readonly string[]; base: string } | undefined> {
  const own = await commitsBetween(repo, { include: [of.head], exclude: [of.end] });
  const made: string[] = [];
  let at = of.end;
  for (const oid of own) {
    // A forge leaves merges of the base out when it rebases.
    if ((await readCommit(repo, oid)).parents.length > 1) continue;
    const { parents } = await readCommit(repo, at);
    const [parent] = parents;
    if (parent === undefined || parents.length > 1 || !of.inRange.has(at)) return undefined;
    made.push(at);
    at = parent;
  }
  return made.length > 1 && (await of.gives(at)) ? { made, base: at } : undefined;
}

async function isCommit(repo: Repo, oid: string): Promise<boolean> {
  return (await repo.objects.has(oid)) && (await repo.objects.header(oid)).type === "commit";
}
