/**
 * What the codes mean that no rule of the gate emits: faults, and the auditor's and the parsers'
 * findings. `wingman explain` reads it; a test holds it against every code in the sources.
 */
export const CODES: Readonly<Record<string, string>> = {
  "approval/administrator": "only an administrator of the policy approves an instruction.",
  "approval/expires":
    "an approval lasts as long as the policy's approvals.expires says, or shorter: --expires 7d.",
  "approval/key":
    "an approval is signed with a key that allowed_signers lists for the administrator, for wingman-approval.",
  "approval/own":
    "who wrote an instruction does not approve it as well, where another administrator can.",
  "approval/reason": "an approval says why: --reason.",
  "audit/drift":
    "what was TRUE where its run was closed no longer holds at the branch's head; it accuses nobody.",
  "audit/events":
    "the event file is no JSON, no facts of a forge, or a committed file: whoever committed it wrote it.",
  "audit/part":
    "a part is taken only for the same runs, commits, policy and version, whole, unchanged, and never from a committed file or a link: audit --all --part /tmp/audit.jsonl.",
  "audit/incomplete":
    "the run's first commit lies beyond what this clone holds; fetch more history (git fetch --unshallow).",
  "audit/no-claims":
    "a closed run changed files and claims nothing. A run says what it did, so that it can be checked.",
  "audit/unclaimed":
    "the run changed a path that none of its claims covers. It is no lie; it is the first thing to look at. The policy's audit.unclaimed says whether it blocks.",
  "audit/undelivered":
    "a deliverable, criterion or metric that the instruction itself claims is not so: the run is incomplete, and nobody a liar.",
  "baseline/unused":
    "an entry of the baseline lists a finding that is nowhere at HEAD any more. It would let the same mistake pass again: wingman baseline prune takes it out.",
  "baseline/unreadable":
    "the baseline on the trusted side cannot be read; an administrator restores it.",
  "ci/event":
    "the command runs in a GitHub workflow and acts on its event; this is none that it can act on.",
  "claim/malformed": "the claim could never be judged as written, so it is not recorded.",
  "claim/unknown": "the run has no such claim to take back.",
  "claims/append": "the claims file is not sound, so nothing is written behind its end.",
  "demo/failed": "a step of the demo did not go as it should; the table names it.",
  "doctor/no-canary":
    "no canary could be made that this build's scanner finds, so nothing can be proven by one.",
  "format/json": "a line is no JSON document.",
  "format/path": "the file does not stand where files of its kind stand.",
  "format/signers":
    "a line of allowed_signers does not follow ssh-keygen's ALLOWED SIGNERS format.",
  "gate/no-rules": "a gate without rules is not green.",
  "gate/rule-crashed": "a rule broke on this change; nothing passes because of that.",
  "git/bad-path": "a path that git could not write back out the same.",
  "git/bad-person": "a name or address that cannot stand in a commit.",
  "git/bad-remote":
    "a remote must be a remote's name, a path or a URL; helpers that run commands are refused.",
  "git/bad-revision": "the text is no revision, or could be taken for an option.",
  "git/bare": "the command needs a work tree; this repository is bare.",
  "git/disk-full": "the disk is full. Nothing was half written; make room and run it again.",
  "git/diverged":
    "two histories of one branch went apart; nothing is written before somebody has looked.",
  "git/dubious-ownership":
    "the repository belongs to another account; git config --global --add safe.directory PATH says that you trust it.",
  "git/failed": "git itself failed; its own words follow.",
  "git/hostile-commit": "a commit or tag object is malformed in a way that no honest git writes.",
  "git/hostile-tag": "a tag object is malformed in a way that no honest git writes.",
  "git/hostile-tree": "a tree object breaks git's own rules (order, duplicates, names).",
  "git/hostile-object":
    "what was fetched holds an object that git's own checks refuse (git fsck). On a branch that nobody needs it is left out, and told.",
  "git/index-unreadable": "the index cannot be read as a tree.",
  "git/locked":
    "another process holds git's lock, or left it behind. If none runs, remove the .lock file that is named.",
  "git/lost-race": "the branch kept moving while it was written; run it again.",
  "git/missing-object":
    "an object that must be read is not in this repository; fetch more history.",
  "git/namespace": "a namespace's branches are other ones on disk, so no policy governs them.",
  "git/no-repository": "no repository was found here.",
  "git/no-tree": "the id names nothing that has a tree.",
  "git/not-a-commit": "the id names no commit.",
  "git/not-authorised": "the remote did not accept who you are.",
  "git/not-fast-forward": "the new commit does not build on what stands there.",
  "git/not-installed": "git is not on PATH.",
  "git/not-writable": "the repository cannot be written to; see its owner and mode.",
  "git/object-too-large": "an object is larger than is ever read at once (256 MiB).",
  "git/porcelain": "git failed in a command for people; its own words follow.",
  "git/push-lines": "the hook was not given the lines that git writes; run wingman init again.",
  "git/push-refused": "the remote's own rules refused the push.",
  "git/reader-died": "git's object reader ended in mid-answer; nothing was taken for empty.",
  "git/shallow": "the clone is cut off where the answer lies: git fetch --unshallow.",
  "git/too-old": "this git lacks merge-tree --write-tree (2.38 or newer is needed).",
  "git/unborn": "HEAD names a branch without a commit.",
  "git/unmerged": "the index has conflicts; resolve and git add them.",
  "git/unreachable": "the remote cannot be reached.",
  "init/admin-key":
    "the pinned administrator's key cannot be read, or another key landed the policy.",
  "init/chained": "an earlier hook was set aside already, and another stands in its place.",
  "init/damaged-program":
    "the installed program is not what its manifest says; build it and run init again.",
  "init/disk": "the program could not be copied into the git directory.",
  "init/hooks-path":
    "core.hooksPath points to a folder outside this repository, which others share; the message says what to do.",
  "init/link": "a file that init would write is a symbolic link.",
  "init/no-admin": "it is not known who administrates this repository: --admin.",
  "init/no-answer": "nobody is here to agree to the plan: --yes.",
  "init/no-build": "the program's folder is not whole: run pnpm build.",
  "init/origin": "it is not known what this repository is called: --origin owner/name.",
  "init/other-account": "the server's repository belongs to another account; run init as that one.",
  "init/policy": "the policy that stands here cannot be read.",
  "init/policy-branch": "it is not known which branch holds the policy: --policy-branch.",
  "init/pusher":
    "the name is no environment variable, or one that whoever pushes can set: --pusher WINGMAN_PUSHER.",
  "init/race": "two inits ran at once; run it again.",
  "init/read-only": "the git directory cannot be written to.",
  "json/not-canonical": "the line is not written as RFC 8785 writes it; let Wingman write it.",
  "ledger/append":
    "the ledger branch could not be written; the verdicts are found again on the next run.",
  "ledger/bad-key": "the auditor's key is no Ed25519 key in PEM; restore it from its backup.",
  "ledger/bad-origin": "the policy's origin cannot name a ledger.",
  "ledger/bad-record": "a record does not fit its kind.",
  "ledger/broken": "the ledger does not verify; wingman ledger verify names the first bad line.",
  "ledger/foreign-key": "the ledger was begun with another auditor's key.",
  "ledger/genesis": "a ledger begins with one genesis record, when the first policy stands.",
  "ledger/no-key": "only the auditor's key appends, and it is not readable here.",
  "ledger/none": "there is no ledger in this repository or its remote-tracking branches.",
  "ledger/own-checkpoint": "the server's own memory of the ledger is unreadable.",
  "ledger/remote":
    "it must be known whose ledger a clone of the auditor appends to: git config wingman.remote.",
  "ledger/rolled-back":
    "the ledger lacks records that this server has seen: somebody cut or replaced it.",
  "ledger/too-long": "a record would be longer than 64 KiB.",
  "ledger/unknown-critical":
    "a record says that whoever does not know its kind must stop; use a newer Wingman.",
  "order/administrator": "orders are given by administrators only.",
  "order/no-base": "there is no commit to put the order on; fetch the policy branch first.",
  "order/not-locked":
    "the worker is not locked, as far as this clone's ledger knows; git fetch first.",
  "order/reason": "an order stands in the ledger for good, with its reason.",
  "order/refused": "the order's proof, nonce or subject does not hold.",
  "order/subject": "the order names no worker or incident that exists.",
  "policy/bot": "a bot needs logins or principals, and paths.",
  "policy/branch": "a pattern of governed branches cannot match any branch.",
  "policy/duration": "a duration is a number and a unit, as 30d or 120s.",
  "policy/glob": "a pattern follows gitignore's syntax without negation.",
  "policy/no-branch": "it is not known which branch holds the policy.",
  "policy/none-readable": "no commit of the policy branch has a policy that can be read.",
  "policy/shared-name":
    "one principal or login stands under two workers; nobody could tell them apart.",
  "policy/unpinned":
    "this server has a pinned administrator's key, and the first policy is not signed with it.",
  "policy/unreadable":
    "the policy on the trusted side cannot be read; nothing is judged by half of it.",
  "policy/worker": "a worker's id is harness/name in lower case.",
  "pusher/variable":
    "wingman.pusher must name a variable that the server itself sets; clients fill GIT_*, HTTP_*, LANG and LC_*.",
  "run/broken-file":
    "the claims file is cut, edited or has CR line ends; its chain is over its bytes.",
  "run/busy": "another process writes claims in this worktree; of two at once one would be lost.",
  "run/name": "a run's name is harness/worker/YYYYMMDD-HHMMSS-xxxx.",
  "run/no-file": "the open run's claims file is not on this branch.",
  "run/not-open": "no run is open in this worktree.",
  "ssh/key": "the key file is no unencrypted OpenSSH Ed25519 key.",
  "ssh/sign": "ssh-keygen could not sign; load the key into an agent, or give an unencrypted one.",
  "system/disk-broken": "the disk failed to read or write.",
  "system/disk-full": "there is no room left on a disk; nothing was half written.",
  "system/exhausted": "the machine ran out of files, processes or memory.",
  "system/no-file": "a file that was named, or must be there, is not.",
  "system/not-allowed": "this account may not read or write there.",
  "system/wrong-kind": "a file stands where a folder must be, or the other way round.",
  "usage/action": "the command has no such action.",
  "usage/arguments": "the command line does not fit the command; --help shows how.",
  "usage/code": "no rule, claim type, reason or fault has that code.",
  "usage/commit": "the text names no commit here.",
  "usage/condition": "a condition is key=value.",
  "usage/environment": "an environment is dev, test or prd.",
  "usage/exists": "the file exists already, and nothing is overwritten.",
  "usage/export": "the file was not written by ledger export, or is cut.",
  "usage/fix":
    "check --fix mends only what has one right answer, in files that you name: line ends, a byte order mark, the final newline, blanks at line ends, an id that is not the file's name, keys that are nearly one of ours, and their order. It changes an instruction's digest: an approval of it is void then.",
  "usage/from":
    "new --from reads one Markdown or YAML file of at most 1 MiB; its text stays, and points that it lacks are marked REQUIRED.",
  "usage/format": "there is no such output format.",
  "usage/hook": "the program was called as a hook that it does not know.",
  "usage/interval": "the interval is a number of seconds.",
  "usage/option": "an option has an empty or broken value.",
  "usage/path": "the path is no file of this repository.",
  "usage/range": "a range is A..B, and both must be here.",
  "usage/reason": "what stays against a rule says why.",
  "usage/scan": "a scan of secrets was asked for two things at once, or for none that exists.",
  "usage/ssh-sign": "ssh-sign takes the place of ssh-keygen -Y sign, and does nothing else.",
  "usage/title": "an instruction has a title of one line.",
  "usage/too-large": "the file is larger than is read.",
  "watch/outbox-full": "the watcher could not write its outbox, so it sent nothing.",
};
