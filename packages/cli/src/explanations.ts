/** What the reasons of UNVERIFIABLE mean, for `wingman explain`. */
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
