/** What a commit's signature shows. Refuses to choose between several: that is a broken one. */
import { type AllowedSigner, type Signature, verifyCommitSignature } from "@wingman/model";
import type { CommitObject } from "./commit-object.ts";

/** What the commit's signature shows, by the trusted side's signers at the time of receipt. */
export function signatureOf(
  commit: CommitObject,
  signers: readonly AllowedSigner[],
  at: Date,
): Signature {
  const [first, ...more] = commit.signatures;
  if (first === undefined) return { state: "absent" };
  // Git verifies one of several and shows that one: a second could carry another reader's truth.
  if (more.length > 0) return { state: "bad", why: "the commit carries several signatures" };
  // A commit's SHA-256 twin has a signature of its own, over other bytes; git verifies only its own hash's.
  const own = commit.oid.length === 64 ? "gpgsig-sha256" : "gpgsig";
  if (first.header !== own)
    return { state: "unknown", why: "it signs this commit's twin in the other hash: not judged" };
  return verifyCommitSignature({ payload: commit.payload, armored: first.armored, signers, at });
}
