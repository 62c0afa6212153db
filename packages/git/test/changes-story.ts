/** Runs, keys and pushes for the tests of changes and runs, on the repositories of fixture.ts. */
import {
  builtInPolicy,
  claimsPath,
  emptyLedger,
  emptyTree,
  generateSshKey,
  type NewSshKey,
  type Policy,
  parseAllowedSigners,
  type RunName,
  runText,
  sha256Hex,
  signSsh,
} from "@wingman/model";
import { type ChangeSet, type Judging, type Repo, treeAt } from "../src/index.ts";
import { git } from "./fixture.ts";

export const alice: RunName = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };
export const second: RunName = { worker: "claude-code/alice", run: "20261122-100001-aaaa" };
export const bobs: RunName = { worker: "claude-code/bob", run: "20261122-110001-bbbb" };

export const keys: Readonly<Record<"alice" | "bob" | "mark" | "stranger", NewSshKey>> = {
  alice: generateSshKey("alice-bot@acme.example"),
  bob: generateSshKey("bob-bot@acme.example"),
  mark: generateSshKey("mark@acme.example"),
  stranger: generateSshKey("stranger@acme.example"),
};

const policy: Policy = {
  ...builtInPolicy,
  origin: "acme/shop",
  governed: ["main", "release/*"],
  administrators: ["mark@acme.example", "mark"],
  people: ["dana"],
  workers: {
    "claude-code/alice": { principals: ["alice-bot@acme.example"], logins: ["alice-bot", "dana"] },
    "claude-code/bob": { principals: ["bob-bot@acme.example"], logins: ["bob-bot"] },
  },
};

/** Judged by the policy above; the trusted side is main as it stands, unless told. */
export async function judgingOf(
  repo: Repo,
  more: Partial<Judging> & { trustedAt?: string } = {},
): Promise<Judging> {
  const { trustedAt, ...rest } = more;
  const lines = (["alice", "bob", "mark"] as const).map((who) => {
    const name = who === "mark" ? "mark" : `${who}-bot`;
    return `${name}@acme.example ${keys[who].publicLine}`;
  });
  const signers = parseAllowedSigners(Buffer.from(`${lines.join("\n")}\n`));
  if (!signers.ok) throw new Error(JSON.stringify(signers.problems));
  return {
    trusted: {
      commit: trustedAt,
      tree: trustedAt === undefined ? emptyTree : await treeAt(repo, trustedAt),
      policy,
      policyDigest: "",
      established: true,
      signers: signers.value,
      policyBranch: "main",
    },
    ledger: emptyLedger,
    pusher: undefined,
    now: new Date("2026-11-22T12:00:00Z"),
    local: false,
    published: [],
    ...rest,
  };
}

type Draft = Readonly<Record<string, unknown>> & { readonly kind: string };

export const claim = (type: string, args: Record<string, unknown>): Draft => ({
  kind: "claim",
  type,
  args,
});
export const created = (path: string): Draft => claim("file.created", { path });
export const close: Draft = { kind: "close", outcome: "done" };
export const retract = (of: number): Draft => ({ kind: "retract", of, why: "it was too early" });

/** A claims file: the open record and these, chained. */
export function claims(name: RunName, ...drafts: readonly Draft[]): string {
  const open: Draft = {
    kind: "open",
    digest: `sha256:${"a".repeat(64)}`,
    instruction: "INS-0007",
    origin: "acme/shop",
    run: name.run,
    worker: name.worker,
  };
  let prev: string | null = null;
  let text = "";
  for (const [seq, draft] of [open, ...drafts].entries()) {
    const whole = { ...draft, prev, seq, ts: "2026-11-22T09:00:01.000Z", v: 1 };
    const line = sorted(draft.kind === "close" ? { ...whole, count: seq } : whole);
    prev = sha256Hex(line);
    text += `${line}\n`;
  }
  return text;
}

/** `{path: claims file}` of a run, for a commit. */
export const file = (name: RunName, ...drafts: readonly Draft[]): Record<string, string> => ({
  [claimsPath(name)]: claims(name, ...drafts),
});

export const trailer = (name: RunName, text = "work"): string =>
  `${text}\n\nWingman-Run: ${runText(name)}\n`;

/** The same commit signed; the ref moves to it. */
export function sign(
  dir: string,
  oid: string,
  key: NewSshKey,
  ref = "refs/heads/main",
  times = 1,
): string {
  const raw = git(dir, ["cat-file", "commit", oid]);
  const message = Buffer.from(`${raw}\n`);
  const armored = signSsh({ key, message, namespace: "git" }).trimEnd().replaceAll("\n", "\n ");
  const cut = raw.indexOf("\n\n");
  const header = `\ngpgsig ${armored}`.repeat(times);
  const signed = `${raw.slice(0, cut)}${header}${raw.slice(cut)}\n`;
  const made = git(dir, ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], {
    input: signed,
  });
  git(dir, ["update-ref", ref, made]);
  return made;
}

/** All commit-scope changes of a set. */
export async function commitsOf(set: ChangeSet) {
  const all = [];
  for await (const change of set.commits()) all.push(change);
  return all;
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
