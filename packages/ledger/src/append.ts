/**
 * The plan of one batch on the end of a ledger: lines, a checkpoint record over all before it, and the
 * checkpoint file over everything. It refuses another's key and anything but a genesis as the first.
 */
import type { RepoPath } from "@wingman/model";
import { fault } from "@wingman/model";
import { auditorKeyOf } from "./auditor-key.ts";
import type { LedgerHead } from "./head.ts";
import { CHECKPOINT_PATH, SEGMENT_BYTES, segmentPath } from "./layout.ts";
import { leafHash } from "./merkle.ts";
import { signCheckpoint } from "./note.ts";
import type { CheckpointDraft, Draft, LedgerRecord } from "./records.ts";
import { encodeRecord, linkOf } from "./records.ts";

/** The auditor's key (PEM text) and the time that the records get. */
export interface Signing {
  readonly key: string;
  readonly now: Date;
}

export interface HeadPlan {
  /** Files to write on the branch, by path: only those that change. Empty where nothing is appended. */
  readonly files: ReadonlyMap<RepoPath, Uint8Array>;
  readonly head: LedgerHead;
  /** The records as appended, the checkpoint last. */
  readonly records: readonly LedgerRecord[];
  /** The new signed note; "" where nothing is appended. */
  readonly checkpointNote: string;
}

/**
 * Plans one batch on the end of a sound ledger. Costs what the batch and the last segment cost,
 * whatever the ledger's length.
 * @throws Fault `ledger/foreign-key`, `ledger/genesis`, `ledger/bad-key`, or those of encodeRecord.
 */
export function planOnHead(head: LedgerHead, drafts: readonly Draft[], signing: Signing): HeadPlan {
  const first = drafts[0];
  if (first === undefined) return { files: new Map(), head, records: [], checkpointNote: "" };
  const { publicKey } = auditorKeyOf(signing.key);
  if (
    (head.size === 0) !== (first.kind === "genesis") ||
    drafts.slice(1).some((one) => one.kind === "genesis")
  )
    fault(
      head.size === 0
        ? "the first record of a ledger must be its genesis"
        : "the ledger has a genesis already",
      {
        code: "ledger/genesis",
        hint: "append genesis once, when the policy branch first has a policy",
      },
    );
  const auditor = first.kind === "genesis" ? first.auditor : head.auditor;
  const origin = first.kind === "genesis" ? first.origin : head.origin;
  if (auditor !== publicKey || origin === undefined)
    return fault("the ledger was begun with another auditor's key", {
      code: "ledger/foreign-key",
      hint: "a fork starts its own ledger; otherwise restore the key that began this one",
    });
  const batch = new Batch(head, signing.now.toISOString());
  for (const draft of drafts) batch.append(draft);
  const { size } = batch.frontier;
  const root = batch.frontier.root();
  const inner = signCheckpoint({ origin, size, root }, signing.key);
  batch.append({ kind: "checkpoint", size, root, note: inner });
  const note = signCheckpoint({ origin, size: size + 1, root: batch.frontier.root() }, signing.key);
  const end = batch.end(origin, publicKey);
  batch.files.set(CHECKPOINT_PATH, Buffer.from(note, "utf8"));
  return { files: batch.files, head: end, records: batch.records, checkpointNote: note };
}

class Batch {
  readonly files = new Map<RepoPath, Uint8Array>();
  readonly records: LedgerRecord[] = [];
  readonly frontier;
  #last: string | null;
  #segment: number;
  #pieces: Uint8Array[];
  #bytes: number;
  readonly #now: string;

  constructor(head: LedgerHead, now: string) {
    this.frontier = head.frontier.clone();
    this.#last = head.last;
    this.#segment = head.segment;
    this.#pieces = [head.tail];
    this.#bytes = head.tail.length;
    this.#now = now;
  }

  append(draft: Draft | CheckpointDraft): void {
    const place = { seq: this.frontier.size, prev: this.#last, ts: this.#now };
    const line = encodeRecord(draft, place);
    if (this.#bytes > 0 && this.#bytes + line.length + 1 > SEGMENT_BYTES) {
      this.#flush();
      this.#segment += 1;
      this.#pieces = [];
      this.#bytes = 0;
    }
    this.#pieces.push(line, Buffer.from("\n"));
    this.#bytes += line.length + 1;
    this.frontier.append(leafHash(line));
    this.#last = linkOf(line);
    this.records.push({ ...draft, ...place, v: 1 });
  }

  #flush(): Uint8Array {
    const bytes = Buffer.concat(this.#pieces);
    // A segment that was full before this batch began has not changed.
    if (this.#pieces.length > 1) this.files.set(segmentPath(this.#segment), bytes);
    return bytes;
  }

  end(origin: string, auditor: string): LedgerHead {
    const tail = this.#flush();
    const { frontier } = this;
    const place = { size: frontier.size, last: this.#last, segment: this.#segment, ts: this.#now };
    return { ...place, frontier, origin, auditor, tail };
  }
}
