/**
 * Ring-1 cases: a folder of files becomes a Change on trees in memory, and what a rule finds is held
 * against `expect.txt`. A missing expectation fails; only an explicit flag accepts one.
 *
 * A case is a folder `ok.*` or `bad.*` with `before/`, `after/`, `trusted/` (else: before),
 * `published/`, `parent2/` as trees, `case.json` for the rest (see CaseText) and `expect.txt`: one
 * finding a line, `code path:line`, `(warn)` behind it where it only warns.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Change, FileLiteral, Finding, Mode, Policy, Tree } from "@wingman/model";
import {
  builtInPolicy,
  differences,
  digestOf,
  emptyLedger,
  emptyTree,
  parseRunName,
  treeOf,
} from "@wingman/model";
import { expandPlaceholders } from "./case-placeholders.ts";
import { instructionText } from "./texts.ts";

/** `case.json`: everything is optional. */
export interface CaseText {
  readonly scope?: Change["scope"];
  /** Laid over a policy with one administrator, one worker and one bot; see BASE. */
  readonly policy?: Partial<Policy>;
  readonly established?: boolean;
  readonly identity?: Partial<Omit<Change["identity"], "run">> & { readonly run?: string };
  readonly ref?: Partial<NonNullable<Change["ref"]>> | null;
  readonly governed?: boolean;
  readonly message?: string;
  readonly signature?: Change["signature"];
  readonly known?: readonly ("message" | "signature" | "pusher")[];
  /** A local surface, and at scope `commit` a commit that is only being made: it has no id yet. */
  readonly local?: boolean;
  readonly now?: string;
  /** Name to text; the text may hold placeholders. */
  readonly texts?: Readonly<Record<string, string>>;
  readonly locks?: Readonly<Record<string, string>>;
  readonly falseRuns?: readonly string[];
  /** Claim's name to the digest that was judged. */
  readonly judged?: Readonly<Record<string, string>>;
  readonly hostile?: Change["hostile"];
  /** Modes of paths in every tree but `before`: `{"a/link": "120000"}`. */
  readonly modes?: Readonly<Record<string, Mode>>;
  /** The same in `before`. */
  readonly modesBefore?: Readonly<Record<string, Mode>>;
  /** File on disk to path in every tree, for names that no disk should hold. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Encodings of files in `after`. */
  readonly encode?: Readonly<Record<string, "latin1" | "utf16le" | "utf16be">>;
  /**
   * Instructions on the trusted side: keys laid over a good INS-0007. One stands there unless told
   * otherwise; `open` lines of claims name the first of them.
   */
  readonly instructions?: readonly Readonly<Record<string, unknown>>[];
  /** Claims files as they stand: without chaining their lines. */
  readonly rawClaims?: boolean;
}

const BASE: Policy = {
  ...builtInPolicy,
  revision: 1,
  origin: "acme/shop",
  administrators: ["mark@acme.example"],
  people: ["dana@acme.example"],
  workers: {
    "claude-code/alice": { principals: ["alice-bot@acme.example"], logins: ["alice-bot"] },
    "claude-code/bob": { principals: ["bob-bot@acme.example"], logins: ["bob-bot"] },
  },
  commands: { unit: { run: ["node", "--test"] } },
  bots: { dependabot: { logins: ["dependabot"], principals: [], paths: ["**/package.json"] } },
};

/** Folders of cases below a folder, by name; throws where there is none, so that none is not green. */
export async function caseFolders(root: string): Promise<string[]> {
  const names = await readdir(root, { withFileTypes: true });
  const folders = names.filter((one) => one.isDirectory() && /^(ok|bad)\./.test(one.name));
  if (folders.length === 0) throw new Error(`no cases in ${root}`);
  return folders.map((one) => join(root, one.name)).sort();
}

/** The Change that a case describes. */
export async function changeOfCase(folder: string): Promise<Change> {
  const text = await caseText(folder);
  const instructions = instructionsOf(text);
  const files = (name: string): Promise<Files> => readFiles(folder, name, text, instructions);
  const tree = async (name: string): Promise<Tree | undefined> => {
    const found = await files(name);
    return Object.keys(found).length === 0 ? undefined : treeOf(found);
  };
  const before = (await tree("before")) ?? emptyTree;
  const after = (await tree("after")) ?? emptyTree;
  const second = await tree("parent2");
  const published = await tree("published");
  const scope = text.scope ?? "commit";
  const parents = [before, ...(second === undefined ? [] : [second])];
  const trusted = await files("trusted");
  const standing = Object.keys(trusted).length > 0 ? trusted : await files("before");
  const trustedTree = treeOf({ ...instructions, ...standing });
  const own = await differences(before, after);
  // A merge's own content: what differs from every parent.
  const theirs = second === undefined ? own : await differences(second, after);
  const established = text.established ?? true;
  const run = text.identity?.run === undefined ? undefined : parseRunName(text.identity.run);
  const { run: _run, ...identity } = text.identity ?? {};
  return {
    scope,
    trusted: {
      commit: "1".repeat(40),
      tree: trustedTree,
      policy: policyOf(text),
      policyDigest: digestOf("policy"),
      established,
      signers: [],
      policyBranch: "main",
    },
    ledger: {
      ...emptyLedger,
      locks: new Map(
        Object.entries(text.locks ?? {}).map(([worker, reason]) => [
          worker,
          { worker, since: 7, reason, incident: `${worker}@INS-0001` },
        ]),
      ),
      falseRuns: new Set(text.falseRuns ?? []),
      verdicts: new Map(
        Object.entries(text.judged ?? {}).map(([name, digest]) => [
          name,
          { seq: 5, digest, verdict: "TRUE" as const, accuses: false, commit: "2".repeat(40) },
        ]),
      ),
    },
    ref:
      text.ref === null
        ? undefined
        : {
            name: "refs/heads/topic",
            before: "3".repeat(40),
            after: "4".repeat(40),
            forced: false,
            ...text.ref,
            ...(text.ref !== undefined && "after" in text.ref && text.ref.after === null
              ? { after: undefined }
              : {}),
          },
    governed: text.governed ?? false,
    before,
    after,
    parents,
    own: own.filter((one) => theirs.some((other) => other.path === one.path)),
    commit: scope === "commit" && text.local !== true ? "4".repeat(40) : undefined,
    message: text.message === undefined ? undefined : expandPlaceholders(text.message),
    signature: text.signature,
    identity: {
      kind: "person",
      name: "dana@acme.example",
      proven: true,
      proof: "signature",
      anyProof: true,
      ...identity,
      ...(run === undefined ? {} : { run }),
    },
    texts: Object.entries(text.texts ?? {}).map(([name, content]) => ({
      name,
      bytes: Buffer.from(expandPlaceholders(content)),
    })),
    runs: [],
    known: new Set(text.known ?? ["message", "signature", "pusher"]),
    local: text.local ?? false,
    published: published === undefined ? [] : [published],
    ...(text.hostile === undefined ? {} : { hostile: text.hostile }),
    now: new Date(text.now ?? "2026-11-22T10:00:00.000Z"),
  };
}

function policyOf({ established = true, policy = {} }: CaseText): Policy {
  const base = established ? BASE : builtInPolicy;
  return { ...base, ...policy, secrets: { ...base.secrets, ...policy.secrets } };
}

/** One line a finding, as `expect.txt` holds them. */
export function findingLines(findings: readonly Finding[]): string {
  const lines = findings.map((one) => {
    const line = one.line === undefined ? "" : `:${one.line}`;
    const weight = one.severity === "warn" ? " (warn)" : "";
    return `${one.code} ${one.path === undefined ? "-" : JSON.stringify(one.path).slice(1, -1)}${line}${weight}\n`;
  });
  return lines.join("");
}

/**
 * What a case expects, or what `accept` writes there. Throws where the expectation is missing and
 * nobody asked to accept, and where an `ok.*` case expects a refusal or a `bad.*` case expects none.
 */
export async function expectationOf(
  folder: string,
  found: string,
  accept: boolean,
): Promise<string> {
  const path = join(folder, "expect.txt");
  if (accept) await writeFile(path, found);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`${path} is missing; look at what was found and accept it (WINGMAN_ACCEPT=1)`, {
      cause: error,
    });
  }
  const bad = /[/\\]bad\.[^/\\]*$/.test(folder);
  const refusals = text.split("\n").filter((line) => line !== "" && !line.endsWith(" (warn)"));
  if (bad && text.trim() === "") throw new Error(`${folder} is a bad case and expects nothing`);
  if (!bad && refusals.length > 0) throw new Error(`${folder} is an ok case and expects a refusal`);
  return text;
}

async function caseText(folder: string): Promise<CaseText> {
  const path = join(folder, "case.json");
  try {
    return JSON.parse(await expandDigests(folder, await readFile(path, "utf8"))) as CaseText;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

type Files = Readonly<Record<string, FileLiteral>>;

function instructionsOf(text: CaseText): Readonly<Record<string, string>> {
  const all = text.instructions ?? [{}];
  return Object.fromEntries(
    all.map((keys) => [
      `.wingman/instructions/${String(keys["id"] ?? "INS-0007")}.md`,
      instructionText(keys),
    ]),
  );
}

async function readFiles(
  folder: string,
  name: string,
  text: CaseText,
  instructions: Readonly<Record<string, string>>,
): Promise<Files> {
  const root = join(folder, name);
  const files: Record<string, FileLiteral> = {};
  const [first] = Object.entries(instructions);
  const opened = {
    instruction: first === undefined ? "INS-0007" : first[0].replace(/^.*\/|\.md$/g, ""),
    digest: digestOf(first?.[1] ?? ""),
  };
  for (const file of await filesBelow(root)) {
    const onDisk = relative(root, file).split(sep).join("/");
    const path = expandPlaceholders(text.paths?.[onDisk] ?? onDisk);
    const raw = await expandDigests(folder, (await readFile(file)).toString("latin1"));
    const expanded = Buffer.from(expandPlaceholders(raw), "latin1");
    const isClaims = /^\.wingman\/claims\/.*\.jsonl$/.test(path) && text.rawClaims !== true;
    const bytes = isClaims
      ? chained(path, expanded, opened)
      : encoded(expanded, text.encode?.[path]);
    const mode = (name === "before" ? text.modesBefore : text.modes)?.[path];
    files[path] = mode === undefined ? bytes : { mode, content: trimmedLink(mode, bytes) };
  }
  return files;
}

async function filesBelow(root: string): Promise<string[]> {
  try {
    const all = await readdir(root, { recursive: true, withFileTypes: true });
    return all
      .filter((one) => one.isFile() && one.name !== ".gitkeep")
      .map((one) => join(one.parentPath, one.name))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** An editor ends a file with LF; a link's target has none. */
function trimmedLink(mode: Mode, bytes: Buffer): Buffer {
  return mode === "120000" ? Buffer.from(bytes.toString("latin1").trimEnd(), "latin1") : bytes;
}

function encoded(bytes: Buffer, encoding: "latin1" | "utf16le" | "utf16be" | undefined): Buffer {
  if (encoding === undefined) return bytes;
  const text = bytes.toString("utf8");
  if (encoding === "latin1") return Buffer.from(text, "latin1");
  const little = Buffer.from(`\ufeff${text}`, "utf16le");
  return encoding === "utf16le" ? little : little.swap16();
}

/** Fills in `v`, `seq`, `prev`, `ts`, and the names of the path, where a case leaves them out. */
function chained(path: string, bytes: Buffer, opened: Readonly<Record<string, string>>): Buffer {
  const [, worker, run] = /^\.wingman\/claims\/([^/]+\/[^/]+)\/(.*)\.jsonl$/.exec(path) ?? [];
  let prev: string | null = null;
  const lines = bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
  const written = lines.map((line, seq) => {
    const given = JSON.parse(line) as Record<string, unknown>;
    const named = given["kind"] === "open" ? { worker, run, origin: "acme/shop", ...opened } : {};
    const count = given["kind"] === "close" ? { count: seq, outcome: "done" } : {};
    const ts = "2026-11-22T09:00:01.000Z";
    const record: Record<string, unknown> = { v: 1, seq, prev, ts, ...named, ...count, ...given };
    const text = sortedJson(record);
    prev = createHash("sha256").update(text).digest("hex");
    return `${text}\n`;
  });
  return Buffer.from(written.join(""));
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${sortedJson(one)}`).join(",")}}`;
}

/** `{{digest:trusted/.wingman/instructions/INS-0001.md}}` → `sha256:…` of that file of the case. */
async function expandDigests(folder: string, text: string): Promise<string> {
  let expanded = text;
  for (const [whole, path] of text.matchAll(/\{\{digest:([^}]+)\}\}/g)) {
    const file = join(folder, path ?? "");
    expanded = expanded.replaceAll(whole, digestOf(await readFile(file)));
  }
  return expanded;
}

/** Writes a case's files: for tests that make cases from a literal. */
export async function writeCase(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
