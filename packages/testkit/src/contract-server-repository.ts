/** The repository itself, its pull requests, who calls, what is left of the rate, an app's tokens. */
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
import {
  htmlUrl,
  idOfName,
  repositoryUrl,
  shownRepository,
  shownUser,
} from "./contract-server-shapes.ts";
import type { IssueRow, PullFileRow, PullRow } from "./contract-server-state.ts";

export const REPOSITORY_OPERATIONS: readonly OperationRow[] = [
  row("repos/get", "Repository", [], (call) => ok(shownRepository(call, "full-repository"))),
  row("repos/get-collaborator-permission-level", "Collaborator", [], permission),
  row("users/get-authenticated", "User", [], authenticated),
  row("rate-limit/get", "RateLimit", [], rate),
  row("pulls/list", "PullRequest", ["pull_requests"], list),
  row("pulls/get", "PullRequest", ["pull_requests"], (call) =>
    ok(shownPull(call, pullOf(call), "pull-request")),
  ),
  row("pulls/list-files", "PullRequest", ["pull_requests"], (call) =>
    listed(call, pullOf(call).files, (file) => shownFile(call, pullOf(call), file)),
  ),
  row(
    "repos/list-pull-requests-associated-with-commit",
    "PullRequest",
    ["pull_requests"],
    (call) => {
      const sha = String(call.names["commit_sha"]);
      const pulls = call.state.pulls.filter((pull) => pull.head.sha === sha);
      return listed(call, pulls, (pull) => shownPull(call, pull, "pull-request-simple"));
    },
  ),
];

function row(
  id: string,
  resource: string,
  needs: readonly string[],
  perform: OperationRow["perform"],
): OperationRow {
  return { id, resource, needs, level: "read", perform };
}

/** The old four roles, as GitHub flattens them: maintain is write, triage is read. */
const FLAT: Readonly<Record<string, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
};

function permission(call: Call): Answer {
  const login = String(call.names["username"]);
  const role = call.state.collaborators.get(login) ?? (call.state.private ? undefined : "read");
  if (role === undefined) throw new Refusal(404, `${login} is not a user`);
  const user = call.shaped("nullable-collaborator", {
    ...shownUser(call, login),
    role_name: role,
    permissions: {
      pull: true,
      triage: role !== "read",
      push: ["write", "maintain", "admin"].includes(role),
      maintain: role === "maintain" || role === "admin",
      admin: role === "admin",
    },
  });
  return ok({ permission: FLAT[role] ?? "none", role_name: role, user });
}

function authenticated(call: Call): Answer {
  // Actions' token is nobody's: it may not ask who it is.
  if (call.caller.kind !== "user") throw new Refusal(403, "Resource not accessible by integration");
  return ok(shownUser(call, call.caller.login, "public-user"));
}

function rate(call: Call): Answer {
  const { rateLimit: limit, rateLeft: remaining, now } = call.state;
  const core = { limit, remaining, used: limit - remaining, reset: resetAt(now()) };
  return ok({ resources: { core, search: { ...core } }, rate: core });
}

/** The next full hour, in seconds. */
export function resetAt(now: string): number {
  return (Math.floor(Date.parse(now) / 3_600_000) + 1) * 3600;
}

function pullOf(call: Call): PullRow {
  const pull = call.state.pulls.find((one) => one.number === call.names["pull_number"]);
  if (pull === undefined) throw notFound();
  return pull;
}

function issueBehind(call: Call, pull: PullRow): IssueRow {
  const issue = call.state.issues.find((one) => one.number === pull.number);
  if (issue === undefined) throw notFound();
  return issue;
}

function list(call: Call): Answer {
  const { query, state } = call;
  const wanted = query["state"] ?? "open";
  const head = textOf(query["head"]);
  const kept = state.pulls.filter((pull) => {
    const [owner = ""] = pull.head.repository.split("/");
    return (
      (wanted === "all" || issueBehind(call, pull).state === wanted) &&
      (query["base"] === undefined || pull.base.ref === query["base"]) &&
      (head === undefined || head === `${owner}:${pull.head.ref}`)
    );
  });
  const rising = query["direction"] === "asc";
  kept.sort((a, b) => (rising ? a.number - b.number : b.number - a.number));
  return listed(call, kept, (pull) => shownPull(call, pull, "pull-request-simple"));
}

function shownPull(call: Call, pull: PullRow, schema: string): JsonObject {
  const issue = issueBehind(call, pull);
  const url = `${repositoryUrl(call)}/pulls/${pull.number}`;
  const page = `${htmlUrl(call)}/pull/${pull.number}`;
  const [owner = ""] = pull.head.repository.split("/");
  const repository = shownRepository(call, "repository");
  const fork = pull.head.repository !== call.state.repository;
  const from: Json = {
    ...repository,
    full_name: pull.head.repository,
    owner: shownUser(call, owner),
    fork,
    id: idOfName(pull.head.repository),
  };
  const side = (ref: string, sha: string, login: string, repo: Json): JsonObject => ({
    label: `${login}:${ref}`,
    ref,
    sha,
    user: shownUser(call, login),
    repo,
  });
  const [home = ""] = call.state.repository.split("/");
  return call.shaped(schema, {
    id: issue.id,
    node_id: `PR_${issue.id}`,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    body: issue.body,
    user: shownUser(call, issue.user),
    draft: pull.draft,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    author_association: fork ? "NONE" : "MEMBER",
    head: side(pull.head.ref, pull.head.sha, owner, from),
    base: side(pull.base.ref, pull.base.sha, home, repository),
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${repositoryUrl(call)}/issues/${pull.number}`,
    ...(schema === "pull-request"
      ? {
          merged: pull.merged,
          comments: issue.comments.length,
          changed_files: pull.files.length,
          additions: sum(pull.files, "additions"),
          deletions: sum(pull.files, "deletions"),
          mergeable_state: "unknown",
        }
      : {}),
  });
}

function sum(files: readonly PullFileRow[], key: "additions" | "deletions"): number {
  return files.reduce((total, file) => total + (file[key] ?? 0), 0);
}

function shownFile(call: Call, pull: PullRow, file: PullFileRow): JsonObject {
  const path = encodeURI(file.filename);
  const additions = file.additions ?? 0;
  const deletions = file.deletions ?? 0;
  return call.shaped("diff-entry", {
    ...file,
    sha: null,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(call)}/blob/${pull.head.sha}/${path}`,
    raw_url: `${htmlUrl(call)}/raw/${pull.head.sha}/${path}`,
    contents_url: `${repositoryUrl(call)}/contents/${path}?ref=${pull.head.sha}`,
  });
}
