/** Runs from literals: trees in memory, claims as `{type, args}`, and who brought their lines. */
import type {
  ClaimsFile,
  ClaimText,
  Commit,
  FileLiteral,
  History,
  Identity,
  Policy,
  Run,
} from "@wingman/model";
import {
  builtInPolicy,
  claimsPath,
  differences,
  digestOf,
  emptyLedger,
  treeOf,
} from "@wingman/model";
import type { AuditContext } from "../src/index.ts";

export const NAME = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };
export const P = "b".repeat(40);
export const S = "a".repeat(40);
const TS = "2026-11-22T09:00:01.000Z";

export interface RunLiteral {
  readonly start?: Readonly<Record<string, FileLiteral>>;
  readonly end?: Readonly<Record<string, FileLiteral>>;
  readonly claims?: readonly ClaimText[];
  readonly retracted?: readonly number[];
  readonly foreign?: readonly string[];
  readonly incomplete?: boolean;
  readonly open?: boolean;
  readonly outcome?: "done" | "partial" | "abandoned";
  readonly broughtBy?: Identity;
  /** Who closed it; as `broughtBy` unless told. */
  readonly closedBy?: Identity;
  readonly commit?: string;
  readonly message?: string;
  readonly author?: string;
  /** Paths that P alone touches; the whole diff where absent. */
  readonly touched?: readonly string[] | "unknown";
  readonly shallow?: boolean;
}

export const ownProof: Identity = {
  kind: "worker",
  name: NAME.worker,
  proven: true,
  proof: "signature",
  anyProof: true,
  run: NAME,
};

export async function runOf(literal: RunLiteral): Promise<Run> {
  const start = treeOf(literal.start ?? {});
  const end = treeOf(literal.end ?? {});
  const foreign = new Set(literal.foreign ?? []);
  const diff = (await differences(start, end)).filter((change) => !foreign.has(change.path));
  const commit = literal.commit ?? P;
  const file = claimsFile(literal);
  const brought = literal.broughtBy;
  const by = new Map(
    brought === undefined ? [] : file.lines.map((line) => [line.record.seq, brought] as const),
  );
  const closer = literal.closedBy ?? brought;
  if (file.close !== undefined && closer !== undefined) by.set(file.close.seq, closer);
  return {
    name: NAME,
    file,
    start: { commit: S, tree: start },
    end: { commit, tree: end },
    diff,
    foreign,
    incomplete: literal.incomplete ?? false,
    broughtBy: by,
    history: history(literal, commit, end.id, diff),
  };
}

function claimsFile(literal: RunLiteral): ClaimsFile {
  const head = { v: 1, prev: null, ts: TS } as const;
  const open = {
    ...head,
    seq: 0,
    kind: "open",
    instruction: "INS-0007",
    digest: digestOf("x"),
    origin: "acme/shop",
    run: NAME.run,
    worker: NAME.worker,
  } as const;
  const lines = (literal.claims ?? []).map((claim, index) => {
    const record = { ...head, seq: index + 1, kind: "claim", ...claim } as const;
    const text = JSON.stringify(record);
    return { line: { record, text, digest: digestOf(text), line: index + 2 }, record };
  });
  const seq = lines.length + 1;
  const close = {
    ...head,
    seq,
    kind: "close",
    count: seq,
    outcome: literal.outcome ?? "done",
  } as const;
  const openLine = { record: open, text: "{}", digest: digestOf("open"), line: 1 };
  return {
    path: claimsPath(NAME),
    name: NAME,
    open,
    close: literal.open === true ? undefined : close,
    lines: [openLine, ...lines.map((one) => one.line)],
    claims: lines.map((one) => ({
      ...one,
      retracted: literal.retracted?.includes(one.record.seq) ?? false,
    })),
  };
}

function history(literal: RunLiteral, oid: string, tree: string, diff: Run["diff"]): History {
  const commit: Commit = {
    oid,
    tree,
    parents: [S],
    message: literal.message ?? "Rotate the keys\n\nBody\n",
    author: literal.author ?? "Alice <alice@acme.example>",
  };
  const touched = literal.touched;
  return {
    incomplete: literal.shallow ?? false,
    find: async (id) => {
      if (oid.startsWith(id)) return commit;
      if (id === "c".repeat(7)) return "ambiguous";
      return literal.shallow === true ? "unknown" : "absent";
    },
    touched: async () =>
      touched === "unknown"
        ? touched
        : touched === undefined
          ? diff
          : diff.filter((one) => touched.includes(one.path)),
  };
}

export function context(
  more: Partial<AuditContext> & { readonly policy?: Policy } = {},
): AuditContext {
  return {
    ledger: emptyLedger,
    policy: builtInPolicy,
    now: () => TS,
    clock: () => 0,
    ...more,
  };
}
