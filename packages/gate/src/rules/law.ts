/**
 * Law (policy, signers, baseline, schema, protected paths) changes on a governed branch only if an
 * administrator lands it; the policy never goes and its revision only grows. Enforced in either mode.
 */
import type { BaselineFinding, Change, Finding, Policy } from "@wingman/model";
import {
  BASELINE_PATH,
  effectiveKind,
  foldPath,
  INSTRUCTIONS_DIR,
  isLaw,
  POLICY_PATH,
  parseBaseline,
  parsePolicy,
  quotePath,
  standsForLaw,
  trustedBaseline,
} from "@wingman/model";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

export const law: Rule = {
  codes: ["law/protected"],
  title: "law lands only by an administrator",
  scopes: ["landing"],
  needs: ["pusher"],
  judge: async (change) => {
    const { trusted, identity, own, ref } = change;
    // Before the first policy there is no administrator: trust on first use, said aloud by the cli.
    if (!trusted.established || identity.kind === "administrator") return [];
    const shrinks = await onlyShrinks(change);
    return own
      .filter(
        ({ path, after }) =>
          !(shrinks && path === BASELINE_PATH) &&
          (isLaw(trusted.policy, path) ||
            foldPath(path) === ".wingman" ||
            ((after?.mode === "120000" || after?.mode === "160000") &&
              standsForLaw(trusted.policy, path))),
      )
      .map(
        ({ path, after }): Finding => ({
          code: "law/protected",
          severity: "block",
          always: true,
          message: `${quotePath(path)} is law and is ${after === undefined ? "removed" : "changed"} here; only an administrator can land that`,
          path,
          why: "who may do what is not decided by the change that it judges",
          help: `an administrator lands it, proven by a signature or by the server's login: ${trusted.policy.administrators.join(", ")}`,
          ...(ref === undefined ? {} : { ref: ref.name }),
        }),
      );
  },
};

/**
 * True where the baseline only gets shorter than the trusted side's: fewer findings pass and more
 * commits are judged, which anybody may bring about (TRUST.md §5).
 */
async function onlyShrinks(change: Change): Promise<boolean> {
  const moved = change.own.find(({ path }) => path === BASELINE_PATH);
  if (moved === undefined) return false;
  if (moved.after === undefined) return true;
  const bytes = await readSmall(change.after, moved.after);
  const after = bytes === undefined ? undefined : parseBaseline(bytes);
  if (moved.after.mode !== "100644" || after?.ok !== true) return false;
  const before = await trustedBaseline(change.trusted);
  const tips = new Set(before.tips);
  // Whole entries are compared: a later day or another reason is a new entry.
  const entries = new Set(before.findings.map((one) => JSON.stringify(entryOf(one))));
  return (
    after.value.tips.every((tip) => tips.has(tip)) &&
    after.value.findings.every((one) => entries.has(JSON.stringify(entryOf(one))))
  );
}

function entryOf(entry: BaselineFinding): readonly string[] {
  const { fingerprint, code, path, owner, reason, expires } = entry;
  return [fingerprint, code, path, owner, reason, expires];
}

/** A worker's own instruction is a proposal until a person has landed it (TRUST.md §3). */
export const instructionLander: Rule = {
  codes: ["law/instruction"],
  title: "instructions land by a person",
  scopes: ["landing"],
  needs: ["pusher"],
  judge: ({ trusted, identity, own, ref }) => {
    const kind = effectiveKind(trusted.policy, identity);
    if (!trusted.established || (kind !== "worker" && kind !== "bot")) return [];
    return own
      .filter(({ path }) => foldPath(path).startsWith(`${INSTRUCTIONS_DIR}/`))
      .map(
        ({ path, after }): Finding => ({
          code: "law/instruction",
          severity: "block",
          message: `${quotePath(path)} is ${after === undefined ? "removed" : "landed"} by a ${kind}; what a worker may do is for a person to say`,
          path,
          why: "a worker that lands its own instruction gives itself any boundaries it likes",
          help: "push it to another branch and ask a person to merge it",
          ...(ref === undefined ? {} : { ref: ref.name }),
        }),
      );
  },
};

export const policyRevision: Rule = {
  codes: ["policy/revision", "policy/removed"],
  title: "the policy stays, and its revision grows with every change",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    const moved = change.own.find(({ path }) => path === POLICY_PATH);
    if (moved === undefined) return [];
    if (moved.after === undefined) {
      if (!change.trusted.established || change.ref?.after === undefined) return [];
      return [
        finding(change, "policy/removed", "the policy is removed", {
          why: "once there was a policy, its absence is a fault: nothing could be judged",
          help: "to loosen it, change it; to stop using Wingman, uninstall its hooks",
        }),
      ];
    }
    const after = await policyAt(change, "after");
    // An unreadable new one is `policy/invalid`, the rule about formats says so.
    if (after === undefined) return [];
    const before = (await policyAt(change, "before")) ?? change.trusted.policy;
    const least = before.revision;
    if (after.revision > least) return [];
    return [
      finding(
        change,
        "policy/revision",
        `the policy changes, but its revision is ${after.revision} and was ${least}`,
        {
          why: "records name the policy by its revision; an old one must not come back under a new look",
          help: `revision: ${least + 1}`,
        },
      ),
    ];
  },
};

async function policyAt(change: Change, side: "before" | "after"): Promise<Policy | undefined> {
  const entry = await change[side].entry(POLICY_PATH);
  if (entry === undefined) return undefined;
  const bytes = await readSmall(change[side], entry);
  const parsed = bytes === undefined ? undefined : parsePolicy(bytes);
  return parsed?.ok === true ? parsed.value.policy : undefined;
}

function finding(
  { ref }: Change,
  code: string,
  message: string,
  more: { why: string; help: string },
): Finding {
  return {
    code,
    severity: "block",
    always: true,
    message,
    path: POLICY_PATH,
    line: 1,
    ...more,
    ...(ref === undefined ? {} : { ref: ref.name }),
  };
}
