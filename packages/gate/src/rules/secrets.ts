/**
 * No secret comes in: every blob that a commit brings, every name, link target, message, tag and ref
 * name is scanned. A finding says where and of what kind, never the secret; what could not be read
 * is a finding too.
 */
import type { Change, Finding } from "@wingman/model";
import { pathToBytes, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";
import { scanBytes } from "../secrets/scanner.ts";
import { scannedBlobs } from "./secrets-blobs.ts";
import { findingsOfFile, secretFindings } from "./secrets-findings.ts";

export const secrets: Rule = {
  codes: ["secrets/found", "secrets/suspected", "secrets/unread", "secrets/allowed"],
  title: "no secret in a file, a name, a message or a tag",
  adoptable: true,
  scopes: ["commit", "tip"],
  needs: [],
  judge: async (change) => {
    const findings = [...(await inTexts(change)), ...(await inNames(change))];
    for (const [entry, file] of await scannedBlobs(change))
      findings.push(...(await findingsOfFile(change, entry.path, file)));
    return findings;
  },
};

async function inTexts(change: Change): Promise<Finding[]> {
  const { origin } = change.trusted.policy;
  const findings: Finding[] = [];
  for (const text of change.texts) {
    for (const hit of await scanBytes(text.bytes, { origin })) {
      const where = `${visible(text.name)}, line ${hit.line}`;
      findings.push(...secretFindings(change, hit, {}, `${where},`));
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
      findings.push(...secretFindings(change, hit, {}, `the name of a file in ${where},`));
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
