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

/** The skips that these commits confess, without those that a record names already. */
export async function skipDrafts(set: ChangeSet, ledger: LedgerTip): Promise<SkipDraft[]> {
  const told: SkipDraft[] = [];
  let more = 0;
  let known: ReadonlySet<string> | undefined;
  for await (const change of set.commits()) {
    const reasons = skipReasons(change.message ?? "");
    if (reasons.length === 0 || change.commit === undefined) continue;
    const where = `commit ${change.commit}`;
    known ??= await recorded(ledger);
    if (known.has(where)) continue;
    if (told.length < MOST) told.push(await draftOf(change, reasons, where));
    else more += 1;
  }
  if (more > 0)
    told.push({
      kind: "skip",
      reason: `${more} more commits of the same push say that a hook was skipped`,
      by: "unproven",
      where: set.ref?.name ?? "range",
    });
  return told;
}

async function recorded(ledger: LedgerTip): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (const one of (await ledger.whole()).records) if (one.kind === "skip") all.add(one.where);
  return all;
}

async function draftOf(
  { identity }: Change,
  reasons: readonly string[],
  where: string,
): Promise<SkipDraft> {
  const reason = await withoutSecret(visible(reasons.slice(0, 5).join("; ")).slice(0, 1000));
  // The trailer and the author's name are anybody's text; only a proof says who.
  return { kind: "skip", reason, by: identity.proven ? visible(identity.name) : "unproven", where };
}
