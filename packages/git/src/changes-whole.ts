/**
 * A whole tree as if it were brought now: for `check --all` and for files on disk. Nobody is known to
 * have brought it, so rules about who and about messages answer that they cannot know.
 */
import {
  type Change,
  compareBytes,
  emptyTree,
  type HostileObject,
  type Tree,
} from "@wingman/model";
import { orHostile } from "./changes-commit.ts";
import type { Judging } from "./changes-judging.ts";

/** Scope `commit` (content, file by file) and scope `tip` (what stands). */
export async function wholeChanges(judging: Judging, tree: Tree): Promise<Change[]> {
  const hostile: HostileObject[] = [];
  const listed = await orHostile(hostile, () => tree.entries());
  const entries = [...(listed ?? [])].sort((a, b) => compareBytes(a.path, b.path));
  const common = {
    trusted: judging.trusted,
    ledger: judging.ledger,
    ref: undefined,
    governed: false,
    before: emptyTree,
    after: listed === undefined ? emptyTree : tree,
    parents: [],
    own: entries.map((after) => ({ path: after.path, after })),
    commit: undefined,
    message: undefined,
    signature: undefined,
    identity: { kind: "unattributed", name: "", proven: false, proof: "none", anyProof: false },
    texts: [],
    runs: [],
    known: new Set(),
    now: judging.now,
    local: true,
    published: [],
    ...(hostile.length === 0 ? {} : { hostile }),
  } as const satisfies Omit<Change, "scope">;
  return [
    { ...common, scope: "commit" },
    { ...common, scope: "tip" },
  ];
}
