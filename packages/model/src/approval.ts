/**
 * Approval: an administrator's signed consent to one instruction as it stands, for one environment,
 * until a day. Editing the instruction changes its digest, which voids it.
 */
import { approval as validator } from "./generated/validators.mjs";
import { canonicalJson } from "./jcs.ts";
import type { RepoPath } from "./path.ts";
import type { Environment } from "./policy.ts";
import type { Parsed } from "./problem.ts";
import type { SignedKind } from "./signed-file.ts";
import { parseSigned, signedText } from "./signed-file.ts";

export interface Approval {
  readonly v: 1;
  readonly instruction: string;
  /** `sha256:…` of the instruction's bytes. */
  readonly digest: string;
  readonly environment: Environment;
  readonly reason: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expires: string;
  readonly by: string;
  /** Armored SSH signature, namespace {@link APPROVAL_NAMESPACE}. */
  readonly signature: string;
}

export const APPROVALS_DIR = ".wingman/approvals";
/** An SSH signature made for one purpose cannot be used for another. */
export const APPROVAL_NAMESPACE = "wingman-approval";

const kind: SignedKind<Approval> = {
  what: "the approval",
  validator,
  times: ["expires"],
  path: (approval) => approvalPath(approval.instruction),
};

/** Where an instruction's approval stands. */
export function approvalPath(instruction: string): RepoPath {
  return `${APPROVALS_DIR}/${instruction}.yaml`;
}

/** Reads one. The signature is only looked at for its form: who signed is another question. */
export function parseApproval(path: RepoPath, bytes: Uint8Array): Parsed<Approval> {
  return parseSigned(path, bytes, kind);
}

/**
 * The exact bytes that its signature covers: canonical JSON of all fields but `signature`, with the
 * policy's `origin`, so that an approval of a fork or a namesake is none here.
 */
export function signedBytesOfApproval(
  approval: Omit<Approval, "signature">,
  origin: string,
): Buffer {
  const { v, instruction, digest, environment, reason, expires, by } = approval;
  return Buffer.from(
    canonicalJson({ v, instruction, digest, environment, reason, expires, by, origin }),
  );
}

/** Its file's text. */
export function serializeApproval(approval: Approval): string {
  const { v, instruction, digest, environment, reason, expires, by, signature } = approval;
  return signedText({ v, instruction, digest, environment, reason, expires, by, signature });
}
