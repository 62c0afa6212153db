/** Git's objects and refs over HTTP, with GitHub's rules for what may be written. */
import {
  type Answer,
  type Call,
  listed,
  notFound,
  type OperationRow,
  ok,
  Refusal,
  textOf,
} from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";
import { htmlUrl, repositoryUrl } from "./contract-server-shapes.ts";
import type { CommitObject, CommitPerson } from "./contract-server-store.ts";

export const GIT_OPERATIONS: readonly OperationRow[] = [
  row("git/get-ref", "read", (call) => ok(shownRef(call, ...refOf(call)))),
  row("git/list-matching-refs", "read", (call) => {
    const refs = [...call.state.git.refs].filter(([name]) => name.startsWith(refName(call)));
    return listed(call, refs.sort(), ([name, sha]) => shownRef(call, name, sha));
  }),
  row("git/create-ref", "write", createRef),
  row("git/update-ref", "write", updateRef),
  row("git/delete-ref", "write", (call) => {
    if (!call.state.git.refs.delete(refName(call)))
      throw new Refusal(422, "Reference does not exist");
    return { status: 204 };
  }),
  row("git/create-blob", "write", createBlob),
  row("git/get-blob", "read", getBlob),
  row("git/create-tree", "write", createTree),
  row("git/get-tree", "read", getTree),
  row("git/create-commit", "write", createCommit),
  row("git/get-commit", "read", (call) => {
    const sha = String(call.names["commit_sha"]);
    const commit = call.state.git.commits.get(sha);
    if (commit === undefined) throw notFound();
    return ok(shownCommit(call, sha, commit));
  }),
];

function row(id: string, level: "read" | "write", perform: OperationRow["perform"]): OperationRow {
  return {
    id,
    resource: "Reference",
    needs: ["contents"],
    level,
    perform: (call) => {
      if (call.state.git.refs.size === 0) throw new Refusal(409, "Git Repository is empty.");
      return perform(call);
    },
  };
}

function refName(call: Call): string {
  return `refs/${String(call.names["ref"])}`;
}

function refOf(call: Call): [string, string] {
  const name = refName(call);
  const sha = call.state.git.refs.get(name);
  if (sha === undefined) throw notFound();
  return [name, sha];
}

function createRef(call: Call): Answer {
  const { git } = call.state;
  const name = String(call.body["ref"]);
  const sha = String(call.body["sha"]);
  if (!/^refs\/[^/]+\/./.test(name))
    throw new Refusal(422, "Reference name must start with 'refs/' and have at least two slashes.");
  if (!goodRefName(name)) throw new Refusal(422, `${name} is not a valid ref name.`);
  if (git.refs.has(name)) throw new Refusal(422, "Reference already exists");
  // A branch named `a` and one named `a/b` cannot both be files.
  const blocks = [...git.refs.keys()].some(
    (other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`),
  );
  if (blocks) throw new Refusal(422, "Reference update failed");
  if (!git.commits.has(sha)) throw new Refusal(422, "Object does not exist");
  git.refs.set(name, sha);
  const json = shownRef(call, name, sha);
  return { status: 201, json, headers: { location: String(json["url"]) } };
}

/** git-check-ref-format's rules, in short. */
function goodRefName(name: string): boolean {
  return !/\.\.|[\s~^:?*[\\\x00-\x1f\x7f]|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/.test(name);
}

function updateRef(call: Call): Answer {
  const { git } = call.state;
  const name = refName(call);
  const old = git.refs.get(name);
  const sha = String(call.body["sha"]);
  if (old === undefined) throw new Refusal(422, "Reference does not exist");
  if (!git.commits.has(sha)) throw new Refusal(422, "Object does not exist");
  if (call.body["force"] !== true && !git.reaches(sha, old))
    throw new Refusal(422, "Update is not a fast forward");
  git.refs.set(name, sha);
  return ok(shownRef(call, name, sha));
}

function createBlob(call: Call): Answer {
  const content = String(call.body["content"]);
  const encoding = textOf(call.body["encoding"]) ?? "utf-8";
  if (encoding !== "utf-8" && encoding !== "base64")
    throw new Refusal(422, "encoding is not valid: utf-8 or base64");
  const bytes = encoding === "base64" ? bytesOf(content) : Buffer.from(content);
  const sha = call.state.git.writeBlob(bytes);
  return ok(call.shaped("short-blob", { sha, url: blobUrl(call, sha) }), 201);
}

/** Bytes of Base64, line breaks allowed. Throws 422 where it is none. */
export function bytesOf(content: string): Buffer {
  const bare = content.replace(/\s/g, "");
  const bytes = Buffer.from(bare, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== bare.replace(/=+$/, ""))
    throw new Refusal(422, "content is not valid Base64");
  return bytes;
}

function getBlob(call: Call): Answer {
  const sha = String(call.names["file_sha"]);
  const bytes = call.state.git.blobs.get(sha);
  if (bytes === undefined) throw notFound();
  if (call.media === "raw") return { status: 200, raw: bytes };
  return ok(
    call.shaped("blob", {
      sha,
      size: bytes.length,
      encoding: "base64",
      content: wrapped(bytes),
      url: blobUrl(call, sha),
    }),
  );
}

/** Base64 as GitHub writes it: a line break after every 60 characters, and at the end. */
export function wrapped(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{1,60}/g, "$&\n");
}

export function blobUrl(call: Call, sha: string): string {
  return `${repositoryUrl(call)}/git/blobs/${sha}`;
}

interface TreeItem {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly sha?: string | null;
  readonly content?: string;
}

function createTree(call: Call): Answer {
  const { git } = call.state;
  const base = textOf(call.body["base_tree"]);
  const start = base === undefined ? git.writeTree([]) : (git.commits.get(base)?.tree ?? base);
  if (!git.trees.has(start)) throw new Refusal(422, "base_tree is not a valid tree oid");
  let tree = start;
  for (const item of call.body["tree"] as unknown as readonly TreeItem[]) {
    const path = goodPath(item.path ?? "");
    if (item.sha === null) {
      if (git.at(tree, path) === undefined) throw new Refusal(422, "GitRPC::BadObjectState");
      tree = git.withPath(tree, path, null);
      continue;
    }
    const mode = item.mode ?? "100644";
    const sha = item.sha ?? git.writeBlob(Buffer.from(item.content ?? ""));
    const known = mode === "040000" ? git.trees.has(sha) : mode === "160000" || git.blobs.has(sha);
    if (!known) throw new Refusal(422, `tree.sha ${sha} is not a valid ${item.type ?? "blob"}`);
    tree = git.withPath(tree, path, { mode, sha });
  }
  return ok(shownTree(call, tree, false), 201);
}

/** A path of a tree. Throws 422 for one that git itself refuses. */
export function goodPath(path: string): string {
  if (path.startsWith("/")) throw new Refusal(422, "path cannot start with a slash");
  const bad = path.split("/").some((part) => /^(?:\.\.?|\.git|)$/i.test(part));
  if (bad) throw new Refusal(422, "path contains a malformed path component");
  return path;
}

function getTree(call: Call): Answer {
  const { git } = call.state;
  const name = String(call.names["tree_sha"]);
  const commit = git.resolve(name);
  const tree = commit === undefined ? name : (git.commits.get(commit)?.tree ?? name);
  if (!git.trees.has(tree)) throw notFound();
  // Any value of `recursive` counts, "false" and "0" among them.
  return ok(shownTree(call, tree, call.query["recursive"] !== undefined));
}

function shownTree(call: Call, tree: string, deep: boolean): JsonObject {
  const url = `${repositoryUrl(call)}/git/trees/`;
  const entries = call.state.git.walk(tree, deep).map(({ path, mode, sha }): JsonObject => {
    const size = call.state.git.blobs.get(sha)?.length;
    if (mode === "040000") return { path, mode, type: "tree", sha, url: url + sha };
    if (mode === "160000") return { path, mode, type: "commit", sha };
    return { path, mode, type: "blob", sha, size: size ?? 0, url: blobUrl(call, sha) };
  });
  return call.shaped("git-tree", { sha: tree, url: url + tree, tree: entries, truncated: false });
}

function createCommit(call: Call): Answer {
  const { body, state } = call;
  const tree = String(body["tree"]);
  const parents = ((body["parents"] ?? []) as Json[]).map(String);
  if (!state.git.trees.has(tree)) throw new Refusal(422, "Tree SHA does not exist");
  for (const parent of parents) {
    if (!state.git.commits.has(parent))
      throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
  }
  const author = personOf(call, body["author"]);
  const commit: CommitObject = {
    tree,
    parents,
    author,
    committer: body["committer"] === undefined ? author : personOf(call, body["committer"]),
    message: String(body["message"]),
  };
  const sha = state.git.writeCommit(commit);
  return ok(shownCommit(call, sha, commit), 201);
}

/** Who a commit is by: as given, else the caller, now. */
export function personOf(call: Call, value: Json | undefined): CommitPerson {
  const given = (value ?? {}) as { name?: string; email?: string; date?: string };
  const { login } = call.caller;
  return {
    name: given.name ?? login,
    email: given.email ?? `${login}@users.noreply.github.example`,
    date: given.date ?? call.state.now(),
  };
}

export function shownCommit(call: Call, sha: string, commit: CommitObject): JsonObject {
  const url = (id: string) => `${repositoryUrl(call)}/git/commits/${id}`;
  const page = (id: string) => `${htmlUrl(call)}/commit/${id}`;
  return call.shaped("git-commit", {
    sha,
    node_id: `C_${sha}`,
    url: url(sha),
    html_url: page(sha),
    author: { ...commit.author },
    committer: { ...commit.committer },
    message: commit.message,
    tree: { sha: commit.tree, url: `${repositoryUrl(call)}/git/trees/${commit.tree}` },
    parents: commit.parents.map((id) => ({ sha: id, url: url(id), html_url: page(id) })),
    verification: {
      verified: false,
      reason: "unsigned",
      signature: null,
      payload: null,
      verified_at: null,
    },
  });
}

function shownRef(call: Call, ref: string, sha: string): JsonObject {
  const bare = ref.slice("refs/".length);
  return call.shaped("git-ref", {
    ref,
    node_id: `REF_${bare}`,
    url: `${repositoryUrl(call)}/git/refs/${encodeURI(bare)}`,
    object: { type: "commit", sha, url: `${repositoryUrl(call)}/git/commits/${sha}` },
  });
}
