/**
 * The one push that a broken trusted side lets through: an administrator's, judged by the last
 * readable policy, whose result can be read again (TRUST.md §2).
 */
import type { ChangeSet } from "@wingman/git";
import { isFault, readTrusted } from "@wingman/model";
import type { Place } from "./place.ts";

/** True where the push makes the policy branch readable and an administrator lands it. */
export async function repairsTrustedSide(
  place: Place,
  sets: readonly ChangeSet[],
): Promise<boolean> {
  for (const set of sets) {
    const landing = set.landing;
    if (landing?.ref?.name !== `refs/heads/${place.policyBranch}`) continue;
    if (landing.identity.kind !== "administrator") continue;
    try {
      const trusted = await readTrusted({
        tree: landing.after,
        commit: landing.ref.after,
        policyBranch: place.policyBranch,
      });
      if (trusted.established) return true;
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  return false;
}
