/**
 * Appends a commit to a branch of a remote: fetched first, built on top, pushed by compare-and-swap.
 * Nothing is kept here that the remote has not taken, so a lost race, a refusal or a kill leaves no
 * second history behind. It never forces.
 */
import { fault, isFault, visible } from "@wingman/model";
import { type Append, type Appended, betweenTries, tipOf, writeNext } from "./append-branch.ts";
import { exactRef, isAncestor } from "./refs.ts";
import type { Repo } from "./repo.ts";
import { fetchRef, pushFastForward } from "./transport.ts";

/** Fetches in a row that met the tracking ref's lock, before it counts as left by a killed git. */
const MOST_LOCKED = 10;

/** What is to be appended, and where; `ref` is its full name on the remote. */
export interface RemoteAppend extends Omit<Append, "withoutQuarantine"> {
  readonly remote: string;
  /** The full name of the ref here that follows the remote's. */
  readonly tracking: string;
}

/**
 * Appends one commit to the remote's branch. `make` is asked again after a lost race. Faults
 * `git/diverged` where the remote lacks what this clone saw or holds, `git/lost-race` after so many
 * attempts, and as fetch and push do.
 */
export async function appendToRemoteBranch(repo: Repo, append: RemoteAppend): Promise<Appended> {
  const attempts = append.attempts ?? 50;
  let locked = 0;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const before = await fetchTip(repo, append, locked < MOST_LOCKED);
    locked = before === "again" ? locked + 1 : 0;
    if (before !== "again") {
      // What an earlier append left on the branch here goes along, or it would never reach anybody.
      const base = await ownEnd(repo, append, before);
      const tip = base === undefined ? undefined : await tipOf(repo, base);
      const made = await append.make(tip);
      if (made === undefined && base === before) return { commit: undefined, before };
      const commit = made === undefined ? base : await writeNext(repo, append, tip, made.files);
      if (
        commit !== undefined &&
        (await pushFastForward(repo, append.remote, commit, append.ref, before)) === "ok"
      ) {
        await follow(repo, append, commit, before);
        return { commit: made === undefined ? undefined : commit, before };
      }
    }
    await betweenTries(attempt);
  }
  return fault(`${append.ref} of ${append.remote} moved ${attempts} times while it was written`, {
    code: "git/lost-race",
    hint: "try again when fewer writers are at work",
  });
}

/**
 * Where the remote's branch stands now. `again` where another process of this clone fetches at the
 * same moment and holds the tracking ref's lock.
 */
async function fetchTip(
  repo: Repo,
  append: RemoteAppend,
  patient: boolean,
): Promise<string | undefined | "again"> {
  const { remote, ref, tracking } = append;
  const known = await exactRef(repo, tracking);
  let fetched: "ok" | "absent";
  try {
    fetched = await fetchRef(repo, { remote, from: ref, to: tracking });
  } catch (error) {
    if (isFault(error) && error.code === "git/not-fast-forward")
      return diverged(append, "no longer holds what this clone has seen of it");
    if (isFault(error) && error.code === "git/locked" && patient) return "again";
    throw error;
  }
  if (fetched === "ok") return await exactRef(repo, tracking);
  if (known !== undefined) return diverged(append, "is gone, though this clone has seen it");
  return undefined;
}

/** The newer of the remote's end and that of the branch of this name here. */
async function ownEnd(
  repo: Repo,
  append: RemoteAppend,
  before: string | undefined,
): Promise<string | undefined> {
  const own = await exactRef(repo, append.ref);
  if (own === undefined || before === undefined) return own ?? before;
  if (await isAncestor(repo, own, before)) return before;
  if (await isAncestor(repo, before, own)) return own;
  return diverged(append, "and the branch of that name in this clone went apart");
}

/** Refs here that follow: by compare-and-swap, and a loser has lost nothing, since the next fetch brings it. */
async function follow(
  repo: Repo,
  append: RemoteAppend,
  commit: string,
  before: string | undefined,
): Promise<void> {
  const move = async (ref: string, from: string | undefined): Promise<void> => {
    const args = ["update-ref", "--no-deref", ref, commit, from ?? repo.zero];
    await repo.run(args, { okCodes: [0, 1, 128] });
  };
  await move(append.tracking, before);
  const own = await exactRef(repo, append.ref);
  if (own !== undefined && (await isAncestor(repo, own, commit))) await move(append.ref, own);
}

function diverged(append: RemoteAppend, why: string): never {
  const branch = append.ref.replace(/^refs\/heads\//, "");
  return fault(`${visible(branch)} of ${visible(append.remote)} ${why}`, {
    code: "git/diverged",
    hint: `look at both before anything is written: git log ${append.tracking} and git ls-remote`,
  });
}
