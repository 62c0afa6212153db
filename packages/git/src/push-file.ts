/** Pushes one new file on a branch of its own, past work tree, index and local branches. */
import { fault, quotePath, type RepoPath } from "@wingman/model";
import { readCommit } from "./commit-object.ts";
import type { Repo } from "./repo.ts";
import { pushFastForward } from "./transport.ts";
import { commitBytes, personAt } from "./write-commit.ts";
import { layFiles, newObject, writeObjects } from "./write-objects.ts";

export interface PushFile {
  readonly remote: string;
  /** The new branch's name, without refs/heads/. */
  readonly branch: string;
  /** The commit that it builds on. */
  readonly base: string;
  readonly path: RepoPath;
  readonly bytes: Uint8Array;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly now: Date;
}

/** Gives the commit's id. Faults as {@link pushFastForward} does, and where the branch exists. */
export async function pushFile(repo: Repo, file: PushFile): Promise<string> {
  const { tree: base } = await readCommit(repo, file.base);
  const { tree, objects } = await layFiles(repo, base, new Map([[file.path, file.bytes]]));
  const person = personAt(file.author, file.now);
  const parts = {
    tree,
    parents: [file.base],
    author: person,
    committer: person,
    message: file.message,
  };
  const commit = newObject(repo, "commit", commitBytes(parts, repo.format));
  await writeObjects(repo, [...objects, commit]);
  const ref = `refs/heads/${file.branch}`;
  // `rejected` is an answer, not a throw: unread, a branch that exists would pass for a push.
  if ((await pushFastForward(repo, file.remote, commit.oid, ref, undefined)) === "rejected")
    fault(`the remote already has a branch ${quotePath(file.branch)}`, {
      code: "git/push-refused",
      hint: "use another branch name, or delete that branch first",
    });
  return commit.oid;
}
