/**
 * Says in time what would refuse a run later: that an instruction needs an approval which does not
 * stand yet, and that an approval which comes in does not hold. Both may land; neither starts a run.
 */
import type { Change, Finding, RepoPath } from "@wingman/model";
import { APPROVALS_DIR, parseApproval, quotePath, visible } from "@wingman/model";
import { approvalAsked, approvalStanding } from "../approval-standing.ts";
import { instructionsBrought } from "../instructions-of.ts";
import { instructionOf, readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

export const approvals: Rule = {
  codes: ["approval/needed", "approval/vain"],
  title: "an approval that is needed stands, and one that comes in holds",
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    if (!change.trusted.established) return [];
    const told = new Set<string>();
    const findings: Finding[] = [];
    for (const one of await instructionsBrought(change)) {
      const asked = one.draft ? undefined : approvalAsked(change.trusted.policy, one);
      if (asked === undefined) continue;
      told.add(one.id);
      const found = await approvalStanding(viewOf(change), one);
      if (!("why" in found)) continue;
      const message = `${visible(one.id)} needs an administrator's approval, and no run on it starts before one stands: ${found.why}`;
      const help = `an administrator runs wingman approve ${visible(one.id)} --reason "…" and lands the file`;
      findings.push(
        warning(change, { code: "approval/needed", path: one.path, message, why: asked, help }),
      );
    }
    return [...findings, ...(await vain(change, told))];
  },
};

async function vain(change: Change, told: ReadonlySet<string>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, after } of change.own) {
    if (after === undefined || !path.startsWith(`${APPROVALS_DIR}/`)) continue;
    const bytes = await readSmall(change.after, after);
    const parsed = bytes === undefined ? undefined : parseApproval(path, bytes);
    // One that cannot be read is `approval/invalid`, which refuses.
    if (parsed?.ok !== true || told.has(parsed.value.instruction)) continue;
    const why = await whyVain(change, parsed.value.instruction);
    if (why === undefined) continue;
    const message = `the approval ${quotePath(path)} does not hold: ${why}`;
    const help = `wingman approve ${visible(parsed.value.instruction)} --reason "…" writes one that does`;
    findings.push(
      warning(change, { code: "approval/vain", path, message, why: "it starts no run", help }),
    );
  }
  return findings;
}

async function whyVain(change: Change, id: string): Promise<string | undefined> {
  const parsed = await instructionOf({ tree: change.after }, id);
  if (parsed === undefined) return `there is no instruction ${visible(id)} beside it`;
  if (!parsed.ok) return `${visible(id)} cannot be read`;
  if (parsed.value.draft)
    return `${visible(id)} is a draft, and taking \`draft: true\` out voids it`;
  const found = await approvalStanding(viewOf(change), parsed.value);
  return "why" in found ? found.why : undefined;
}

/** As it would stand: who wrote an instruction that comes in with it is not asked yet. */
function viewOf({ trusted, after, now }: Change) {
  return { trusted, tree: after, now };
}

function warning(
  { ref }: Change,
  one: { code: string; path: RepoPath; message: string; why: string; help: string },
): Finding {
  return { severity: "warn", ...one, ...(ref === undefined ? {} : { ref: ref.name }) };
}
