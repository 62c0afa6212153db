/**
 * Configuration stays out of the repository: no environment file enters, and a compose file asks the
 * environment for credentials, hosts and ports. The first refuses by name, whatever is in it; the
 * second points at each value, and never shows a credential.
 */
import type { Change, Entry, Finding } from "@wingman/model";
import { quotePath } from "@wingman/model";
import { isComposePath } from "../config/compose-path.ts";
import { envFileOf, isExercise, isSealed } from "../config/env-file.ts";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

export const envFiles: Rule = {
  codes: ["config/env-file"],
  title: "no environment file enters, but examples of one",
  adoptable: true,
  // Each commit: what was in for one commit is in every clone's history.
  scopes: ["commit"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined) continue;
      const kind = envFileOf(path);
      if (kind === undefined || (kind === "sealed" && (await sealed(change, after)))) continue;
      findings.push({
        code: "config/env-file",
        severity: isExercise(path) ? "warn" : "block",
        message: `${quotePath(path)} is an environment file${kind === "sealed" ? " with values in clear" : ""}`,
        path,
        why: "what is pushed stays in history and in every clone, and the next value put there is a secret",
        help: `git rm --cached ${quotePath(path)}; list it in .gitignore; commit a .env.example with empty values instead`,
        ...(change.commit === undefined ? {} : { commit: change.commit }),
      });
    }
    return findings;
  },
};

async function sealed(change: Change, entry: Entry): Promise<boolean> {
  const bytes = await readSmall(change.after, entry);
  return bytes !== undefined && isSealed(bytes);
}

export const composeValues: Rule = {
  codes: [
    "config/credential",
    "config/weak-credential",
    "config/host",
    "config/port",
    "config/unread",
  ],
  title: "compose files ask the environment for credentials, hosts and ports",
  adoptable: true,
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined || !isComposePath(path)) continue;
      const bytes = await readSmall(change.after, after);
      const { composeFindings } = await import("../config/compose-findings.ts");
      findings.push(...composeFindings(change, path, bytes));
    }
    return findings;
  },
};
