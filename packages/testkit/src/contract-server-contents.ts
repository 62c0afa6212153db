/** Files of a branch by path: read as GitHub shows them, written one commit at a time. */
import {
  type Answer,
  type Call,
  notFound,
  type OperationRow,
  ok,
  Refusal,
  textOf,
} from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";
import {
  blobUrl,
  bytesOf,
  goodPath,
  personOf,
  shownCommit,
  wrapped,
} from "./contract-server-git.ts";
import { htmlUrl, repositoryUrl } from "./contract-server-shapes.ts";

/** Beyond it GitHub sends no content but through the raw media type. */
const LARGEST_INLINE = 1_000_000;

export const CONTENT_OPERATIONS: readonly OperationRow[] = [
  {
    id: "repos/get-content",
    resource: "Content",
    needs: ["contents"],
    level: "read",
    perform: read,
  },
  {
    id: "repos/create-or-update-file-contents",
    resource: "Content",
    needs: ["contents"],
    level: "write",
    perform: write,
  },
];

function read(call: Call): Answer {
  const { git, defaultBranch } = call.state;
  const ref = textOf(call.query["ref"]) ?? defaultBranch;
  const commit = git.resolve(ref);
  if (commit === undefined) {
    if (git.refs.size === 0) throw new Refusal(404, "This repository is empty.");
    throw new Refusal(404, `No commit found for the ref ${ref}`);
  }
  const path = String(call.names["path"]).replace(/\/$/, "");
  const tree = git.commits.get(commit)?.tree ?? "";
  const found = git.at(tree, path);
  if (found === undefined) throw notFound();
  if (found.mode === "040000") {
    const entries = git.walk(found.sha, false);
    return ok(entries.map((one) => inFolder(call, ref, `${path}/${one.name}`, one)));
  }
  const bytes = git.blobs.get(found.sha) ?? Buffer.alloc(0);
  if (call.media === "raw") return { status: 200, raw: bytes };
  const large = bytes.length > LARGEST_INLINE;
  return ok(
    call.shaped("content-file", {
      ...inFolder(call, ref, path, found),
      type: "file",
      encoding: large ? "none" : "base64",
      content: large ? "" : wrapped(bytes),
    }),
  );
}

/** What a folder's listing and a file's answer have in common. */
function inFolder(
  call: Call,
  ref: string,
  path: string,
  { mode, sha }: { readonly mode: string; readonly sha: string },
): JsonObject {
  const self = `${repositoryUrl(call)}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const folder = mode === "040000";
  const html = `${htmlUrl(call)}/${folder ? "tree" : "blob"}/${ref}/${encodeURI(path)}`;
  const git = folder ? `${repositoryUrl(call)}/git/trees/${sha}` : blobUrl(call, sha);
  return {
    type: folder ? "dir" : mode === "120000" ? "symlink" : "file",
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha,
    size: call.state.git.blobs.get(sha)?.length ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: folder ? null : `${call.base}/-/raw/${sha}`,
    _links: { self, git, html },
  };
}

/** Creates or replaces one file: the blob that is replaced is named, or nothing is written. */
function write(call: Call): Answer {
  const { body, state } = call;
  const { git } = state;
  const path = goodPath(String(call.names["path"]));
  const branch = (textOf(body["branch"]) ?? state.defaultBranch).replace(/^refs\/heads\//, "");
  const ref = `refs/heads/${branch}`;
  const tip = git.refs.get(ref);
  if (tip === undefined && git.refs.size > 0) throw new Refusal(404, `Branch ${branch} not found`);
  const bytes = bytesOf(String(body["content"]));
  const tree = tip === undefined ? git.writeTree([]) : (git.commits.get(tip)?.tree ?? "");
  const old = git.at(tree, path);
  const named = textOf(body["sha"]);
  if (old !== undefined && named === undefined)
    throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (named !== undefined && named !== old?.sha)
    throw new Refusal(409, `${path} does not match ${named}`);
  const sha = git.writeBlob(bytes);
  const author = personOf(call, body["author"] ?? body["committer"]);
  const commit = {
    tree: git.withPath(tree, path, { mode: old?.mode ?? "100644", sha }),
    parents: tip === undefined ? [] : [tip],
    author,
    committer: body["committer"] === undefined ? author : personOf(call, body["committer"]),
    message: String(body["message"]),
  };
  const id = git.writeCommit(commit);
  git.refs.set(ref, id);
  const json: Json = {
    content: inFolder(call, branch, path, { mode: "100644", sha }),
    commit: shownCommit(call, id, commit),
  };
  return ok(json, old === undefined ? 201 : 200);
}
