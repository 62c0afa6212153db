/**
 * Claims files: append-only, one writer, sound, true to what was judged before (TRUST.md §6). What a
 * worker said once stands; a person may take a run's file away, set it back, or carry it whole.
 */
import type {
  Change,
  ClaimsFile,
  Entry,
  Finding,
  Kind,
  PathChange,
  RunName,
  Tree,
} from "@wingman/model";
import {
  CLAIMS_DIR,
  claimName,
  effectiveKind,
  quotePath,
  runOfPath,
  runText,
  visible,
} from "@wingman/model";
import { bindingTrees, claimsOf, readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";
import { CLAIMS_PROBLEMS, problemFindings } from "./claims-problems.ts";

export const claims: Rule = {
  codes: [
    ...CLAIMS_PROBLEMS,
    "claims/path",
    "claims/mode",
    "claims/rewritten",
    "claims/origin",
    "claims/judged",
    "claims/closed",
    "claims/owner",
    "claims/person",
  ],
  title: "claims files are append-only and their worker's own",
  scopes: ["commit"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const moved of change.own) {
      if (!moved.path.startsWith(`${CLAIMS_DIR}/`)) continue;
      findings.push(...(await judgeFile(change, moved)));
    }
    return findings;
  },
};

/** Who writes here, as far as claims files ask. `unknown`: a local surface before the message. */
type Writer = "owner" | "person" | "other" | "unknown";

async function judgeFile(change: Change, moved: PathChange): Promise<Finding[]> {
  const { path, after } = moved;
  const name = runOfPath(path);
  if (name === undefined) {
    // Taking a file away that should not stand here is always right.
    return after === undefined ? [] : [misplaced(change, path)];
  }
  const writer = writerOf(change, name);
  const findings = [...ownership(change, path, name, writer)];
  const earlier = await earlierVersions(change, path);
  if (after === undefined) {
    if (writer !== "person" && writer !== "unknown" && earlier.length > 0) {
      findings.push(rewritten(change, path, "is removed"));
    }
    return findings;
  }
  if (after.mode !== "100644") {
    const message = `${quotePath(path)} has mode ${after.mode}; a claims file is a plain file`;
    findings.push(
      finding(change, path, "claims/mode", message, `git update-index --chmod=-x ${path}`),
    );
    if (after.mode !== "100755") return findings;
  }
  findings.push(...(await history(change, path, after, writer, earlier)));
  const parsed = await claimsOf(change.after, after);
  if (!parsed.ok) return [...findings, ...problemFindings(change, path, parsed.problems)];
  return [...findings, ...content(change, parsed.value), ...(await reopened(change, parsed.value))];
}

function writerOf(change: Change, name: RunName): Writer {
  const { identity, trusted, local, known } = change;
  if (local && !known.has("message")) return "unknown";
  const kind: Kind | "refused" = effectiveKind(trusted.policy, identity);
  if (kind === "worker") return identity.name === name.worker ? "owner" : "other";
  return kind === "bot" ? "other" : "person";
}

function ownership(change: Change, path: string, name: RunName, writer: Writer): Finding[] {
  if (writer !== "other") return [];
  const who = change.identity.name === "" ? "somebody unproven" : visible(change.identity.name);
  const message = `${quotePath(path)} belongs to ${name.worker}, but this is ${who}`;
  return [
    finding(
      change,
      path,
      "claims/owner",
      message,
      "each worker writes claims of its own runs only",
    ),
  ];
}

interface Version {
  readonly tree: Tree;
  readonly entry: Entry;
}

/**
 * The versions that bind: every parent's. For a commit that is only being made it is what a remote
 * already has, since one that nobody has seen may be amended (TRUST.md §6).
 */
async function earlierVersions(change: Change, path: string): Promise<Version[]> {
  const versions: Version[] = [];
  for (const tree of bindingTrees(change)) {
    const entry = await tree.entry(path);
    if (entry !== undefined) versions.push({ tree, entry });
  }
  return versions;
}

/** Append-only: against every parent the old bytes are a prefix of the new ones. */
async function history(
  change: Change,
  path: string,
  after: Entry,
  writer: Writer,
  earlier: readonly Version[],
): Promise<Finding[]> {
  const different = earlier.filter(({ entry }) => entry.oid !== after.oid);
  if (different.length === 0) return [];
  const now = (await readSmall(change.after, after)) ?? new Uint8Array();
  const settable = writer === "person" || writer === "unknown";
  if (settable && (await stoodBefore(change, path, after, now, earlier))) return [];
  if (writer === "person") {
    const message = `${quotePath(path)} is a worker's; a person may remove it, set it back or bring it whole, not change it`;
    const help =
      "git restore --source=<an earlier commit> -- <path>, or leave the file to its worker";
    return [finding(change, path, "claims/person", message, help)];
  }
  for (const { tree, entry } of different) {
    const before = (await readSmall(tree, entry)) ?? new Uint8Array();
    if (startsWith(now, before)) continue;
    return [
      rewritten(change, path, `changes lines that stood before`, firstDifference(before, now)),
    ];
  }
  return [];
}

/** True where these are the path's bytes at some ancestor: a revert, or the revert of a revert. */
async function stoodBefore(
  change: Change,
  path: string,
  after: Entry,
  now: Uint8Array,
  earlier: readonly Version[],
): Promise<boolean> {
  const trees = [...change.parents, ...change.published, change.trusted.tree];
  for (const tree of trees) if ((await tree.entry(path))?.oid === after.oid) return true;
  if (change.formerBlobs !== undefined) return (await change.formerBlobs(path)).has(after.oid);
  // No history at hand: an append-only file's earlier bytes are the whole lines it begins with.
  if (now.at(-1) !== 10) return false;
  for (const { tree, entry } of earlier) {
    if (startsWith((await readSmall(tree, entry)) ?? new Uint8Array(), now)) return true;
  }
  return false;
}

/** What the lines themselves say: this repository, and nothing else than what was judged. */
function content(change: Change, file: ClaimsFile): Finding[] {
  const findings: Finding[] = [];
  const { policy, established } = change.trusted;
  if (established && file.open.origin !== policy.origin) {
    const message = `run ${runText(file.name)} was opened in ${visible(file.open.origin)}, this is ${policy.origin}`;
    const help = "start a new run here: wingman start INS-0007";
    findings.push({ ...finding(change, file.path, "claims/origin", message, help), line: 1 });
  }
  for (const line of file.lines) {
    const mark = change.ledger.verdicts.get(claimName(file.name, line.record.seq));
    if (mark === undefined || bare(mark.digest) === bare(line.digest)) continue;
    const message = `line ${line.line} is not the one that ledger record ${mark.seq} judged (${mark.verdict})`;
    const help = "bring the line that was judged, or start a new run";
    findings.push({
      ...finding(change, file.path, "claims/judged", message, help),
      line: line.line,
    });
  }
  return findings;
}

const bare = (digest: string): string => digest.replace(/^sha256:/, "");

/**
 * A close may be taken back only while nobody else has it. A parent alone may be part of the same
 * push; the policy branch, a remote or the ledger show that it is out.
 */
async function reopened(change: Change, file: ClaimsFile): Promise<Finding[]> {
  const judged = file.lines.some(({ record }) =>
    change.ledger.verdicts.has(claimName(file.name, record.seq)),
  );
  const out = [...change.published, change.trusted.tree, ...(judged ? change.parents : [])];
  for (const tree of out) {
    const found = await closedIn(change, tree, file);
    if (found !== undefined) return [found];
  }
  return [];
}

/** The finding where a tree holds this file closed and the new one goes on. */
async function closedIn(
  change: Change,
  tree: Tree,
  file: ClaimsFile,
): Promise<Finding | undefined> {
  const entry = await tree.entry(file.path);
  const before = entry === undefined ? undefined : await claimsOf(tree, entry);
  if (before?.ok !== true || before.value.close === undefined) return undefined;
  const count = before.value.lines.length;
  if (
    file.lines.length <= count ||
    file.lines[count - 1]?.digest !== before.value.lines[count - 1]?.digest
  ) {
    return undefined;
  }
  const message = `run ${runText(file.name)} is closed and out; line ${count + 1} goes on with it`;
  const help = `answer a review with a new run: wingman start ${file.open.instruction}`;
  return { ...finding(change, file.path, "claims/closed", message, help), line: count + 1 };
}

/** A push that goes on with a run which the ref's old tip already holds closed. */
export const closedRuns: Rule = {
  codes: ["claims/closed"],
  title: "a closed run that is out stays closed",
  scopes: ["tip", "landing"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (runOfPath(path) === undefined || after === undefined) continue;
      const parsed = await claimsOf(change.after, after);
      if (!parsed.ok || change.local) continue;
      const found = await closedIn(change, change.before, parsed.value);
      if (found !== undefined) findings.push(found);
    }
    return findings;
  },
};

function misplaced(change: Change, path: string): Finding {
  const message = `${quotePath(path.slice(0, 200))} is no claims file's path`;
  const help = ".wingman/claims/<harness>/<name>/<run>.jsonl, as wingman start writes it";
  return finding(change, path, "claims/path", message, help);
}

function rewritten(change: Change, path: string, what: string, line?: number): Finding {
  const help = "take a claim back with: wingman retract SEQ; correct a closed run with a new one";
  const found = finding(change, path, "claims/rewritten", `${quotePath(path)} ${what}`, help);
  return line === undefined ? found : { ...found, line };
}

function finding(
  change: Change,
  path: string,
  code: string,
  message: string,
  help: string,
): Finding {
  return {
    code,
    severity: "block",
    message,
    path,
    why: "what a worker said once stands: claims files only grow, and only by their worker",
    help,
    ...(change.commit === undefined ? {} : { commit: change.commit }),
  };
}

function startsWith(whole: Uint8Array, start: Uint8Array): boolean {
  return (
    whole.length >= start.length && Buffer.compare(whole.subarray(0, start.length), start) === 0
  );
}

function firstDifference(before: Uint8Array, now: Uint8Array): number {
  let line = 1;
  for (let at = 0; at < before.length && before[at] === now[at]; at += 1) {
    if (before[at] === 10) line += 1;
  }
  return line;
}
