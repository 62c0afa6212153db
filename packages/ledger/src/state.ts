/**
 * Folds records into the state that changes are judged with. Locks and incidents of FALSE follow from
 * verdicts and orders alone: nothing is stored that a fold would not give again, and an order only
 * speaks of records that its administrator had seen (`covers`).
 */
import type { Incident, LedgerState, Lock, VerdictMark } from "@wingman/model";
import { parseRunName, runText, settledMark } from "@wingman/model";
import type { KnownRecord, LedgerRecord, OrderDraft, Place, VerdictDraft } from "./records.ts";

/** A fold under way. It can take more records at any time, in order. */
export interface Fold {
  add(record: LedgerRecord): void;
  /** A fold of its own that goes on from here. */
  clone(): Fold;
  /** All of it as JSON, for {@link resumeFold}. */
  saved(): SavedFold;
  /** The state now. `root` is that of the last checkpoint, hex. The maps go on changing with `add`. */
  state(root?: string): LedgerState;
}

/** One FALSE that no order has lifted. */
interface Occurrence {
  readonly seq: number;
  readonly claim: string;
  readonly digest: string;
  readonly run: string;
  readonly accuses: boolean;
  readonly reason: string;
}

interface Case {
  readonly id: string;
  readonly kind: Incident["kind"];
  readonly worker?: string;
  readonly instruction?: string;
  state: Incident["state"];
  /** All, in order; what an order lifted stays in the history. */
  readonly seqs: number[];
  /** Those that still weigh. */
  open: Occurrence[];
}

interface WorkerFile {
  readonly cases: Set<Case>;
  /** Locks by order. */
  ordered: { readonly seq: number; readonly reason: string }[];
}

type Verdict = VerdictDraft & Place;
type Order = OrderDraft & Place;

/** A fold as JSON: maps and sets as lists of what is in them. */
export interface SavedFold {
  readonly size: number;
  readonly origin?: string;
  readonly auditor?: string;
  readonly verdicts: readonly (readonly [string, VerdictMark])[];
  readonly falseRuns: readonly (readonly [string, readonly string[]])[];
  readonly cases: readonly Case[];
  readonly ordered: readonly (readonly [string, WorkerFile["ordered"]])[];
  readonly pardoned: readonly string[];
  readonly withdrawn: readonly (readonly [
    string,
    { readonly since: number; readonly reason: string },
  ])[];
  readonly orders: readonly string[];
  readonly refs: readonly (readonly [string, string])[];
  readonly alerts: readonly string[];
}

/** The fold that was saved, to go on from there. Takes what {@link Fold.saved} gave and nothing else. */
export function resumeFold(saved: SavedFold): Fold {
  return LedgerFold.resumed(saved);
}

/** Starts a fold at the empty ledger. */
export function startFold(): Fold {
  return new LedgerFold();
}

/** The state after these records, from the first on. */
export function foldState(records: Iterable<LedgerRecord>, root = ""): LedgerState {
  return foldInto(startFold(), records, root);
}

/** Adds records to a fold and gives its state. */
export function foldInto(fold: Fold, records: Iterable<LedgerRecord>, root = ""): LedgerState {
  for (const record of records) fold.add(record);
  return fold.state(root);
}

/** The run text of a verdict, whichever way its record writes the run. */
export function runOfVerdict(verdict: { readonly run: string; readonly worker: string }): string {
  return parseRunName(verdict.run) === undefined
    ? runText({ worker: verdict.worker, run: verdict.run })
    : verdict.run;
}

class LedgerFold implements Fold {
  #size = 0;
  #origin: string | undefined;
  #auditor: string | undefined;
  readonly #verdicts = new Map<string, VerdictMark>();
  readonly #falseRuns = new Map<string, Set<string>>();
  readonly #cases = new Map<string, Case>();
  readonly #workers = new Map<string, WorkerFile>();
  /** Claim lines that an administrator declared rightly made: judged FALSE again, they do not count. */
  readonly #pardoned = new Set<string>();
  readonly #withdrawn = new Map<string, { readonly since: number; readonly reason: string }>();
  readonly #orders = new Set<string>();
  readonly #refs = new Map<string, string>();
  readonly #alerts = new Set<string>();

  clone(): Fold {
    const copy = new LedgerFold();
    copy.#size = this.#size;
    copy.#origin = this.#origin;
    copy.#auditor = this.#auditor;
    for (const [name, mark] of this.#verdicts) copy.#verdicts.set(name, mark);
    for (const [run, claims] of this.#falseRuns) copy.#falseRuns.set(run, new Set(claims));
    for (const [id, found] of this.#cases) {
      const own: Case = { ...found, seqs: [...found.seqs], open: [...found.open] };
      copy.#cases.set(id, own);
      if (own.worker !== undefined) copy.#workerOf(own.worker).cases.add(own);
    }
    for (const [worker, file] of this.#workers) copy.#workerOf(worker).ordered = [...file.ordered];
    for (const one of this.#pardoned) copy.#pardoned.add(one);
    for (const [id, order] of this.#withdrawn) copy.#withdrawn.set(id, order);
    for (const nonce of this.#orders) copy.#orders.add(nonce);
    for (const [ref, oid] of this.#refs) copy.#refs.set(ref, oid);
    for (const step of this.#alerts) copy.#alerts.add(step);
    return copy;
  }

  saved(): SavedFold {
    return {
      size: this.#size,
      ...(this.#origin === undefined ? {} : { origin: this.#origin }),
      ...(this.#auditor === undefined ? {} : { auditor: this.#auditor }),
      verdicts: [...this.#verdicts],
      falseRuns: [...this.#falseRuns].map(([run, claims]) => [run, [...claims]] as const),
      cases: [...this.#cases.values()],
      ordered: [...this.#workers].map(([worker, { ordered }]) => [worker, ordered] as const),
      pardoned: [...this.#pardoned],
      withdrawn: [...this.#withdrawn],
      orders: [...this.#orders],
      refs: [...this.#refs],
      alerts: [...this.#alerts],
    };
  }

  static resumed(saved: SavedFold): LedgerFold {
    const fold = new LedgerFold();
    fold.#size = saved.size;
    fold.#origin = saved.origin;
    fold.#auditor = saved.auditor;
    for (const [name, mark] of saved.verdicts) fold.#verdicts.set(name, mark);
    for (const [run, claims] of saved.falseRuns) fold.#falseRuns.set(run, new Set(claims));
    // Workers first, in their own order: a worker may have a file and no case.
    for (const [worker, ordered] of saved.ordered) fold.#workerOf(worker).ordered = [...ordered];
    for (const found of saved.cases) {
      fold.#cases.set(found.id, found);
      // Only a FALSE puts its case into its worker's file.
      if (found.worker !== undefined) fold.#workerOf(found.worker).cases.add(found);
    }
    for (const one of saved.pardoned) fold.#pardoned.add(one);
    for (const [id, order] of saved.withdrawn) fold.#withdrawn.set(id, order);
    for (const nonce of saved.orders) fold.#orders.add(nonce);
    for (const [ref, oid] of saved.refs) fold.#refs.set(ref, oid);
    for (const step of saved.alerts) fold.#alerts.add(step);
    return fold;
  }

  add(record: LedgerRecord): void {
    this.#size = record.seq + 1;
    if (record.kind !== "unknown") this.#known(record);
  }

  #known(record: KnownRecord): void {
    switch (record.kind) {
      case "genesis":
        this.#origin = record.origin;
        this.#auditor = record.auditor;
        break;
      case "push":
        if (record.outcome !== "accepted") break;
        if (/^0+$/.test(record.new)) this.#refs.delete(record.ref);
        else this.#refs.set(record.ref, record.new);
        break;
      case "verdict":
        this.#verdict(record);
        break;
      case "incident":
        this.#reopen(this.#caseOf(record.id, { kind: record.what }), record.seq);
        break;
      case "alert":
        if (record.outcome === "ok")
          this.#alerts.add(
            `${record.incident}|${record.occurrence}|${record.channel}|${record.step}`,
          );
        break;
      case "order":
        this.#orders.add(record.nonce);
        this.#order(record);
        break;
      default:
    }
  }

  #verdict(record: Verdict): void {
    const { name, digest } = record.claim;
    const { seq, verdict, commit } = record;
    const accuses = record.accuses && verdict === "FALSE";
    const mark = { seq, digest, verdict, accuses, commit };
    const before = settledMark(this.#verdicts.get(name), digest);
    const stays = verdict === "UNVERIFIABLE" && before !== undefined;
    const settled = stays && { verdict: before.verdict, commit: before.commit };
    this.#verdicts.set(name, settled ? { ...mark, settled } : mark);
    if (verdict !== "FALSE" || this.#pardoned.has(`${name} ${digest}`)) return;
    const run = runOfVerdict(record);
    const claims = this.#falseRuns.get(run) ?? new Set();
    this.#falseRuns.set(run, claims.add(name));
    const { worker, instruction } = record;
    const found = this.#caseOf(`${worker}@${instruction}`, { kind: "false", worker, instruction });
    this.#reopen(found, seq);
    const reason = `${record.claim.type} of ${name} is FALSE`;
    found.open.push({ seq, claim: name, digest, run, accuses, reason });
    this.#workerOf(worker).cases.add(found);
  }

  #caseOf(id: string, about: Pick<Case, "kind" | "worker" | "instruction">): Case {
    const known = this.#cases.get(id);
    if (known !== undefined) return known;
    const made: Case = { id, ...about, state: "open", seqs: [], open: [] };
    this.#cases.set(id, made);
    return made;
  }

  /** A new occurrence reopens: an acknowledgement was about what stood then. */
  #reopen(found: Case, seq: number): void {
    found.state = "open";
    found.seqs.push(seq);
  }

  #workerOf(worker: string): WorkerFile {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known;
    const made: WorkerFile = { cases: new Set(), ordered: [] };
    this.#workers.set(worker, made);
    return made;
  }

  #order(order: Order): void {
    // An order cannot cover itself, whatever it says: nobody has seen what was not yet there.
    const covers = Math.min(order.covers, order.seq);
    if (order.action === "lock") {
      this.#workerOf(order.subject).ordered.push({ seq: order.seq, reason: order.reason });
    } else if (order.action === "unlock") {
      const file = this.#workers.get(order.subject);
      if (file === undefined) return;
      file.ordered = file.ordered.filter((lock) => lock.seq >= covers);
      for (const found of file.cases) this.#lift(found, (one) => one.seq < covers);
    } else if (order.action === "ack") {
      for (const found of this.#subjects(order.subject))
        if (found.state === "open" && (found.seqs.at(-1) ?? 0) < covers)
          found.state = "acknowledged";
    } else if (order.action === "withdraw") {
      if (!this.#withdrawn.has(order.subject))
        this.#withdrawn.set(order.subject, { since: order.seq, reason: order.reason });
    } else if (order.action === "false-positive") {
      this.#pardon(order.subject, covers);
    }
  }

  /** The incidents that a subject names: one by its id, or all of a worker. */
  #subjects(subject: string): Iterable<Case> {
    const found = this.#cases.get(subject);
    return found === undefined ? (this.#workers.get(subject)?.cases ?? []) : [found];
  }

  #lift(found: Case, lifted: (one: Occurrence) => boolean): void {
    if (found.open.length === 0) return;
    found.open = found.open.filter((one) => !lifted(one));
    if (found.open.length === 0) found.state = "resolved";
  }

  /** False positives: a claim, a run, or an incident (by id). */
  #pardon(subject: string, covers: number): void {
    const named = this.#cases.get(subject);
    if (named !== undefined && named.kind !== "false") {
      if ((named.seqs.at(-1) ?? 0) < covers) named.state = "resolved";
      return;
    }
    // A claim or run belongs to one worker, whose id is its front: the search stays in his file.
    const worker = subject.split("/", 2).join("/");
    const among = named === undefined ? (this.#workers.get(worker)?.cases ?? []) : [named];
    for (const found of among) {
      this.#lift(found, (one) => {
        const meant = found === named || one.claim === subject || one.run === subject;
        if (!meant || one.seq >= covers) return false;
        this.#pardoned.add(`${one.claim} ${one.digest}`);
        const claims = this.#falseRuns.get(one.run);
        claims?.delete(one.claim);
        if (claims?.size === 0) this.#falseRuns.delete(one.run);
        return true;
      });
    }
  }

  state(root = ""): LedgerState {
    return {
      size: this.#size,
      root,
      ...(this.#origin === undefined ? {} : { origin: this.#origin }),
      ...(this.#auditor === undefined ? {} : { auditor: this.#auditor }),
      verdicts: this.#verdicts,
      falseRuns: new Set(this.#falseRuns.keys()),
      incidents: [...this.#cases.values()].map(incidentOf),
      locks: this.#locks(),
      withdrawn: this.#withdrawn,
      orders: this.#orders,
      refs: this.#refs,
      alerts: this.#alerts,
    };
  }

  /** By worker, the oldest thing that still locks it. */
  #locks(): Map<string, Lock> {
    const locks = new Map<string, Lock>();
    for (const [worker, file] of this.#workers) {
      let oldest: Lock | undefined;
      const offer = (lock: Lock) => {
        if (oldest === undefined || lock.since < oldest.since) oldest = lock;
      };
      for (const { seq, reason } of file.ordered) offer({ worker, since: seq, reason });
      for (const found of file.cases)
        for (const one of found.open)
          if (one.accuses)
            offer({ worker, since: one.seq, reason: one.reason, incident: found.id });
      if (oldest !== undefined) locks.set(worker, oldest);
    }
    return locks;
  }
}

function incidentOf(found: Case): Incident {
  return {
    id: found.id,
    kind: found.kind,
    ...(found.worker === undefined ? {} : { worker: found.worker }),
    ...(found.instruction === undefined ? {} : { instruction: found.instruction }),
    state: found.state,
    occurrences: [...found.seqs],
    accuses: found.open.some((one) => one.accuses),
  };
}
