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

/**
 * True where a link or submodule at this path would stand for a folder that holds law: with
 * `protect: ["infra/**"]`, whoever makes `infra` a link decides what is found at `infra/main.tf`.
 */
export function standsForLaw(policy: Pick<Policy, "protect">, path: RepoPath): boolean {
  const names = foldPath(path).split("/");
  return [...BUILT_IN, ...policy.protect.map(foldPath)].some((glob) => {
    if (globMatcher([glob])(`${names.join("/")}/x`)) return true;
    // Without a slash before its end a pattern matches at any depth, and below no folder of a name.
    const parts = glob.replace(/^\//, "").split("/");
    if (parts.length <= names.length) return false;
    return names.every((name, at) => name === parts[at]);
  });
}
