/**
 * No secret comes in: every blob that a commit brings, every name, link target, message, tag and ref
 * name is scanned. A finding says where and of what kind, never the secret.
 */
import type { Change, Entry, Finding, Policy } from "@wingman/model";
import { pathToBytes, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";
import { reaches } from "../secrets/confidence.ts";
import type { SecretHit } from "../secrets/scanner.ts";
import { scanBytes } from "../secrets/scanner.ts";

/** Blobs in memory at one time: enough to keep git busy, few enough that 60 MB files fit. */
const AT_ONCE = 4;
const REMEMBERED = 20_000;
const scanned = new Map<string, readonly SecretHit[]>();

export const secrets: Rule = {
  codes: ["secrets/found", "secrets/suspected"],
  title: "no secret in a file, a name, a message or a tag",
  scopes: ["commit", "tip"],
  needs: [],
  judge: async (change) => {
    const findings = [...(await inTexts(change)), ...(await inNames(change))];
    for (const [entry, hits] of await inBlobs(change)) {
      for (const hit of hits) {
        findings.push(
          ...findingOf(change, hit, { path: entry.path, line: hit.line, column: hit.column }),
        );
      }
    }
    return findings;
  },
};

/** At a tip only what no commit holds: a tag may point at a bare blob or tree. */
function blobsOf(change: Change): Entry[] {
  if (change.scope === "tip" && change.ref?.name.startsWith("refs/heads/") !== false) return [];
  return change.own.flatMap(({ after }) =>
    after === undefined || after.mode === "160000" ? [] : [after],
  );
}

async function inBlobs(change: Change): Promise<[Entry, readonly SecretHit[]][]> {
  const entries = blobsOf(change);
  const found: [Entry, readonly SecretHit[]][] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    const hits = await Promise.all(some.map((entry) => hitsOf(change, entry)));
    for (const [index, entry] of some.entries()) found.push([entry, hits[index] ?? []]);
  }
  return found;
}

async function hitsOf(change: Change, entry: Entry): Promise<readonly SecretHit[]> {
  const known = scanned.get(entry.oid);
  if (known !== undefined) return known;
  const hits = await scanBytes(await change.after.read(entry));
  if (scanned.size >= REMEMBERED) scanned.clear();
  scanned.set(entry.oid, hits);
  return hits;
}

async function inTexts(change: Change): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const text of change.texts) {
    for (const hit of await scanBytes(text.bytes)) {
      const where = `${visible(text.name)}, line ${hit.line}`;
      findings.push(...findingOf(change, hit, {}, where));
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
      findings.push(...findingOf(change, hit, {}, `the name of a file in ${where}`));
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
  where?: string,
): Finding[] {
  const weight = weightOf(change.trusted.policy.secrets, hit);
  if (weight === undefined) return [];
  const verb = weight === "block" ? "is" : "looks like";
  return [
    {
      code: weight === "block" ? "secrets/found" : "secrets/suspected",
      severity: weight,
      message: `${where === undefined ? "this" : `${where},`} ${verb} a secret: ${hit.kind}`,
      ...place,
      why: "what is pushed stays in history and in every clone",
      help: "take it out of the commit (git commit --amend, or git rebase -i), read it from the environment, and revoke it if it was ever pushed",
      ...(change.commit === undefined ? {} : { commit: change.commit }),
    },
  ];
}

function weightOf(policy: Policy["secrets"], hit: SecretHit): Finding["severity"] | undefined {
  if (reaches(hit.confidence, policy.block)) return "block";
  return reaches(hit.confidence, policy.warn) ? "warn" : undefined;
}
