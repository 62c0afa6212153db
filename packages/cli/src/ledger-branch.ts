/**
 * The ledger where git keeps it: reading the branch, appending with compare-and-swap, and the
 * server's own last checkpoint beside the key. The ledger room decides what the bytes are; this file
 * only moves them.
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { appendToBranch, isAncestor, listRefs, type Repo, resolve, treeAt } from "@wingman/git";
import {
  auditorKeyOf,
  type Draft,
  type GenesisDraft,
  type Ledger,
  planAppend,
  readLedger,
  soundLedger,
  verifyCheckpoint,
} from "@wingman/ledger";
import { fault, isFault, type Trusted } from "@wingman/model";

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
  const found = await newestLedger(repo, options.remotes);
  const tree = found === undefined ? undefined : await treeAt(repo, found.oid);
  const ledger = soundLedger(await readLedger(tree));
  if (options.authority) await holdAgainstOwn(options.folder, ledger);
  return { ledger, commit: found?.oid, ref: found?.name };
}

export async function newestLedger(
  repo: Repo,
  remotes: boolean,
): Promise<{ name: string; oid: string } | undefined> {
  const own = await resolve(repo, LEDGER_REF);
  let newest = own === undefined ? undefined : { name: LEDGER_REF, oid: own };
  if (!remotes) return newest;
  for (const ref of await listRefs(repo, "refs/remotes/")) {
    if (!/^refs\/remotes\/[^/]+\/wingman-ledger$/.test(ref.name)) continue;
    if (newest === undefined || (await isAncestor(repo, newest.oid, ref.oid))) newest = ref;
  }
  return newest;
}

/** With a checkpoint of its own, a missing, shorter or other ledger is a fault (TRUST.md §8). */
async function holdAgainstOwn(folder: string, ledger: Ledger): Promise<void> {
  const note = await readOwnCheckpoint(folder);
  if (note === undefined) return;
  const { publicKey } = auditorKeyOf(await readFile(join(folder, "auditor.key"), "utf8"));
  const own = verifyCheckpoint(note, publicKey);
  if (!own.ok)
    return fault(`the server's own last checkpoint cannot be read: ${own.why}`, {
      code: "ledger/own-checkpoint",
      hint: "restore wingman/checkpoint in the git directory from a backup",
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

async function readOwnCheckpoint(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, "checkpoint"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export interface AppendOptions {
  readonly key: string;
  readonly now: Date;
  /** What the commit's message says. */
  readonly message: string;
  /** Where the server's own checkpoint is kept; undefined in a clone of the auditor. */
  readonly folder?: string;
  /** Inside pre-receive: write to the real store (TRUST.md §8). */
  readonly outsideQuarantine?: boolean;
}

/**
 * Appends records by compare-and-swap. `make` sees the ledger as it is now and gives the records
 * still due, so that a rerun or a lost race repeats nothing. Gives the ledger after it, or undefined
 * where nothing was due.
 */
export async function appendToLedger(
  repo: Repo,
  options: AppendOptions,
  make: (ledger: Ledger) => readonly Draft[] | Promise<readonly Draft[]>,
): Promise<Ledger | undefined> {
  let after: Ledger | undefined;
  try {
    await appendToBranch(repo, {
      ref: LEDGER_REF,
      message: options.message,
      author: AUTHOR,
      now: options.now,
      withoutQuarantine: options.outsideQuarantine ?? false,
      make: async (tip) => {
        after = undefined;
        const ledger = soundLedger(await readLedger(tip?.tree));
        const drafts = await make(ledger);
        if (drafts.length === 0) return undefined;
        const plan = planAppend(ledger, drafts, { key: options.key, now: options.now });
        after = plan.ledger;
        return { files: plan.files };
      },
    });
  } catch (error) {
    if (isFault(error) && error.code.startsWith("git/"))
      fault(`the ledger could not be appended to: ${error.message}`, {
        code: "ledger/append",
        hint: `nothing was lost: mend it (${error.hint}) and run wingman audit --record`,
        cause: error,
      });
    throw error;
  }
  if (after !== undefined && options.folder !== undefined)
    await keepCheckpoint(options.folder, after.checkpointNote);
  return after;
}

/** The server's own memory of the ledger: written beside the key, whole or not at all. */
export async function keepCheckpoint(folder: string, note: string): Promise<void> {
  const path = join(folder, "checkpoint");
  // A unique name, so that two pushes that end together cannot tear each other's file.
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, note, { mode: 0o600 });
  await rename(temporary, path);
}

/** The genesis record, where a policy stands and the ledger has none yet. */
export function genesisDue(ledger: Ledger, trusted: Trusted, publicKey: string): GenesisDraft[] {
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
