/**
 * No instruction orders a forbidden action: not in its points, not in its body, not in a code fence.
 * Drafts are read too: a worker reads them. What a sentence forbids is no offence.
 */
import type { Finding } from "@wingman/model";
import { INSTRUCTIONS_DIR } from "@wingman/model";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

/** Every action's id; a test holds them against the table, which is loaded only when it is asked. */
const IDS = [
  "git-push-force",
  "git-delete-branch",
  "no-verify",
  "hooks-off",
  "signing-off",
  "history-rewrite",
  "work-thrown-away",
  "forge-bypass",
  "rm-root",
  "pipe-to-shell",
  "hidden-command",
  "reverse-shell",
  "secrets-out",
  "chmod-777",
  "fork-bomb",
  "root-rights",
  "no-host-check",
  "disk-write",
  "firewall-off",
  "machine-down",
  "service-stop",
  "account-change",
  "trace-removed",
  "docker-destroy",
  "containers-down",
  "container-escape",
  "cluster-delete",
  "sql-drop",
  "sql-truncate",
  "sql-delete-all",
  "sql-grant-all",
  "store-flush",
  "schema-reset",
  "infra-destroy",
  "aws-destroy",
  "cloud-destroy",
  "cloud-rights",
  "publish",
  "too-many-commands",
];

export const forbidden: Rule = {
  // A row of the policy has its own code, `forbidden/<its id>`.
  codes: IDS.map((id) => `forbidden/${id}`),
  title: "instructions order no forbidden action",
  adoptable: true,
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined || !path.startsWith(`${INSTRUCTIONS_DIR}/`)) continue;
      const bytes = await readSmall(change.after, after);
      if (bytes === undefined) continue;
      const { forbiddenFindings } = await import("../forbidden-findings.ts");
      findings.push(...forbiddenFindings(change, path, bytes));
    }
    return findings;
  },
};
