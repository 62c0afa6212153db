/**
 * The ledger as a value, read from its branch's tree, and the plan of the next append. It refuses to
 * extend what does not verify, what another key began, and what would not begin with a genesis.
 */
import type { LedgerState, Tree } from "@wingman/model";
import { fault, quotePath } from "@wingman/model";
import type { HeadPlan, Signing } from "./append.ts";
import { planOnHead } from "./append.ts";
import type { LedgerHead } from "./head.ts";
import type { Checkpoint } from "./note.ts";
import type { Draft, LedgerRecord } from "./records.ts";
import type { LedgerReport } from "./report.ts";
import { scanLedger } from "./scan.ts";
import type { Fold } from "./state.ts";
import { startFold } from "./state.ts";
import { reportOf } from "./verify.ts";

export interface Ledger {
  readonly head: LedgerHead;
  readonly state: LedgerState;
  /** All records in order; empty where they were not kept. */
  readonly records: readonly LedgerRecord[];
  /** The signed note over all records, which a witness should remember; "" where there is none. */
  readonly checkpointNote: string;
  readonly report: LedgerReport;
  /** True where the checkpoint was signed over the first records of this very list. */
  extends(checkpoint: Checkpoint): boolean;
  /** The fold behind `state`; clone it to go on from here. */
  readonly fold: Fold;
}

/**
 * Reads the ledger whole. `undefined` is the empty one. A broken ledger is given too, with
 * `report.sound` false and its records up to where it breaks: see {@link soundLedger}.
 * `keep: false` folds without keeping the records (memory), `auditor` is the key known from elsewhere.
 * @throws Fault `ledger/unknown-critical`, and the tree's own faults.
 */
export async function readLedger(
  tree: Tree | undefined,
  options: { readonly keep?: boolean; readonly auditor?: string } = {},
): Promise<Ledger> {
  const records: LedgerRecord[] = [];
  const fold = startFold();
  const scan = await scanLedger(tree, {
    batchRoots: true,
    ...(options.auditor === undefined ? {} : { auditor: options.auditor }),
    visit: (record) => {
      fold.add(record);
      if (options.keep !== false) records.push(record);
    },
  });
  return {
    head: scan.head,
    state: fold.state(scan.checkpoint?.root ?? ""),
    records,
    checkpointNote: scan.checkpoint?.note ?? "",
    report: reportOf(scan, []),
    extends: (one) => covers(one, scan.head.origin, scan.roots),
    fold,
  };
}

function covers(
  one: Checkpoint,
  origin: string | undefined,
  roots: ReadonlyMap<number, string>,
): boolean {
  return one.origin === origin && roots.get(one.size) === one.root;
}

/**
 * The same ledger, where it is sound.
 * @throws Fault `ledger/broken` that names file, line and meaning: nobody may be judged by it.
 */
export function soundLedger(ledger: Ledger): Ledger {
  const [problem] = ledger.report.problems;
  if (problem === undefined) return ledger;
  return fault(
    `the ledger does not verify: ${quotePath(problem.file)}:${problem.line}: ${problem.message}`,
    {
      code: "ledger/broken",
      hint: "run `wingman ledger verify`; bring wingman-ledger back from a clone that has it whole",
    },
  );
}

export interface AppendPlan extends HeadPlan {
  /** The ledger as it will be. Worked out when it is asked for. */
  readonly ledger: Ledger;
}

/**
 * Plans one batch on a ledger that was read whole: the drafts, a checkpoint record over all before
 * it, and the checkpoint file over everything. Pure.
 * @throws Fault `ledger/broken`, and those of {@link planOnHead}.
 */
export function planAppend(ledger: Ledger, drafts: readonly Draft[], signing: Signing): AppendPlan {
  const plan = planOnHead(soundLedger(ledger).head, drafts, signing);
  let after: Ledger | undefined;
  return {
    ...plan,
    get ledger() {
      after ??= plan.records.length === 0 ? ledger : ledgerAfter(ledger, plan);
      return after;
    },
  };
}

function ledgerAfter(ledger: Ledger, plan: HeadPlan): Ledger {
  const fold = ledger.fold.clone();
  for (const record of plan.records) fold.add(record);
  const root = plan.head.frontier.root();
  const { size, origin, auditor } = plan.head;
  const own = { origin: origin ?? "", size, root };
  return {
    head: plan.head,
    state: fold.state(root),
    records: [...ledger.records, ...plan.records],
    checkpointNote: plan.checkpointNote,
    report: {
      ...ledger.report,
      size,
      root,
      unanchored: size - ledger.report.witnessed,
      outcome: "UNANCHORED",
      ...(origin === undefined ? {} : { origin }),
      ...(auditor === undefined ? {} : { auditor }),
      meaning: `${size} records, the last ${plan.records.length} just planned`,
    },
    extends: (one) =>
      ledger.extends(one) || (one.size === size && one.root === root && one.origin === own.origin),
    fold,
  };
}
