/**
 * Where the ledger's lines stand on its branch: `log/000000.jsonl` and so on, each at most 1 MiB, and
 * `checkpoint`. One list of lines has exactly one layout; anything else on the branch is refused.
 */
import type { Entry, RepoPath, Tree } from "@wingman/model";

export const CHECKPOINT_PATH = "checkpoint";
/** A line opens the next segment where it would make this one longer than that. */
export const SEGMENT_BYTES = 1024 * 1024;

/** `log/000007.jsonl` */
export function segmentPath(index: number): RepoPath {
  return `log/${String(index).padStart(6, "0")}.jsonl`;
}

export interface Layout {
  readonly segments: readonly Entry[];
  readonly checkpoint: Entry | undefined;
  /** The first file that is not where or what it should be. */
  readonly stray: { readonly path: RepoPath; readonly why: string } | undefined;
}

/** Lists the branch's files. Reads no bytes. */
export async function layoutOf(tree: Tree): Promise<Layout> {
  const segments: Entry[] = [];
  let checkpoint: Entry | undefined;
  let stray: Layout["stray"];
  for (const entry of await tree.entries()) {
    const { path } = entry;
    if (entry.mode !== "100644") stray ??= { path, why: "it is not a plain file" };
    else if (path === CHECKPOINT_PATH) checkpoint = entry;
    else if (path === segmentPath(segments.length)) segments.push(entry);
    else if (/^log\/\d{6,}\.jsonl$/.test(path))
      stray ??= { path, why: `${segmentPath(segments.length)} is missing before it` };
    else stray ??= { path, why: "it is no file of the ledger" };
  }
  return { segments, checkpoint, stray };
}
