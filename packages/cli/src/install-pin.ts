/**
 * The pin of --admin-key against a policy that stands already: it is the repository's first policy as
 * far as this server knows, so the pinned key must have signed what landed it (TRUST.md §2).
 */
import { type Repo, readCommit } from "@wingman/git";
import { fault, POLICY_PATH, verifyCommitSignature } from "@wingman/model";

/** Faults `init/admin-key` unless the commit that last landed the policy carries this key's signature. */
export async function refuseUnpinned(
  repo: Repo,
  options: { readonly branch: string; readonly key: string; readonly now: Date },
): Promise<void> {
  const range = [
    "--first-parent",
    "--max-count=1",
    `refs/heads/${options.branch}`,
    "--",
    POLICY_PATH,
  ];
  const { stdout } = await repo.run(["rev-list", ...range]);
  const oid = stdout.toString("latin1").trim();
  const why =
    oid === "" ? "no commit on it brought the policy" : await whyUnpinned(repo, oid, options);
  if (why === undefined) return;
  fault(`the policy on ${options.branch} was not landed with the pinned key: ${why}`, {
    code: "init/admin-key",
    hint: "let the administrator land the policy in a commit signed with that key, or leave --admin-key out and trust what stands",
  });
}

/** Why the commit does not count as signed with the pinned key; undefined where it does. */
export async function whyUnpinned(
  repo: Repo,
  oid: string,
  options: { readonly key: string; readonly now: Date },
): Promise<string | undefined> {
  const { signatures, payload } = await readCommit(repo, oid);
  const [signature] = signatures;
  if (signature === undefined || signatures.length > 1)
    return `commit ${oid.slice(0, 12)} has ${signatures.length} signatures`;
  const key = Buffer.from(options.key.split(" ")[1] ?? "", "base64");
  const pinned = {
    principals: ["pinned"],
    namespaces: ["git"],
    certAuthority: false,
    key,
    line: 1,
  };
  const shown = verifyCommitSignature({
    payload,
    armored: signature.armored,
    signers: [pinned],
    at: options.now,
  });
  return shown.state === "good"
    ? undefined
    : `the signature of commit ${oid.slice(0, 12)} is not that key's`;
}
