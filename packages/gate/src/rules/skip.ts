/**
 * A local hook was left out, and the commit says why (`Wingman-Skip`). It is shown to whoever reviews, and
 * excuses nothing: every other rule judges the commit as if the trailer were not there, whoever wrote it.
 */
import type { Change, Finding } from "@wingman/model";
import { skipReasons, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";

/** A message may hold thousands of trailers; a reviewer reads a few. */
const MOST = 5;

export const skip: Rule = {
  codes: ["hooks/skipped"],
  title: "a hook that was left out is told",
  scopes: ["commit"],
  needs: ["message"],
  judge: ({ message, commit }: Change): Finding[] =>
    skipReasons(message ?? "")
      .slice(0, MOST)
      .map((reason) => ({
        code: "hooks/skipped",
        severity: "warn",
        message: `a local hook was skipped for this commit: ${visible(reason).slice(0, 200) || "no reason"}`,
        why: "what a hook would have said was not heard where the commit was made",
        help: "nothing is excused by it: look at what the other rules say of this commit",
        ...(commit === undefined ? {} : { commit }),
      })),
};
