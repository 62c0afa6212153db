/**
 * The refs as they stood before a push: which are governed, and which commits were judged already.
 * In post-receive the refs have moved; the lines' old ids bring back what stood. Two refs of one
 * push never help each other, since each is computed against these.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { branchMatcher, fault, foldPath, parseBaseline, type Trusted } from "@wingman/model";
import type { RefLine } from "./changes-lines.ts";
import { isAncestor, listRefs } from "./refs.ts";
import type { Repo } from "./repo.ts";

/** Where governed branches are looked for: as branches, or as what was fetched of a remote. */
export type Standing = "heads" | "remotes" | "both";

/** Refs by full name as they stood before these lines. */
export async function oldRefs(repo: Repo, lines: readonly RefLine[]): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  for (const ref of await listRefs(repo)) if (ref.symref === undefined) refs.set(ref.name, ref.oid);
  // A ref that one push moved twice stood where its first line says.
  for (const line of [...lines].reverse()) {
    if (line.before === undefined) refs.delete(line.ref);
    else refs.set(line.ref, line.before);
  }
  return refs;
}

/**
 * The lines of a push, each from where its ref stands or once stood. What a line says of the past is
 * the client's word: receive-pack hands it on before it looks, so that a governed branch could be said
 * to stand on the very commit that another line brings. A line that lies fails at git's own lock, but
 * only after the others were judged.
 */
export async function standingLines(repo: Repo, lines: readonly RefLine[]): Promise<RefLine[]> {
  const refs = new Map((await listRefs(repo)).map(({ name, oid }) => [name, oid]));
  const standing: RefLine[] = [];
  for (const line of lines) {
    const now = refs.get(line.ref);
    // Who lost a race says what stood before, and so does who asks afterwards: more is judged then.
    const past = line.before === undefined || (await isPast(repo, line.before, now));
    standing.push(past ? line : { ...line, before: now });
  }
  return standing;
}

async function isPast(repo: Repo, told: string, now: string | undefined): Promise<boolean> {
  if (now === undefined || told === now) return told === now;
  for (const oid of [told, now])
    if (!(await repo.objects.has(oid)) || (await repo.objects.header(oid)).type !== "commit")
      return false;
  return await isAncestor(repo, told, now);
}

/** Symbolic refs by full name, with the ref that a push of these lines to one would move. */
export async function symbolicRefs(
  repo: Repo,
  lines: readonly RefLine[],
): Promise<Map<string, string>> {
  const direct = new Map<string, string>();
  for (const { name, symref } of await listRefs(repo))
    if (symref !== undefined) direct.set(name, symref);
  // Git lists none whose branch is unborn. Such a one is a file of its own: `ref: refs/heads/main`.
  for (const { ref, before } of lines) {
    if (before !== undefined || direct.has(ref)) continue;
    const text = await readFile(join(repo.commonDir, ref), "utf8").catch(() => "");
    const target = /^ref:\s*(\S+)\s*$/.exec(text)?.[1];
    if (target !== undefined) direct.set(ref, target);
  }
  const ends = new Map<string, string>();
  for (const [name, first] of direct) {
    let end = first;
    // Git follows five at most (SYMREF_MAXDEPTH); a ring has no end.
    for (let hops = 0; hops < 5; hops += 1) end = direct.get(end) ?? end;
    ends.set(name, end);
  }
  return ends;
}

/**
 * True where the ref is a branch that the policy governs, or the policy branch itself. Folded:
 * `refs/heads/Main` is the file of `main` on a case-insensitive disk.
 */
export function isGoverned(trusted: Trusted, ref: string | undefined): boolean {
  return ref !== undefined && governedMatcher(trusted)(ref);
}

function governedMatcher(trusted: Trusted): (ref: string) => boolean {
  const globs = trusted.policy.governed;
  const exact = branchMatcher(globs);
  const folded = branchMatcher(globs.map(foldPath));
  const policyBranch =
    trusted.policyBranch === undefined ? undefined : foldPath(trusted.policyBranch);
  return (ref) => {
    const branch = /^refs\/heads\/(.+)$/s.exec(ref)?.[1];
    if (branch === undefined) return false;
    const fold = foldPath(branch);
    return fold === policyBranch || exact(branch) || folded(fold);
  };
}

/** Tips of governed branches among these refs. */
export function governedTips(
  trusted: Trusted,
  refs: ReadonlyMap<string, string>,
  standing: Standing,
): string[] {
  const remotes = [...refs.keys()].filter((name) => name.startsWith("refs/remotes/"));
  // A second remote may be anybody's fork, and its `main` says nothing of what was judged.
  const origin = remotes.some((name) => name.startsWith("refs/remotes/origin/"));
  const governs = governedMatcher(trusted);
  const tips = new Set<string>();
  for (const [name, oid] of refs) {
    const fetched = /^refs\/remotes\/([^/]+)\/(.+)$/s.exec(name);
    const branch = fetched === null ? name : `refs/heads/${fetched[2]}`;
    if (fetched === null ? standing === "remotes" : standing === "heads") continue;
    if (fetched !== null && origin && fetched[1] !== "origin") continue;
    if (governs(branch)) tips.add(oid);
  }
  return [...tips];
}

/** Of these tips those that do not hold `commit` already: a range on main is not empty because main has it. */
export async function tipsWithout(
  repo: Repo,
  tips: readonly string[],
  commit: string,
): Promise<string[]> {
  const kept: string[] = [];
  for (const tip of tips) {
    if (tip === commit || !(await repo.objects.has(tip))) continue;
    if (!(await isAncestor(repo, commit, tip))) kept.push(tip);
  }
  return kept;
}

/** The tips at adoption, of the trusted side's baseline, that this repository has. */
export async function baselineTips(repo: Repo, trusted: Trusted): Promise<string[]> {
  const path = ".wingman/baseline.json";
  const entry = await trusted.tree.entry(path);
  if (entry === undefined) return [];
  const parsed = parseBaseline(await trusted.tree.read(entry));
  if (!parsed.ok) {
    const first = parsed.problems[0];
    return fault(`${path}:${first?.line ?? 1}: ${first?.message ?? "it cannot be read"}`, {
      code: "baseline/unreadable",
      hint: "an administrator restores it on the policy branch: git revert, or wingman baseline create",
    });
  }
  // Without a tip more is judged, never less, so one that was pruned or never fetched is no fault.
  const tips: string[] = [];
  for (const tip of parsed.value.tips) if (await repo.objects.has(tip)) tips.push(tip);
  return tips;
}
