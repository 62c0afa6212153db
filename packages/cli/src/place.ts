/**
 * Place: where a command judges: the repository, the trusted side and the ledger, opened together.
 * An authority (a server's repository, which holds the auditor's key) faults where its ledger is
 * missing or shorter than its own last checkpoint; a clone says how old what it knows is.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Asked,
  configGet,
  headBranch,
  isAncestor,
  type Judging,
  listRefs,
  openAtOneMoment,
  type Repo,
  resolve,
  treeAt,
} from "@wingman/git";
import { type Ledger, readLedger } from "@wingman/ledger";
import {
  emptyTree,
  fault,
  isFault,
  type LedgerState,
  type PolicyParser,
  parsePolicy,
  readTrusted,
  type Tree,
  type Trusted,
} from "@wingman/model";
import { fetchedTip, followedRemote } from "./followed-remote.ts";
import type { Io } from "./io.ts";
import { keptPolicy } from "./kept-policy.ts";
import { newestLedger, openLedger, openTip } from "./ledger-branch.ts";
import { cachedState } from "./ledger-cache.ts";
import { pusherOf } from "./pusher.ts";

export interface Place {
  readonly repo: Repo;
  /** The same repository with refs and settings as they stood when it was opened: judge by this. */
  readonly moment: Repo;
  /** `<git dir>/wingman`: what init installed, key, checkpoint, caches. */
  readonly folder: string;
  readonly policyBranch: string;
  readonly trusted: Trusted;
  /** Set where the policy branch's newest policy cannot be read and an older one judges. */
  readonly broken: string | undefined;
  readonly ledger: { readonly state: LedgerState };
  /** True where the auditor's key stands beside the repository. */
  readonly authority: boolean;
  readonly judging: Judging;
}

/** A place whose ledger was read whole: for those who look at records or append. */
export interface WholePlace extends Place {
  readonly ledger: Ledger;
  /** Set where the ledger does not verify and the caller asked to go on: it then stands empty here. */
  readonly ledgerTrouble: string | undefined;
}

export interface PlaceOptions {
  /**
   * `server`: refs as they stand, the pusher that the server authenticated. `local`: a commit being
   * made, judged by the newer of the own and the fetched policy branch. `push`: what a clone would
   * bring to others, judged by what was fetched, for its own policy branch may hold the very change.
   */
  readonly surface: "local" | "push" | "server";
  /** The login in a forge's event, and who asks for the landing; set, they make it an authority's view. */
  readonly event?: { readonly pusher: string; readonly lander: string };
  /** The watcher's: a broken ledger is what it has to tell, so it is no fault. */
  readonly bearBrokenLedger?: boolean;
  /** In post-receive: where refs stood before the push. The policy branch is judged as it was. */
  readonly before?: ReadonlyMap<string, string | undefined>;
  /** What the hook's shim asked git already. */
  readonly asked?: Asked | undefined;
}

/** Opens the repository that `io` stands in, with its trusted side and ledger. */
export async function openPlace(io: Io, options: PlaceOptions): Promise<WholePlace> {
  let ledgerTrouble: string | undefined;
  const place = await open(io, options, async (repo, where) => {
    try {
      return (await openLedger(repo, where)).ledger;
    } catch (error) {
      ledgerTrouble = bearable(error, options);
      return await readLedger(undefined);
    }
  });
  return { ...place, ledgerTrouble };
}

/** What is wrong with the ledger, for the caller that has to tell it; everybody else stops here. */
function bearable(error: unknown, options: PlaceOptions): string {
  const broken = isFault(error) && error.code.startsWith("ledger/");
  if (broken && options.bearBrokenLedger === true) return error.message;
  throw error;
}

/** The same for hooks, which ask the ledger for nothing but what it comes to. */
export async function openPlaceToJudge(io: Io, options: PlaceOptions): Promise<Place> {
  return await open(io, options, async (repo, where) => {
    if (where.authority) return { state: (await openTip(repo, where.folder)).state };
    const whole = async () => (await openLedger(repo, where)).ledger.state;
    const found = await newestLedger(repo, where.remotes);
    if (found === undefined) return { state: await whole() };
    return {
      state: await cachedState(repo, { folder: where.folder, commit: found.oid }, whole),
    };
  });
}

async function open<L extends Place["ledger"]>(
  io: Io,
  options: PlaceOptions,
  read: (repo: Repo, where: { folder: string; authority: boolean; remotes: boolean }) => Promise<L>,
): Promise<Place & { readonly ledger: L }> {
  const { repo, moment } = await openAtOneMoment({
    cwd: io.cwd,
    env: io.env,
    asked: options.asked,
  });
  const folder = join(repo.commonDir, "wingman");
  const server = options.surface === "server";
  if (server) refuseNamespace(io);
  const authority = holdsKey(repo);
  if (server && !authority) refuseLostKey(folder);
  const policyBranch = await policyBranchOf(moment);
  // An authority holds its ledger against its own checkpoint, which a push that ends right now may
  // have moved on since the moment's refs were listed: it looks at the branch as it stands by then.
  const where = { folder, authority, remotes: !repo.bare };
  const ledger = await read(authority ? repo : moment, where);
  const policyRef = `refs/heads/${policyBranch}`;
  const commit = options.before?.has(policyRef)
    ? options.before.get(policyRef)
    : await trustedCommit(moment, policyBranch, options.surface);
  const parse = authority || server ? parsePolicy : keptPolicy(folder);
  const { trusted, broken } = await trustedSide(repo, { policyBranch, commit, parse }, ledger);
  const pusher = options.event?.pusher ?? (server ? await pusherOf(repo, io) : undefined);
  const judging: Judging = {
    trusted,
    ledger: ledger.state,
    pusher,
    lander: options.event?.lander,
    now: io.now(),
    local: !server && options.event === undefined,
    published: server || options.event !== undefined ? [] : await publishedTrees(moment),
  };
  return { repo, moment, folder, policyBranch, trusted, broken, ledger, authority, judging };
}

/** The policy branch: what init wrote, else the remote's default branch, else this one's. */
export async function policyBranchOf(repo: Repo): Promise<string> {
  const told = await configGet(repo, "wingman.policyBranch");
  if (told !== undefined && told !== "") return told;
  const remote = await followedRemote(repo);
  const prefix = `refs/remotes/${remote}/`;
  for (const ref of await listRefs(repo, "refs/remotes/"))
    if (ref.name === `${prefix}HEAD` && ref.symref?.startsWith(prefix))
      return ref.symref.slice(prefix.length);
  const heads = (await listRefs(repo, "refs/heads/")).map((ref) => ref.name.slice(11));
  const usual = ["main", "master"].find((name) => heads.includes(name));
  if (usual !== undefined) return usual;
  const head = await headBranch(repo);
  if ("branch" in head) return head.branch;
  return fault("no policy branch is known here", {
    code: "policy/no-branch",
    hint: "git config wingman.policyBranch <the branch that holds .wingman/policy.yaml>",
  });
}

async function trustedCommit(
  repo: Repo,
  branch: string,
  surface: PlaceOptions["surface"],
): Promise<string | undefined> {
  const own = await resolve(repo, `refs/heads/${branch}`);
  if (surface === "server") return own;
  const fetched = await fetchedTip(repo, branch);
  if (fetched === undefined || own === undefined || surface === "push") return fetched ?? own;
  // Diverged: the fetched one, which a server has judged, wins over the local one.
  return (await isAncestor(repo, fetched, own)) ? own : fetched;
}

async function trustedSide(
  repo: Repo,
  side: { policyBranch: string; commit: string | undefined; parse: PolicyParser },
  ledger: Place["ledger"],
): Promise<{ trusted: Trusted; broken: string | undefined }> {
  const { policyBranch, commit, parse } = side;
  const read = async (at: string | undefined): Promise<Trusted> =>
    await readTrusted({
      tree: at === undefined ? emptyTree : await treeAt(repo, at),
      commit: at,
      policyBranch,
      parse,
    });
  try {
    const trusted = await read(commit);
    if (trusted.established || ledger.state.size === 0) return { trusted, broken: undefined };
    // The ledger began with a policy, so none now means that somebody removed it.
    return {
      trusted: await lastReadable(repo, commit, read),
      broken: `there is no .wingman/policy.yaml on ${policyBranch}, though the ledger began with one`,
    };
  } catch (error) {
    if (!isFault(error) || error.code !== "policy/unreadable") throw error;
    return { trusted: await lastReadable(repo, commit, read), broken: error.message };
  }
}

/** The newest commit of the policy branch whose policy can be read. */
async function lastReadable(
  repo: Repo,
  from: string | undefined,
  read: (commit: string) => Promise<Trusted>,
): Promise<Trusted> {
  if (from !== undefined) {
    const { stdout } = await repo.run(
      ["rev-list", "--first-parent", "--max-count=200", from, "--", ".wingman"],
      {},
    );
    for (const commit of stdout.toString("latin1").split("\n").filter(Boolean)) {
      try {
        const trusted = await read(commit);
        if (trusted.established) return trusted;
      } catch (error) {
        if (!isFault(error)) throw error;
      }
    }
  }
  return fault("no readable policy stands anywhere on the policy branch", {
    code: "policy/none-readable",
    hint: "restore .wingman/policy.yaml on the policy branch from a clone that has it",
  });
}

/** What remotes already have: local hooks refuse a rewrite only of lines that stand there. */
async function publishedTrees(repo: Repo): Promise<Tree[]> {
  const oids = new Set<string>();
  for (const ref of await listRefs(repo, "refs/remotes/"))
    if (ref.symref === undefined) oids.add(ref.oid);
  return await Promise.all([...oids].map((oid) => treeAt(repo, oid)));
}

/** A fault where the trusted side is broken and this surface cannot repair it. */
export function refuseBroken(place: Place): void {
  if (place.broken === undefined) return;
  fault(`the trusted side cannot be read: ${place.broken}`, {
    code: "policy/unreadable",
    hint: "an administrator's push that repairs .wingman/policy.yaml is judged by the last readable one",
  });
}

/** True where the auditor's key stands beside the repository. */
export function holdsKey(repo: Repo): boolean {
  return existsSync(join(repo.commonDir, "wingman", "auditor.key"));
}

/** In a namespace git tells hooks of branches that are other ones on disk, and another policy's. */
function refuseNamespace(io: Io): void {
  const name = io.env["GIT_NAMESPACE"];
  if (name === undefined || name === "") return;
  fault("this push goes to a namespace of this repository (GIT_NAMESPACE), which nothing governs", {
    code: "git/namespace",
    hint: "host each project in a repository of its own; see git help gitnamespaces",
  });
}

/**
 * A server that remembers a checkpoint held the key once. Without it nothing could be recorded, so
 * nothing is accepted either: else removing one file would switch the record off.
 */
function refuseLostKey(folder: string): void {
  if (!existsSync(join(folder, "checkpoint"))) return;
  fault("the auditor's key is gone from beside this repository", {
    code: "ledger/no-key",
    hint: "restore wingman/auditor.key in the git directory from its backup; the ledger goes on with no other",
  });
}

/** The auditor's key beside the repository, or a fault that says who has it. */
export async function auditorKey(place: Place, file: string | undefined): Promise<string> {
  try {
    return await readFile(file ?? join(place.folder, "auditor.key"), "utf8");
  } catch (cause) {
    return fault("the auditor's key cannot be read here, so nothing can be appended", {
      code: "ledger/no-key",
      hint: "run it on the server that holds the key, or give --key FILE",
      cause,
    });
  }
}
