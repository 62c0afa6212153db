/**
 * History as claims ask it: a commit by its id, and what a commit touched. What a shallow clone lacks
 * is `unknown`, never `absent`: an object that cannot be found is no lie.
 */
import { type Commit, type History, isFault } from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import { STAGED } from "./changes-staged.ts";
import { type CommitObject, peel } from "./commit-object.ts";
import { treeAt } from "./git-tree.ts";
import { samePatch } from "./patch-ids.ts";
import { commitsBetween, isAncestor, listRefs, type Ref } from "./refs.ts";
import type { Repo } from "./repo.ts";
import { diffTrees } from "./tree-diff.ts";

/** Look-ups by a process each before all of the ancestry is listed once (1,000 claims, one list). */
const SINGLE_LOOKUPS = 4;

/** Lists of ancestry that are kept, of as many starting points: claims may ask about two by turns. */
const LISTS = 2;

/** Answers about pairs of commits and about abbreviated ids that are kept. */
const KEPT = 4096;

/** Who reaches what, and which refs there are; shared by the runs of one audit. */
export interface Ancestry {
  /** Every ref, listed once: claims of one audit must not see half of somebody's fetch. */
  refs(): Promise<readonly Ref[]>;
  /** Objects of any kind that are here and whose id begins so: blobs and trees share the ids' space. */
  objects(prefix: string): Promise<readonly string[]>;
  /** As {@link History.samePatch}, once for each pair. */
  samePatch(commit: string, into: string): ReturnType<typeof samePatch>;
  /** Ids reachable from `from` that begin with the prefix (at most 3: more says nothing new). */
  beginning(prefix: string, from: string): Promise<readonly string[]>;
  /** True where `from` is the commit or one of its descendants. */
  reaches(oid: string, from: string): Promise<boolean>;
}

/** Ancestry by single look-ups first, then by one sorted list a starting point. */
export function ancestryOf(bench: Bench): Ancestry {
  const { repo } = bench;
  const asked = new Map<string, number>();
  const lists = new Map<string, Promise<readonly string[]>>();
  const patches = new Map<string, ReturnType<typeof samePatch>>();
  const beginnings = new Map<string, Promise<readonly string[]>>();
  let listed: Promise<readonly Ref[]> | undefined;
  const refs = (): Promise<readonly Ref[]> => {
    listed ??= listRefs(repo);
    return listed;
  };

  /** All that `from` reaches, sorted; undefined while a look-up costs less. */
  function listOf(from: string): Promise<readonly string[]> | undefined {
    const known = lists.get(from);
    if (known !== undefined) return known;
    const count = (asked.get(from) ?? 0) + 1;
    asked.set(from, count);
    if (count <= SINGLE_LOOKUPS) return undefined;
    for (const old of lists.keys()) if (lists.size >= LISTS) lists.delete(old);
    const list = commitsBetween(repo, { include: [from], exclude: [] }).then((ids) => ids.sort());
    lists.set(from, list);
    return list;
  }

  const objects = (prefix: string): Promise<readonly string[]> =>
    once(beginnings, prefix, async () => await objectsBeginning(repo, prefix, await refs()));

  return {
    refs,
    objects,
    samePatch: (commit, into) =>
      once(patches, `${commit} ${into}`, () => samePatch(repo, commit, into)),
    beginning: async (prefix, from) => {
      const list = await listOf(from);
      if (list !== undefined) return beginningWith(list, prefix);
      const found: string[] = [];
      for (const oid of await objects(prefix))
        if ((await isCommit(bench, oid)) && (await isAncestor(repo, oid, from))) found.push(oid);
      return found;
    },
    reaches: async (oid, from) => {
      const list = await listOf(from);
      if (list === undefined) return await isAncestor(repo, oid, from);
      return beginningWith(list, oid).length > 0;
    },
  };
}

/** An answer that is asked for again and again; a failure is not kept. */
function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const asking = ask();
  if (known.size < KEPT) known.set(key, asking);
  asking.catch(() => known.delete(key));
  return asking;
}

/** The history of one run. `incomplete` is true in a shallow clone. */
export function historyOf(bench: Bench, ancestry: Ancestry, incomplete: boolean): History {
  const readable = async <T>(work: () => Promise<T>): Promise<T | "unknown"> => {
    try {
      return await work();
    } catch (error) {
      if (!isFault(error)) throw error;
      const unreadable =
        error.code === "git/missing-object" || error.code.startsWith("git/hostile-");
      if (unreadable) return "unknown";
      throw error;
    }
  };
  const { repo } = bench;
  return {
    incomplete,
    refsMayLag: async () => await bench.refsMayLag(),
    find: async (id, from) => {
      const prefix = id.toLowerCase();
      // Git itself takes no shorter abbreviation; anything else names no commit at all.
      if (!/^[0-9a-f]{4,64}$/.test(prefix)) return "unknown";
      // A commit that is being made reaches what its parents reach.
      const starts = from === STAGED ? (await bench.commit(from)).parents : [from];
      const found = new Set<string>();
      for (const start of starts)
        for (const oid of await ancestry.beginning(prefix, start)) found.add(oid);
      if (found.size > 1) return "ambiguous";
      const [only] = found;
      if (only === undefined) return incomplete ? "unknown" : "absent";
      return asCommit(await bench.commit(only));
    },
    touched: async (commit) =>
      await readable(async () => await bench.own(await bench.commit(commit.oid))),
    present: async (id) => {
      const prefix = id.toLowerCase();
      if (!/^[0-9a-f]{4,64}$/.test(prefix)) return "unknown";
      const found: string[] = [];
      for (const oid of await ancestry.objects(prefix))
        if (await isCommit(bench, oid)) found.push(oid);
      if (found.length > 1) return "ambiguous";
      const [only] = found;
      if (only === undefined) return incomplete ? "unknown" : "absent";
      return asCommit(await bench.commit(only));
    },
    branch: async (name) => {
      const tips = new Map<string, Commit>();
      for (const oid of branchTips(await ancestry.refs(), name))
        if (await isCommit(bench, oid)) tips.set(oid, asCommit(await bench.commit(oid)));
      return [...tips.values()];
    },
    tag: async (name) => {
      const oid = (await ancestry.refs()).find((ref) => ref.name === `refs/tags/${name}`)?.oid;
      if (oid === undefined) return "absent";
      const end = await readable(async () => await peel(repo, oid));
      if (end === "unknown" || end.type !== "commit") return "odd";
      return asCommit(await bench.commit(end.oid));
    },
    byOthers: async () => "unknown",
    reaches: async (commit, from) => {
      if (await ancestry.reaches(commit.oid, from.oid)) return true;
      return incomplete ? "unknown" : false;
    },
    samePatch: async (commit, into) =>
      await readable(async () => await ancestry.samePatch(commit.oid, into.oid)),
    between: async (base, head) =>
      await readable(
        async () =>
          await diffTrees(repo, await treeAt(repo, base.tree), await treeAt(repo, head.tree)),
      ),
  };
}

/** The tips of a branch by its short name: here, and as every remote-tracking ref has it; or `origin/x`. */
function branchTips(refs: readonly Ref[], name: string): string[] {
  const wanted = /^refs\/(?:heads|remotes\/[^/]+)\/(.*)$/;
  const found = refs.filter((ref) => wanted.exec(ref.name)?.[1] === name);
  const tracked = refs.filter((ref) => ref.name === `refs/remotes/${name}`);
  return (found.length > 0 ? found : tracked).map((ref) => ref.oid);
}

/**
 * Through the process that gives objects; only where several begin so, or a ref is called so and git
 * would take it for that, is a git of its own asked.
 */
async function objectsBeginning(
  repo: Repo,
  prefix: string,
  refs: readonly Ref[],
): Promise<readonly string[]> {
  if (prefix.length === (repo.format === "sha1" ? 40 : 64)) return [prefix];
  const isNamed = refs.some(({ name }) => name.toLowerCase().split("/").includes(prefix));
  const found = isNamed ? "odd" : await (await repo.withoutFetching()).objects.beginning(prefix);
  if (found === "none") return [];
  if (typeof found === "object") return [found.oid];
  const { stdout } = await repo.run(["rev-parse", `--disambiguate=${prefix}`]);
  return stdout.toString("latin1").split("\n").filter(Boolean);
}

async function isCommit({ repo }: Bench, oid: string): Promise<boolean> {
  // No partial clone lacks commits, and what a claim names must not make git ask the network for it.
  const { objects } = await repo.withoutFetching();
  return (await objects.has(oid)) && (await objects.header(oid)).type === "commit";
}

function asCommit(commit: CommitObject): Commit {
  return {
    oid: commit.oid,
    tree: commit.tree,
    parents: commit.parents,
    message: commit.message,
    // `Name <mail> 1700000000 +0000`: a claim names the author, not the second.
    author: commit.author.replace(/ -?\d+ [+-]\d{4}$/, ""),
  };
}

/** Of sorted ids those that begin with the prefix, three at most. */
function beginningWith(sorted: readonly string[], prefix: string): string[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < prefix) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(low, low + 3).filter((id) => id.startsWith(prefix));
}
