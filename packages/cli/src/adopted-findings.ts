/**
 * What stands already where Wingman is adopted: the findings of everything at HEAD and at the tip of
 * every branch, as the gate names them; and the tips themselves, whose history is judged no more.
 */
import { listRefs, resolve, treeAt, wholeChanges } from "@wingman/git";
import type { BaselineFinding, Finding } from "@wingman/model";
import { judgeOne } from "./judge-set.ts";
import type { Place } from "./place.ts";

export interface Standing {
  readonly tips: readonly string[];
  /** Findings that a baseline can list, once each. */
  readonly findings: readonly Finding[];
  /** What no baseline lets pass: law, hostile objects. */
  readonly others: readonly Finding[];
}

/** Judges HEAD and every branch as if nothing were in the baseline and the policy enforced. */
export async function standingFindings(place: Place): Promise<Standing> {
  const tips = await branchTips(place);
  const head = await resolve(place.repo, "HEAD");
  const { trusted } = place.judging;
  const judging = {
    ...place.judging,
    // An entry that counts would hide its finding as a warning, and so would `mode: warn`.
    now: new Date(8.64e15),
    trusted: { ...trusted, policy: { ...trusted.policy, mode: "enforce" as const } },
  };
  const found = new Map<string, Finding>();
  const others: Finding[] = [];
  for (const oid of new Set([...(head === undefined ? [] : [head]), ...tips])) {
    for (const change of await wholeChanges(judging, await treeAt(place.repo, oid))) {
      const { findings } = await judgeOne(change, oid);
      for (const one of findings.filter(({ severity }) => severity === "block")) {
        if (one.fingerprint === undefined) others.push(one);
        else found.set(entryKey({ ...one, path: one.path ?? "" }), one);
      }
    }
  }
  return { tips, findings: [...found.values()], others };
}

/** Tells entries and findings apart: rule, place and name. */
export function entryKey(
  one: Pick<Finding, "code" | "path" | "fingerprint"> | BaselineFinding,
): string {
  return JSON.stringify([one.code, one.path ?? "", one.fingerprint ?? ""]);
}

/** Every branch here and of the remotes; not the ledger's, which is no content. */
async function branchTips(place: Place): Promise<string[]> {
  const tips = new Set<string>();
  for (const ref of await listRefs(place.repo, "refs/")) {
    const branch = /^refs\/(?:heads|remotes\/[^/]+)\/(.+)$/s.exec(ref.name)?.[1];
    if (branch === undefined || ref.symref !== undefined || branch === "wingman-ledger") continue;
    tips.add(ref.oid);
  }
  return [...tips].sort();
}
