/**
 * A repository as it stands at one moment: its refs, HEAD and Wingman's own settings, listed once. A
 * judgement must not see half of somebody's fetch, and a hook cannot pay for a process at every look.
 * Never for writing: who appends or moves a ref asks git anew.
 */
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ref } from "./refs.ts";

export interface Moment {
  /** Every ref, by name. */
  readonly refs: () => Promise<readonly Ref[]>;
  /** Values of `wingman.*`, keys in lower case. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * What HEAD says, read from its file: a branch's full name or an id. Undefined where only git can tell:
 * a reference backend that keeps HEAD elsewhere (`ref: refs/heads/.invalid` stands in reftable's), or
 * a link of the days when HEAD was one.
 */
export async function headFile(gitDir: string): Promise<string | undefined> {
  const path = join(gitDir, "HEAD");
  const [stat, text] = await Promise.all([
    lstat(path).catch(() => undefined),
    readFile(path, "utf8").catch(() => ""),
  ]);
  if (stat?.isFile() !== true) return undefined;
  const [, name, oid] = /^(?:ref: (refs\/heads\/[\w./+@-]+)|([0-9a-f]{40,64}))\n$/.exec(text) ?? [];
  return name === "refs/heads/.invalid" ? undefined : (name ?? oid);
}
