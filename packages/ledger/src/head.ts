/**
 * The end of a ledger: all that appending to it needs, whatever its length. Also as a text that a
 * cache may keep, which is believed only as far as the signed checkpoint in the tree confirms it.
 */
import type { Tree } from "@wingman/model";
import { canonicalJson } from "@wingman/model";
import { CHECKPOINT_PATH, segmentPath } from "./layout.ts";
import { Frontier } from "./merkle.ts";
import { verifyCheckpoint } from "./note.ts";
import { linkOf } from "./records.ts";

export interface LedgerHead {
  readonly size: number;
  /** Link of the newest line; null where there is none. */
  readonly last: string | null;
  readonly frontier: Frontier;
  readonly origin: string | undefined;
  /** The genesis key, base64 of its 32 raw bytes. */
  readonly auditor: string | undefined;
  /** Index of the segment that the next line goes into, unless it is full. */
  readonly segment: number;
  /** That segment's bytes. */
  readonly tail: Uint8Array;
  /** The newest record's time. */
  readonly ts: string | undefined;
}

/** Before the first record. */
export const emptyHead: LedgerHead = {
  size: 0,
  last: null,
  frontier: new Frontier(),
  origin: undefined,
  auditor: undefined,
  segment: 0,
  tail: new Uint8Array(0),
  ts: undefined,
};

/** The text of a head for a cache, bound to the commit whose ledger it is the end of. */
export function saveHead(head: LedgerHead, commit: string): string {
  return canonicalJson({
    v: 1,
    commit,
    size: head.size,
    last: head.last,
    hashes: head.frontier.hashes.map((hash) => hash.toString("hex")),
    origin: head.origin,
    auditor: head.auditor,
    segment: head.segment,
    tail: head.tail.length,
    ts: head.ts,
  });
}

/**
 * A head from a cache's text, for the ledger at `commit` whose tree is `tree`. Reads the newest
 * segment and the checkpoint only. `stale` says why it cannot be used: read the whole ledger then.
 * The cache can lie about nothing: size and root must be those that the auditor signed in this tree,
 * and the newest line must be the one that it links to. `auditor` is the key that the caller trusts.
 */
export async function loadHead(
  text: string,
  at: { readonly commit: string; readonly tree: Tree; readonly auditor: string },
): Promise<LedgerHead | { readonly stale: string }> {
  const saved = parseSaved(text);
  if (saved === undefined) return { stale: "the cache cannot be read" };
  if (saved.commit !== at.commit) return { stale: "the cache is of another commit" };
  if (saved.auditor !== at.auditor) return { stale: "the cache is of another auditor" };
  const frontier = new Frontier(
    saved.size,
    saved.hashes.map((hex) => Buffer.from(hex, "hex")),
  );
  if (!frontier.fits() || frontier.hashes.some((hash) => hash.length !== 32))
    return { stale: "the cache's hashes do not fit its size" };
  const file = await at.tree.entry(CHECKPOINT_PATH);
  const segment = await at.tree.entry(segmentPath(saved.segment));
  if (file === undefined || segment === undefined) return { stale: "the ledger has other files" };
  if ((await at.tree.entry(segmentPath(saved.segment + 1))) !== undefined)
    return { stale: "the ledger has a newer segment" };
  const note = Buffer.from(await at.tree.read(file)).toString("utf8");
  const signed = verifyCheckpoint(note, at.auditor, { alone: true });
  if (!signed.ok) return { stale: `the checkpoint: ${signed.why}` };
  const { checkpoint } = signed;
  if (
    checkpoint.size !== saved.size ||
    checkpoint.root !== frontier.root() ||
    checkpoint.origin !== saved.origin
  )
    return { stale: "the cache is not what the checkpoint says" };
  const tail = Buffer.from(await at.tree.read(segment));
  const newest = tail.subarray(tail.lastIndexOf(10, tail.length - 2) + 1, -1);
  if (tail.length !== saved.tail || tail.at(-1) !== 10 || linkOf(newest) !== saved.last)
    return { stale: "the newest line is another one" };
  const { size, last, origin, auditor, segment: index, ts } = saved;
  return { size, last, frontier, origin, auditor, segment: index, tail, ts };
}

interface Saved {
  readonly commit: string;
  readonly size: number;
  readonly last: string;
  readonly hashes: readonly string[];
  readonly origin: string;
  readonly auditor: string;
  readonly segment: number;
  readonly tail: number;
  readonly ts: string;
}

/** The saved fields, or undefined where the text is no such thing: a cache may be cut or foreign. */
function parseSaved(text: string): Saved | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const row = value as Readonly<Record<string, unknown>>;
  const texts = ["commit", "last", "origin", "auditor", "ts"].every(
    (name) => typeof row[name] === "string",
  );
  const counts = ["size", "segment", "tail"].every((name) => Number.isSafeInteger(row[name]));
  const hashes = row["hashes"];
  if (!texts || !counts || row["v"] !== 1 || !Array.isArray(hashes)) return undefined;
  return hashes.every((hash) => typeof hash === "string") ? (row as unknown as Saved) : undefined;
}
