/**
 * Reads a ledger's lines once, front to back, one segment in memory at a time, and holds each to the
 * chain, the layout, its own checkpoints and the signed checkpoint file. Stops at the first thing wrong
 * and names its line.
 */
import { isUtf8 } from "node:buffer";
import type { Entry, Tree } from "@wingman/model";
import { fault } from "@wingman/model";
import type { LedgerHead } from "./head.ts";
import { emptyHead } from "./head.ts";
import type { Layout } from "./layout.ts";
import { CHECKPOINT_PATH, layoutOf, SEGMENT_BYTES } from "./layout.ts";
import { firstLine, parseLine, readLine } from "./line-reading.ts";
import { leafHash } from "./merkle.ts";
import type { Checkpoint } from "./note.ts";
import { verifyCheckpoint } from "./note.ts";
import { typedRecord } from "./record-reading.ts";
import type { CheckpointDraft, LedgerRecord, UnknownRecord } from "./records.ts";
import { linkOf, MAX_LINE } from "./records.ts";
import type { LedgerProblem } from "./report.ts";

export interface ScanOptions {
  /** Sizes at which the root is wanted: what witnesses remember. */
  readonly sizes?: ReadonlySet<number>;
  /** The genesis key that the caller knows from elsewhere. */
  readonly auditor?: string;
  /** Told of each sound record, in order. A later line may still turn out bad. */
  readonly visit?: (record: LedgerRecord) => void;
  /** Keep the root after each batch: what any of this ledger's own notes was signed over. */
  readonly batchRoots?: boolean;
  /** Verify every checkpoint record's signature, not only the last one's: to find where a rewrite begins. */
  readonly everyNote?: boolean;
}

export interface Scan {
  readonly head: LedgerHead;
  readonly problem: LedgerProblem | undefined;
  /** The roots at the sizes asked for, as far as the scan came. */
  readonly roots: ReadonlyMap<number, string>;
  readonly checkpoint: (Checkpoint & { readonly note: string }) | undefined;
  readonly clockSuspect: readonly { readonly seq: number; readonly ts: string }[];
}

const LF = 10;
/** Clocks of one auditor's machines may differ; more than that is worth a note. */
const CLOCK_SLACK_MS = 5 * 60_000;
const MAX_SUSPECTS = 100;

/**
 * Scans the branch's tree; `undefined` is the empty ledger. Bad content is a problem, not an error.
 * @throws Fault `ledger/unknown-critical` where the auditor signed a record that must not be ignored
 * and that this version does not know.
 */
export async function scanLedger(tree: Tree | undefined, options: ScanOptions = {}): Promise<Scan> {
  const scan = new Scanner(options);
  if (tree !== undefined) {
    const layout = await layoutOf(tree);
    scan.problem = strayProblem(layout);
    const note =
      layout.checkpoint === undefined ? undefined : await readNote(tree, layout.checkpoint);
    scan.want(note);
    for (const [index, entry] of layout.segments.entries()) {
      if (scan.problem !== undefined) break;
      const next = layout.segments[index + 1];
      await scan.segment(tree, entry, index, async () =>
        next === undefined ? undefined : firstLine(await tree.read(next)),
      );
    }
    if (scan.problem === undefined) scan.finish(note);
    scan.refuseCritical();
    if (scan.problem?.outcome === "REWRITTEN" && scan.unlocated && options.everyNote !== true) {
      const again = await scanLedger(tree, { ...options, visit: () => undefined, everyNote: true });
      scan.problem = again.problem ?? scan.problem;
    }
  }
  return scan.result();
}

async function readNote(tree: Tree, entry: Entry): Promise<string> {
  // A note is some 300 bytes. What is longer than its bound, or no UTF-8, reads as one without origin.
  if ((await tree.size(entry)) > 65_536) return "";
  const bytes = Buffer.from(await tree.read(entry));
  return isUtf8(bytes) ? bytes.toString("utf8") : "";
}

function strayProblem(layout: Layout): LedgerProblem | undefined {
  if (layout.stray === undefined) return undefined;
  const { path, why } = layout.stray;
  return {
    outcome: "REWRITTEN",
    file: path,
    line: 1,
    message: `${path} does not belong there: ${why}`,
  };
}

class Scanner {
  problem: LedgerProblem | undefined;
  /** True where the problem is known to lie before its line, but not where. */
  unlocated = false;
  readonly #options: ScanOptions;
  readonly #frontier = emptyHead.frontier.clone();
  readonly #roots = new Map<number, string>();
  #wanted: ReadonlySet<number>;
  #last: string | null = null;
  #origin: string | undefined;
  #auditor: string | undefined;
  #segment = 0;
  #tail: Uint8Array = emptyHead.tail;
  #previousLength = 0;
  #newest: { record: CheckpointDraft | undefined; file: string; line: number } | undefined;
  #goodNote = 0;
  #ts: string | undefined;
  #latest = Number.NEGATIVE_INFINITY;
  readonly #suspects: { seq: number; ts: string }[] = [];
  #checkpoint: Scan["checkpoint"];
  #critical: UnknownRecord | undefined;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#wanted = options.sizes ?? new Set();
  }

  want(note: string | undefined): void {
    const size = Number(note?.split("\n", 2)[1] ?? "x");
    if (Number.isSafeInteger(size)) this.#wanted = new Set([...this.#wanted, size]);
  }

  async segment(
    tree: Tree,
    entry: Entry,
    index: number,
    following: () => Promise<Uint8Array | undefined>,
  ): Promise<void> {
    const file = entry.path;
    if ((await tree.size(entry)) > SEGMENT_BYTES + MAX_LINE)
      return this.#bad(file, 1, "the file is longer than a segment can be");
    const bytes = Buffer.from(await tree.read(entry));
    this.#segment = index;
    this.#tail = bytes;
    if (bytes.length === 0) return this.#bad(file, 1, "the segment is empty");
    const utf8 = isUtf8(bytes);
    let number = 0;
    for (let at = 0; at < bytes.length && this.problem === undefined; ) {
      number += 1;
      const end = bytes.indexOf(LF, at);
      if (end < 0) return this.#bad(file, number, "the last line is torn: it has no line feed");
      const line = bytes.subarray(at, end);
      if (!utf8 && !isUtf8(line)) return this.#bad(file, number, "the line is not UTF-8");
      if (
        at > 0
          ? end + 1 > SEGMENT_BYTES
          : index > 0 && this.#previousLength + end + 1 <= SEGMENT_BYTES
      )
        return this.#bad(file, number, "the line stands in the wrong segment");
      const link = linkOf(line);
      const fields = readLine(line, this.#frontier.size);
      if (typeof fields === "string") return this.#bad(file, number, fields);
      if (fields["prev"] !== this.#last) {
        const next =
          end + 1 < bytes.length ? firstLine(bytes.subarray(end + 1)) : await following();
        return this.#brokenLink(fields, link, next, file, number);
      }
      this.#take(fields, line, link, file, number);
      at = end + 1;
    }
    this.#previousLength = bytes.length;
  }

  /**
   * A link that does not hold: either the line before it was changed, or this one's own `prev`. Its
   * successor tells: where that links to this line as it stands, this line is as it was written.
   */
  #brokenLink(
    fields: Readonly<Record<string, unknown>>,
    link: string,
    next: Uint8Array | undefined,
    file: string,
    number: number,
  ): void {
    const successor = next === undefined ? undefined : parseLine(next);
    const before = this.#newest;
    const intact = successor === undefined ? !this.#noteHolds(fields) : successor["prev"] === link;
    if (intact && before !== undefined)
      return this.#bad(
        before.file,
        before.line,
        "the line was changed after it was written: the next line links to other bytes",
        this.#frontier.size - 1,
      );
    this.#bad(file, number, "the line does not link to the one before it");
  }

  /** True where this is a checkpoint whose signature holds over all lines before it as they stand. */
  #noteHolds(fields: Readonly<Record<string, unknown>>): boolean {
    if (fields["kind"] !== "checkpoint" || typeof fields["note"] !== "string") return false;
    return (
      this.#noteProblem(fields["note"], this.#frontier.size, this.#frontier.root()) === undefined
    );
  }

  #take(
    fields: Readonly<Record<string, unknown>>,
    line: Buffer,
    link: string,
    file: string,
    number: number,
  ): void {
    const seq = this.#frontier.size;
    const record = typedRecord(fields);
    if ("bad" in record) return this.#bad(file, number, record.bad);
    if (record.kind === "genesis") {
      this.#origin = record.origin;
      this.#auditor = record.auditor;
      const known = this.#options.auditor;
      if (known !== undefined && known !== record.auditor)
        return this.#bad(
          file,
          number,
          "the ledger was begun with another auditor's key than the one known here",
          0,
          "BAD_SIG",
        );
    }
    if (record.kind === "checkpoint") {
      const root = this.#frontier.root();
      if (record.size !== seq || record.root !== root) {
        this.unlocated = true;
        return this.#bad(
          file,
          number,
          `the checkpoint is not over the lines before it: one from record ${this.#goodNote} to this was changed`,
        );
      }
      if (this.#options.everyNote === true) {
        const problem = this.#noteProblem(record.note, seq, root);
        if (problem !== undefined) {
          const range = `record ${this.#goodNote} to ${seq}`;
          return this.#bad(
            file,
            number,
            `the checkpoint's note: ${problem}; what was changed is one of ${range}`,
          );
        }
      }
      this.#goodNote = seq;
    }
    this.#frontier.append(leafHash(line));
    this.#last = link;
    this.#newest = {
      record: record.kind === "checkpoint" ? record : undefined,
      file,
      line: number,
    };
    const batchEnd = record.kind === "checkpoint" && this.#options.batchRoots === true;
    if (batchEnd || this.#wanted.has(seq + 1)) this.#roots.set(seq + 1, this.#frontier.root());
    if (record.kind === "unknown" && record.crit === true) this.#critical ??= record;
    this.#clock(seq, record.ts);
    this.#options.visit?.(record);
  }

  #clock(seq: number, ts: string): void {
    const time = Date.parse(ts);
    this.#ts = ts;
    if (time < this.#latest - CLOCK_SLACK_MS && this.#suspects.length < MAX_SUSPECTS)
      this.#suspects.push({ seq, ts });
    if (time > this.#latest) this.#latest = time;
  }

  /** After the last line: it must be a signed checkpoint, and the file must be signed over all. */
  finish(note: string | undefined): void {
    const size = this.#frontier.size;
    const newest = this.#newest;
    if (newest === undefined || this.#auditor === undefined) {
      if (note !== undefined)
        this.#bad(CHECKPOINT_PATH, 1, "a checkpoint stands without a log", undefined, "TRUNCATED");
      return;
    }
    if (note === undefined)
      return this.#bad(
        CHECKPOINT_PATH,
        1,
        "the log has no signed checkpoint",
        undefined,
        "BAD_SIG",
      );
    const signed = verifyCheckpoint(note, this.#auditor, { alone: true });
    if (!signed.ok)
      return this.#bad(
        CHECKPOINT_PATH,
        signed.line,
        `the checkpoint file: ${signed.why}`,
        undefined,
        "BAD_SIG",
      );
    const { checkpoint } = signed;
    if (checkpoint.origin !== this.#origin)
      return this.#bad(
        CHECKPOINT_PATH,
        1,
        "the checkpoint is of another ledger",
        undefined,
        "BAD_SIG",
      );
    if (checkpoint.size > size)
      return this.#bad(
        newest.file,
        newest.line,
        `the log ends after ${size} records, but ${checkpoint.size} were signed`,
        size - 1,
        "TRUNCATED",
      );
    if (checkpoint.size < size) {
      // The first unsigned line stands somewhere before: its file and line are found by its number.
      return this.#bad(
        newest.file,
        newest.line,
        `records ${checkpoint.size} to ${size - 1} are signed by nobody`,
        checkpoint.size,
        "BAD_SIG",
      );
    }
    const record = newest.record;
    if (record === undefined)
      return this.#bad(newest.file, newest.line, "the last record is no checkpoint", size - 1);
    const problem = this.#noteProblem(record.note, record.size, record.root);
    if (problem !== undefined) {
      this.unlocated = true;
      return this.#bad(
        newest.file,
        newest.line,
        `the last checkpoint's note: ${problem}`,
        size - 1,
      );
    }
    if (checkpoint.root !== this.#frontier.root())
      return this.#bad(
        newest.file,
        newest.line,
        "the line was changed after it was signed",
        size - 1,
      );
    this.#checkpoint = { ...checkpoint, note };
  }

  /** Only in a sound ledger: before that, anybody could have written `crit`. */
  refuseCritical(): void {
    if (this.problem !== undefined || this.#critical === undefined) return;
    const { seq, fields } = this.#critical;
    fault(
      `record ${seq} of the ledger is of kind ${JSON.stringify(fields["kind"])}, which must not be ignored`,
      {
        code: "ledger/unknown-critical",
        hint: "this version does not know that kind; install a newer version of Wingman",
      },
    );
  }

  #noteProblem(note: string, size: number, root: string): string | undefined {
    if (this.#auditor === undefined) return "there is no auditor's key";
    const signed = verifyCheckpoint(note, this.#auditor, { alone: true });
    if (!signed.ok) return signed.why;
    const { checkpoint } = signed;
    const same =
      checkpoint.size === size && checkpoint.root === root && checkpoint.origin === this.#origin;
    return same ? undefined : "it is over other lines";
  }

  #bad(
    file: string,
    line: number,
    message: string,
    seq: number | undefined = file === CHECKPOINT_PATH ? undefined : this.#frontier.size,
    outcome: LedgerProblem["outcome"] = "REWRITTEN",
  ): void {
    this.problem = { outcome, file, line, message, ...(seq === undefined ? {} : { seq }) };
  }

  result(): Scan {
    return {
      head: {
        size: this.#frontier.size,
        last: this.#last,
        frontier: this.#frontier,
        origin: this.#origin,
        auditor: this.#auditor,
        segment: this.#segment,
        tail: this.#tail,
        ts: this.#ts,
      },
      problem: this.problem,
      roots: this.#roots,
      checkpoint: this.#checkpoint,
      clockSuspect: this.#suspects,
    };
  }
}
