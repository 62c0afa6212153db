/**
 * Who acts: a broken signature is refused, so is nobody where the policy wants somebody; a commit
 * that an agent signed off as its work without a run is told or refused (TRUST.md §1).
 */
import type { Change, Finding } from "@wingman/model";
import { agentMarks, effectiveKind, visible } from "@wingman/model";
import type { Rule } from "../rule.ts";

export const signature: Rule = {
  codes: ["identity/bad-signature"],
  title: "no broken signature",
  scopes: ["commit"],
  needs: ["signature"],
  judge: ({ signature: shown, commit }) => {
    if (shown?.state !== "bad") return [];
    return [
      {
        code: "identity/bad-signature",
        severity: "block",
        message: `the commit's signature is broken: ${visible(shown.why)}`,
        why: "a signature that does not hold was made over something else, or by someone else",
        help: "sign it again: git commit --amend --no-edit -S",
        ...(commit === undefined ? {} : { commit }),
      },
    ];
  },
};

export const unattributed: Rule = {
  codes: ["identity/unattributed"],
  title: "somebody known made it, where the policy asks for that",
  scopes: ["commit", "landing"],
  // A clone cannot know the pusher, who vouches for unsigned commits.
  needs: ["pusher"],
  judge: ({ trusted, identity, signature: shown, commit }) => {
    const policy = trusted.policy.identity.unattributed;
    // A trailer proves nothing: it cannot make a worker of somebody whom the policy refuses.
    const nobody = policy === "refused" && !identity.anyProof;
    if (!nobody && effectiveKind(trusted.policy, identity) !== "refused") return [];
    return [
      {
        code: "identity/unattributed",
        severity: "block",
        message: `neither a signature nor the pusher says who made this${shown?.state === "unknown" ? ` (its signature: ${visible(shown.why)})` : ""}`,
        why: "the policy says identity.unattributed: refused",
        help: "sign your commits with a key of .wingman/allowed_signers: git config gpg.format ssh, git config commit.gpgsign true",
        ...(commit === undefined ? {} : { commit }),
      },
    ];
  },
};

export const agentMark: Rule = {
  codes: ["identity/agent-mark"],
  title: "an agent's work names its run",
  scopes: ["commit"],
  needs: ["message"],
  judge: (change) => {
    const { message, author, identity, trusted, commit } = change;
    if (message === undefined || identity.kind === "worker" || identity.kind === "bot") return [];
    return agentMarks(message, author).map(
      (mark): Finding => ({
        code: "identity/agent-mark",
        severity: weightOf(change),
        message: `the message names an agent (${visible(String(mark)).slice(0, 100)}) but no run`,
        why:
          trusted.policy.identity.unattributed === "person"
            ? "work of an agent belongs to a run; a person may still answer for it"
            : "work of an agent belongs to a run",
        help: "start a run (wingman start INS-0007) and let the hook write its trailer, or take the mark out",
        ...(commit === undefined ? {} : { commit }),
      }),
    );
  },
};

function weightOf({ trusted }: Change): Finding["severity"] {
  return trusted.policy.identity.unattributed === "person" ? "warn" : "block";
}
