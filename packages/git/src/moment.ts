/**
 * A repository as it stands at one moment: its refs, HEAD and Wingman's own settings, listed once. A
 * judgement must not see half of somebody's fetch, and a hook cannot pay for a process at every look.
 * Never for writing: who appends or moves a ref asks git anew.
 */
import { lstatSync, readFileSync } from "node:fs";
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
export function headFile(gitDir: string): string | undefined {
  const path = join(gitDir, "HEAD");
  let text: string;
  try {
    // At once: the first file that node reads beside its own thread starts four others.
    if (!lstatSync(path).isFile()) return undefined;
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const [, name, oid] = /^(?:ref: (refs\/heads\/[\w./+@-]+)|([0-9a-f]{40,64}))\n$/.exec(text) ?? [];
  return name === "refs/heads/.invalid" ? undefined : (name ?? oid);
}
