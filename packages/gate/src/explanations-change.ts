/** Explanations of what is asked of every change: secrets, identity, law, refs, hostile content. */
import type { Explanation } from "./explanations.ts";

export const CHANGE_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "secrets/found": {
    title: "No secret comes in",
    why: "what is pushed stays in history and in every clone; taking it out later does not take it back",
    good: "const key = process.env.STRIPE_KEY",
    bad: "the key itself in a file, a file's name, a message, a tag or a branch's name",
  },
  "secrets/suspected": {
    title: "This looks like a secret",
    why: "it has the shape of one, but may be an example or an id",
    good: 'password: "${DB_PASSWORD}"',
    bad: "a password written into a connection string",
  },
  "identity/bad-signature": {
    title: "A signature holds, or is not there",
    why: "one that does not hold was made over something else, by someone else, or twice",
    good: "git commit -S with a key of .wingman/allowed_signers",
    bad: "a commit changed after it was signed",
  },
  "identity/unattributed": {
    title: "Somebody known made it",
    why: "the policy says identity.unattributed: refused",
    good: "a signed commit, or a push by somebody whom the server authenticated",
    bad: "an unsigned commit in an anonymous push",
  },
  "identity/agent-mark": {
    title: "An agent's work names its run",
    why: "a message that names a model as author, without a run, is work that nobody ordered or claimed",
    good: "Wingman-Run: claude-code/alice/20261122-090001-k3f9",
    bad: "Co-authored-by: (a model) and no run",
  },
  "law/protected": {
    title: "Law lands only by an administrator",
    why: "who may do what is not decided by the change that it judges",
    good: "an administrator merges the change to .wingman/policy.yaml",
    bad: "a worker's push to main that adds itself to `administrators`",
  },
  "policy/invalid": {
    title: "The policy can be read",
    why: "a broken one that landed would stop every later change",
    good: "revision: 5",
    bad: "revison: 5",
  },
  "policy/revision": {
    title: "The policy's revision grows with every change",
    why: "records name the policy by it; an old one must not come back under a new look",
    good: "revision: 5 after revision: 4",
    bad: "a changed policy that still says revision: 4",
  },
  "policy/removed": {
    title: "The policy stays",
    why: "once there was one, its absence is a fault: nothing could be judged",
    good: "loosening it, line by line, by an administrator",
    bad: "git rm .wingman/policy.yaml",
  },
  "signers/invalid": {
    title: "The signers file can be read",
    why: "a key that is not read is a person who cannot prove anything",
    good: 'mark@acme.example namespaces="git" ssh-ed25519 AAAA…',
    bad: "a line without a key",
  },
  "baseline/invalid": {
    title: "The baseline can be read",
    why: "it says which old findings are known",
    good: '{"v":1,"tips":[],"findings":[]}',
    bad: "a finding without an owner or an expiry",
  },
  "approval/invalid": {
    title: "An approval can be read",
    why: "it carries a signature over its fields; a broken one approves nothing",
    good: "what wingman approve writes",
    bad: "an approval without `expires`",
  },
  "order/invalid": {
    title: "An order can be read",
    why: "the auditor appends it once, word for word",
    good: "what wingman unlock writes",
    bad: "an order without `nonce`",
  },
  "refs/deleted": {
    title: "A governed branch is not deleted",
    why: "its history is the record of what was let in",
    good: "taking it out of `governed` first, by an administrator",
    bad: "git push origin :main",
  },
  "refs/forced": {
    title: "A governed branch only moves forward",
    why: "a force push takes back what was judged and recorded",
    good: "git revert, then push",
    bad: "git reset and a push with force",
  },
  "refs/ledger": {
    title: "The ledger's branch is the auditor's",
    why: "the record of what happened must not be writable by those it speaks of",
    good: "an order as a file under .wingman/orders/",
    bad: "a push to wingman-ledger, Wingman-Ledger or wingman-ledger/x",
  },
  "refs/look-alike": {
    title: "No branch looks like a governed one",
    why: "on a disk that folds case both are one file, and one would move the other",
    good: "main-next",
    bad: "Main beside main",
  },
  "hostile/object": {
    title: "Objects are as git makes them",
    why: "readers disagree on doubled or unsorted entries, so nobody can judge what stands there",
    good: "a commit made by git; receive.fsckObjects=true on a server",
    bad: "a tree with two entries of one name",
  },
  "hostile/replace": {
    title: "No replaced objects",
    why: "a check that reads the replacement sees a clean file where everyone else gets the real one",
    good: "no refs/replace/* on a server",
    bad: "git push origin 'refs/replace/*'",
  },
  "hostile/git-path": {
    title: "No name means .git",
    why: "a checkout would write into git's own folder: configuration and hooks that run",
    good: "docs/git.md",
    bad: ".GIT/config, git~1/hooks/post-checkout",
  },
  "hostile/long-path": {
    title: "Paths fit on disks",
    why: "a checkout that fails half-way leaves a tree that nobody judged",
    good: "at most 255 bytes a name",
    bad: "a name of 300 letters",
  },
  "hostile/link": {
    title: "Links do not lead into .git, and files of .wingman are files",
    why: "a link shows other bytes than those that were judged",
    good: "the file itself",
    bad: ".wingman/policy.yaml -> ../elsewhere.yaml",
  },
  "hostile/submodule": {
    title: "Lines of .gitmodules are plain",
    why: "a URL or path that begins with a dash is an option of some command (CVE-2018-17456)",
    good: "url = https://git.example/lib.git",
    bad: "a url that begins with a dash, an update that begins with !",
  },
  "hostile/collision": {
    title: "No two names are one on some disk",
    why: "one would hide the other in a clone, so what was judged is not what is read",
    good: "README.md and docs/readme.md",
    bad: "README.md and readme.md",
  },
};
