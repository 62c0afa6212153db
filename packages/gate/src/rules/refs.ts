/**
 * What a ref may do: a governed branch is neither deleted nor forced, the ledger's branch is nobody's
 * but the ledger's, and no name may be mistaken for either on a disk that folds case.
 */
import type { Change, Finding } from "@wingman/model";
import { branchMatcher, foldPath, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";

const LEDGER = "refs/heads/wingman-ledger";

export const refs: Rule = {
  codes: ["refs/deleted", "refs/forced", "refs/ledger", "refs/look-alike", "refs/symbolic"],
  title: "governed branches only move forward, the ledger's branch is left alone",
  scopes: ["tip", "landing"],
  needs: [],
  judge: (change) => {
    const { ref } = change;
    if (ref === undefined) return [];
    const findings: Finding[] = [];
    const add = (
      code: string,
      message: string,
      why: string,
      help: string,
      always = false,
    ): void => {
      findings.push({ code, severity: "block", message, why, help, ref: ref.name, always });
    };
    const name = visible(ref.name);
    if (ref.symref !== undefined)
      add(
        "refs/symbolic",
        `${name} is another name of ${visible(ref.symref)} on this server`,
        "what moves is the other ref, and a change is judged by the ref that it moves",
        `push to ${visible(ref.symref)} itself`,
        true,
      );
    // Deleting or rewinding the policy branch would take the law away: enforced in `mode: warn` too.
    const isPolicy = ref.name === `refs/heads/${change.trusted.policyBranch}`;
    if (change.governed && ref.after === undefined) {
      add(
        "refs/deleted",
        `${name} is governed and cannot be deleted`,
        "its history is the record of what was let in",
        "take it out of `governed` in .wingman/policy.yaml first, by an administrator",
        isPolicy,
      );
    }
    if (change.governed && ref.forced && ref.after !== undefined) {
      add(
        "refs/forced",
        `${name} is governed and only moves forward: its old tip is no ancestor of the new one`,
        "a force push takes back what was judged and recorded",
        "bring the change on top: git pull --rebase, or git revert what should go",
        isPolicy,
      );
    }
    if (isLedgerName(ref.name)) {
      add(
        "refs/ledger",
        `${name} is the ledger's branch, or stands in its way`,
        "only the auditor appends to the ledger (TRUST.md §8)",
        "choose another name; to bring an order, push a file under .wingman/orders/",
        true,
      );
    } else if (ref.after !== undefined && hidesGoverned(change, ref.name)) {
      add(
        "refs/look-alike",
        `${name} takes a name under which people find a governed branch`,
        "git finds two refs under that name then: it refuses pushes to the branch, or compares with the wrong one",
        "choose another name",
      );
    } else if (looksGoverned(change, ref.name)) {
      add(
        "refs/look-alike",
        `${name} is a governed branch's name in other letters`,
        "on a disk that folds case both are one file, and one would move the other",
        "choose another name",
      );
    }
    return findings;
  },
};

/** The branch, its spellings, and anything below it: `wingman-ledger/x` would forbid the branch itself. */
function isLedgerName(name: string): boolean {
  const folded = foldPath(name);
  return folded === LEDGER || folded.startsWith(`${LEDGER}/`);
}

/**
 * `refs/tags/refs/heads/main`: "dst refspec … matches more than one". `refs/tags/origin/main`, which
 * every clone fetches: `origin/main..HEAD` begins at that tag then. Git looks for a short name among
 * tags first, then branches, then what was fetched (gitrevisions(7)).
 */
function hidesGoverned({ trusted }: Change, name: string): boolean {
  const governed = branchMatcher(trusted.policy.governed);
  const isOne = (branch: string): boolean =>
    branch === trusted.policyBranch || governed(branch) || isLedgerName(`refs/heads/${branch}`);
  const short = /^refs\/(?:(?:tags|heads|remotes)\/)?(.+)$/s.exec(name)?.[1] ?? "";
  // A mirror carries refs/remotes/origin/main in all honesty.
  const ways = name.startsWith("refs/remotes/")
    ? "(?:refs/heads)"
    : "(?:refs/)?(?:heads|remotes/[^/]+|origin)";
  const within = new RegExp(`^${ways}/(.+)$`, "s").exec(short)?.[1];
  if (within !== undefined && isOne(within)) return true;
  // A tag may well be named as a release's branch, but not as the one that everybody works on.
  return name.startsWith("refs/tags/") && short === trusted.policyBranch;
}

function looksGoverned({ trusted }: Change, name: string): boolean {
  const governed = [trusted.policyBranch ?? "", ...trusted.policy.governed].filter(
    (one) => one !== "" && !/[*?[\\]/.test(one),
  );
  return governed.some((branch) => {
    const full = `refs/heads/${branch}`;
    return name !== full && foldPath(name) === foldPath(full) && !governed.includes(name.slice(11));
  });
}
