/**
 * The ledger where git keeps it: reading the branch, appending with compare-and-swap, and the
 * server's own last checkpoint beside the key. The ledger room decides what the bytes are; this file
 * only moves them.
 */
import { join } from "node:path";
import {
  type Append,
  appendToBranch,
  appendToRemoteBranch,
  configGet,
  exactRef,
  fetchRef,
  isAncestor,
  type Repo,
  resolve,
  treeAt,
} from "@wingman/git";
import {
  auditorKeyOf,
  CHECKPOINT_PATH,
  type Draft,
  type GenesisDraft,
  type Ledger,
  type LedgerTip,
  planOnTip,
  readLedger,
  soundLedger,
  tipOfLedger,
  verifyCheckpoint,
} from "@wingman/ledger";
import { fault, isFault, quotePath, type Trusted } from "@wingman/model";
import { fetchedTip } from "./followed-remote.ts";
import { keepTip, keptTip } from "./kept-tip.ts";
import { readIfThere, writeWhole } from "./whole-file.ts";

export const LEDGER_BRANCH = "wingman-ledger";
export const LEDGER_REF = `refs/heads/${LEDGER_BRANCH}`;
const AUTHOR = { name: "wingman auditor", email: "auditor@wingman.invalid" };

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** The ledger branch's commit; undefined where there is none. */
  readonly commit: string | undefined;
  /** The ref it was read from. */
  readonly ref: string | undefined;
}

/**
 * Reads the ledger: on an authority the branch itself, held against the server's own last
 * checkpoint; in a clone the newer of the local and the remote-tracking branches.
 */
export async function openLedger(
  repo: Repo,
  options: { folder: string; authority: boolean; remotes: boolean },
): Promise<OpenedLedger> {
  // Before the branch: a push that ends between the two reads would else look like a rolled-back ledger.
  const own = options.authority ? readIfThere(join(options.folder, "checkpoint")) : undefined;
  const found = await newestLedger(repo, options.remotes);
  const tree = found === undefined ? undefined : await treeAt(repo, found.oid);
  const ledger = soundLedger(await readLedger(tree));
  if (own !== undefined) await holdAgainstOwn(options.folder, own, ledger);
  return { ledger, commit: found?.oid, ref: found?.name };
}

export async function newestLedger(
  repo: Repo,
  remotes: boolean,
): Promise<{ name: string; oid: string } | undefined> {
  const own = await resolve(repo, LEDGER_REF);
  const local = own === undefined ? undefined : { name: LEDGER_REF, oid: own };
  const fetched = remotes ? await fetchedTip(repo, LEDGER_BRANCH) : undefined;
  if (fetched === undefined) return local;
  // Diverged: what was fetched wins over a branch that anybody here may have rewritten.
  const newer = own === undefined || own === fetched || !(await isAncestor(repo, fetched, own));
  return newer ? { name: `the fetched ${LEDGER_BRANCH}`, oid: fetched } : local;
}

/**
 * What a hook of an authority asks: as {@link openLedger}, but from the kept tip where that is of this
 * very commit and of the server's own last checkpoint. Otherwise the ledger is read whole, and kept.
 */
export async function openTip(repo: Repo, folder: string): Promise<LedgerTip> {
  const own = readIfThere(join(folder, "checkpoint"));
  const key = readIfThere(join(folder, "auditor.key")) ?? "";
  const found = await newestLedger(repo, false);
  if (found !== undefined && own !== undefined) {
    const tree = await treeAt(repo, found.oid);
    const tip = await keptTip({ folder, key }, { commit: found.oid, tree });
    const noted = verifyCheckpoint(own, auditorKeyOf(key).publicKey);
    const same =
      tip !== undefined &&
      noted.ok &&
      noted.checkpoint.size === tip.head.size &&
      noted.checkpoint.root === tip.head.frontier.root() &&
      noted.checkpoint.origin === tip.head.origin;
    if (same) return tip;
  }
  const { ledger, commit } = await openLedger(repo, { folder, authority: true, remotes: false });
  const tip = tipOfLedger(ledger);
  if (commit !== undefined && ledger.head.auditor !== undefined)
    await keepTip({ folder, key }, commit, tip);
  return tip;
}

/** With a checkpoint of its own, a missing, shorter or other ledger is a fault (TRUST.md §8). */
async function holdAgainstOwn(folder: string, note: string, ledger: Ledger): Promise<void> {
  const { publicKey } = auditorKeyOf(readIfThere(join(folder, "auditor.key")) ?? "");
  const own = verifyCheckpoint(note, publicKey);
  if (!own.ok)
    return fault(`the server's own last checkpoint cannot be read: ${own.why}`, {
      code: "ledger/own-checkpoint",
      hint: "restore wingman/checkpoint, or the auditor.key beside it that signed it, from a backup",
    });
  if (ledger.extends(own.checkpoint)) return;
  fault(
    `the ledger is missing, shorter than or other than what this server remembers (${own.checkpoint.size} records)`,
    {
      code: "ledger/rolled-back",
      hint: `bring it back from a clone that has it whole: git fetch <clone> +refs/remotes/origin/${LEDGER_BRANCH}:${LEDGER_REF}`,
    },
  );
}

export interface AppendOptions {
  readonly key: string;
  readonly now: Date;
  /** What the commit's message says. */
  readonly message: string;
  /** Where the server's own checkpoint is kept; undefined in a clone of the auditor. */
  readonly folder?: string;
  /** In a clone of the auditor: the remote whose ledger it is. Undefined: the branch here is the ledger. */
  readonly remote?: string;
  /** Inside pre-receive: write to the real store (TRUST.md §8). */
  readonly outsideQuarantine?: boolean;
}

/**
 * Appends records by compare-and-swap, here or on the remote that a clone of the auditor follows.
 * `make` sees the ledger as it is now and gives the records still due, so that a rerun or a lost race
 * repeats nothing. Gives the ledger after it, or undefined where nothing was due.
 */
export async function appendToLedger(
  repo: Repo,
  options: AppendOptions,
  make: (ledger: LedgerTip) => readonly Draft[] | Promise<readonly Draft[]>,
): Promise<LedgerTip | undefined> {
  let after: LedgerTip | undefined;
  const append: Append = {
    ref: LEDGER_REF,
    message: options.message,
    author: AUTHOR,
    now: options.now,
    withoutQuarantine: options.outsideQuarantine ?? false,
    make: async (tip) => {
      after = undefined;
      const ledger =
        (tip === undefined ? undefined : await keptTip(options, tip)) ??
        tipOfLedger(soundLedger(await readLedger(tip?.tree)));
      const drafts = await make(ledger);
      if (drafts.length === 0) return undefined;
      const plan = planOnTip(ledger, drafts, { key: options.key, now: options.now });
      after = plan.after;
      return { files: plan.files };
    },
  };
  try {
    if (options.remote === undefined) {
      const { commit } = await appendToBranch(repo, append);
      if (after !== undefined && commit !== undefined) await keepTip(options, commit, after);
    } else await appendToRemoteBranch(repo, { ...append, ...followed(options.remote) });
  } catch (error) {
    if (isFault(error) && error.code.startsWith("git/"))
      fault(`the ledger could not be appended to: ${error.message}`, {
        code: "ledger/append",
        hint: `nothing was lost: mend it (${error.hint}), then wingman audit --all --record writes what is missing`,
        cause: error,
      });
    throw error;
  }
  if (after !== undefined && options.folder !== undefined) await keepCheckpoint(repo, options);
  return after;
}

function followed(remote: string): { remote: string; tracking: string } {
  return { remote, tracking: `refs/remotes/${remote}/${LEDGER_BRANCH}` };
}

/**
 * The remote whose ledger a clone of the auditor appends to: `wingman.remote`, else `origin`, else the
 * only one. Undefined where the repository is bare or has no remote: there the branch is the ledger.
 */
export async function ledgerRemote(repo: Repo): Promise<string | undefined> {
  if (repo.bare) return undefined;
  const told = await configGet(repo, "wingman.remote");
  if (told !== undefined && told !== "") return told;
  const { stdout } = await repo.run(["remote"]);
  const names = stdout.toString("utf8").split("\n").filter(Boolean);
  if (names.length === 0) return undefined;
  if (names.includes("origin")) return "origin";
  if (names.length === 1) return names[0];
  return fault(`this clone has ${names.length} remotes, and none of them is origin`, {
    code: "ledger/remote",
    hint: `say whose ledger this is: git config wingman.remote ${names[0]}`,
  });
}

/**
 * Brings the remote's ledger here before anything is judged by it. Faults where the remote is not
 * reached, and where its ledger no longer holds what this clone has seen of it.
 */
export async function fetchLedger(repo: Repo, remote: string): Promise<void> {
  const { tracking } = followed(remote);
  const rolledBack = (why: string): never =>
    fault(`the ledger of ${quotePath(remote)} ${why}`, {
      code: "ledger/rolled-back",
      hint: `this clone still has it: on the server, git fetch <this clone> +${tracking}:${LEDGER_REF}`,
    });
  try {
    const seen = await exactRef(repo, tracking);
    const fetched = await fetchRef(repo, { remote, from: LEDGER_REF, to: tracking });
    if (fetched === "absent" && seen !== undefined) rolledBack("is gone");
  } catch (error) {
    if (isFault(error) && error.code === "git/not-fast-forward")
      rolledBack("no longer holds what this clone has seen of it");
    throw error;
  }
}

/**
 * The server's own memory of the ledger: the checkpoint as it stands on the branch, written beside the
 * key, whole or not at all. Two pushes that end together may write in either order: whoever finds the
 * branch further on afterwards writes once more, so the newest stays.
 */
export async function keepCheckpoint(repo: Repo, options: { folder?: string }): Promise<void> {
  if (options.folder === undefined) return;
  const path = join(options.folder, "checkpoint");
  const at = await repo.outsideQuarantine();
  for (;;) {
    const oid = await exactRef(at, LEDGER_REF);
    if (oid === undefined) return;
    const tree = await treeAt(at, oid);
    const entry = await tree.entry(CHECKPOINT_PATH);
    if (entry === undefined) return;
    await writeWhole(path, await tree.read(entry), { mode: 0o600 });
    if ((await exactRef(at, LEDGER_REF)) === oid) return;
  }
}

/** The genesis record, where a policy stands and the ledger has none yet. */
export function genesisDue(
  ledger: Pick<LedgerTip, "state">,
  trusted: Trusted,
  publicKey: string,
): GenesisDraft[] {
  if (ledger.state.size > 0 || !trusted.established) return [];
  return [
    {
      kind: "genesis",
      origin: trusted.policy.origin,
      auditor: publicKey,
      policy: trusted.policyDigest,
    },
  ];
}
