/** The signers of `.wingman/allowed_signers`, in ssh-keygen's ALLOWED SIGNERS format (ssh-keygen(1)). */

/** One line of the file. */
export interface AllowedSigner {
  readonly principals: readonly string[];
  /** Empty: every namespace. Patterns as ssh-keygen's. */
  readonly namespaces: readonly string[];
  readonly validAfter?: number;
  readonly validBefore?: number;
  readonly certAuthority: boolean;
  /** The key blob (base64-decoded second field). */
  readonly key: Uint8Array;
  readonly line: number;
}
