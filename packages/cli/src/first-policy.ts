/**
 * The first policy of a server with a pinned administrator's key: only a commit signed with that key
 * may bring it (TRUST.md §2). Without a pin the first policy is trust on first use.
 */
import { type ChangeSet, configGet } from "@wingman/git";
import { type Finding, POLICY_PATH } from "@wingman/model";
import { whyUnpinned } from "./install-pin.ts";
import type { Place } from "./place.ts";

/** Findings on pushes that would bring the first policy without the pinned key. */
export async function unpinnedFirstPolicy(
  place: Place,
  sets: readonly ChangeSet[],
): Promise<Finding[]> {
  if (place.trusted.established) return [];
  const key = await configGet(place.repo, "wingman.adminKey");
  if (key === undefined || key === "") return [];
  const findings: Finding[] = [];
  for (const { ref, landing } of sets) {
    if (ref?.name !== `refs/heads/${place.policyBranch}` || ref.after === undefined) continue;
    if ((await landing?.after.entry(POLICY_PATH)) === undefined) continue;
    const why = await whyUnpinned(place.repo, ref.after, { key, now: place.judging.now });
    if (why === undefined) continue;
    findings.push({
      code: "policy/unpinned",
      severity: "block",
      always: true,
      path: POLICY_PATH,
      ref: ref.name,
      commit: ref.after,
      message: `the first policy must be signed with this server's pinned key: ${why}`,
      why: "whoever brings the first policy decides who the administrators are",
      help: "let the administrator commit it with git commit -S and push it",
    });
  }
  return findings;
}
