/**
 * What the auditor writes down: accepted and refused pushes, verdicts, orders. Each function builds
 * only what the ledger does not hold yet, so that a rerun after a crash repeats nothing.
 */

import { CHECKER, isRecorded } from "@wingman/audit";
import type { ChangeSet, RefLine } from "@wingman/git";
import { isGoverned, resolve, treeAt } from "@wingman/git";
import {
  auditorKeyOf,
  type Draft,
  judgeOrder,
  type LedgerTip,
  type PushDraft,
  type VerdictDraft,
  verdictDraft,
} from "@wingman/ledger";
import {
  type Finding,
  type JudgedRun,
  parseOrder,
  quotePath,
  readTrusted,
  settledMark,
  type Trusted,
  type Verdict,
  visible,
} from "@wingman/model";
import type { Io } from "./io.ts";
import { lateOrders, latePushes } from "./late-push.ts";
import { appendToLedger, genesisDue, keepCheckpoint } from "./ledger-branch.ts";
import { auditorKey, type Place } from "./place.ts";
import { type Confessions, confessionsOf, hearOut, skipDrafts } from "./skip-record.ts";
import { withoutSecret } from "./withheld.ts";

export interface RefusedRef {
  readonly line: RefLine;
  readonly findings: readonly Finding[];
  readonly runs: readonly JudgedRun[];
}

export interface AcceptedRef extends RefusedRef {
  readonly set: ChangeSet;
}

/** Refusals worth a record (TRUST.md §8): a FALSE, a lock, an attempt on law or ledger. */
const RECORDED = /^(audit\/false|worker\/locked|law\/.*|refs\/ledger|policy\/revision)$/;

/**
 * Records a refused push where it matters, from inside pre-receive, into the real object store. Gives
 * whether a FALSE is among what it recorded.
 */
export async function recordRefused(
  place: Place,
  io: Io,
  refs: readonly RefusedRef[],
): Promise<boolean> {
  const findings = refs.flatMap((ref) => ref.findings);
  const worth = findings.some((one) => one.severity === "block" && RECORDED.test(one.code));
  if (!place.authority || !worth || place.ledger.state.size === 0) return false;
  const key = await auditorKey(place, undefined);
  const drafts: Draft[] = refs.map((ref) => pushDraft(place, ref, "refused"));
  for (const { run, verdicts } of refs.flatMap((ref) => ref.runs))
    for (const verdict of verdicts)
      if (verdict.verdict === "FALSE")
        drafts.push(
          verdictDraft(verdict, {
            ...about(place),
            // The objects go with the push: the line is all that is left of them.
            line: await withoutSecret(lineOf(run.file.lines, verdict)),
          }),
        );
  let lied = false;
  await appendToLedger(
    place.repo,
    {
      key,
      now: io.now(),
      message: "refused push",
      folder: place.folder,
      outsideQuarantine: true,
    },
    (ledger) => {
      const due = drafts.filter((draft) => draft.kind !== "verdict" || isNew(ledger, draft));
      lied = due.some((draft) => draft.kind === "verdict");
      return due;
    },
  );
  return lied;
}

/** Records what a push brought: genesis if due, push records, orders, verdicts. */
export async function recordAccepted(
  place: Place,
  io: Io,
  push: { readonly accepted: readonly AcceptedRef[]; readonly ledger: readonly RefLine[] },
): Promise<void> {
  const key = await auditorKey(place, undefined);
  const { publicKey } = auditorKeyOf(key);
  const trusted = await trustedNow(place);
  // A clone of the auditor pushed records: this server remembers the new checkpoint as its own.
  if (push.ledger.length > 0) await keepCheckpoint(place.repo, place);
  const ledger = await appendToLedger(
    place.repo,
    { key, now: io.now(), message: "accepted push", folder: place.folder },
    async (ledger) => {
      const genesis = genesisDue(ledger, trusted, publicKey);
      if (ledger.state.size === 0 && genesis.length === 0) return [];
      const drafts: Draft[] = [...genesis];
      if (genesis.length > 0) {
        const brought = new Set(push.accepted.map(({ line }) => line.ref));
        drafts.push(...(await adoptionDrafts(place, trusted, brought)));
      }
      for (const ref of push.accepted) drafts.push(pushDraft(place, ref, "accepted"));
      const heard: Confessions = new Map();
      for (const ref of push.accepted)
        drafts.push(...(await orderDrafts(place, io, ledger, ref, heard)));
      drafts.push(...(await skipDrafts(heard, ledger)));
      drafts.push(
        ...verdictDrafts(
          place,
          ledger,
          push.accepted.flatMap((ref) => ref.runs),
        ),
      );
      return drafts;
    },
  );
  if (ledger !== undefined)
    tellVerdicts(
      io,
      ledger,
      push.accepted.flatMap((ref) => ref.runs),
    );
}

/**
 * Records an audit that somebody ran with the auditor's key. `late`: also what the refs of this server
 * show and no record says, for a push whose post-receive was lost (TRUST.md §8). Gives the number of
 * records, the checkpoint left out.
 */
export async function recordAudit(
  place: Place,
  io: Io,
  audited: {
    readonly key: string;
    readonly judged: Iterable<Pick<JudgedRun, "verdicts">>;
    readonly remote: string | undefined;
    readonly late: boolean;
    /** What came in, where the audit is of an event: skips that its commits confess. */
    readonly set?: ChangeSet;
  },
): Promise<number> {
  let count = 0;
  let first = true;
  for (const judged of batches(audited.judged)) {
    count += await recordBatch(place, io, { ...audited, judged, first });
    first = false;
  }
  // Also where nothing was due: a hook that was killed after it appended has not remembered it yet.
  if (place.authority) await keepCheckpoint(place.repo, place);
  return count;
}

/** Verdicts of one append: each costs one signature and one push, and memory for its records. */
const BATCH = 10_000;

/** At least one batch, be it empty: genesis and late pushes are due in any case. */
function* batches(
  judged: Iterable<Pick<JudgedRun, "verdicts">>,
): Generator<readonly Pick<JudgedRun, "verdicts">[]> {
  let batch: Pick<JudgedRun, "verdicts">[] = [];
  let held = 0;
  let any = false;
  for (const one of judged) {
    if (held > 0 && held + one.verdicts.length > BATCH) {
      yield batch;
      any = true;
      [batch, held] = [[], 0];
    }
    batch.push(one);
    held += one.verdicts.length;
  }
  if (held > 0 || !any) yield batch;
}

async function recordBatch(
  place: Place,
  io: Io,
  audited: {
    readonly key: string;
    readonly judged: readonly Pick<JudgedRun, "verdicts">[];
    readonly remote: string | undefined;
    readonly late: boolean;
    readonly set?: ChangeSet;
    readonly first: boolean;
  },
): Promise<number> {
  const { key, judged, remote, first } = audited;
  const { publicKey } = auditorKeyOf(key);
  let count = 0;
  await appendToLedger(
    place.repo,
    {
      key,
      now: io.now(),
      message: "audit",
      ...(place.authority ? { folder: place.folder } : {}),
      ...(remote === undefined ? {} : { remote }),
    },
    async (ledger) => {
      const genesis = genesisDue(ledger, place.trusted, publicKey);
      if (ledger.state.size === 0 && genesis.length === 0) return [];
      const late = audited.late && first ? await latePushes(place.repo, ledger.state) : [];
      const drafts: Draft[] = late.map((line) => ({
        ...pushDraft(place, { line, findings: [], runs: [] }, "accepted"),
        late: true,
      }));
      drafts.push(...(await lateOrders(place, io, ledger, late)));
      if (audited.set !== undefined && first)
        drafts.push(...(await skipDrafts(await confessionsOf(audited.set), ledger)));
      drafts.push(...(await dueOf(verdictDrafts(place, ledger, judged), ledger)));
      count = drafts.length;
      // Genesis also alone: a forge's ledger branch that nobody has begun is anybody's to begin.
      return [...genesis, ...drafts];
    },
  );
  return count;
}

/**
 * Without those that any record holds: one run may stand on several branches, each with a P of its
 * own, and the state only knows the newest verdict of a line.
 */
async function dueOf(
  drafts: readonly VerdictDraft[],
  ledger: LedgerTip,
): Promise<readonly VerdictDraft[]> {
  // A claim without any verdict needs no look at the records.
  if (!drafts.some((one) => ledger.state.verdicts.has(one.claim.name))) return drafts;
  const key = (one: VerdictDraft): string =>
    `${one.claim.name} ${one.claim.digest} ${one.commit} ${one.verdict}`;
  const held = new Set<string>();
  for (const one of (await ledger.whole()).records) if (one.kind === "verdict") held.add(key(one));
  return drafts.filter((one) => !held.has(key(one)));
}

function about(place: Place): { checker: string; policy: string } {
  return { checker: CHECKER, policy: place.trusted.policyDigest };
}

function verdictDrafts(
  place: Place,
  ledger: LedgerTip,
  judged: readonly Pick<JudgedRun, "verdicts">[],
): VerdictDraft[] {
  const drafts: VerdictDraft[] = [];
  for (const { verdicts } of judged)
    for (const verdict of verdicts) {
      if (verdict.reason === "NOT_KNOWN_HERE") continue; // CI or the auditor's second account answers.
      const draft = verdictDraft(verdict, about(place));
      if (isNew(ledger, draft)) drafts.push(draft);
    }
  return drafts;
}

/**
 * A verdict is due once per claim line, commit and answer. A FALSE on a line that was judged before is
 * never recorded again, though two pushes were judged side by side: a second FALSE would be a second
 * occurrence of one lie, and one after a TRUE elsewhere an accusation that TRUST.md §6 rules out.
 */
function isNew(ledger: LedgerTip, draft: VerdictDraft): boolean {
  if (isRecorded(draft, ledger.state)) return false;
  if (draft.verdict !== "FALSE") return true;
  const { name, digest } = draft.claim;
  const settled = settledMark(ledger.state.verdicts.get(name), digest);
  return settled === undefined || (settled.verdict === "TRUE" && settled.commit === draft.commit);
}

/**
 * Where governed branches stood when the ledger began, in its first batch: a branch that nobody wrote
 * down then could not be told from one that came in unseen later.
 */
export async function adoptionDrafts(
  place: Place,
  trusted: Trusted,
  brought: ReadonlySet<string> = new Set(),
): Promise<PushDraft[]> {
  const standing = await latePushes(place.repo, { refs: new Map() });
  return standing
    .filter(({ ref }) => isGoverned(trusted, ref) && !brought.has(ref))
    .map((line) => {
      const { pusher: _whose, ...draft } = pushDraft(
        place,
        { line, findings: [], runs: [] },
        "accepted",
      );
      return { ...draft, late: true };
    });
}

function pushDraft(place: Place, ref: RefusedRef, outcome: "accepted" | "refused"): PushDraft {
  const counts: Record<string, number> = {};
  for (const one of ref.findings) counts[one.code] = (counts[one.code] ?? 0) + 1;
  return {
    kind: "push",
    ref: visible(ref.line.ref),
    old: ref.line.before ?? place.repo.zero,
    new: ref.line.after ?? place.repo.zero,
    ...(place.judging.pusher === undefined ? {} : { pusher: place.judging.pusher }),
    policy: place.trusted.policyDigest,
    revision: place.trusted.policy.revision,
    outcome,
    findings: counts,
  };
}

function lineOf(
  lines: readonly { readonly digest: string; readonly text: string }[],
  verdict: Verdict,
): string {
  return lines.find((line) => line.digest === verdict.claim.digest)?.text ?? "";
}

/** Orders that this ref brings, each appended once. One that does not hold is told and left out. */
async function orderDrafts(
  place: Place,
  io: Io,
  ledger: LedgerTip,
  ref: AcceptedRef,
  heard: Confessions,
): Promise<Draft[]> {
  if (ref.line.after === undefined) return [];
  const drafts: Draft[] = [];
  for await (const change of ref.set.commits()) {
    // On the same walk: making a commit's change costs more than looking at its message.
    hearOut(change, heard);
    for (const { path, after } of change.own) {
      if (after === undefined || !/^\.wingman\/orders\/[^/]+\.yaml$/.test(path)) continue;
      const parsed = parseOrder(path, await change.after.read(after));
      if (!parsed.ok) continue; // The gate has refused it already: order/invalid.
      if (ledger.state.orders.has(parsed.value.nonce)) continue;
      if (drafts.some((one) => one.kind === "order" && one.nonce === parsed.value.nonce)) continue;
      // An unsigned order counts by an administrator's own push only where that push brings one new
      // commit and nothing but orders in it: a file that somebody planted in a branch, be it in a
      // commit of its own, must not be proven by the one who merges it.
      const alone =
        ref.set.size === 1 && change.own.every((one) => one.path.startsWith(".wingman/orders/"));
      const fresh = change.commit !== undefined && (await ref.set.isFresh(change.commit));
      const judged = judgeOrder(parsed.value, {
        policy: place.trusted.policy,
        signers: place.trusted.signers,
        state: ledger.state,
        now: io.now(),
        ...(alone && fresh ? { identity: change.identity } : {}),
      });
      if (judged.ok) drafts.push(judged.draft);
      else
        io.err(
          `wingman: the order ${quotePath(path)} is not carried out: ${visible(judged.why)}\n`,
        );
    }
  }
  return drafts;
}

/** The trusted side after the push: genesis is due when the push brought the first policy. */
async function trustedNow(place: Place): Promise<Trusted> {
  const commit = await resolve(place.repo, `refs/heads/${place.policyBranch}`);
  if (commit === undefined) return place.trusted;
  return await readTrusted({
    tree: await treeAt(place.repo, commit),
    commit,
    policyBranch: place.policyBranch,
  });
}

/** The pusher sees what became of the claims; the ledger has it in any case. */
function tellVerdicts(io: Io, ledger: LedgerTip, runs: readonly JudgedRun[]): void {
  for (const { run, verdicts } of runs) {
    const count = (answer: string) => verdicts.filter((one) => one.verdict === answer).length;
    io.err(
      `wingman: ${run.name.worker}/${run.name.run}: ${count("TRUE")} TRUE, ${count("FALSE")} FALSE, ${count("UNVERIFIABLE")} UNVERIFIABLE\n`,
    );
    for (const one of verdicts)
      if (one.verdict === "FALSE")
        io.err(
          `wingman: FALSE ${visible(one.claim.name)} ${visible(one.claim.type)}: expected ${visible(one.expected)}; observed ${visible(one.observed)}\n`,
        );
    const lock = ledger.state.locks.get(run.name.worker);
    if (lock !== undefined)
      io.err(
        `wingman: ${lock.worker} is locked (ledger record ${lock.since}); an administrator unlocks it\n`,
      );
  }
}
