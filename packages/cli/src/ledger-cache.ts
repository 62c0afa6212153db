/**
 * What a ledger comes to, kept between two hooks of a clone: reading 100,000 records takes a second,
 * even a few take milliseconds, and every commit would pay them. Kept by the ledger's commit, which
 * fixes every byte of it, and held against the size and root in that commit's checkpoint (kept.ts says
 * who could edit it). An authority reads the ledger itself.
 */
import { type Repo, treeAt } from "@wingman/git";
import { CHECKPOINT_PATH } from "@wingman/ledger";
import type { LedgerState } from "@wingman/model";
import { keep, readKept } from "./kept.ts";

const NAME = "ledger-state";
/** Grows when the state gets another field: what an older program kept would lack it. */
const SHAPE = 3;

/** The state at the ledger's commit: from the cache, else as `read` gives it, which is then kept. */
export async function cachedState(
  repo: Repo,
  at: { readonly folder: string; readonly commit: string },
  read: () => Promise<LedgerState>,
): Promise<LedgerState> {
  const id = `${SHAPE} ${at.commit}`;
  const kept = readKept(at.folder, NAME, id) as LedgerState | undefined;
  if (kept !== undefined && (await isSigned(repo, at.commit, kept))) return kept;
  const state = await read();
  keep(at.folder, NAME, id, state);
  return state;
}

/** The checkpoint's second and third line: the size, and the root in base64. */
async function isSigned(repo: Repo, commit: string, state: LedgerState): Promise<boolean> {
  const tree = await treeAt(repo, commit);
  const entry = await tree.entry(CHECKPOINT_PATH);
  if (entry === undefined) return false;
  const [, size, root] = Buffer.from(await tree.read(entry))
    .toString("latin1")
    .split("\n", 3);
  return size === String(state.size) && root === Buffer.from(state.root, "hex").toString("base64");
}
