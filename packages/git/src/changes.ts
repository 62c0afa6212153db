/**
 * What a ref would bring, as values: every commit, the tip, the landing on a governed branch, and the
 * runs that come closed with it (TRUST.md §5). A range and a push become the same; the gate cannot
 * tell them apart.
 */
import type { Change, JudgedRun, RefMove, Run } from "@wingman/model";
import { commitChange, inOrder } from "./changes-commit.ts";
import { type Bench, benchOf, type Judging } from "./changes-judging.ts";
import type { RefLine } from "./changes-lines.ts";
import {
  baselineTips,
  governedTips,
  isGoverned,
  oldRefs,
  symbolicRefs,
  tipsWithout,
} from "./changes-old-refs.ts";
import { contentChange, type Peeled, peeledAt, tipChange } from "./changes-tip.ts";
import { forgeLanding } from "./forge-landing.ts";
import { treeAt } from "./git-tree.ts";
import { commitsBetween, isAncestor, newestHeld } from "./refs.ts";
import type { Repo } from "./repo.ts";
import { closedRunsOn } from "./runs.ts";
import type { Vouched } from "./runs-value.ts";

/** All that one ref would bring. */
export interface ChangeSet {
  /** Undefined for a bare range. */
  readonly ref: RefMove | undefined;
  readonly governed: boolean;
  /** How many commits the ref brings. */
  readonly size: number;
  /**
   * Scope `commit`, oldest first; made while they are read, so that 3,000 need no memory. Of a push
   * each commit once, with the first of its refs.
   */
  commits(): AsyncGenerator<Change>;
  readonly tip: Change;
  /** Governed branches only. */
  readonly landing: Change | undefined;
  /** True where no ref had this commit before: only then the pusher vouches for it. */
  readonly isFresh: (commit: string) => Promise<boolean>;
  /** Closed runs whose `close` one of the commits brings. */
  readonly runs: readonly Run[];
  /** The same with the landing's runs filled in. */
  withRuns(judged: readonly JudgedRun[]): ChangeSet;
}

export interface RangeOptions {
  readonly before?: string | undefined;
  readonly after: string;
  /** Full name. */
  readonly ref?: string | undefined;
  readonly governed: boolean;
  /**
   * True where `after` only asks to be merged (a pull request): it is compared from where it left
   * `before`, and nothing is forced. Default: true; false where the ref itself has moved so.
   */
  readonly proposal?: boolean | undefined;
  /** Heads that a forge may have landed with commits of its own: pull requests. Default: none. */
  readonly heads?: readonly string[] | undefined;
}

/** What one ref would bring, and what counts as judged already. */
interface Plan {
  readonly bench: Bench;
  readonly line: { before: string | undefined; after: string | undefined; ref: string | undefined };
  readonly governed: boolean;
  readonly proposal: boolean;
  /** What the ref stands for, where it is a symbolic one. */
  readonly symref?: string;
  /** Tips whose history was judged already. */
  readonly judged: readonly string[];
  /** Governed branches as they stood, for a push. */
  readonly governedTips?: readonly string[];
  /** Commits that the push brings on any ref, where that is known: others need no walk. */
  readonly arrived?: ReadonlySet<string>;
  /** What earlier refs of the same push bring already. */
  readonly walked?: Walked;
  readonly vouched: Vouched;
  readonly heads?: readonly string[] | undefined;
}

/**
 * Commits of one push that some ref of it has brought: judged with that ref, and refused with all. A
 * mirror of 500 tags on 5,000 commits is 5,000 commits, and not two million.
 */
interface Walked {
  readonly all: Set<string>;
  /** Those whose whole history that is not judged already is among them. */
  readonly whole: Set<string>;
}

/**
 * The changes of a range. Commits that a governed branch already had are left out, unless the range
 * itself lies on it: an empty answer is never made of commits that were asked for.
 * Faults `git/missing-object` (shallow clone), `baseline/unreadable`.
 */
export async function rangeChanges(
  repo: Repo,
  judging: Judging,
  options: RangeOptions,
): Promise<ChangeSet> {
  const { trusted } = judging;
  const refs = await oldRefs(repo, []);
  const after = await peeledAt(repo, options.after);
  const governed = governedTips(trusted, refs, judging.local ? "remotes" : "both");
  // For trailers the trusted side counts too: a CI clone may have no other ref of the policy branch.
  const all = trusted.commit === undefined ? governed : [...new Set([...governed, trusted.commit])];
  const before = after.type === "commit" ? await tipsWithout(repo, all, after.oid) : all;
  const tips = before.filter((tip) => governed.includes(tip));
  return await changeSet({
    bench: benchOf(repo, judging, await Promise.all(before.map((tip) => treeAt(repo, tip)))),
    line: { before: options.before, after: options.after, ref: options.ref },
    governed: options.governed,
    proposal: options.proposal ?? true,
    judged: [...tips, ...(await baselineTips(repo, trusted))],
    // The login in the event pushed this range, or asked for it.
    vouched: async () => true,
    heads: options.heads,
  });
}

/**
 * The changes of a push, ref by ref: pre-receive's lines (refs still old) and post-receive's (refs
 * moved, the lines' old ids say what stood). With `judging.local`, pre-push: remote-tracking refs
 * stand for the remote. `heads`: those that the server's own merge button may be landing. Faults
 * `git/missing-object`, `baseline/unreadable`.
 */
export async function pushedChanges(
  repo: Repo,
  judging: Judging,
  lines: readonly RefLine[],
  heads: readonly string[] = [],
): Promise<ChangeSet[]> {
  const { trusted, local } = judging;
  // A clone's own branches already hold what is pushed; only what was fetched says what stands.
  const refs = await oldRefs(repo, local ? [] : lines);
  const tips: string[] = [];
  for (const tip of governedTips(trusted, refs, local ? "remotes" : "heads"))
    if (!local || (await repo.objects.has(tip))) tips.push(tip);
  const bench = benchOf(repo, judging, await Promise.all(tips.map((tip) => treeAt(repo, tip))));
  const judged = [...tips, ...(await baselineTips(repo, trusted))];
  const arrived = lines.length > 1 ? { arrived: await arrivedCommits(repo, lines, judged) } : {};
  const symrefs = local ? new Map<string, string>() : await symbolicRefs(repo, lines);
  const sets: ChangeSet[] = [];
  const walked: Walked = { all: new Set(), whole: new Set() };
  for (const line of lines) {
    const symref = symrefs.get(line.ref);
    sets.push(
      await changeSet({
        bench,
        line,
        // A push to `stable -> main` moves main, and the hook is told of `stable` alone.
        governed: isGoverned(trusted, line.ref) || isGoverned(trusted, symref),
        ...(symref === undefined ? {} : { symref }),
        proposal: false,
        judged,
        governedTips: tips,
        walked,
        heads,
        ...arrived,
        vouched: newHere(repo, refs, line.after),
      }),
    );
  }
  return sets;
}

/** pre-push: what a clone is about to push, judged as the server will. */
export async function prePushChanges(
  repo: Repo,
  judging: Judging,
  lines: readonly RefLine[],
): Promise<ChangeSet[]> {
  return await pushedChanges(repo, { ...judging, local: true }, lines);
}

async function changeSet(plan: Plan): Promise<ChangeSet> {
  const { bench, line } = plan;
  const { repo } = bench;
  const after = line.after === undefined ? undefined : await peeledAt(repo, line.after);
  const old = await peeledBefore(bench, line.before);
  const ref = await moveOf(repo, plan, old, after);
  const frame = { ref, governed: plan.governed };
  const oids = await commitsOfPlan(plan, old, after);
  const fresh = freshOf(plan, old, oids);
  const place = await placeOfNew(plan, { old, after, known: oids.length === 0 });
  const tip = await tipChange(bench, frame, { old, after, ...place, proposal: plan.proposal });
  const loose = contentChange(tip, after);
  const runs: Run[] = [];
  const { made, landed } = await forgeLanding(repo, { commits: oids, heads: plan.heads ?? [] });
  const closing = plan.governed ? oids : fresh;
  if (after?.type === "commit" && closing.length > 0) {
    // A run is judged where its worker closed it, not on what a forge made of it; and who asked for the
    // landing vouches for none of its lines.
    const own = [...landed, ...closing.filter((oid) => !made.has(oid))];
    const carried = new Set(landed);
    const vouched: Vouched = async (oid) => !carried.has(oid) && (await plan.vouched(oid));
    const range = { commits: own, tip: after.oid, vouched };
    for await (const run of closedRunsOn(bench, range)) runs.push(run);
  }
  // A merge queue lands in its own name, which no policy knows; whoever asked was judged at the request.
  const lands = after !== undefined && made.has(after.oid) ? judgedBefore(tip) : tip;
  const withLanding = (judgedRuns: readonly JudgedRun[]): ChangeSet => ({
    ref,
    governed: plan.governed,
    size: landed.length + oids.length + (loose === undefined ? 0 : 1),
    commits: async function* () {
      if (loose !== undefined) yield loose;
      yield* inOrder(landed, async (oid) => judgedBefore(await commitChange(bench, frame, oid)));
      yield* inOrder(fresh, async (oid) => {
        const change = await commitChange(bench, frame, oid);
        return made.has(oid) ? byForge(change) : change;
      });
    },
    tip,
    isFresh: plan.vouched,
    landing: plan.governed ? { ...lands, scope: "landing", runs: judgedRuns } : undefined,
    runs,
    withRuns: withLanding,
  });
  return withLanding([]);
}

/** A forge's own commit: the content is judged as any; who did the work is judged on the head. */
function byForge(change: Change): Change {
  const { author: _author, signature: _signature, ...rest } = change;
  const { pusher, ...identity } = change.identity;
  const shown = pusher === undefined ? {} : { pusher };
  const { run: _run, signer: _signer, ...plain } = identity;
  return {
    ...rest,
    message: undefined,
    signature: undefined,
    identity: { ...plain, ...shown, ...carrier },
  };
}

/** Whoever pushed to a pull request was judged there; who lands it need not be known by this policy. */
function judgedBefore(change: Change): Change {
  if (change.identity.kind !== "unattributed") return change;
  return { ...change, identity: { ...change.identity, ...carrier } };
}

const carrier = {
  kind: "person",
  name: "",
  proven: false,
  proof: "none",
  anyProof: true,
} as const satisfies Partial<Change["identity"]>;

/**
 * Where a new ref is compared from. On a commit that stands already it differs from nothing, but a
 * governed branch must begin at a state that one had: what was tried within a merged branch, and taken
 * back there, never landed.
 */
async function placeOfNew(
  plan: Plan,
  of: { old: Peeled | undefined; after: Peeled | undefined; known: boolean },
): Promise<{ settled: boolean; landed?: string | undefined }> {
  const { old, after, known } = of;
  const { repo, judging } = plan.bench;
  if (old !== undefined || after?.type !== "commit") return { settled: false };
  if (!plan.governed || plan.proposal || judging.local) return { settled: known };
  if (known)
    for (const tip of plan.governedTips ?? [])
      if ((await newestHeld(repo, after.oid, tip)) === after.oid) return { settled: true };
  const { commit } = judging.trusted;
  const landed = commit === undefined ? undefined : await newestHeld(repo, after.oid, commit);
  return { settled: false, landed };
}

async function commitsOfPlan(
  plan: Plan,
  old: Peeled | undefined,
  after: Peeled | undefined,
): Promise<string[]> {
  if (after?.type !== "commit" || plan.arrived?.has(after.oid) === false) return [];
  // All of it came with an earlier ref; a landing needs the list, and every other ref only its end.
  if (!plan.governed && old === undefined && plan.walked?.whole.has(after.oid)) return [after.oid];
  const exclude = [...plan.judged, ...(old?.type === "commit" ? [old.oid] : [])];
  return await commitsBetween(plan.bench.repo, { include: [after.oid], exclude });
}

/** Of a ref's commits those that no earlier ref of the push brings. */
function freshOf({ walked }: Plan, old: Peeled | undefined, oids: readonly string[]): string[] {
  const fresh = oids.filter((oid) => walked?.all.has(oid) !== true);
  for (const oid of oids) {
    walked?.all.add(oid);
    // Behind a ref's own old tip stands what this walk has left out.
    if (old === undefined) walked?.whole.add(oid);
  }
  return fresh;
}

/** One walk for all refs of a push: a thousand tags on old commits cost one process, not a thousand. */
async function arrivedCommits(
  repo: Repo,
  lines: readonly RefLine[],
  judged: readonly string[],
): Promise<ReadonlySet<string>> {
  const include = new Set<string>();
  for (const { after } of lines) {
    const peeled = after === undefined ? undefined : await peeledAt(repo, after);
    if (peeled?.type === "commit") include.add(peeled.oid);
  }
  return new Set(await commitsBetween(repo, { include: [...include], exclude: judged }));
}

async function moveOf(
  repo: Repo,
  plan: Plan,
  old: Peeled | undefined,
  after: Peeled | undefined,
): Promise<RefMove | undefined> {
  const { line, symref } = plan;
  if (line.ref === undefined) return undefined;
  const plain = old?.type === "commit" && after?.type === "commit";
  const tagged = (old?.tags.length ?? 0) + (after?.tags.length ?? 0) > 0;
  const forward = plain && !tagged && (await isAncestor(repo, old.oid, after.oid));
  const moves = line.before !== undefined && line.after !== undefined && !plan.proposal;
  return {
    name: line.ref,
    before: line.before,
    after: line.after,
    forced: moves && !forward,
    ...(symref === undefined ? {} : { symref }),
  };
}

/** What stood; in a clone undefined where the remote has it and we never fetched it. */
async function peeledBefore(bench: Bench, before: string | undefined): Promise<Peeled | undefined> {
  if (before === undefined) return undefined;
  if (bench.judging.local && !(await bench.repo.objects.has(before))) return undefined;
  return await peeledAt(bench.repo, before);
}

/**
 * Vouches only for commits that no ref had: what somebody else pushed before, this pusher did not
 * bring, and claims in it must not be held against him.
 */
function newHere(
  repo: Repo,
  refs: ReadonlyMap<string, string>,
  after: string | undefined,
): Vouched {
  let fresh: Promise<ReadonlySet<string>> | undefined;
  const list = async (): Promise<ReadonlySet<string>> => {
    if (after === undefined) return new Set();
    const known: string[] = [];
    for (const oid of new Set(refs.values())) {
      if (!(await repo.objects.has(oid))) continue;
      const { type } = await repo.objects.header(oid);
      if (type === "commit" || type === "tag") known.push(oid);
    }
    return new Set(await commitsBetween(repo, { include: [after], exclude: known }));
  };
  return async (oid) => {
    fresh ??= list();
    return (await fresh).has(oid);
  };
}
