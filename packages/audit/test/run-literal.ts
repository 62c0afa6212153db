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
  Tree,
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
  readonly doubtful?: readonly string[];
  readonly placed?: boolean;
  /** Paths that commits of others changed as well. */
  readonly byOthers?: readonly string[];
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
  /** Commits besides P and S, by their full ids (repeat a digit 40 times: `"1"` stands for that). */
  readonly commits?: Readonly<Record<string, CommitLiteral>>;
  /** Parents of P: S unless told. */
  readonly parents?: readonly string[];
  readonly branches?: Readonly<Record<string, readonly string[]>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** True where refs may be old: a clone with a remote. */
  readonly lag?: boolean;
  /** Digest of the instruction that the run was opened on. */
  readonly digest?: string;
  readonly patches?: "equal" | "squash" | "none" | "unknown";
}

export interface CommitLiteral {
  readonly parents?: readonly string[];
  readonly files?: Readonly<Record<string, FileLiteral>>;
  readonly author?: string;
  readonly message?: string;
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
    doubtful: new Set(literal.doubtful ?? []),
    placed: literal.placed ?? true,
    incomplete: literal.incomplete ?? false,
    broughtBy: by,
    history: history(literal, commit, start, end, diff),
  };
}

function claimsFile(literal: RunLiteral): ClaimsFile {
  const head = { v: 1, prev: null, ts: TS } as const;
  const open = {
    ...head,
    seq: 0,
    kind: "open",
    instruction: "INS-0007",
    digest: literal.digest ?? digestOf("x"),
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

/** `"1"` → forty times 1; P and S by their names. */
function oidOf(text: string): string {
  if (text === "P") return P;
  if (text === "S") return S;
  return text.length === 1 ? text.repeat(40) : text;
}

function history(
  literal: RunLiteral,
  oid: string,
  start: Tree,
  end: Tree,
  diff: Run["diff"],
): History {
  const commits = new Map<string, { commit: Commit; tree: Tree }>();
  const add = (id: string, one: CommitLiteral, tree: Tree): void => {
    commits.set(id, {
      commit: {
        oid: id,
        tree: tree.id,
        parents: (one.parents ?? []).map(oidOf),
        message: one.message ?? "Rotate the keys\n\nBody\n",
        author: one.author ?? "Alice <alice@acme.example>",
      },
      tree,
    });
  };
  add(S, {}, start);
  for (const [id, one] of Object.entries(literal.commits ?? {}))
    add(oidOf(id), one, treeOf(one.files ?? {}));
  const { message, author } = literal;
  add(
    oid,
    {
      parents: literal.parents ?? [S],
      ...(message === undefined ? {} : { message }),
      ...(author === undefined ? {} : { author }),
    },
    end,
  );
  const shallow = literal.shallow === true;
  const reaches = (from: string, id: string): boolean => {
    const todo = [from];
    const seen = new Set<string>();
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (at === id) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      todo.push(...(commits.get(at)?.commit.parents ?? []));
    }
    return false;
  };
  const beginning = (id: string): Commit[] =>
    [...commits.values()].map((one) => one.commit).filter((one) => one.oid.startsWith(id));
  const pick = (found: Commit[]): Commit | "absent" | "ambiguous" | "unknown" => {
    if (found.length > 1) return "ambiguous";
    return found[0] ?? (shallow ? "unknown" : "absent");
  };
  const { touched } = literal;
  return {
    incomplete: shallow,
    refsMayLag: async () => literal.lag ?? false,
    find: async (id, from) =>
      id === "c".repeat(7)
        ? "ambiguous"
        : pick(beginning(id).filter((one) => reaches(from, one.oid))),
    touched: async (commit) => {
      if (touched === "unknown") return touched;
      if (commit.oid === oid)
        return touched === undefined ? diff : diff.filter((one) => touched.includes(one.path));
      const before = commits.get(commit.parents[0] ?? "")?.tree ?? treeOf({});
      return await differences(before, commits.get(commit.oid)?.tree ?? treeOf({}));
    },
    present: async (id) => pick(beginning(id)),
    byOthers: async (path) => literal.byOthers?.includes(path) ?? false,
    branch: async (name) =>
      (literal.branches?.[name] ?? []).flatMap((id) => commits.get(oidOf(id))?.commit ?? []),
    tag: async (name) => {
      const id = literal.tags?.[name];
      return id === undefined ? "absent" : (commits.get(oidOf(id))?.commit ?? "odd");
    },
    reaches: async (commit, from) => reaches(from.oid, commit.oid) || (shallow ? "unknown" : false),
    samePatch: async () => literal.patches ?? "none",
    between: async (base, head) => {
      const [from, to] = [commits.get(base.oid)?.tree, commits.get(head.oid)?.tree];
      return from === undefined || to === undefined || shallow
        ? "unknown"
        : await differences(from, to);
    },
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
