/**
 * Reads the trusted side out of a tree: policy and signers. Refuses to go on with a policy that it
 * cannot read: bad content there is a fault, not somebody's finding (TRUST.md §2).
 */
import type { AllowedSigner } from "./allowed-signers.ts";
import { parseAllowedSigners } from "./allowed-signers.ts";
import type { Baseline } from "./baseline.ts";
import { BASELINE_PATH, parseBaseline } from "./baseline.ts";
import { fault } from "./fault.ts";
import { builtInPolicy, POLICY_PATH, SIGNERS_PATH } from "./policy.ts";
import { type PolicyFile, parsePolicy } from "./policy-file.ts";
import type { Parsed } from "./problem.ts";
import type { Tree } from "./tree.ts";
import type { Trusted } from "./trusted.ts";

const MAX_BYTES = 1024 * 1024;

/** Where the trusted side is. */
export interface TrustedSide {
  readonly tree: Tree;
  /** The commit; undefined where there is none yet. */
  readonly commit: string | undefined;
  /** Branch name without refs/heads/. */
  readonly policyBranch: string | undefined;
  /** How the policy's bytes are read: a clone's hooks remember what came of them. */
  readonly parse?: PolicyParser;
}

/** The policy and its digest, or what is wrong with the bytes. */
export type PolicyParser = (bytes: Uint8Array) => Parsed<Pick<PolicyFile, "policy" | "digest">>;

/**
 * The trusted side's policy and signers. Without a policy the built-in one judges.
 * @throws Fault `policy/unreadable` for a policy or signers file that is no file or cannot be read.
 */
export async function readTrusted(side: TrustedSide): Promise<Trusted> {
  const { tree, commit, policyBranch, parse = parsePolicy } = side;
  const policyBytes = await fileOf(tree, POLICY_PATH);
  if (policyBytes === undefined) {
    // Before the first policy nobody's keys count for anything, and anyone can push here: a broken
    // signers file must not shut the door on the person who brings the policy.
    const builtIn = { policy: builtInPolicy, policyDigest: "", established: false };
    return { commit, tree, ...builtIn, signers: [], policyBranch };
  }
  const signersBytes = await fileOf(tree, SIGNERS_PATH);
  const signers: readonly AllowedSigner[] =
    signersBytes === undefined ? [] : orFault(parseAllowedSigners(signersBytes), SIGNERS_PATH);
  const { policy, digest } = orFault(parse(policyBytes), POLICY_PATH);
  return { commit, tree, policy, policyDigest: digest, established: true, signers, policyBranch };
}

const MAX_BASELINE_BYTES = 4 * 1024 * 1024;

/**
 * The trusted side's baseline; an empty one where there is none.
 * @throws Fault `policy/unreadable` for one that is no file or cannot be read.
 */
export async function trustedBaseline({ tree, established }: Trusted): Promise<Baseline> {
  const bytes = established ? await fileOf(tree, BASELINE_PATH, MAX_BASELINE_BYTES) : undefined;
  if (bytes === undefined) return { v: 1, tips: [], findings: [] };
  return orFault(parseBaseline(bytes), BASELINE_PATH);
}

async function fileOf(
  tree: Tree,
  path: string,
  maxBytes = MAX_BYTES,
): Promise<Uint8Array | undefined> {
  const entry = await tree.entry(path);
  if (entry === undefined) {
    // A folder in its place must not read as "no policy": that would switch every rule off.
    if (await tree.hasFolder(path)) return unreadable(path, "a folder stands in its place");
    return undefined;
  }
  // A link's target lies outside what was judged; a submodule is no content at all.
  if (entry.mode === "120000" || entry.mode === "160000")
    return unreadable(path, "it is no regular file");
  if ((await tree.size(entry)) > maxBytes)
    return unreadable(path, `it is larger than ${maxBytes} bytes`);
  return tree.read(entry);
}

function orFault<T>(parsed: Parsed<T>, path: string): T {
  if (parsed.ok) return parsed.value;
  const [first, ...others] = parsed.problems;
  const place =
    first === undefined ? path : `${path}:${first.line}:${first.column}: ${first.message}`;
  return unreadable(
    path,
    others.length === 0 ? place : `${place} (and ${others.length} more)`,
    first?.help,
  );
}

function unreadable(path: string, why: string, help?: string): never {
  const repair = `an administrator must repair ${path} on the policy branch`;
  return fault(
    `the trusted side cannot be read: ${why.startsWith(path) ? why : `${path}: ${why}`}`,
    {
      code: "policy/unreadable",
      hint: help === undefined ? repair : `${repair}: ${help}`,
    },
  );
}
