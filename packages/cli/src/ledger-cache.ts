/**
 * What a long ledger comes to, kept between two hooks of a clone: reading 100,000 records takes a
 * second, and every commit would pay it. Kept by the ledger's commit, which fixes every byte of it, and
 * held against the size and root in that commit's checkpoint. Whoever can edit the cache can edit the
 * hook beside it: a clone's hooks are a courtesy. An authority always reads the ledger itself.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Repo, treeAt } from "@wingman/git";
import { CHECKPOINT_PATH } from "@wingman/ledger";
import type { LedgerState } from "@wingman/model";
import { VERSION } from "./version.ts";

/** A shorter ledger is read as quickly as its cache would be. */
const WORTH = 2000;

/** The state at the ledger's commit: from the cache, else as `read` gives it, which is then kept. */
export async function cachedState(
  repo: Repo,
  at: { readonly folder: string; readonly commit: string },
  read: () => Promise<LedgerState>,
): Promise<LedgerState> {
  const path = join(at.folder, "cache", "ledger-state");
  const kept = await readKept(path, at.commit);
  if (kept !== undefined && (await isSigned(repo, at.commit, kept))) return kept;
  const state = await read();
  if (state.size >= WORTH) await keep(path, at.commit, state);
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

/** Undefined where nothing is kept, of another commit or version, or not whole. */
async function readKept(path: string, commit: string): Promise<LedgerState | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (end === -1 || text.slice(0, end) !== headOf(commit, body)) return undefined;
  return JSON.parse(body, revive) as LedgerState;
}

/** A cache that cannot be written (a full or read-only disk) stops nobody's commit. */
async function keep(path: string, commit: string, state: LedgerState): Promise<void> {
  const body = JSON.stringify(state, replace);
  const part = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(part, `${headOf(commit, body)}\n${body}`, { mode: 0o600 });
    await rename(part, path);
  } catch {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** Grows when the state gets another field: what an older program kept would lack it. */
const SHAPE = 2;

function headOf(commit: string, body: string): string {
  return `${VERSION} ${SHAPE} ${commit} ${createHash("sha256").update(body).digest("hex")}`;
}

/** JSON has no maps and sets. */
function replace(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { map: [...value] };
  return value instanceof Set ? { set: [...value] } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("map" in value && Array.isArray(value.map)) return new Map(value.map);
  return "set" in value && Array.isArray(value.set) ? new Set(value.set) : value;
}
