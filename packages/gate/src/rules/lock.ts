/** A locked worker's commits are refused until an administrator unlocks it (TRUST.md §7). */
import type { Change } from "@wingman/model";
import type { Rule } from "../rule.ts";

export const lock: Rule = {
  codes: ["worker/locked"],
  title: "no commit of a locked worker",
  scopes: ["commit"],
  // Who acts is only known with the message's trailer; without it a commit is nobody's.
  needs: ["message"],
  judge: (change) => {
    const { identity, ledger, commit } = change;
    if (identity.kind !== "worker") return [];
    const names = new Set([identity.name, identity.run?.worker ?? identity.name]);
    for (const name of provenWorkers(change)) names.add(name);
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

/**
 * Workers whom signature or pusher shows, whoever the commit counts as: else another worker's login
 * and run would carry what a locked one has signed. A name that is a person's as well is his trailer's
 * to lower.
 */
function provenWorkers({ trusted: { policy }, identity, signature }: Change): string[] {
  const shown = [
    ...(signature?.state === "good" ? signature.principals : []),
    ...(identity.pusher === undefined ? [] : [identity.pusher]),
  ].filter((name) => !policy.administrators.includes(name) && !policy.people.includes(name));
  return Object.entries(policy.workers)
    .filter(([, row]) => shown.some((one) => [...row.principals, ...row.logins].includes(one)))
    .map(([name]) => name);
}
