/**
 * What init does in a clone: hooks, husky's files, and the first `.wingman/` where there is no policy
 * yet. It writes through no link and over no file.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repo } from "@wingman/git";
import {
  fault,
  type Parsed,
  POLICY_PATH,
  parseAllowedSigners,
  parsePolicy,
  SIGNERS_PATH,
} from "@wingman/model";
import { committedHooks } from "./install-committed.ts";
import { type Decisions, decideAdmins, type InitFlags, signingKey } from "./install-decide.ts";
import { exists, neighbours, refuseLinks } from "./install-facts.ts";
import { type PlanRequest, sharedInput } from "./install-input.ts";
import type { EditedFile, NewFile } from "./install-plan.ts";
import { hookRewriters } from "./install-rewriters.ts";
import { ATTRIBUTES_TEXT, policyText, signersText } from "./install-texts.ts";
import type { Io } from "./io.ts";

/** What init does in a clone. Throws `init/…` where it cannot know or may not write. */
export async function cloneInput(
  repo: Repo,
  flags: InitFlags,
  decisions: Decisions,
  io: Io,
): Promise<PlanRequest> {
  const workTree = repo.workTree ?? repo.cwd;
  await refuseLinks(workTree, [".wingman", ".wingman/schema"]);
  const rewriters = await hookRewriters(workTree);
  const { folders, input } = await sharedInput(repo, decisions, io, rewriters);
  const files =
    decisions.policy === undefined
      ? await newFiles(repo, workTree, flags, decisions, io)
      : undefined;
  const committed = await committedHooks(repo, folders.committed);
  const edits = [...committed.edits, ...rewriters.flatMap((one) => one.edits)];
  const refused = [
    ...(flags.adminKey === undefined ? [] : ["--admin-key"]),
    ...(flags.pusher === undefined ? [] : ["--pusher"]),
  ];
  const notes = [
    ...(files?.notes ?? [
      `the policy on ${decisions.policyBranch} stands; nothing in .wingman is written`,
    ]),
    ...committed.notes,
    ...rewriters.flatMap((one) => one.notes),
    ...(await neighbours(workTree)),
    ...(refused.length === 0
      ? []
      : [
          `${refused.join(" and ")} mean something in a bare repository only, and are left out here`,
        ]),
    "hooks of a clone are a courtesy to an honest worker; the server's pre-receive hook or a required check is what refuses",
  ];
  const changed = edits.filter((edit) => edit.text !== undefined);
  const paths = [".wingman", ...folderOf(committed.edits), ...rewriters.flatMap(changedOf)].join(
    " ",
  );
  const due = files?.files.some((file) => !file.exists) || changed.length > 0;
  const next = due
    ? [
        "Next: read .wingman/policy.yaml, and land it. The first policy is trusted on first use:",
        `  git add ${paths} && git commit -m "Adopt Wingman"`,
        ...rewriters.flatMap((one) => one.next),
      ]
    : ["Next:", '  wingman new "what shall be done"'];
  return {
    input: { ...input, edits, files: files?.files ?? [], head: undefined, key: undefined },
    words: { notes, next },
  };
}

function changedOf(manager: { readonly edits: readonly EditedFile[] }): string[] {
  return manager.edits.filter((edit) => edit.text !== undefined).map((edit) => edit.shown);
}

/** The folder of committed hooks, where one of them changes. */
function folderOf(edits: readonly EditedFile[]): string[] {
  const [changed] = changedOf({ edits });
  return changed === undefined ? [] : [changed.slice(0, changed.lastIndexOf("/"))];
}

/** The files of `.wingman/` for a repository without a policy. Those that stand are kept as they are. */
async function newFiles(
  repo: Repo,
  workTree: string,
  flags: InitFlags,
  decisions: Decisions,
  io: Io,
): Promise<{ files: NewFile[]; notes: string[] }> {
  const place = async (shown: string, text: string): Promise<NewFile> => {
    const path = join(workTree, shown);
    return { shown, path, text, exists: await exists(path) };
  };
  const drafted = await exists(join(workTree, POLICY_PATH));
  const signers = await exists(join(workTree, SIGNERS_PATH));
  // With both files there nobody needs to be known, and nothing of ours would say whom they name.
  const admins = drafted && signers ? [] : await decideAdmins(repo, flags, io);
  const signing = await signingKey(repo, io.env["HOME"]);
  const policy = policyText({ ...decisions, administrators: admins });
  const listed = signersText(admins[0] ?? "", "key" in signing ? signing.key : undefined);
  if (!drafted) refuseProblems(parsePolicy(Buffer.from(policy)));
  if (!signers) refuseProblems(parseAllowedSigners(Buffer.from(listed)));
  const files = [
    await place(POLICY_PATH, policy),
    await place(SIGNERS_PATH, listed),
    await place(".wingman/.gitattributes", ATTRIBUTES_TEXT),
  ];
  const schemas = join(io.programDir, "schemas");
  for (const name of (await readdir(schemas)).sort())
    files.push(await place(`.wingman/schema/${name}`, await readFile(join(schemas, name), "utf8")));
  return { files, notes: notesOf(decisions, { drafted, signers, admins, signing }) };
}

function notesOf(
  decisions: Decisions,
  found: {
    readonly drafted: boolean;
    readonly signers: boolean;
    readonly admins: readonly string[];
    readonly signing: { readonly key: string } | { readonly none: string };
  },
): string[] {
  const { drafted, signers, admins, signing } = found;
  const unborn = decisions.born
    ? ""
    : " (NO COMMIT STANDS ON IT YET, here or on the server: is that the branch on which work lands? --policy-branch names another)";
  const branch = `the policy branch is ${decisions.policyBranch}${unborn}`;
  const keyless =
    !signers && "none" in signing ? [`allowed_signers gets no key: ${signing.none}`] : [];
  if (drafted)
    return [
      `${POLICY_PATH} stands here and is not on the policy branch yet; ${branch}`,
      ...keyless,
    ];
  return [
    `this repository is called ${decisions.origin}; ${branch}; administrator: ${admins.join(", ")}`,
    "a commit without any proof counts as a person's (identity.unattributed: person): the rules about workers are an honour system until you say otherwise",
    ...keyless,
  ];
}

/** Nothing is written that our own reader would refuse: flags are a person's text. */
function refuseProblems(parsed: Parsed<unknown>): void {
  if (parsed.ok) return;
  const [first] = parsed.problems;
  fault(`these flags make no readable file: ${first?.message ?? ""}`, {
    code: "init/policy",
    hint: first?.help ?? "look at --origin, --admin and --policy-branch",
  });
}
