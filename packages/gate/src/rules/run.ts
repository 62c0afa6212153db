/**
 * A worker's commit belongs to an open run of its own, on an accepted instruction. People need
 * neither run nor claims (TRUST.md §1, §3, §5).
 */
import type { Change, Finding, RunName } from "@wingman/model";
import { claimsPath, effectiveKind, runOfMessage, runText, visible } from "@wingman/model";
import { bindingTrees, claimsOfRun } from "../reading.ts";
import type { Rule } from "../rule.ts";
import { STANDING_CODES, standing } from "./run-standing.ts";

export const run: Rule = {
  codes: [
    "run/none",
    "run/trailer",
    "run/worker",
    "run/owner",
    "run/unknown",
    "run/closed",
    ...STANDING_CODES,
  ],
  title: "a worker's commit belongs to its open run on an accepted instruction",
  scopes: ["commit"],
  needs: ["message"],
  judge: async (change) => {
    // Until there is a policy there are no workers (TRUST.md §2).
    if (!change.trusted.established) return [];
    const bad = badTrailer(change);
    if (bad.length > 0) return bad;
    if (!isWorkers(change)) return [];
    const { identity, trusted } = change;
    const findings: Finding[] = [];
    if (identity.name !== "" && !Object.hasOwn(trusted.policy.workers, identity.name)) {
      const message = `${visible(identity.name)} is no worker of this policy`;
      findings.push(
        finding(change, "run/worker", message, "ask an administrator to add it under `workers`"),
      );
    }
    if (identity.run === undefined) return [...findings, withoutRun(change)];
    if (identity.run.worker !== identity.name) {
      const message = `the trailer names a run of ${identity.run.worker}, but this is ${identity.name}`;
      findings.push(
        finding(change, "run/owner", message, "name a run of your own: wingman start INS-0007"),
      );
    }
    return [...findings, ...(await judgeRun(change, identity.run))];
  },
};

function badTrailer(change: Change): Finding[] {
  const trailer = change.message === undefined ? "absent" : runOfMessage(change.message);
  if (trailer === "absent" || !("bad" in trailer)) return [];
  const message = `the Wingman-Run trailer names no run: ${visible(trailer.bad).slice(0, 200)}`;
  const help = "Wingman-Run: claude-code/alice/20261122-090001-k3f9 (one, in the last paragraph)";
  return [finding(change, "run/trailer", message, help)];
}

function isWorkers({ trusted, identity, local, known }: Change): boolean {
  if (identity.kind === "unattributed" && local && !known.has("pusher")) return false;
  return effectiveKind(trusted.policy, identity) === "worker";
}

function withoutRun(change: Change): Finding {
  const trailer = change.message === undefined ? "absent" : runOfMessage(change.message);
  const named = trailer !== "absent" && "run" in trailer;
  const who =
    change.identity.name === ""
      ? "somebody unproven, whom the policy takes for a worker"
      : change.identity.name;
  const message = named
    ? `this commit of ${who} names a run that is closed and has landed: it belongs to none`
    : `this commit of ${who} belongs to no run`;
  return finding(
    change,
    "run/none",
    message,
    "wingman start INS-0007, then commit again: the hook that wingman init installs writes the trailer Wingman-Run (git commit --amend)",
  );
}

async function judgeRun(change: Change, name: RunName): Promise<Finding[]> {
  const parsed = await claimsOfRun(change.after, name);
  const path = claimsPath(name);
  if (parsed?.ok !== true) {
    const what =
      parsed === undefined ? "has no claims file" : "has a claims file that cannot be read";
    const help = `wingman start INS-0007 writes it; it is committed with the first commit of the run. A run opened by mistake: wingman done --abandon`;
    return [{ ...finding(change, "run/unknown", `run ${runText(name)} ${what}`, help), path }];
  }
  const findings: Finding[] = [];
  if (parsed.value.close !== undefined && (await wasClosed(change, name))) {
    const message = `run ${runText(name)} is closed: no further commit belongs to it`;
    const help = `a review is answered by a new run: wingman start ${parsed.value.open.instruction}`;
    findings.push({ ...finding(change, "run/closed", message, help), path });
  }
  const touched = change.own.map((one) => one.path);
  const commit = change.commit === undefined ? {} : { commit: change.commit };
  const judged = await standing(change, parsed.value.open, touched, { path, line: 1, ...commit });
  return [...findings, ...judged.findings];
}

/**
 * Closed before this commit. While it is being made only what a remote has counts, so that the closing
 * commit can be amended. A commit that brings nothing of its own (a clean merge) adds nothing to a run.
 */
async function wasClosed(change: Change, name: RunName): Promise<boolean> {
  if (change.own.length === 0) return false;
  for (const tree of bindingTrees(change)) {
    const before = await claimsOfRun(tree, name);
    if (before?.ok === true && before.value.close !== undefined) return true;
  }
  return false;
}

function finding(change: Change, code: string, message: string, help: string): Finding {
  return {
    code,
    severity: "block",
    message,
    why: "what a worker does is tied to an instruction and to claims that can be checked",
    help,
    ...(change.commit === undefined ? {} : { commit: change.commit }),
  };
}
