/**
 * Whether a `wingman:allow RULE reason` beside a secret counts. It does where it landed already, beside
 * the same secret in the same file; a new one counts by who brings it, and a worker's own never does
 * unless the policy says so (TRUST.md §12).
 */
import type { Change, RepoPath } from "@wingman/model";
import type { SecretHit } from "../secrets/scanner.ts";
import { scanEntry } from "./secrets-blobs.ts";

/** `open`: decided where the signature or the pusher is known. `no`: with the reason. */
export type Standing = "counts" | "open" | { readonly no: string };

/** What is asked of a change to judge an allowance in it. */
export type Bringing = Pick<Change, "trusted" | "identity" | "local" | "known">;

/** Judges the allowance of a hit that has one. */
export async function allowanceStanding(
  change: Bringing,
  path: RepoPath,
  hit: SecretHit,
): Promise<Standing> {
  if (await hasLanded(change, path, hit)) return "counts";
  const { identity, trusted, local, known } = change;
  const { allowances } = trusted.policy.secrets;
  if (allowances === "anyone") return "counts";
  if (allowances === "landed") return { no: "it has not landed yet" };
  const isPerson = identity.kind === "person" || identity.kind === "administrator";
  if (isPerson && identity.proven) return "counts";
  const isOther = identity.kind === "worker" || identity.kind === "bot";
  if (isOther) return { no: `${identity.kind}s may not bring one` };
  const tellable = known.has("signature") || known.has("pusher");
  return local && !tellable ? "open" : { no: "nothing proves who brings it" };
}

/** True where the trusted side holds the same secret in this file, with an allowance for it. */
async function hasLanded(change: Bringing, path: RepoPath, hit: SecretHit): Promise<boolean> {
  const { tree, policy, established } = change.trusted;
  const entry = established ? await tree.entry(path) : undefined;
  if (entry === undefined || entry.mode === "160000") return false;
  const { hits } = await scanEntry(tree, entry, policy.origin);
  return hits.some((one) => one.fingerprint === hit.fingerprint && one.allowance !== undefined);
}
