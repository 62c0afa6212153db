/** What the reasons of UNVERIFIABLE and the codes of faults mean, for `wingman explain`. */
import type { Reason } from "@wingman/model";

/** One row a reason: when it is given, and what to do. */
export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  TIMEOUT: "the check ran out of time. Time is never evidence against a worker.",
  TOOL_MISSING: "the tool that would look is not there.",
  PERMISSION: "the auditor may not look.",
  UNREACHABLE: "what was to be asked did not answer.",
  NO_WITNESS:
    "nothing that the worker did not write itself could be asked, or an object is missing.",
  AMBIGUOUS: "what was seen fits more than one story, as a path that only a merge brought.",
  FLAKY: "attempts disagreed.",
  STALE: "the line was carried by somebody else or onto another tree; it accuses nobody there.",
  WITNESS_TAMPERED: "the run itself touched what would decide.",
  OUT_OF_WINDOW: "it held only for a time that has passed.",
  NOT_ALLOWED: "the policy does not name that command.",
  UNSUPPORTED: "no code judges this type, language or format.",
  MALFORMED: "the claim's arguments are not of its type's form.",
  BUDGET: "looking would have cost more than the policy allows.",
  VACUOUS: "the claim asserts nothing, as an empty text to contain.",
  NOT_KNOWN_HERE: "this surface executes nothing; CI or the auditor's own account answers.",
};

/** One row a fault code that this program can end with. */
export const FAULTS: Readonly<Record<string, string>> = {
  "claim/malformed": "the claim could never be judged as written, so it is not recorded.",
  "claim/unknown": "the run has no such claim to take back.",
  "demo/failed": "a step of the demo did not go as it should; the table names it.",
  "gate/no-rules": "a gate without rules is not green.",
  "gate/rule-crashed": "a rule broke on this change; nothing passes because of that.",
  "git/bare": "the command needs a work tree.",
  "git/failed": "git itself failed; its own words follow.",
  "git/hostile-tree": "a tree object breaks git's own rules (order, duplicates, names).",
  "git/missing-object": "an object that must be read is not in this repository.",
  "git/no-repository": "no repository was found here.",
  "git/not-installed": "git is not on PATH.",
  "git/too-old": "this git lacks merge-tree --write-tree (2.38 or newer is needed).",
  "git/unborn": "HEAD names a branch without a commit.",
  "ledger/append":
    "the ledger branch could not be written; the verdicts are found again on the next run.",
  "ledger/no-key": "only the auditor's key appends, and it is not readable here.",
  "ledger/none": "there is no ledger in this repository or its remote-tracking branches.",
  "ledger/own-checkpoint": "the server's own memory of the ledger is unreadable.",
  "ledger/rolled-back":
    "the ledger lacks records that this server has seen: somebody cut or replaced it.",
  "order/administrator": "orders are given by administrators only.",
  "order/reason": "an order stands in the ledger for good, with its reason.",
  "order/refused": "the order's proof, nonce or subject does not hold.",
  "policy/no-branch": "it is not known which branch holds the policy.",
  "policy/none-readable": "no commit of the policy branch has a policy that can be read.",
  "policy/unreadable":
    "the policy on the trusted side cannot be read; nothing is judged by half of it.",
  "run/broken-file":
    "the claims file is cut, edited or has CR line ends; its chain is over its bytes.",
  "run/instruction":
    "a run needs an accepted instruction: on the policy branch, no draft, all ten points.",
  "run/not-open": "no run is open in this worktree.",
  "run/worker": "it must be known which registered worker carries out the run.",
};
