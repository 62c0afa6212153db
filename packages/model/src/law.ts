/**
 * Law: the files that only an administrator can land (TRUST.md §2). Instructions, claims, approvals
 * and orders are none: they are proven by themselves.
 */
import { globMatcher } from "./globs.ts";
import type { RepoPath } from "./path.ts";
import { foldPath } from "./path.ts";
import type { Policy } from "./policy.ts";

const BUILT_IN = [
  "/.wingman/policy.yaml",
  "/.wingman/allowed_signers",
  "/.wingman/baseline.json",
  "/.wingman/schema",
  "/.wingman/.gitattributes",
];
const folded = new WeakMap<readonly string[], (path: RepoPath) => boolean>();

/**
 * True where the path is law: the built-in list and the policy's `protect`. Both sides are folded:
 * `.WINGMAN/Policy.yaml` is the same file on a disk that ignores case.
 */
export function isLaw(policy: Pick<Policy, "protect">, path: RepoPath): boolean {
  let matches = folded.get(policy.protect);
  if (matches === undefined) {
    matches = globMatcher([...BUILT_IN, ...policy.protect.map(foldPath)]);
    folded.set(policy.protect, matches);
  }
  return matches(foldPath(path));
}
