/**
 * `wingman approve INS-0007`: an administrator's signed consent to one instruction as it stands, for its
 * environment, until a day that the policy sets. Refuses everything that the gate would refuse later: a
 * draft, the author's own approval, a key that is no administrator's.
 */
import { approvalAsked, otherApprovers, signatureAgainst } from "@wingman/gate";
import { benchOf, configGet, fileAuthors, resolve, treeAt } from "@wingman/git";
import {
  APPROVAL_NAMESPACE,
  type Approval,
  approvalPath,
  fault,
  type Instruction,
  parseDuration,
  serializeApproval,
  signedBytesOfApproval,
} from "@wingman/model";
import { completeInstruction, standsIn } from "../accepted-instruction.ts";
import { carry } from "../carried-file.ts";
import { EXIT, type Io } from "../io.ts";
import { openPlace, type Place, refuseBroken } from "../place.ts";
import { signatureOver } from "../signing.ts";

export interface ApproveOptions {
  readonly reason?: string;
  readonly key?: string;
  readonly by?: string;
  readonly expires?: string;
  readonly push?: string | boolean;
}

/** Writes the approval, or pushes it on a branch of its own. Faults `approval/…`, `run/instruction`. */
export async function approve(id: string, options: ApproveOptions, io: Io): Promise<number> {
  const place = await openPlace(io, { surface: "local" });
  try {
    refuseBroken(place);
    const reason = reasonOf(id, options);
    const by = await administratorOf(place, options.by);
    const { instruction, commit } = await instructionToApprove(place, id);
    const alone = await refuseAuthor(place, instruction, commit, by);
    const approval = await signedApproval(place, options.key, {
      v: 1,
      instruction: instruction.id,
      digest: instruction.digest,
      environment: instruction.environment,
      reason,
      expires: expiryOf(place, options.expires, io.now()),
      by,
    });
    refuseVain(place, approval, io.now());
    const asked = approvalAsked(place.trusted.policy, instruction);
    if (asked === undefined)
      io.err(`${instruction.id} needs no approval by this policy; this one does no harm\n`);
    if (alone)
      io.err(
        `${by} wrote ${instruction.id} and is the only administrator who can: every report will say so\n`,
      );
    const file = {
      path: approvalPath(instruction.id),
      bytes: Buffer.from(serializeApproval(approval), "utf8"),
      subject: `Approve ${instruction.id}`,
      reason,
      by,
      proof: `signed; until ${approval.expires.slice(0, 10)}, for ${approval.environment}`,
      branch: `approve-${instruction.id}-${instruction.digest.slice(7, 15)}`,
      where: `it counts once it has landed on ${place.policyBranch}, whoever carries it`,
      fresh: false,
    };
    await carry(place, io, file, options.push);
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

function reasonOf(id: string, { reason }: ApproveOptions): string {
  if (reason !== undefined && reason.trim() !== "") return reason;
  return fault("an approval needs a reason; it stands beside the instruction for good", {
    code: "approval/reason",
    hint: `wingman approve ${id} --reason "what was read, and why it is enough"`,
  });
}

async function administratorOf(place: Place, told: string | undefined): Promise<string> {
  const { policy, established } = place.trusted;
  const by = told ?? (await configGet(place.repo, "user.email")) ?? "nobody";
  if (policy.administrators.includes(by)) return by;
  return fault(
    established
      ? `${by} is no administrator of ${policy.origin}`
      : "there is no policy here, so nobody is an administrator",
    {
      code: "approval/administrator",
      hint: established
        ? `administrators: ${policy.administrators.join(", ")}; say who with --by`
        : "wingman init, and land what it writes",
    },
  );
}

/** As it stands on the policy branch; where it has not landed yet, as HEAD has it. */
async function instructionToApprove(
  place: Place,
  id: string,
): Promise<{ instruction: Instruction; commit: string | undefined }> {
  const { tree, commit } = place.trusted;
  const head = await resolve(place.repo, "HEAD");
  const own = head === undefined ? undefined : await treeAt(place.repo, head);
  if (own !== undefined && !(await standsIn(tree, id)) && (await standsIn(own, id)))
    return { instruction: await completeInstruction(place, id, own), commit: head };
  return { instruction: await completeInstruction(place, id), commit };
}

/** Gives whether the only administrator approves his own. Faults `approval/own` where others could. */
async function refuseAuthor(
  place: Place,
  instruction: Instruction,
  commit: string | undefined,
  by: string,
): Promise<boolean> {
  const { trusted } = place;
  const bench = benchOf(place.repo, { ...place.judging, trusted: { ...trusted, commit } }, []);
  const authors = await fileAuthors(bench, instruction.path);
  if (authors?.has(by.toLowerCase()) !== true) return false;
  const others = otherApprovers(trusted, by);
  if (others.length === 0) return true;
  return fault(`${by} wrote ${instruction.id} as it stands, and does not approve it as well`, {
    code: "approval/own",
    hint: `ask another administrator: ${others.join(", ")}`,
  });
}

/** Now and what the policy's `approvals.expires` gives; `--expires` can only shorten it. */
function expiryOf(place: Place, told: string | undefined, now: Date): string {
  const longest = place.trusted.policy.approvals.expires;
  const most = parseDuration(longest) ?? 0;
  const ms = told === undefined ? most : parseDuration(told);
  if (ms === undefined || ms > most)
    return fault(`--expires ${JSON.stringify(told)} is no duration up to ${longest}`, {
      code: "approval/expires",
      hint: `the policy's approvals.expires is ${longest}: --expires 7d`,
    });
  return new Date(now.getTime() + ms).toISOString();
}

async function signedApproval(
  place: Place,
  keyFile: string | undefined,
  made: Omit<Approval, "signature">,
): Promise<Approval> {
  const signature = await signatureOver(place, {
    message: signedBytesOfApproval(made, place.trusted.policy.origin),
    namespace: APPROVAL_NAMESPACE,
    keyFile,
  });
  if (signature !== undefined) return { ...made, signature };
  return fault("an approval is signed, and no key is known here", {
    code: "approval/key",
    hint: "--key FILE, or git config user.signingkey ~/.ssh/id_ed25519",
  });
}

/** The gate would refuse it after the push, when a worker waits for it. */
function refuseVain(place: Place, approval: Approval, now: Date): void {
  const why = signatureAgainst(approval, place.trusted, now);
  if (why === undefined) return;
  fault(`the approval would not count: ${why}`, {
    code: "approval/key",
    hint: `sign with a key that .wingman/allowed_signers on ${place.policyBranch} lists for ${approval.by} with namespaces="${APPROVAL_NAMESPACE}": --key FILE`,
  });
}
