/** Issues, their comments and locks: GitHub's rules for each, on the rows of the state. */
import {
  type Answer,
  type Call,
  issueOf,
  listed,
  notFound,
  type OperationRow,
  ok,
  Refusal,
  textOf,
  unprocessable,
} from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";
import { labelNames, neededLabels, shownLabel } from "./contract-server-labels.ts";
import { htmlUrl, repositoryUrl, shownUser, shownUserOrNull } from "./contract-server-shapes.ts";
import type { CommentRow, IssueRow } from "./contract-server-state.ts";

/** Bodies of issues and comments, in characters. */
const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;
/** A pull request is an issue too, so its permission is enough for one. */
const NEEDS = ["issues", "pull_requests"];

export const ISSUE_OPERATIONS: readonly OperationRow[] = [
  row("issues/list-for-repo", "read", list),
  row("issues/create", "write", create),
  row("issues/get", "read", (call) => ok(shownIssue(call, issueOf(call)))),
  row("issues/update", "write", update),
  row("issues/lock", "write", lock),
  row("issues/unlock", "write", unlock),
  row("issues/list-comments", "read", listComments),
  row("issues/create-comment", "write", createComment),
  row("issues/get-comment", "read", (call) => ok(shownComment(call, ...commentOf(call)))),
  row("issues/update-comment", "write", updateComment),
];

function row(
  id: string,
  level: "read" | "write",
  perform: OperationRow["perform"],
  resource = id.includes("comment") ? "IssueComment" : "Issue",
): OperationRow {
  return {
    id,
    resource,
    needs: NEEDS,
    level,
    perform: (call) => {
      if (!call.state.issuesEnabled)
        throw new Refusal(410, "Issues has been disabled in this repository.");
      return perform(call);
    },
  };
}

function list(call: Call): Answer {
  const { query, state } = call;
  const wanted = (textOf(query["labels"]) ?? "").split(",").filter((name) => name !== "");
  const since = textOf(query["since"]);
  const kept = state.issues.filter(
    (issue) =>
      !issue.deleted &&
      (query["state"] === "all" || issue.state === (query["state"] ?? "open")) &&
      wanted.every((name) => issue.labels.some((label) => same(label, name))) &&
      (query["creator"] === undefined || issue.user === query["creator"]) &&
      (query["assignee"] === undefined || isAssigned(issue, String(query["assignee"]))) &&
      (since === undefined || Date.parse(issue.updated_at) >= Date.parse(since)),
  );
  const order =
    query["sort"] === "updated" ? byUpdate : query["sort"] === "comments" ? bySize : byAge;
  const sorted = [...kept].sort(order);
  if (query["direction"] !== "asc") sorted.reverse();
  return listed(call, sorted, (issue) => shownIssue(call, issue));
}

const byAge = (a: IssueRow, b: IssueRow) => a.number - b.number;
const byUpdate = (a: IssueRow, b: IssueRow) =>
  Date.parse(a.updated_at) - Date.parse(b.updated_at) || byAge(a, b);
const bySize = (a: IssueRow, b: IssueRow) => a.comments.length - b.comments.length || byAge(a, b);

function isAssigned(issue: IssueRow, who: string): boolean {
  if (who === "none") return issue.assignees.length === 0;
  return who === "*" ? issue.assignees.length > 0 : issue.assignees.includes(who);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function create(call: Call): Answer {
  const { body, state, caller } = call;
  const now = state.now();
  const issue: IssueRow = {
    number: 1 + Math.max(0, ...state.issues.map((one) => one.number)),
    id: state.nextId(),
    user: caller.login,
    title: goodTitle(body["title"]),
    body: goodBody(body["body"], "Issue"),
    state: "open",
    state_reason: null,
    locked: false,
    active_lock_reason: null,
    labels: neededLabels(call, labelNames(body["labels"])),
    assignees: knownPeople(call, body["assignees"]),
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    deleted: false,
    comments: [],
  };
  state.issues.push(issue);
  const json = shownIssue(call, issue);
  return { status: 201, json, headers: { location: String(json["url"]) } };
}

function goodTitle(value: Json | undefined): string {
  const title = String(value ?? "").trim();
  if (title === "") throw unprocessable("Issue", "title", "missing_field");
  if (title.length > LONGEST_TITLE)
    throw unprocessable(
      "Issue",
      "title",
      "custom",
      "title is too long (maximum is 256 characters)",
    );
  return title;
}

function goodBody(value: Json | undefined, resource: string): string | null {
  if (typeof value !== "string") return null;
  // Counted as GitHub's database does: in characters, not in code units.
  if ([...value].length > LONGEST_BODY)
    throw unprocessable(
      resource,
      "body",
      "custom",
      `body is too long (maximum is ${LONGEST_BODY} characters)`,
    );
  return value;
}

/** Assignees who may not work here are dropped in silence, as GitHub does. */
function knownPeople(call: Call, value: Json | undefined): string[] {
  const logins = Array.isArray(value) ? value.map((one) => textOf(one) ?? "") : [];
  return logins.filter((login) => call.state.collaborators.has(login));
}

function update(call: Call): Answer {
  const { body, state, caller } = call;
  const issue = issueOf(call);
  // Everything is judged before anything is written.
  const title = body["title"] == null ? issue.title : goodTitle(body["title"]);
  const text = body["body"] === undefined ? issue.body : goodBody(body["body"], "Issue");
  const labels =
    body["labels"] === undefined ? issue.labels : neededLabels(call, labelNames(body["labels"]));
  Object.assign(issue, { title, body: text, labels });
  if (body["assignees"] !== undefined) issue.assignees = knownPeople(call, body["assignees"]);
  const reason = textOf(body["state_reason"]);
  if (body["state"] === "closed") {
    if (issue.state === "open") {
      issue.closed_at = state.now();
      issue.closed_by = caller.login;
    }
    issue.state = "closed";
    issue.state_reason = reason ?? issue.state_reason ?? "completed";
    if (issue.state_reason === "reopened") issue.state_reason = "completed";
  } else if (body["state"] === "open" && issue.state === "closed") {
    Object.assign(issue, {
      state: "open",
      state_reason: "reopened",
      closed_at: null,
      closed_by: null,
    });
  }
  issue.updated_at = state.now();
  return ok(shownIssue(call, issue));
}

function lock(call: Call): Answer {
  const issue = issueOf(call);
  issue.locked = true;
  issue.active_lock_reason = textOf(call.body["lock_reason"]) ?? null;
  return { status: 204 };
}

function unlock(call: Call): Answer {
  const issue = issueOf(call);
  issue.locked = false;
  issue.active_lock_reason = null;
  return { status: 204 };
}

function listComments(call: Call): Answer {
  const issue = issueOf(call);
  const since = textOf(call.query["since"]);
  const kept = issue.comments.filter(
    (one) => since === undefined || Date.parse(one.updated_at) >= Date.parse(since),
  );
  return listed(call, kept, (comment) => shownComment(call, issue, comment));
}

function createComment(call: Call): Answer {
  const { state, caller } = call;
  const issue = issueOf(call);
  const role = state.collaborators.get(caller.login) ?? "read";
  if (issue.locked && caller.kind === "user" && (role === "read" || role === "triage"))
    throw new Refusal(403, "Unable to create comment because issue is locked.");
  const now = state.now();
  const comment: CommentRow = {
    id: state.nextId(),
    user: caller.login,
    body: spoken(call.body["body"]),
    created_at: now,
    updated_at: now,
  };
  issue.comments.push(comment);
  issue.updated_at = now;
  return ok(shownComment(call, issue, comment), 201);
}

function spoken(value: Json | undefined): string {
  const text = goodBody(value, "IssueComment") ?? "";
  if (text.trim() === "") throw unprocessable("IssueComment", "body", "missing_field");
  return text;
}

function commentOf(call: Call): [IssueRow, CommentRow] {
  for (const issue of call.state.issues) {
    const comment = issue.comments.find((one) => one.id === call.names["comment_id"]);
    if (comment !== undefined && !issue.deleted) return [issue, comment];
  }
  throw notFound();
}

function updateComment(call: Call): Answer {
  const [issue, comment] = commentOf(call);
  comment.body = spoken(call.body["body"]);
  comment.updated_at = call.state.now();
  return ok(shownComment(call, issue, comment));
}

function shownIssue(call: Call, issue: IssueRow): JsonObject {
  const url = `${repositoryUrl(call)}/issues/${issue.number}`;
  const pull = call.state.pulls.some((one) => one.number === issue.number);
  const page = `${htmlUrl(call)}/${pull ? "pull" : "issues"}/${issue.number}`;
  const labels = call.state.labels.filter((label) =>
    issue.labels.some((name) => same(name, label.name)),
  );
  const assignees = issue.assignees.map((login) => shownUser(call, login));
  return call.shaped("issue", {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.state_reason,
    locked: issue.locked,
    active_lock_reason: issue.active_lock_reason,
    labels: labels.map((label) => shownLabel(call, label)),
    assignee: assignees[0] ?? null,
    assignees,
    user: shownUser(call, issue.user),
    author_association: "NONE",
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
    closed_by: shownUserOrNull(call, issue.closed_by),
    url,
    html_url: page,
    repository_url: repositoryUrl(call),
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    labels_url: `${url}/labels{/name}`,
    ...(pull
      ? {
          pull_request: {
            url: `${repositoryUrl(call)}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
          },
        }
      : {}),
  });
}

function shownComment(call: Call, issue: IssueRow, comment: CommentRow): JsonObject {
  const url = repositoryUrl(call);
  return call.shaped("issue-comment", {
    ...comment,
    node_id: `IC_${comment.id}`,
    user: shownUser(call, comment.user),
    author_association: "NONE",
    url: `${url}/issues/comments/${comment.id}`,
    issue_url: `${url}/issues/${issue.number}`,
    html_url: `${htmlUrl(call)}/issues/${issue.number}#issuecomment-${comment.id}`,
  });
}
