/** A locked worker's commits are refused until an administrator unlocks it (TRUST.md §7). */
import type { Rule } from "../rule.ts";

export const lock: Rule = {
  codes: ["worker/locked"],
  title: "no commit of a locked worker",
  scopes: ["commit"],
  // Who acts is only known with the message's trailer; without it a commit is nobody's.
  needs: ["message"],
  judge: ({ identity, ledger, commit }) => {
    if (identity.kind !== "worker") return [];
    const names = new Set([identity.name, identity.run?.worker ?? identity.name]);
    return [...names].flatMap((name) => {
      const found = ledger.locks.get(name);
      if (found === undefined) return [];
      const incident = found.incident === undefined ? "by order" : `incident ${found.incident}`;
      return [
        {
          code: "worker/locked",
          severity: "block" as const,
          message: `${name} is locked since ledger record ${found.since} (${incident}): ${found.reason}`,
          why: "a worker caught in a FALSE is barred until an administrator has looked at it",
          help: `ask an administrator to look at it (wingman ledger show ${found.since}) and to run: wingman unlock ${name} --reason "…"`,
          ...(commit === undefined ? {} : { commit }),
        },
      ];
    });
  },
};
