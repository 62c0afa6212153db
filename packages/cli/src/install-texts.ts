/** The files that init writes into `.wingman/`, as text: they explain themselves to who edits them next. */

/** Every file of `.wingman/` is bytes: the claims' chain is over blobs, and a filter would break it. */
export const ATTRIBUTES_TEXT = "* -text -merge -filter -ident -working-tree-encoding\n";

/** `.wingman/policy.yaml` with what init derived. Strings are written as JSON, which is YAML. */
export function policyText(policy: {
  readonly origin: string;
  readonly policyBranch: string;
  readonly administrators: readonly string[];
}): string {
  const text = (value: unknown): string => JSON.stringify(value);
  return `# yaml-language-server: $schema=schema/policy.schema.json
# Who may do what in this repository. Only an administrator lands changes of this file, and every
# change is judged by the policy as it stood before. Raise revision with each change.
v: 1
revision: 1
# This repository's name. It stands inside every signature, so it is the same in every clone.
origin: ${text(policy.origin)}
# Branches on which work lands, besides the policy branch itself.
governed: [${text(policy.policyBranch)}]
# warn prints findings and lets them pass; law and the ledger are enforced in either mode.
mode: enforce
identity:
  # Who a commit without any proof belongs to: person, worker or refused. While it is person, the
  # rules about workers are an honour system; the rules about content are not.
  unattributed: person
  # What a FALSE claim without any proof of its author does: incident or lock.
  unproven: incident
# Principals of allowed_signers, or logins that the server authenticates.
administrators: ${text(policy.administrators)}
# Empty: whoever the signers file or the forge names.
people: []
# workers:
#   claude-code/alice: {principals: [alice-bot@acme.example], logins: [alice-bot]}
workers: {}
# The only commands that a claim or a test_process can name.
# commands:
#   unit: {run: [node, --test], timeout: 120s, results: {format: tap}}
commands: {}
`;
}

/** `.wingman/allowed_signers`, with the administrator's key where there is one. */
export function signersText(administrator: string, publicKey: string | undefined): string {
  const head = `# Whose SSH signatures count here, in the format of ssh-keygen(1), ALLOWED SIGNERS:
#   principal namespaces="git,wingman-approval,wingman-order" ssh-ed25519 AAAA…
# Removing a line revokes its key from then on; what it signed before keeps its push record.
`;
  if (publicKey !== undefined)
    return `${head}${administrator} namespaces="git,wingman-approval,wingman-order" ${publicKey}\n`;
  return `${head}# No SSH signing key was found for ${administrator.replace(/[^\x20-\x7e]/g, "?")}. To have one:
#   ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519_git
#   git config gpg.format ssh && git config user.signingkey ~/.ssh/id_ed25519_git.pub
#   git config commit.gpgsign true
`;
}
