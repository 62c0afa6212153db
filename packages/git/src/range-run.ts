/**
 * A range as if one run had made it: for sentences and claims that somebody asks about a range of
 * commits. Nobody's claims file stands behind it, so nothing in it accuses.
 */
import { claimsPath, emptyTree, isFault, type Run, type RunName } from "@wingman/model";
import { benchOf, type Judging } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";
import type { Repo } from "./repo.ts";
import { ancestryOf, historyOf } from "./runs-history.ts";
import { diffTrees } from "./tree-diff.ts";

const NOBODY: RunName = { worker: "nobody/range", run: "00000000-000000-0000" };

/**
 * From where `head` left `base` (their merge base) to `head`. `incomplete` where the merge base, or what
 * it holds, is not here, and where there is more than one.
 */
export async function rangeRun(
  repo: Repo,
  judging: Judging,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<Run> {
  const bench = benchOf(repo, judging, []);
  const end = await bench.commit(head);
  const shallow = await bench.shallow();
  const start = await startOf(repo, { base, head, shallow });
  const from = start === undefined ? undefined : await present(async () => bench.commit(start));
  const before = from === undefined ? emptyTree : await bench.tree(from);
  const after = await bench.tree(end);
  const cut = from === undefined;
  return {
    name: NOBODY,
    file: {
      path: claimsPath(NOBODY),
      name: NOBODY,
      open: {
        v: 1,
        seq: 0,
        prev: null,
        ts: "1970-01-01T00:00:00.000Z",
        kind: "open",
        instruction: "",
        digest: "",
        origin: "",
        run: NOBODY.run,
        worker: NOBODY.worker,
      },
      close: undefined,
      lines: [],
      claims: [],
    },
    start: { commit: from?.oid, tree: before },
    end: { commit: end.oid, tree: after },
    placed: true,
    diff: cut ? [] : await diffTrees(repo, before, after),
    foreign: new Set(),
    doubtful: new Set(),
    incomplete: cut,
    broughtBy: new Map(),
    history: { ...historyOf(bench, ancestryOf(bench), shallow), byOthers: async () => false },
  };
}

/**
 * A criss-cross history has several merge bases, and each tells another diff; a shallow one may lack the
 * nearest. Neither is guessed.
 */
async function startOf(
  repo: Repo,
  { base, head, shallow }: { base: string; head: string; shallow: boolean },
): Promise<string | undefined> {
  const { stdout } = await repo.run(["merge-base", "--all", base, head], { okCodes: [0, 1] });
  const bases = stdout.toString("latin1").split("\n").filter(Boolean);
  const [only] = bases;
  return bases.length === 1 && (!shallow || only === base) ? only : undefined;
}

async function present(read: () => Promise<CommitObject>): Promise<CommitObject | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error) && error.code === "git/missing-object") return undefined;
    throw error;
  }
}
