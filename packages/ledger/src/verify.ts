/**
 * Verifies a ledger: its lines, the branch's own history, and what witnesses outside remember. A hash
 * chain alone would not notice a missing end or a full rewrite: only what the writer does not hold does.
 */
import type { Tree } from "@wingman/model";
import type { HistoryStep } from "./extension.ts";
import { extensionProblem, historyProblem } from "./extension.ts";
import { CHECKPOINT_PATH } from "./layout.ts";
import { EMPTY_ROOT } from "./merkle.ts";
import { parseCheckpoint, verifyCheckpoint } from "./note.ts";
import type { LedgerProblem, LedgerReport } from "./report.ts";
import type { Scan } from "./scan.ts";
import { scanLedger } from "./scan.ts";

export interface VerifyInput {
  /** The branch's tip; undefined where there is no ledger. */
  readonly tree: Tree | undefined;
  /** All of the branch's commits, oldest first; read lazily. Left out: only the tip is verified. */
  readonly history?: AsyncIterable<HistoryStep> | Iterable<HistoryStep>;
  /** Signed notes that somebody else kept. */
  readonly witnesses?: readonly string[];
  /** The auditor's public key where it is known from elsewhere than the ledger itself. */
  readonly auditor?: string;
}

/** Verifies all of it. Never throws on bad content; faults of the trees pass through. */
export async function verifyLedger(input: VerifyInput): Promise<LedgerReport> {
  const witnesses = input.witnesses ?? [];
  const sizes = new Set<number>();
  for (const note of witnesses) {
    const parsed = parseCheckpoint(note);
    if (!("bad" in parsed)) sizes.add(parsed.size);
  }
  const scan = await scanLedger(input.tree, {
    sizes,
    batchRoots: input.history !== undefined,
    ...(input.auditor === undefined ? {} : { auditor: input.auditor }),
  });
  const report = reportOf(scan, witnesses, input.auditor);
  if (!report.sound || input.history === undefined) return report;
  const problem = await historyProblem(input.history, input.tree, scan);
  return problem === undefined ? report : broken(report, problem);
}

/** The report of one scan, weighed with witnesses. */
export function reportOf(scan: Scan, witnesses: readonly string[], known?: string): LedgerReport {
  const { head } = scan;
  const auditor = known ?? head.auditor;
  let witnessed = 0;
  let problem = scan.problem;
  for (const [at, note] of witnesses.entries()) {
    const seen = weigh(note, `witness ${at + 1}`, scan, auditor);
    if (typeof seen === "number") witnessed = Math.max(witnessed, seen);
    // What a witness shows goes before the line where the scan stopped only if the scan saw nothing.
    else problem ??= seen;
  }
  const unanchored = head.size - witnessed;
  const report: LedgerReport = {
    outcome: unanchored === 0 ? "OK" : "UNANCHORED",
    sound: true,
    size: head.size,
    root: head.size === 0 ? "" : head.frontier.root(),
    witnessed,
    unanchored,
    ...(head.origin === undefined ? {} : { origin: head.origin }),
    ...(head.auditor === undefined ? {} : { auditor: head.auditor }),
    problems: [],
    clockSuspect: scan.clockSuspect,
    meaning: soundMeaning(head.size, witnessed),
  };
  return problem === undefined ? report : broken(report, problem);
}

function soundMeaning(size: number, witnessed: number): string {
  if (size === 0) return "there is no ledger";
  if (witnessed === size) return `${size} records, unchanged; a witness remembers all of them`;
  return witnessed === 0
    ? `${size} records, unchanged; no witness remembers any, so a missing end would not be noticed`
    : `${size} records, unchanged; no witness remembers the last ${size - witnessed}`;
}

function broken(report: LedgerReport, problem: LedgerProblem): LedgerReport {
  return {
    ...report,
    outcome: problem.outcome,
    sound: false,
    problems: [problem],
    meaning: problem.message,
  };
}

/** The size that this witness anchors, or what it shows. */
function weigh(
  note: string,
  file: string,
  scan: Scan,
  auditor: string | undefined,
): number | LedgerProblem {
  const { size, frontier, origin } = scan.head;
  const problem = (
    outcome: LedgerProblem["outcome"],
    line: number,
    message: string,
  ): LedgerProblem => ({ outcome, file, line, message });
  const parsed = parseCheckpoint(note);
  if ("bad" in parsed) return problem("BAD_SIG", parsed.line, `${file}: ${parsed.bad}`);
  if (auditor === undefined)
    return problem(
      "TRUNCATED",
      2,
      `${file} remembers ${parsed.size} records, but there is no ledger`,
    );
  const signed = verifyCheckpoint(note, auditor);
  if (!signed.ok)
    return problem(
      "BAD_SIG",
      signed.line,
      `${file} is not signed with this ledger's key: ${signed.why}`,
    );
  const { checkpoint } = signed;
  if (origin !== undefined && checkpoint.origin !== origin)
    return problem("BAD_SIG", 1, `${file} is of another ledger`);
  if (checkpoint.size > size)
    return problem(
      "TRUNCATED",
      2,
      `${file} remembers ${checkpoint.size} records, the ledger has ${size}`,
    );
  const root =
    checkpoint.size === 0
      ? EMPTY_ROOT
      : checkpoint.size === size
        ? frontier.root()
        : scan.roots.get(checkpoint.size);
  if (root !== checkpoint.root)
    return problem(
      "FORKED",
      3,
      `the auditor's key signed another list of ${checkpoint.size} records for ${file}: one of records 0 to ${checkpoint.size - 1} differs`,
    );
  return checkpoint.size;
}

/**
 * Judges a push to the ledger branch, whoever pushes (TRUST.md §8): it must only add, and end in a
 * checkpoint signed with the genesis key. A push never creates the ledger.
 */
export async function verifyExtends(
  old: Tree | undefined,
  now: Tree | undefined,
  auditor: string,
): Promise<
  | { readonly ok: true; readonly report: LedgerReport }
  | { readonly ok: false; readonly why: string; readonly problem: LedgerProblem }
> {
  const no = (problem: LedgerProblem) => ({ ok: false, why: problem.message, problem }) as const;
  const refuse = (outcome: LedgerProblem["outcome"], message: string) =>
    no({ outcome, file: CHECKPOINT_PATH, line: 1, message });
  if (old === undefined) return refuse("FORKED", "a push does not create the ledger");
  if (now === undefined) return refuse("TRUNCATED", "a push does not delete the ledger");
  const problem = await extensionProblem(old, now, auditor);
  if (problem !== undefined) return no(problem);
  const report = await verifyLedger({ tree: now, auditor });
  const [first] = report.problems;
  return first === undefined ? { ok: true, report } : no(first);
}
