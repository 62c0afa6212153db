/**
 * What no honest commit holds and some disk, git or forge would trip over: objects that git's rules
 * forbid, names that mean `.git`, replaced objects, two names that are one on a disk that folds case,
 * submodule lines that run a command. Enforced in either mode (TRUST.md §11).
 */
import type { Change, Entry, Finding } from "@wingman/model";
import { foldPath, pathToBytes, quotePath, visible } from "@wingman/model";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";
import { collisions } from "./collisions.ts";
import { meansGit, resolveLink } from "./odd-names.ts";

export const hostile: Rule = {
  codes: [
    "hostile/object",
    "hostile/replace",
    "hostile/git-path",
    "hostile/long-path",
    "hostile/link",
    "hostile/submodule",
    "hostile/collision",
  ],
  title: "no object, name or link that is made to deceive",
  scopes: ["commit", "tip"],
  needs: [],
  judge: async (change) => [
    ...objects(change),
    ...replaced(change),
    ...(await entries(change)),
    ...(change.scope === "tip" ? await collisions(change) : []),
  ],
};

function objects({ hostile: found, commit }: Change): Finding[] {
  return (found ?? []).map((one) => ({
    ...refusal("hostile/object", visible(one.message)),
    ...(one.path === undefined ? {} : { path: one.path }),
    why: "readers disagree on what such an object holds, so nobody can judge it",
    help: "make the commit again with git itself; on a server set receive.fsckObjects=true",
    ...(commit === undefined ? {} : { commit }),
  }));
}

function replaced({ ref }: Change): Finding[] {
  if (ref === undefined || !/^refs\/(?:replace|grafts)(?:\/|$)/i.test(ref.name)) return [];
  // Deleting one takes the trick away: always welcome.
  if (ref.after === undefined) return [];
  return [
    {
      ...refusal(
        "hostile/replace",
        `${visible(ref.name)} would show git other objects than it names`,
      ),
      ref: ref.name,
      why: "a check that reads the replacement sees a clean file where everyone else gets the real one",
      help: "do not push refs/replace/*",
    },
  ];
}

/** Git's limit for a component on most disks, and what a whole path may take, in bytes. */
const MAX_NAME = 255;
const MAX_PATH = 4000;

async function entries(change: Change): Promise<Finding[]> {
  const findings: Finding[] = [];
  const commit = change.commit === undefined ? {} : { commit: change.commit };
  const add = (code: string, path: string, message: string, help: string, line?: number): void => {
    findings.push({
      ...refusal(code, message),
      path,
      ...(line === undefined ? {} : { line }),
      help,
      ...commit,
    });
  };
  for (const { path, after } of change.own) {
    if (after === undefined) continue;
    const parts = path.split("/");
    const bad = parts.find(meansGit);
    if (bad !== undefined) {
      const shown = `${shortened(path)}: ${quotePath(bad.slice(0, 60))} is git's own folder on some disk`;
      add("hostile/git-path", path, shown, "rename it");
    }
    if (isLonger(path, MAX_PATH) || parts.some((part) => isLonger(part, MAX_NAME))) {
      const message = `${shortened(path)} is too long for most disks`;
      add(
        "hostile/long-path",
        path,
        message,
        `at most ${MAX_NAME} bytes a name, ${MAX_PATH} a path`,
      );
    }
    if (isWingman(path) && (after.mode === "120000" || after.mode === "160000")) {
      const message = `${shortened(path)} is a ${after.mode === "120000" ? "link" : "submodule"}; files of .wingman are files`;
      add("hostile/link", path, message, "commit the file itself");
    } else if (after.mode === "120000" && (await leadsIntoGit(change, after))) {
      add(
        "hostile/link",
        path,
        `${shortened(path)} links into git's own folder`,
        "remove the link",
      );
    }
    if (path.length < 64 && foldPath(path) === ".gitmodules") {
      for (const line of await badSubmoduleLines(change, after)) {
        const message = `line ${line} of ${quotePath(path)} would be read as an option or a command`;
        add("hostile/submodule", path, message, "write a plain URL and path", line);
      }
    }
  }
  return findings;
}

/** In bytes; a UTF-16 unit is at most three of them, so most names need no counting. */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && pathToBytes(text).length > bytes);
}

/** Only the first component counts, and nothing that is long folds to `.wingman`. */
function isWingman(path: string): boolean {
  const cut = path.indexOf("/");
  const first = cut < 0 ? path : path.slice(0, cut);
  return first.length < 64 && foldPath(first) === ".wingman";
}

async function leadsIntoGit(change: Change, entry: Entry): Promise<boolean> {
  // A target is at most a path long; what is longer is no path and leads nowhere.
  if ((await change.after.size(entry)) > MAX_PATH) return false;
  const target = Buffer.from(await change.after.read(entry)).toString("utf8");
  const resolved = resolveLink(entry.path, target);
  const parts = (resolved ?? target).split("/");
  return parts.some((part) => !["", ".", ".."].includes(part) && meansGit(part));
}

/** `url = -u./payload`, `update = !command`, a path with `..`: CVE-2018-17456 and its kin. */
async function badSubmoduleLines(change: Change, entry: Entry): Promise<number[]> {
  const bytes = await readSmall(change.after, entry);
  if (bytes === undefined) return [1];
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  return lines.flatMap((line, index) =>
    /^\s*(?:url|path|branch)\s*=\s*"?\s*-/i.test(line) ||
    /^\s*update\s*=\s*"?\s*!/i.test(line) ||
    /^\s*path\s*=\s*"?(?:.*[\\/])?\.\.(?:[\\/"\s]|$)/i.test(line) ||
    /^\s*url\s*=\s*"?\s*ext::/i.test(line) ||
    /^\s*\[submodule\s+"(?:[^"]*[\\/])?\.\.(?:[\\/]|")/i.test(line)
      ? [index + 1]
      : [],
  );
}

function shortened(path: string): string {
  return quotePath(path.length > 120 ? `${path.slice(0, 100)}…` : path);
}

function refusal(code: string, message: string): Finding {
  return {
    code,
    severity: "block",
    always: true,
    message,
    why: "no honest commit needs it, and some program would trip over it",
  };
}
