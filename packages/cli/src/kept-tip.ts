/**
 * The ledger's tip as an authority keeps it, in its own folder beside the key. Wrong, old, cut or
 * foreign, it is no tip, and the ledger is read whole; it is written whole or not at all, and where it
 * cannot be written nothing is lost but time.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type LedgerTip, loadTip, saveTip } from "@wingman/ledger";
import type { Tree } from "@wingman/model";
import { VERSION } from "./version.ts";
import { readIfThere, writeWhole } from "./whole-file.ts";

/** Grows when a fold means something else: what an older program kept must not be gone on from. */
const SHAPE = 2;
const CHECKER = `wingman ${VERSION} ${SHAPE}`;

/** Who keeps: its folder (none in a clone, which keeps nothing so) and the auditor's key. */
interface Keeper {
  readonly folder?: string;
  readonly key: string;
}

/** The tip at this commit, or undefined where none is kept that holds. */
export async function keptTip(
  { folder, key }: Keeper,
  at: { readonly commit: string; readonly tree: Tree },
): Promise<LedgerTip | undefined> {
  if (folder === undefined || key === "") return undefined;
  const text = textAt(pathIn(folder));
  if (text === undefined) return undefined;
  return await loadTip(text, { checker: CHECKER, commit: at.commit, key, tree: at.tree });
}

/** Keeps the tip at this commit. */
export async function keepTip(keeper: Keeper, commit: string, tip: LedgerTip): Promise<void> {
  const { folder, key } = keeper;
  if (folder === undefined || key === "") return;
  const path = pathIn(folder);
  try {
    await mkdir(join(folder, "cache"), { recursive: true, mode: 0o700 });
    await writeWhole(path, saveTip(tip, { checker: CHECKER, commit, key }), { mode: 0o600 });
  } catch {
    // Read-only or full: the next one reads the ledger whole.
  }
}

function textAt(path: string): string | undefined {
  try {
    return readIfThere(path);
  } catch {
    return undefined; // Not to be read: nothing is kept.
  }
}

function pathIn(folder: string): string {
  return join(folder, "cache", "ledger-tip");
}
