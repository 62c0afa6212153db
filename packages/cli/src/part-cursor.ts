/**
 * Reads a part of an audit once from its begin, run by run. What is no part, was sealed with another secret
 * or holds its runs in another order is refused.
 */
import type { Earlier } from "@wingman/audit";
import { type Finding, fault, type Verdict } from "@wingman/model";
import { type PartHead, type PartRecord, partRecord } from "./part-records.ts";
import { BEGIN, type Sealed, sealedLines } from "./sealed-lines.ts";

/** What a part holds of one run. */
export interface KeptRun extends Earlier {
  readonly index: number;
  /** Undefined where the audit was stopped within the run. */
  readonly whole: { readonly run: string; readonly findings: readonly Finding[] } | undefined;
  /** Where the part goes on after it. */
  readonly after: Sealed;
}

export class PartCursor {
  readonly head: PartHead;
  readonly path: string;
  readonly #records: Iterator<{ record: PartRecord; after: Sealed }>;
  #ahead: { record: PartRecord; after: Sealed } | undefined;
  /** How many runs the whole audit has; undefined until the part's end was reached, and where it has none. */
  end: { readonly runs: number; readonly after: Sealed } | undefined;

  /** Faults where the file is no part, or was sealed with another secret. */
  constructor(path: string, file: number, secret: string) {
    this.path = path;
    this.#records = records(file, secret);
    this.#step();
    const first = this.#ahead?.record;
    if (first === undefined || !("head" in first))
      fault(`${path} is no part of an audit, or was sealed with another WINGMAN_PART_SECRET`, {
        code: "audit/part",
        hint: "name files that wingman audit --part of this version wrote, with the same secret",
      });
    this.head = first.head;
    this.begin = this.#ahead?.after ?? BEGIN;
    this.#step();
  }

  /** The place behind the head. */
  readonly begin: Sealed;

  /** What the part holds of this run; undefined where it holds nothing. Asked in the order of runs. */
  take(index: number): KeptRun | undefined {
    const verdicts: Verdict[] = [];
    let kept: KeptRun | undefined;
    for (;;) {
      const at = this.#ahead;
      if (at === undefined || !("index" in at.record)) return kept;
      const { record, after } = at;
      if (record.index !== index) {
        if (record.index < index || kept !== undefined) this.#disorder(record.index);
        return kept;
      }
      this.#step();
      if ("findings" in record) {
        const { run, findings } = record;
        return { ...kept, index, verdicts, whole: { run, findings }, after };
      }
      verdicts.push(...record.verdicts);
      kept = { index, verdicts, left: record.left, whole: undefined, after };
    }
  }

  /** Whether the part says that it is whole, and nothing is left in it. */
  isDone(): boolean {
    if (this.#ahead !== undefined && "end" in this.#ahead.record) {
      this.end = { runs: this.#ahead.record.end, after: this.#ahead.after };
      this.#step();
    }
    return this.end !== undefined && this.#ahead === undefined;
  }

  #disorder(index: number): never {
    return fault(`${this.path} holds run ${index + 1} where another is due`, {
      code: "audit/part",
      hint: "name each part once, as wingman audit --part wrote it; or remove it and audit again",
    });
  }

  #step(): void {
    const next = this.#records.next();
    this.#ahead = next.done === true ? undefined : next.value;
  }
}

function* records(file: number, secret: string): Generator<{ record: PartRecord; after: Sealed }> {
  for (const { text, offset, seal } of sealedLines(file, secret)) {
    const record = partRecord(text);
    if (record === undefined) return;
    yield { record, after: { offset, seal } };
  }
}
