/**
 * No secret comes in: every blob that a commit brings, every name, link target, message, tag and ref
 * name is scanned. A finding says where and of what kind, never the secret; what could not be read
 * is a finding too.
 */
import type { Change, Entry, Finding, Policy } from "@wingman/model";
import { pathToBytes, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";
import { reaches } from "../secrets/confidence.ts";
import type { Unread } from "../secrets/scan-file.ts";
import type { SecretHit } from "../secrets/scanner.ts";
import { scanBytes } from "../secrets/scanner.ts";
import { allowanceStanding } from "./secrets-allowed.ts";
import { scannedBlobs } from "./secrets-blobs.ts";

export const secrets: Rule = {
  codes: ["secrets/found", "secrets/suspected", "secrets/unread", "secrets/allowed"],
  title: "no secret in a file, a name, a message or a tag",
  scopes: ["commit", "tip"],
  needs: [],
  judge: async (change) => {
    const findings = [...(await inTexts(change)), ...(await inNames(change))];
    for (const [entry, { hits, unread }] of await scannedBlobs(change)) {
      for (const hit of hits) findings.push(...(await inFile(change, entry, hit)));
      for (const one of unread) findings.push(...unreadFinding(change, entry, one));
    }
    return findings;
  },
};

async function inFile(change: Change, entry: Entry, hit: SecretHit): Promise<Finding[]> {
  const { path } = entry;
  const place = hit.inside === undefined ? { path, line: hit.line, column: hit.column } : { path };
  const where =
    hit.inside === undefined
      ? undefined
      : `line ${hit.line} of ${hit.inside === "" ? "what this unpacks to" : `${visible(hit.inside)} in it`},`;
  const [finding] = findingOf(change, hit, place, where);
  if (finding === undefined) return [];
  if (hit.allowance === undefined || hit.inside !== undefined) return [finding];
  const standing = await allowanceStanding(change, entry, hit);
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

function unreadFinding(change: Change, { path }: Entry, { why, inside }: Unread): Finding[] {
  const weight = change.trusted.policy.secrets.unread;
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
      ...commitOf(change),
    },
  ];
}

async function inTexts(change: Change): Promise<Finding[]> {
  const { origin } = change.trusted.policy;
  const findings: Finding[] = [];
  for (const text of change.texts) {
    for (const hit of await scanBytes(text.bytes, { origin })) {
      const where = `${visible(text.name)}, line ${hit.line}`;
      findings.push(...findingOf(change, hit, {}, `${where},`));
    }
  }
  return findings;
}

/** All names in one scan: 100,000 paths are one text, each path one or more of its lines. */
async function inNames(change: Change): Promise<Finding[]> {
  if (change.scope !== "commit") return [];
  const names = change.own.filter(({ after }) => after !== undefined).map(({ path }) => path);
  const hits = await scanBytes(Buffer.concat(names.map((name) => pathToBytes(`${name}\n`))));
  const findings: Finding[] = [];
  let line = 1;
  let next = 0;
  for (const name of names) {
    const end = line + name.split("\n").length;
    for (let hit = hits[next]; hit !== undefined && hit.line < end; hit = hits[next]) {
      // The path holds the secret: it is named by its folder only.
      const folder = name.slice(0, Math.max(0, name.lastIndexOf("/")));
      const where = await folderIsClean(folder);
      findings.push(...findingOf(change, hit, {}, `the name of a file in ${where},`));
      next += 1;
    }
    line = end;
  }
  return findings;
}

async function folderIsClean(folder: string): Promise<string> {
  if (folder === "") return "the top folder";
  return (await scanBytes(pathToBytes(folder))).length > 0 ? "a folder" : `"${visible(folder)}"`;
}

function findingOf(
  change: Change,
  hit: SecretHit,
  place: Pick<Finding, "path" | "line" | "column">,
  where = "this",
): Finding[] {
  const weight = weightOf(change.trusted.policy.secrets, hit);
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
      ...commitOf(change),
    },
  ];
}

function commitOf(change: Change): Pick<Finding, "commit"> {
  return change.commit === undefined ? {} : { commit: change.commit };
}

function weightOf(policy: Policy["secrets"], hit: SecretHit): Finding["severity"] | undefined {
  if (reaches(hit.confidence, policy.block)) return "block";
  return reaches(hit.confidence, policy.warn) ? "warn" : undefined;
}
