/**
 * What init does in a bare repository: the auditor's key, the server's hooks and settings, and the
 * ledger's first record where a policy stands already. It never replaces a key.
 */
import { join } from "node:path";
import { configGet, type Repo, resolve } from "@wingman/git";
import { auditorKeyOf } from "@wingman/ledger";
import { fault } from "@wingman/model";
import { adminKey, type Decisions, type InitFlags } from "./install-decide.ts";
import { exists, refuseOtherAccount } from "./install-facts.ts";
import { type PlanRequest, sharedInput, type Words } from "./install-input.ts";
import { refuseUnpinned } from "./install-pin.ts";
import type { Io } from "./io.ts";
import { appendToLedger, genesisDue, LEDGER_BRANCH, LEDGER_REF } from "./ledger-branch.ts";
import { auditorKey, openPlace } from "./place.ts";
import { isClientsOwn } from "./pusher.ts";
import { adoptionDrafts } from "./record.ts";

/** What init does in a bare repository. Throws `init/…` where it cannot know or may not act. */
export async function serverInput(
  repo: Repo,
  flags: InitFlags,
  decisions: Decisions,
  io: Io,
): Promise<PlanRequest> {
  await refuseOtherAccount(repo.commonDir);
  const { input, setting } = await sharedInput(repo, decisions, io);
  const pinned = await adminKey(flags.adminKey, io.cwd);
  if (
    pinned !== undefined &&
    decisions.policy !== undefined &&
    (await resolve(repo, LEDGER_REF)) === undefined
  )
    await refuseUnpinned(repo, { branch: decisions.policyBranch, key: pinned, now: io.now() });
  const before = (await configGet(repo, "wingman.pusher")) || undefined;
  const pusher = flags.pusher ?? before ?? "WINGMAN_PUSHER";
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(pusher))
    fault(`${JSON.stringify(pusher)} is no name of an environment variable`, {
      code: "init/pusher",
      hint: "as --pusher WINGMAN_PUSHER, GL_USERNAME, GITEA_PUSHER_NAME or REMOTE_USER",
    });
  if (isClientsOwn(pusher))
    fault(`whoever pushes can set ${pusher} to any name`, {
      code: "init/pusher",
      hint: "name a variable that the server itself sets: WINGMAN_PUSHER, GL_USERNAME, GITEA_PUSHER_NAME, GITHUB_USER_LOGIN or REMOTE_USER",
    });
  const config = [
    ...input.config,
    await setting("wingman.origin", decisions.origin),
    await setting("wingman.pusher", pusher),
    await setting("receive.fsckObjects", "true"),
    ...(await Promise.all(OLD_FLAWS.map((flaw) => setting(`receive.fsck.${flaw}`, "ignore")))),
    ...(pinned === undefined ? [] : [await setting("wingman.adminKey", pinned)]),
  ];
  const keyPath = join(repo.commonDir, "wingman", "auditor.key");
  const key = { path: keyPath, exists: await exists(keyPath) };
  if (!key.exists) await refuseOtherLedger(repo);
  return {
    input: { ...input, config, key, edits: [], files: [], head: await headDue(repo, decisions) },
    words: await serverWords(repo, flags, decisions, pusher, pinned),
  };
}

/**
 * Flaws of old tools that stand in the history of well-known projects (pallets/flask, psf/requests)
 * and hide nothing: their modes, names and dates read the same to everybody, our own readers included.
 */
const OLD_FLAWS = ["zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeEmail"];

/** A new key would begin nothing: the ledger that stands here goes on with its own key only. */
async function refuseOtherLedger(repo: Repo): Promise<void> {
  if ((await resolve(repo, LEDGER_REF)) === undefined) return;
  fault("a ledger stands here already, and its auditor's key does not", {
    code: "ledger/no-key",
    hint: `restore wingman/auditor.key in the git directory from its backup; a fork begins its own: git branch -m ${LEDGER_BRANCH} ledger-of-the-original`,
  });
}

/** HEAD, where it names a branch that does not exist and is not the policy branch: clones check it out. */
async function headDue(repo: Repo, decisions: Decisions): Promise<string | undefined> {
  const { stdout, code } = await repo.run(["symbolic-ref", "-q", "HEAD"], { okCodes: [0, 1] });
  const name = stdout.toString("utf8").trim();
  if (code !== 0 || name === `refs/heads/${decisions.policyBranch}`) return undefined;
  const { code: born } = await repo.run(["show-ref", "--verify", "--quiet", name], {
    okCodes: [0, 1],
  });
  return born === 0 ? undefined : decisions.policyBranch;
}

async function serverWords(
  repo: Repo,
  flags: InitFlags,
  decisions: Decisions,
  pusher: string,
  pinned: string | undefined,
): Promise<Words> {
  const shared = await configGet(repo, "core.sharedRepository");
  const established = decisions.policy !== undefined;
  const pin = pinned ?? ((await configGet(repo, "wingman.adminKey")) || undefined);
  const notes = [
    `this repository is called ${decisions.origin}; the policy branch is ${decisions.policyBranch}; the pusher is read from ${pusher}`,
    "this is an authority only behind git-shell, a forced command or a forge, under an account that is nobody's own. With a path remote, a shell account or a shared repository, whoever pushes chooses the program and can read the key: then it is a courtesy",
    ...(shared && !/^(false|umask|0)$/.test(shared)
      ? [`core.sharedRepository is ${shared}: other accounts write here, so this is a courtesy`]
      : []),
    ...(established || pin !== undefined
      ? []
      : [
          "the first policy is trusted on first use, whoever pushes it; --admin-key FILE pins who may sign it",
        ]),
    ...(flags.admins.length === 0
      ? []
      : [
          "--admin is left out here: the policy, which a clone's init writes, names the administrators",
        ]),
  ];
  const next = established
    ? [
        "Next: keep a copy of wingman/auditor.key of this git directory where no worker can read it.",
      ]
    : [
        "Next: keep a copy of wingman/auditor.key of this git directory where no worker can read it.",
        `In a clone: wingman init, commit .wingman, and push ${decisions.policyBranch}.`,
      ];
  return { notes, next };
}

/** The genesis record, where the policy branch has a policy and the ledger nothing yet. */
export async function beginLedger(io: Io): Promise<void> {
  const place = await openPlace(io, { surface: "server" });
  try {
    const key = await auditorKey(place, undefined);
    const begun = await appendToLedger(
      place.repo,
      { key, now: io.now(), message: "Begin the ledger", folder: place.folder },
      async (ledger) => {
        const genesis = genesisDue(ledger, place.trusted, auditorKeyOf(key).publicKey);
        return genesis.length === 0
          ? []
          : [...genesis, ...(await adoptionDrafts(place, place.trusted))];
      },
    );
    if (begun !== undefined) io.out("  done: begin the ledger: the policy branch has a policy\n");
  } finally {
    await place.repo.close();
  }
}
