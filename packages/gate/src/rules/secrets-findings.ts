/**
 * From hits to findings: what the policy asks for, what was allowed, what could not be read. Used by
 * the rule and by `wingman secrets`, so that both say the same of the same bytes. Never the secret.
 */
import type { Finding, Policy, RepoPath } from "@wingman/model";
import { visible } from "@wingman/model";
import { reaches } from "../secrets/confidence.ts";
import type { ScannedFile, Unread } from "../secrets/scan-file.ts";
import type { SecretHit } from "../secrets/scanner.ts";
import { allowanceStanding, type Bringing } from "./secrets-allowed.ts";

/** Who is asked whether an allowance counts, and the commit that the finding is of. */
export interface Judged extends Bringing {
  readonly commit: string | undefined;
}

/** All findings of one file. */
export async function findingsOfFile(
  judged: Judged,
  path: RepoPath,
  { hits, unread }: ScannedFile,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const hit of hits) findings.push(...(await inFile(judged, path, hit)));
  for (const one of unread) findings.push(...unreadFinding(judged, path, one));
  return findings;
}

async function inFile(judged: Judged, path: RepoPath, hit: SecretHit): Promise<Finding[]> {
  const place = hit.inside === undefined ? { path, line: hit.line, column: hit.column } : { path };
  const where =
    hit.inside === undefined
      ? undefined
      : `line ${hit.line} of ${hit.inside === "" ? "what this unpacks to" : `${visible(hit.inside)} in it`},`;
  const [finding] = secretFindings(judged, hit, place, where);
  if (finding === undefined) return [];
  if (hit.allowance === undefined || hit.inside !== undefined) return [finding];
  const standing = await allowanceStanding(judged, path, hit);
  if (typeof standing === "object") {
    const help = `the allowance beside it does not count: ${standing.no}; ${finding.help}`;
    return [{ ...finding, help }];
  }
  const reason = visible(hit.allowance.reason);
  const message =
    standing === "counts"
      ? `${hit.kind}, allowed here: ${reason}`
      : `${hit.kind}, with an allowance that counts only if a proven person brings it: ${reason}`;
  return [{ ...finding, code: "secrets/allowed", severity: "warn", message, help: ALLOWED_HELP }];
}

const ALLOWED_HELP = "if it opens a door after all, revoke it and take the allowance out";

function unreadFinding(judged: Judged, path: RepoPath, { why, inside }: Unread): Finding[] {
  const weight = judged.trusted.policy.secrets.unread;
  if (weight === "off") return [];
  const which = inside === undefined ? "this file" : `${visible(inside)} in this file`;
  return [
    {
      code: "secrets/unread",
      severity: weight,
      message: `nobody has looked for secrets in ${which}: ${why}`,
      path,
      why: "what could not be read is said, so that silence means that it was read",
      help: "keep it in a form that can be read, or look at it yourself",
      ...commitOf(judged),
    },
  ];
}

/** The finding of a hit, or none where the policy does not ask for its confidence. */
export function secretFindings(
  judged: Judged,
  hit: SecretHit,
  place: Pick<Finding, "path" | "line" | "column">,
  where = "this",
): Finding[] {
  const weight = weightOf(judged.trusted.policy.secrets, hit);
  if (weight === undefined) return [];
  const verb = weight === "block" ? "is" : "looks like";
  return [
    {
      code: weight === "block" ? "secrets/found" : "secrets/suspected",
      severity: weight,
      message: `${where} ${verb} a secret: ${hit.kind}`,
      ...place,
      fingerprint: hit.fingerprint,
      why: "what is pushed stays in history and in every clone",
      help: "take it out of the commit (git commit --amend, or git rebase -i), read it from the environment, and revoke it if it was ever pushed",
      ...commitOf(judged),
    },
  ];
}

function commitOf(judged: Judged): Pick<Finding, "commit"> {
  return judged.commit === undefined ? {} : { commit: judged.commit };
}

function weightOf(policy: Policy["secrets"], hit: SecretHit): Finding["severity"] | undefined {
  if (reaches(hit.confidence, policy.block)) return "block";
  return reaches(hit.confidence, policy.warn) ? "warn" : undefined;
}
