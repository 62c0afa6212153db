/**
 * What a push brought though its post-receive was lost: refs that stand elsewhere than the records say,
 * and the orders at their tips. Who pushed is not known any more, so only a signature proves an order.
 */
import { commitTips, listRefs, type RefLine, type Repo, treeAt } from "@wingman/git";
import { type Draft, judgeOrder, type LedgerTip } from "@wingman/ledger";
import {
  foldPath,
  type LedgerState,
  ORDERS_DIR,
  parseOrder,
  quotePath,
  visible,
} from "@wingman/model";
import type { Io } from "./io.ts";
import { LEDGER_REF } from "./ledger-branch.ts";
import type { Place } from "./place.ts";

/** Refs that were created, moved or deleted since the newest record about them. */
export async function latePushes(
  repo: Repo,
  state: Pick<LedgerState, "refs">,
): Promise<readonly RefLine[]> {
  const lines: RefLine[] = [];
  const standing = new Set<string>();
  for (const { name, oid, symref } of await listRefs(repo)) {
    if (symref !== undefined || foldPath(name) === LEDGER_REF) continue;
    const recorded = visible(name);
    standing.add(recorded);
    const before = state.refs.get(recorded);
    if (before === oid) continue;
    lines.push({ ref: name, before, after: oid });
  }
  for (const [ref, before] of state.refs)
    if (!standing.has(ref) && foldPath(ref) !== LEDGER_REF)
      lines.push({ ref, before, after: undefined });
  return lines;
}

/** Signed orders at the tips of these refs that the ledger lacks. One that does not hold is told. */
export async function lateOrders(
  place: Place,
  io: Io,
  ledger: LedgerTip,
  lines: readonly RefLine[],
): Promise<Draft[]> {
  const drafts = new Map<string, Draft>();
  if (lines.length === 0) return [];
  const tips = await commitTips(place.repo);
  for (const { ref, after } of lines) {
    const commit = after === undefined ? undefined : tips.get(ref);
    if (commit === undefined) continue;
    const tree = await treeAt(place.repo, commit);
    for (const entry of await tree.entries(ORDERS_DIR)) {
      if (!/^[^/]+\.yaml$/.test(entry.path.slice(ORDERS_DIR.length + 1))) continue;
      const parsed = parseOrder(entry.path, await tree.read(entry));
      if (!parsed.ok || parsed.value.signature === undefined) continue;
      const { nonce } = parsed.value;
      if (ledger.state.orders.has(nonce) || drafts.has(nonce)) continue;
      const judged = judgeOrder(parsed.value, {
        policy: place.trusted.policy,
        signers: place.trusted.signers,
        state: ledger.state,
        now: io.now(),
      });
      if (judged.ok) drafts.set(nonce, judged.draft);
      else
        io.err(
          `wingman: the order ${quotePath(entry.path)} is not carried out: ${visible(judged.why)}\n`,
        );
    }
  }
  return [...drafts.values()];
}
