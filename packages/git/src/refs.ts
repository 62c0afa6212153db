/**
 * Refs and history: names and ids only. It refuses revisions that git would read as options, and
 * never takes "no answer" for "no".
 */
import { fault, pathFromBytes, quotePath } from "@wingman/model";
import { headFile } from "./moment.ts";
import { nulList } from "./nul-list.ts";
import type { Repo } from "./repo.ts";

export interface Ref {
  /** Full name. */
  readonly name: string;
  readonly oid: string;
  readonly symref?: string;
}

/** Where HEAD stands: a branch (name without refs/heads/), born or not, or a commit of its own. */
export type Head =
  | { readonly branch: string; readonly born: boolean }
  | { readonly detached: string };

/** All refs whose full name begins with `prefix`, by name. */
export async function listRefs(repo: Repo, prefix = "refs/"): Promise<Ref[]> {
  const refs = await matching(repo, prefix.endsWith("/") ? prefix.slice(0, -1) : undefined);
  return refs.filter(({ name }) => name.startsWith(prefix));
}

/**
 * The id of the ref of exactly this full name, or undefined. Never guesses: git itself takes a branch
 * named `refs/heads/x` (that is, refs/heads/refs/heads/x) for refs/heads/x where the latter is not.
 */
export async function exactRef(repo: Repo, name: string): Promise<string | undefined> {
  const refs = await matching(repo, name);
  return refs.find((ref) => ref.name === name)?.oid;
}

/** Lists refs as {@link refsOf} reads them. */
export const LIST_REFS = ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)%00"];

async function matching(repo: Repo, pattern: string | undefined): Promise<readonly Ref[]> {
  if (repo.moment !== undefined) return await repo.moment.refs();
  const args = [...LIST_REFS];
  // Only to list less: what git makes of a pattern is checked again by the caller.
  if (pattern !== undefined && /^refs\/[\w./+@-]+$/.test(pattern)) args.push(pattern);
  return refsOf((await repo.run(args)).stdout);
}

/** The refs in git's answer to {@link LIST_REFS}. */
export function refsOf(stdout: Buffer): Ref[] {
  const fields = nulList(stdout).map((field) => pathFromBytes(field));
  const refs: Ref[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    // Each record ends with an LF of git's own, which opens the next one's name.
    const name = (fields[at] ?? "").replace(/^\n/, "");
    const symref = fields[at + 2] ?? "";
    refs.push({ name, oid: fields[at + 1] ?? "", ...(symref === "" ? {} : { symref }) });
  }
  return refs;
}

/**
 * The id of a revision (ref, id, `HEAD~2`, `main:path`), or undefined where it names nothing that is
 * in this repository. Faults `git/bad-revision` on text that git could read as something else.
 */
export async function resolve(repo: Repo, rev: string): Promise<string | undefined> {
  if (rev === "" || rev.length > 1000 || rev.startsWith("-") || /[\u0000-\u001f\u007f]/.test(rev))
    fault(`${quotePath(rev.slice(0, 100))} is no revision`, {
      code: "git/bad-revision",
      hint: "name a commit, a branch or a tag",
    });
  const head = rev === "HEAD" ? await headOfMoment(repo) : undefined;
  if (head !== undefined)
    return head.oid !== undefined && (await repo.objects.has(head.oid)) ? head.oid : undefined;
  // A full ref name is a name and nothing else.
  if (/^refs\/[^:^~@{}]+$/.test(rev)) {
    const named = await exactRef(repo, rev);
    return named !== undefined && (await repo.objects.has(named)) ? named : undefined;
  }
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", rev];
  const { stdout, code } = await repo.run(args, { okCodes: [0, 1] });
  const oid = stdout.toString("latin1").trim();
  if (code === 1 || oid === "") return undefined;
  // Git takes any full id at its word; only one that is here resolves.
  return (await repo.objects.has(oid)) ? oid : undefined;
}

// gitrevisions(7), in git's order; the last one is a remote's default branch.
const PLACES = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];

/**
 * The refs, by full name, that git could take a revision's name for, best first; none where it names
 * no ref. A tag `origin/main` comes with every fetch, and `origin/main..HEAD` then begins at the tag.
 */
export async function namedRefs(repo: Repo, rev: string): Promise<Ref[]> {
  const name = rev.split(/[~^:@]/, 1)[0] ?? "";
  if (name === "" || name === "HEAD") return [];
  const refs = new Map((await listRefs(repo)).map((ref) => [ref.name, ref]));
  return PLACES.flatMap((place) => refs.get(`${place}${name}`) ?? []);
}

/** Where HEAD stands. Faults where it cannot be read. */
export async function headBranch(repo: Repo): Promise<Head> {
  const then = await headOfMoment(repo);
  if (then?.branch !== undefined)
    return { branch: then.branch.replace(/^refs\/heads\//, ""), born: then.oid !== undefined };
  const symbolic = await repo.run(["symbolic-ref", "--quiet", "HEAD"], { okCodes: [0, 1] });
  if (symbolic.code === 0) {
    // Asked by its full name: an unborn HEAD would else be looked for among branches and tags.
    const name = pathFromBytes(symbolic.stdout.subarray(0, -1));
    const born = (await exactRef(repo, name)) !== undefined;
    return { branch: name.replace(/^refs\/heads\//, ""), born };
  }
  const head = await resolve(repo, "HEAD");
  if (head !== undefined) return { detached: head };
  return fault("HEAD names a commit that is not in this repository", {
    code: "git/missing-object",
    hint: "check out a branch, or check the repository with git fsck",
  });
}

/** HEAD's branch (full name) and commit, where a view of one moment tells them without a process. */
async function headOfMoment(
  repo: Repo,
): Promise<{ branch: string | undefined; oid: string | undefined } | undefined> {
  if (repo.moment === undefined) return undefined;
  const head = headFile(repo.gitDir);
  if (head === undefined) return undefined;
  if (!head.startsWith("refs/")) return { branch: undefined, oid: head };
  const ref = (await repo.moment.refs()).find(({ name }) => name === head);
  // A branch that stands for another one: git follows it to its end.
  return ref?.symref === undefined ? { branch: head, oid: ref?.oid } : undefined;
}

/**
 * True where commit `a` is `b` or one of its ancestors. In a shallow clone false may mean unknown:
 * ask `repo.shallow()`. Faults where one of them is not here.
 */
export async function isAncestor(repo: Repo, a: string, b: string): Promise<boolean> {
  for (const oid of [a, b]) await repo.objects.header(oid);
  if (a === b) return true;
  const args = ["merge-base", "--is-ancestor", a, b];
  return (await repo.run(args, { okCodes: [0, 1] })).code === 0;
}

/**
 * Ids of the commits reachable from `include` but from none of `exclude`, parents before children.
 * Tags are followed. Ids go by standard input, so that thousands fit. Faults where one is missing.
 */
export async function commitsBetween(
  repo: Repo,
  range: { include: readonly string[]; exclude: readonly string[] },
): Promise<string[]> {
  if (range.include.length === 0) return [];
  const lines = [...range.include.map(wholeId), ...range.exclude.map((oid) => `^${wholeId(oid)}`)];
  const args = ["rev-list", "--topo-order", "--reverse", "--stdin"];
  const { stdout } = await repo.run(args, { input: `${lines.join("\n")}\n` });
  const text = stdout.toString("latin1");
  return text === "" ? [] : text.slice(0, -1).split("\n");
}

/**
 * The newest commit on the main line (first parents) of `tip` that `oid` is or holds; undefined where
 * there is none. It is `oid` itself where that is a state of the branch, and not only a step within
 * what was merged into it.
 */
export async function newestHeld(
  repo: Repo,
  oid: string,
  tip: string,
): Promise<string | undefined> {
  const args = ["rev-list", "--first-parent", "--end-of-options", tip, `^${oid}`];
  const last = linesOf((await repo.run(args)).stdout).at(-1);
  return last === undefined ? tip : await firstParent(repo, last);
}

async function firstParent(repo: Repo, oid: string): Promise<string | undefined> {
  const { stdout } = await repo.run(["rev-list", "--parents", "--max-count=1", wholeId(oid)]);
  return stdout.toString("latin1").trim().split(" ")[1];
}

function linesOf(stdout: Buffer): string[] {
  return stdout.toString("latin1").split("\n").filter(Boolean);
}

/** A configuration value as git would use it (the last one), or undefined. */
export async function configGet(repo: Repo, key: string): Promise<string | undefined> {
  if (repo.moment !== undefined && /^wingman\.[a-z]+$/i.test(key))
    return repo.moment.settings.get(key.toLowerCase());
  const args = ["config", "-z", "--get", key];
  const { stdout, code } = await repo.run(args, { okCodes: [0, 1], plainConfig: true });
  return code === 1 ? undefined : stdout.toString("utf8").replace(/\0$/, "");
}

/** Writes a value to the repository's own configuration. */
export async function configSet(repo: Repo, key: string, value: string): Promise<void> {
  await repo.run(["config", "--local", "--replace-all", key, value], { plainConfig: true });
}

function wholeId(oid: string): string {
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(oid)) return oid;
  return fault(`${quotePath(oid.slice(0, 100))} is no object id`, {
    code: "git/bad-revision",
    hint: "name commits by their full ids",
  });
}
