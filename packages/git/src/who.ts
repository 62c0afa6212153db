/**
 * Who made a commit: its SSH signature verified in process, the pusher who vouches for it, and its
 * trailer, which can only lower (TRUST.md §1). Author and committer are never asked.
 */
import {
  type Identity,
  identify,
  type RunName,
  runOfMessage,
  runText,
  type Signature,
} from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";

export interface Who {
  readonly identity: Identity;
  readonly signature: Signature;
}

export interface WhoOptions {
  /** False where the pusher did not bring this commit, so that he proves nothing of it. */
  readonly vouched: boolean;
  /** The run being looked into: its own trailer counts though the run is closed by now. */
  readonly about?: RunName;
}

/** The run that a commit's trailer names; undefined where none or where two differ. */
export function trailerRun(commit: CommitObject): RunName | undefined {
  const found = runOfMessage(commit.message);
  return typeof found === "object" && "run" in found ? found.run : undefined;
}

/**
 * Who made the commit, and what its signature shows. A trailer lowers unless its run is already
 * closed on a governed branch: cherry-picks keep trailers.
 */
export async function identityOfCommit(
  bench: Bench,
  commit: CommitObject,
  options: WhoOptions,
): Promise<Who> {
  const { trusted, pusher } = bench.judging;
  const signature = bench.signature(commit);
  const origin = {
    signature,
    ...(options.vouched && pusher !== undefined ? { pusher } : {}),
  };
  const run = trailerRun(commit);
  if (run === undefined) return { identity: identify(trusted.policy, origin), signature };
  const lowered = identify(trusted.policy, { ...origin, run });
  if (!(await bench.closedOnGoverned(run))) return { identity: lowered, signature };
  const raised = identify(trusted.policy, origin);
  // Looking back at a landed run, its trailer is the original one, unless somebody else is proven:
  // then he carried the lines elsewhere (squash, backport), and they accuse nobody.
  const own = options.about !== undefined && runText(options.about) === runText(run);
  const stays = own && (lowered.proven || !raised.proven);
  return { identity: stays ? lowered : raised, signature };
}
