/**
 * The trusted side: the commit whose policy, keys and instructions a change is judged by. Policy
 * from before, evidence from after: nothing here is ever read from the change itself.
 */
import type { AllowedSigner } from "./allowed-signers.ts";
import type { Policy } from "./policy.ts";
import type { Tree } from "./tree.ts";

export interface Trusted {
  /** The commit; undefined before the first policy. */
  readonly commit: string | undefined;
  readonly tree: Tree;
  /** The policy with its defaults, or the built-in one. */
  readonly policy: Policy;
  /** `sha256:…` of the policy's bytes; "" for the built-in one. */
  readonly policyDigest: string;
  /** False where no policy stands yet and the built-in one judges. */
  readonly established: boolean;
  readonly signers: readonly AllowedSigner[];
  /** Names of branches (without refs/heads/) that are governed besides the policy's globs: the policy branch. */
  readonly policyBranch: string | undefined;
}
