/**
 * Whether an instruction needs an administrator's approval, and whether the one that stands beside it
 * holds (TRUST.md §3). Refuses what cannot be known: without a clock every approval has expired.
 */
import type {
  Approval,
  Instruction,
  Parsed,
  Policy,
  RiskLevel,
  Tree,
  Trusted,
} from "@wingman/model";
import {
  APPROVAL_NAMESPACE,
  approvalPath,
  foldPath,
  globMatcher,
  matchesPatterns,
  parseApproval,
  parseDuration,
  quotePath,
  signedBytesOfApproval,
  verifySignedText,
  visible,
} from "@wingman/model";
import { readSmall } from "./reading.ts";
import { riskRowText } from "./risk-row-text.ts";

export const RISKS: readonly RiskLevel[] = ["low", "medium", "high", "critical"];
/** Clocks of administrator and server may differ, and nobody's approval shall fail for that. */
const DAY = 86_400_000;

/** The least risk that the policy lets an instruction have, and the row that says so. */
export interface LeastRisk {
  readonly level: RiskLevel;
  /** `row 2 of the policy's risk: work for prd`. */
  readonly row: string;
}

/** What the policy asks at least, by environment, by what it touches and by what it may touch. */
export function leastRisk(
  policy: Policy,
  one: Instruction,
  touched: readonly string[],
): LeastRisk | undefined {
  let least: LeastRisk | undefined;
  for (const [index, row] of policy.risk.entries()) {
    if (row.environment !== undefined && row.environment !== one.environment) continue;
    if (row.paths !== undefined && !reaches(row.paths, one, touched)) continue;
    if (least !== undefined && RISKS.indexOf(row.level) <= RISKS.indexOf(least.level)) continue;
    least = { level: row.level, row: `row ${index + 1} of the policy's risk: ${riskRowText(row)}` };
  }
  return least;
}

/** Why an instruction needs an approval, for people; undefined where it needs none. */
export function approvalAsked(
  policy: Policy,
  one: Instruction,
  touched: readonly string[] = [],
): string | undefined {
  if (policy.approvals.environments.includes(one.environment))
    return `its environment is ${one.environment}`;
  const least = leastRisk(policy, one, touched);
  const declared = one.risk ?? "low";
  const raised = least !== undefined && RISKS.indexOf(least.level) > RISKS.indexOf(declared);
  const level = raised ? least.level : declared;
  if (!policy.approvals.levels.includes(level)) return undefined;
  return raised ? `its risk is ${level} at least (${least.row})` : `its risk is ${level}`;
}

/**
 * Whether the work comes to one of these paths: by what it touches, by what its boundaries name, and
 * by what they let through (`**` may touch everything). Folded, as protected paths are.
 */
function reaches(globs: readonly string[], one: Instruction, touched: readonly string[]): boolean {
  const matches = globMatcher(globs.map(foldPath));
  const { allow = [], deny = [] } = one.boundaries ?? {};
  const named = allow.flatMap((glob) => [glob.replace(/^\//, ""), sample(glob)]);
  if ([...touched, ...named].some((path) => matches(foldPath(path)))) return true;
  const allowed = globMatcher(allow.map(foldPath));
  const denied = globMatcher(deny.map(foldPath));
  return globs.map((glob) => sample(foldPath(glob))).some((path) => allowed(path) && !denied(path));
}

/** A path that a glob matches. */
function sample(glob: string): string {
  const plain = glob.replace(/^\//, "").replaceAll("**", "any").replaceAll(/[*?]/g, "x");
  return plain.endsWith("/") ? `${plain}any` : plain;
}

/** Where an approval is looked for, and with what it is judged. */
export interface ApprovalView {
  readonly trusted: Trusted;
  /** The tree in which it stands; the trusted side's unless told. */
  readonly tree?: Tree;
  readonly now?: Date | undefined;
  /** Names of whoever wrote the instruction as it stands; absent or undefined: not known. */
  readonly authorsOf?: ((path: string) => Promise<ReadonlySet<string> | undefined>) | undefined;
}

/** The approval that holds, or why none does. `own`: by the instruction's author, the only administrator. */
export type ApprovalStanding =
  | { readonly approval: Approval; readonly own: boolean }
  | { readonly why: string };

/** Looks at the approval of one instruction: its words, its signature, its signer, its time. */
export async function approvalStanding(
  view: ApprovalView,
  instruction: Instruction,
): Promise<ApprovalStanding> {
  const tree = view.tree ?? view.trusted.tree;
  const path = approvalPath(instruction.id);
  const parsed = await approvalIn(tree, path);
  if (parsed === undefined)
    return {
      why: `there is no ${quotePath(path)}${view.tree === undefined ? " on the policy branch" : ""}`,
    };
  if (!parsed.ok) return { why: `${quotePath(path)} cannot be read` };
  const approval = parsed.value;
  const why =
    wordsAgainst(approval, instruction) ??
    timeAgainst(approval, view) ??
    signatureAgainst(approval, view.trusted, view.now ?? new Date(0));
  if (why !== undefined) return { why };
  const authors = await view.authorsOf?.(instruction.path);
  const own = authors?.has(approval.by.toLowerCase()) === true;
  if (own && otherApprovers(view.trusted, approval.by).length > 0)
    return {
      why: `${visible(approval.by)} wrote the instruction, and another administrator must approve it`,
    };
  return { approval, own };
}

/**
 * Administrators who could approve in somebody's stead: with a key of their own. A second entry for the
 * same person, as `mark` beside `mark@acme.example`, is a login that signs nothing, or has his key.
 */
export function otherApprovers({ policy, signers }: Trusted, by: string): string[] {
  const keysOf = (name: string): string[] =>
    signers
      .filter((one) => !one.certAuthority && one.principals.includes(name))
      .filter(
        ({ namespaces }) =>
          namespaces.length === 0 || matchesPatterns(namespaces, APPROVAL_NAMESPACE),
      )
      .map(({ key }) => Buffer.from(key).toString("base64"));
  const own = new Set(keysOf(by));
  return [...new Set(policy.administrators)].filter(
    (name) => name !== by && keysOf(name).some((key) => !own.has(key)),
  );
}

async function approvalIn(tree: Tree, path: string): Promise<Parsed<Approval> | undefined> {
  const entry = await tree.entry(path);
  if (entry === undefined) return undefined;
  const bytes = await readSmall(tree, entry);
  return bytes === undefined ? { ok: false, problems: [] } : parseApproval(path, bytes);
}

function wordsAgainst(approval: Approval, instruction: Instruction): string | undefined {
  if (approval.instruction !== instruction.id)
    return `it approves ${visible(approval.instruction)}`;
  if (approval.digest !== instruction.digest) return "the instruction was edited after it";
  if (approval.environment !== instruction.environment) return `it is for ${approval.environment}`;
  return undefined;
}

function timeAgainst(approval: Approval, { trusted, now }: ApprovalView): string | undefined {
  const expires = Date.parse(approval.expires);
  // No clock, no approval: what cannot be known must not count as valid.
  if (now === undefined || !(expires > now.getTime()))
    return `it expired (${visible(approval.expires)})`;
  const { expires: longest } = trusted.policy.approvals;
  if (expires > now.getTime() + (parseDuration(longest) ?? 0) + DAY)
    return `it lasts until ${visible(approval.expires)}, longer than approvals.expires (${longest}) allows`;
  return undefined;
}

/**
 * Why the signature does not make it an administrator's, or undefined where it does. A key that is
 * listed for a worker too is no administrator's here: nobody approves what he carries out himself.
 */
export function signatureAgainst(
  approval: Approval,
  { policy, signers }: Trusted,
  at: Date,
): string | undefined {
  const shown = verifySignedText({
    message: signedBytesOfApproval(approval, policy.origin),
    armored: approval.signature,
    namespace: APPROVAL_NAMESPACE,
    signers,
    at,
  });
  if (shown.state !== "good")
    return `its signature does not hold: ${"why" in shown ? visible(shown.why) : "there is none"}`;
  const { principals } = shown;
  if (!principals.some((name) => policy.administrators.includes(name)))
    return "it is not signed by an administrator";
  // What reports show is `by`: it must be the one who signed.
  if (!principals.includes(approval.by) || !policy.administrators.includes(approval.by))
    return `it says ${visible(approval.by)}, who did not sign it`;
  const worker = Object.entries(policy.workers).find(([, row]) =>
    row.principals.some((name) => principals.includes(name)),
  );
  return worker === undefined ? undefined : `its key is the worker's ${worker[0]} too`;
}
