/**
 * `skip` records: commits that say that a local hook was left out, and why. Derived from their trailers
 * by whoever holds the auditor's key, each once; they tell, and excuse nothing.
 */
import type { ChangeSet } from "@wingman/git";
import type { LedgerTip, SkipDraft } from "@wingman/ledger";
import { type Change, skipReasons, visible } from "@wingman/model";
import { withoutSecret } from "./withheld.ts";

/** A hostile push of 3,000 commits with a trailer each is told of, and fills no ledger. */
const MOST = 100;

/** What commits say of skipped hooks, by commit: two refs of one push may bring the same one. */
export type Confessions = Map<string, { readonly reasons: readonly string[]; readonly by: string }>;

/** Adds what this commit says, if it says anything. */
export function hearOut({ commit, message, identity }: Change, heard: Confessions): void {
  const reasons = commit === undefined ? [] : skipReasons(message ?? "");
  if (commit === undefined || reasons.length === 0) return;
  // The trailer and the author's name are anybody's text; only a proof says who.
  heard.set(commit, { reasons, by: identity.proven ? visible(identity.name) : "unproven" });
}

/** What the commits of a set say. */
export async function confessionsOf(set: ChangeSet): Promise<Confessions> {
  const heard: Confessions = new Map();
  for await (const change of set.commits()) hearOut(change, heard);
  return heard;
}

/** The records that these are worth, without those that stand already. */
export async function skipDrafts(heard: Confessions, ledger: LedgerTip): Promise<SkipDraft[]> {
  if (heard.size === 0) return [];
  const known = new Set<string>();
  for (const one of (await ledger.whole()).records) if (one.kind === "skip") known.add(one.where);
  const due = [...heard].filter(([commit]) => !known.has(`commit ${commit}`));
  const drafts: SkipDraft[] = [];
  for (const [commit, { reasons, by }] of due.slice(0, MOST)) {
    const reason = await withoutSecret(visible(reasons.slice(0, 5).join("; ")).slice(0, 1000));
    drafts.push({ kind: "skip", reason: reason || "no reason", by, where: `commit ${commit}` });
  }
  const more = due.length - drafts.length;
  if (more > 0)
    drafts.push({
      kind: "skip",
      reason: `${more} more commits of the same push say that a hook was skipped`,
      by: "unproven",
      where: "push",
    });
  return drafts;
}
