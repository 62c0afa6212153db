/** GitHub's issues as far as the demo's watcher asks for them; see doubles.ts. */
import type { Answer, Asked } from "./doubles.ts";

/** An issue as GitHub shows it, as far as octokit's callers read. */
export interface DoubleIssue {
  readonly number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  state_reason: string | null;
  readonly user: { readonly login: string; readonly type: string };
  readonly labels: readonly { readonly name: string }[];
}

interface GithubPlace {
  readonly token: string;
  readonly repository: string;
  readonly issues: DoubleIssue[];
}

const NOT_FOUND: Answer = [404, { message: "Not Found" }];
const LOGIN = { login: "wingman-auditor", type: "User" };

/** Answers one request, in the shapes that GitHub publishes. */
export function askGithub(asked: Asked, at: GithubPlace): Answer {
  const { method, path, body, query } = asked;
  if (asked.authorization !== `token ${at.token}`) return [401, { message: "Bad credentials" }];
  if (path === "/user") return [200, LOGIN];
  const own = `/repos/${at.repository}`;
  if (method === "GET" && path === `${own}/issues`) return [200, listed(at.issues, query)];
  if (method === "POST" && path === `${own}/issues`) return [201, opened(at.issues, body)];
  // The label is taken to be there; GitHub makes a missing one with the issue, too.
  if (method === "GET" && path.startsWith(`${own}/labels/`)) return [200, { name: "wingman" }];
  const [, number, comments] = /\/issues\/(\d+)(\/comments)?$/.exec(path) ?? [];
  const issue = at.issues.find((one) => String(one.number) === number);
  if (issue === undefined || !path.startsWith(own)) return NOT_FOUND;
  if (comments !== undefined) return [201, { body: body["body"] }];
  if (method === "PATCH") Object.assign(issue, body);
  return [200, issue];
}

function listed(issues: readonly DoubleIssue[], query: URLSearchParams): readonly DoubleIssue[] {
  const label = query.get("labels");
  const state = query.get("state") ?? "open";
  return issues.filter(
    (one) =>
      (state === "all" || one.state === state) &&
      (label === null || one.labels.some(({ name }) => name === label)) &&
      (query.get("page") ?? "1") === "1",
  );
}

function opened(issues: DoubleIssue[], body: Asked["body"]): DoubleIssue {
  const names = Array.isArray(body["labels"]) ? body["labels"] : [];
  const issue: DoubleIssue = {
    number: issues.length + 1,
    title: String(body["title"] ?? ""),
    body: String(body["body"] ?? ""),
    state: "open",
    state_reason: null,
    user: LOGIN,
    labels: names.map((name) => ({ name: String(name) })),
  };
  issues.push(issue);
  return issue;
}
