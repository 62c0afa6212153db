/**
 * Every operation of the contract server through the real client: what GitHub's description allows
 * passes and answers in the published shape, what it does not is refused or noted at its place.
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { description } from "../src/contract-server-description.ts";
import { OPERATIONS } from "../src/contract-server-operations.ts";
import { type ContractServer, contractServer } from "../src/index.ts";

const OWNER = { owner: "acme", repo: "shop" };
const HEAD = "1".repeat(40);
const CONTENT = Buffer.from("hello\n").toString("base64");

interface Place {
  readonly server: ContractServer;
  readonly octokit: Octokit;
  /** The tip of main. */
  readonly tip: string;
  readonly tree: string;
  readonly pull: number;
}
interface Case {
  /** A good call; gives what to hold against `shows`. */
  readonly good: (place: Place) => Promise<{ status: number; data: unknown }>;
  readonly status: number;
  readonly shows: object | undefined;
  /** A bad call's parameters, laid over the repository's name. */
  readonly bad: (place: Place) => readonly [route: string, parameters: Record<string, unknown>];
  /** 200 where GitHub takes it in silence: then it is only noted. */
  readonly refusal: number;
  readonly field: string;
}

const json = async (answer: Promise<{ status: number; data: unknown }>) => {
  const { status, data } = await answer;
  return { status, data };
};
const issue = async ({ octokit }: Place) =>
  (await octokit.rest.issues.create({ ...OWNER, title: "A lie", labels: ["wingman"] })).data.number;
const comment = async (place: Place) => {
  const issue_number = await issue(place);
  const { data } = await place.octokit.rest.issues.createComment({
    ...OWNER,
    issue_number,
    body: "x",
  });
  return { issue_number, comment_id: data.id };
};
const run = async ({ octokit }: Place) =>
  (await octokit.rest.checks.create({ ...OWNER, name: "wingman", head_sha: HEAD })).data.id;
const annotation = {
  path: "a.txt",
  start_line: 1,
  end_line: 1,
  annotation_level: "failure",
  message: "no",
} as const;
const output = { title: "FALSE", summary: "1 of 2", annotations: [annotation] };
/** For what has neither body nor query: GitHub ignores a stray parameter, the server notes it. */
const stray = (route: string, more: object = {}) =>
  ({
    bad: () => [route, { ...more, bogus: "1" }] as const,
    refusal: 200,
    field: "bogus",
  }) as const;
const manyPages = (route: string, more: object = {}) =>
  ({
    bad: () => [route, { ...more, per_page: "many" }] as const,
    refusal: 422,
    field: "per_page",
  }) as const;
const R = "/repos/{owner}/{repo}";

const CASES: Readonly<Record<string, Case>> = {
  "apps/create-installation-access-token": {
    good: ({ server }) =>
      json(appClient(server).rest.apps.createInstallationAccessToken({ installation_id: 7 })),
    status: 201,
    shows: { permissions: { issues: "write" } },
    bad: () => [
      "POST /app/installations/{installation_id}/access_tokens",
      { installation_id: 7, permissions: { issues: "all" }, app: true },
    ],
    refusal: 422,
    field: "permissions.issues",
  },
  "checks/create": {
    good: ({ octokit }) =>
      json(
        octokit.rest.checks.create({
          ...OWNER,
          name: "wingman",
          head_sha: HEAD,
          conclusion: "failure",
          output,
        }),
      ),
    status: 201,
    shows: {
      status: "completed",
      conclusion: "failure",
      output: { annotations_count: 1 },
      app: { id: 15368 },
    },
    bad: () => [
      `POST ${R}/check-runs`,
      {
        name: "wingman",
        head_sha: HEAD,
        output: { ...output, annotations: [{ ...annotation, annotation_level: "error" }] },
      },
    ],
    refusal: 422,
    field: "output.annotations.0.annotation_level",
  },
  "checks/get": {
    good: async (place) =>
      json(place.octokit.rest.checks.get({ ...OWNER, check_run_id: await run(place) })),
    status: 200,
    shows: { name: "wingman", status: "queued" },
    bad: () => [`GET ${R}/check-runs/{id}`, { id: "latest" }],
    refusal: 404,
    field: "check_run_id",
  },
  "checks/list-annotations": {
    good: async ({ octokit }) => {
      const made = await octokit.rest.checks.create({
        ...OWNER,
        name: "w",
        head_sha: HEAD,
        output,
      });
      return json(octokit.rest.checks.listAnnotations({ ...OWNER, check_run_id: made.data.id }));
    },
    status: 200,
    shows: [{ path: "a.txt", start_column: null, message: "no" }],
    ...manyPages(`GET ${R}/check-runs/1/annotations`),
  },
  "checks/list-for-ref": {
    good: async (place) => {
      await run(place);
      await run(place);
      return json(place.octokit.rest.checks.listForRef({ ...OWNER, ref: HEAD }));
    },
    status: 200,
    // The latest of a name and app only.
    shows: { total_count: 1, check_runs: [{ name: "wingman" }] },
    bad: () => [`GET ${R}/commits/${HEAD}/check-runs`, { status: "done" }],
    refusal: 422,
    field: "status",
  },
  "checks/update": {
    good: async (place) =>
      json(
        place.octokit.rest.checks.update({
          ...OWNER,
          check_run_id: await run(place),
          status: "completed",
          conclusion: "success",
        }),
      ),
    status: 200,
    shows: { conclusion: "success" },
    bad: () => [`PATCH ${R}/check-runs/1`, { status: "completed" }],
    refusal: 422,
    field: "conclusion",
  },
  "git/create-blob": {
    good: ({ octokit }) => json(octokit.rest.git.createBlob({ ...OWNER, content: "hello\n" })),
    status: 201,
    // What `git hash-object` says of the same bytes.
    shows: { sha: "ce013625030ba8dba906f756967f9e9ca394464a" },
    bad: () => [`POST ${R}/git/blobs`, { encoding: "base64" }],
    refusal: 422,
    field: "content",
  },
  "git/create-commit": {
    good: ({ octokit, tree, tip }) =>
      json(octokit.rest.git.createCommit({ ...OWNER, message: "m", tree, parents: [tip] })),
    status: 201,
    shows: { message: "m", verification: { verified: false, reason: "unsigned" } },
    bad: ({ tree }) => [`POST ${R}/git/commits`, { message: "m", tree, parents: "none" }],
    refusal: 422,
    field: "parents",
  },
  "git/create-ref": {
    good: ({ octokit, tip }) =>
      json(octokit.rest.git.createRef({ ...OWNER, ref: "refs/heads/a/b", sha: tip })),
    status: 201,
    shows: { ref: "refs/heads/a/b", object: { type: "commit" } },
    bad: () => [`POST ${R}/git/refs`, { ref: "refs/heads/a" }],
    refusal: 422,
    field: "sha",
  },
  "git/create-tree": {
    good: ({ octokit, tree }) =>
      json(
        octokit.rest.git.createTree({
          ...OWNER,
          base_tree: tree,
          tree: [{ path: "log/0.jsonl", mode: "100644", type: "blob", content: "hello\n" }],
        }),
      ),
    status: 201,
    shows: { tree: [{ path: "log", type: "tree" }], truncated: false },
    bad: () => [`POST ${R}/git/trees`, { tree: [{ path: "a", mode: "644", content: "" }] }],
    refusal: 422,
    field: "tree.0.mode",
  },
  "git/delete-ref": {
    good: ({ octokit }) => json(octokit.rest.git.deleteRef({ ...OWNER, ref: "heads/main" })),
    status: 204,
    shows: undefined,
    ...stray(`DELETE ${R}/git/refs/heads/main?bogus=1`),
    refusal: 204,
  },
  "git/get-blob": {
    good: async ({ octokit }) => {
      const { data } = await octokit.rest.git.createBlob({
        ...OWNER,
        content: CONTENT,
        encoding: "base64",
      });
      return json(octokit.rest.git.getBlob({ ...OWNER, file_sha: data.sha }));
    },
    status: 200,
    shows: { content: `${CONTENT}\n`, encoding: "base64", size: 6 },
    ...stray(`GET ${R}/git/blobs/${HEAD}`),
    refusal: 404,
  },
  "git/get-commit": {
    good: ({ octokit, tip }) => json(octokit.rest.git.getCommit({ ...OWNER, commit_sha: tip })),
    status: 200,
    shows: { message: "First", parents: [] },
    ...stray(`GET ${R}/git/commits/${HEAD}`),
    refusal: 404,
  },
  "git/get-ref": {
    good: ({ octokit }) => json(octokit.rest.git.getRef({ ...OWNER, ref: "heads/main" })),
    status: 200,
    shows: { ref: "refs/heads/main" },
    ...stray(`GET ${R}/git/ref/heads/main`),
  },
  "git/get-tree": {
    good: async ({ octokit, tree }) => {
      const item = { path: "a/b", mode: "100644", type: "blob", content: "x" } as const;
      const { data } = await octokit.rest.git.createTree({
        ...OWNER,
        base_tree: tree,
        tree: [item],
      });
      return json(octokit.rest.git.getTree({ ...OWNER, tree_sha: data.sha, recursive: "1" }));
    },
    status: 200,
    shows: { tree: [{ path: "a" }, { path: "a/b", size: 1 }] },
    ...stray(`GET ${R}/git/trees/main`),
  },
  "git/list-matching-refs": {
    good: ({ octokit }) => json(octokit.rest.git.listMatchingRefs({ ...OWNER, ref: "heads/ma" })),
    status: 200,
    shows: [{ ref: "refs/heads/main" }],
    ...stray(`GET ${R}/git/matching-refs/heads/main`),
  },
  "git/update-ref": {
    good: ({ octokit, tip }) =>
      json(octokit.rest.git.updateRef({ ...OWNER, ref: "heads/main", sha: tip })),
    status: 200,
    shows: { ref: "refs/heads/main" },
    bad: ({ tip }) => [`PATCH ${R}/git/refs/heads/main`, { sha: tip, force: "yes" }],
    refusal: 422,
    field: "force",
  },
  "issues/add-labels": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.addLabels({
          ...OWNER,
          issue_number: await issue(place),
          labels: ["new"],
        }),
      ),
    status: 200,
    shows: [{ name: "wingman" }, { name: "new", color: "ededed" }],
    bad: () => [`POST ${R}/issues/1/labels`, { labels: [] }],
    refusal: 422,
    field: "labels",
  },
  "issues/create": {
    good: ({ octokit }) =>
      json(
        octokit.rest.issues.create({ ...OWNER, title: "A lie", body: "b", labels: ["wingman"] }),
      ),
    status: 201,
    shows: { number: 2, state: "open", labels: [{ name: "wingman" }], comments: 0 },
    bad: () => [`POST ${R}/issues`, { body: "no title" }],
    refusal: 422,
    field: "title",
  },
  "issues/create-comment": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.createComment({
          ...OWNER,
          issue_number: await issue(place),
          body: "again",
        }),
      ),
    status: 201,
    shows: { body: "again", user: { login: "github-actions[bot]", type: "Bot" } },
    bad: ({ pull }) => [`POST ${R}/issues/${pull}/comments`, { body: 3 }],
    refusal: 422,
    field: "body",
  },
  "issues/create-label": {
    good: ({ octokit }) =>
      json(octokit.rest.issues.createLabel({ ...OWNER, name: "severity:high", color: "D73A4A" })),
    status: 201,
    shows: { name: "severity:high", color: "d73a4a", description: null },
    bad: () => [`POST ${R}/labels`, { color: "d73a4a" }],
    refusal: 422,
    field: "name",
  },
  "issues/get": {
    good: async (place) =>
      json(place.octokit.rest.issues.get({ ...OWNER, issue_number: await issue(place) })),
    status: 200,
    shows: { title: "A lie", state_reason: null },
    bad: () => [`GET ${R}/issues/{id}`, { id: "first" }],
    refusal: 404,
    field: "issue_number",
  },
  "issues/get-comment": {
    good: async (place) => {
      const { comment_id } = await comment(place);
      return json(place.octokit.rest.issues.getComment({ ...OWNER, comment_id }));
    },
    status: 200,
    shows: { body: "x" },
    bad: () => [`GET ${R}/issues/comments/{id}`, { id: "first" }],
    refusal: 404,
    field: "comment_id",
  },
  "issues/get-label": {
    good: async (place) => {
      await issue(place);
      return json(place.octokit.rest.issues.getLabel({ ...OWNER, name: "WINGMAN" }));
    },
    status: 200,
    shows: { name: "wingman" },
    ...stray(`GET ${R}/labels/none`),
    refusal: 404,
  },
  "issues/list-comments": {
    good: async (place) => {
      const { issue_number } = await comment(place);
      return json(place.octokit.rest.issues.listComments({ ...OWNER, issue_number }));
    },
    status: 200,
    shows: [{ body: "x" }],
    bad: () => [`GET ${R}/issues/1/comments`, { since: "yesterday" }],
    refusal: 422,
    field: "since",
  },
  "issues/list-for-repo": {
    good: async (place) => {
      await issue(place);
      return json(
        place.octokit.rest.issues.listForRepo({ ...OWNER, labels: "Wingman", state: "all" }),
      );
    },
    status: 200,
    shows: [{ title: "A lie" }],
    bad: () => [`GET ${R}/issues`, { state: "reopened" }],
    refusal: 422,
    field: "state",
  },
  "issues/list-labels-for-repo": {
    good: async (place) => {
      await issue(place);
      return json(place.octokit.rest.issues.listLabelsForRepo(OWNER));
    },
    status: 200,
    shows: [{ name: "wingman" }],
    ...manyPages(`GET ${R}/labels`),
  },
  "issues/list-labels-on-issue": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.listLabelsOnIssue({ ...OWNER, issue_number: await issue(place) }),
      ),
    status: 200,
    shows: [{ name: "wingman" }],
    ...manyPages(`GET ${R}/issues/1/labels`),
  },
  "issues/lock": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.lock({
          ...OWNER,
          issue_number: await issue(place),
          lock_reason: "resolved",
        }),
      ),
    status: 204,
    shows: undefined,
    bad: () => [`PUT ${R}/issues/1/lock`, { lock_reason: "liar" }],
    refusal: 422,
    field: "lock_reason",
  },
  "issues/remove-label": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.removeLabel({
          ...OWNER,
          issue_number: await issue(place),
          name: "wingman",
        }),
      ),
    status: 200,
    shows: [],
    ...stray(`DELETE ${R}/issues/1/labels/none?bogus=1`),
    refusal: 404,
  },
  "issues/set-labels": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.setLabels({
          ...OWNER,
          issue_number: await issue(place),
          labels: ["only"],
        }),
      ),
    status: 200,
    shows: [{ name: "only" }],
    bad: () => [`PUT ${R}/issues/1/labels`, { labels: "only" }],
    refusal: 422,
    field: "labels",
  },
  "issues/unlock": {
    good: async (place) =>
      json(place.octokit.rest.issues.unlock({ ...OWNER, issue_number: await issue(place) })),
    status: 204,
    shows: undefined,
    ...stray(`DELETE ${R}/issues/1/lock?bogus=1`),
    refusal: 204,
  },
  "issues/update": {
    good: async (place) =>
      json(
        place.octokit.rest.issues.update({
          ...OWNER,
          issue_number: await issue(place),
          state: "closed",
          state_reason: "not_planned",
        }),
      ),
    status: 200,
    shows: {
      state: "closed",
      state_reason: "not_planned",
      closed_by: { login: "github-actions[bot]" },
    },
    bad: () => [`PATCH ${R}/issues/1`, { state_reason: "false_alarm" }],
    refusal: 422,
    field: "state_reason",
  },
  "issues/update-comment": {
    good: async (place) => {
      const { comment_id } = await comment(place);
      return json(place.octokit.rest.issues.updateComment({ ...OWNER, comment_id, body: "y" }));
    },
    status: 200,
    shows: { body: "y" },
    bad: () => [`PATCH ${R}/issues/comments/1`, {}],
    refusal: 422,
    field: "body",
  },
  "issues/update-label": {
    good: async (place) => {
      await issue(place);
      return json(
        place.octokit.rest.issues.updateLabel({
          ...OWNER,
          name: "wingman",
          new_name: "w",
          color: "ffffff",
        }),
      );
    },
    status: 200,
    shows: { name: "w", color: "ffffff" },
    bad: () => [`PATCH ${R}/labels/wingman`, { color: 0 }],
    refusal: 422,
    field: "color",
  },
  "pulls/get": {
    good: ({ octokit, pull }) => json(octokit.rest.pulls.get({ ...OWNER, pull_number: pull })),
    status: 200,
    shows: {
      head: { sha: HEAD, repo: { full_name: "eve/shop", fork: true } },
      changed_files: 1,
      merged: false,
    },
    bad: () => [`GET ${R}/pulls/{id}`, { id: "last" }],
    refusal: 404,
    field: "pull_number",
  },
  "pulls/list": {
    good: ({ octokit }) => json(octokit.rest.pulls.list({ ...OWNER, head: "eve:topic" })),
    status: 200,
    shows: [{ title: "Add a file", base: { ref: "main" } }],
    bad: () => [`GET ${R}/pulls`, { sort: "size" }],
    refusal: 422,
    field: "sort",
  },
  "pulls/list-files": {
    good: ({ octokit, pull }) =>
      json(octokit.rest.pulls.listFiles({ ...OWNER, pull_number: pull })),
    status: 200,
    shows: [{ filename: "a.txt", status: "added", changes: 1 }],
    ...manyPages(`GET ${R}/pulls/1/files`),
  },
  "rate-limit/get": {
    good: ({ octokit }) => json(octokit.rest.rateLimit.get()),
    status: 200,
    shows: { rate: { limit: 5000, used: 0 } },
    ...stray("GET /rate_limit"),
  },
  "repos/create-commit-status": {
    good: ({ octokit }) =>
      json(
        octokit.rest.repos.createCommitStatus({
          ...OWNER,
          sha: HEAD,
          state: "success",
          context: "wingman/audit",
        }),
      ),
    status: 201,
    shows: {
      state: "success",
      context: "wingman/audit",
      creator: { login: "github-actions[bot]" },
    },
    bad: () => [`POST ${R}/statuses/${HEAD}`, { state: "neutral" }],
    refusal: 422,
    field: "state",
  },
  "repos/create-or-update-file-contents": {
    good: ({ octokit }) =>
      json(
        octokit.rest.repos.createOrUpdateFileContents({
          ...OWNER,
          path: "a/b.txt",
          message: "m",
          content: CONTENT,
        }),
      ),
    status: 201,
    shows: { content: { path: "a/b.txt", size: 6 }, commit: { message: "m" } },
    bad: () => [`PUT ${R}/contents/a.txt`, { content: CONTENT }],
    refusal: 422,
    field: "message",
  },
  "repos/get": {
    good: ({ octokit }) => json(octokit.rest.repos.get(OWNER)),
    status: 200,
    shows: { full_name: "acme/shop", default_branch: "main", has_issues: true },
    ...stray(`GET ${R}`),
  },
  "repos/get-collaborator-permission-level": {
    good: ({ octokit }) =>
      json(octokit.rest.repos.getCollaboratorPermissionLevel({ ...OWNER, username: "mark" })),
    status: 200,
    shows: { permission: "write", role_name: "maintain", user: { login: "mark" } },
    ...stray(`GET ${R}/collaborators/mark/permission`),
  },
  "repos/get-combined-status-for-ref": {
    good: async ({ octokit }) => {
      const sha = HEAD;
      await octokit.rest.repos.createCommitStatus({
        ...OWNER,
        sha,
        state: "failure",
        context: "a",
      });
      await octokit.rest.repos.createCommitStatus({
        ...OWNER,
        sha,
        state: "success",
        context: "a",
      });
      return json(octokit.rest.repos.getCombinedStatusForRef({ ...OWNER, ref: sha }));
    },
    status: 200,
    shows: { state: "success", total_count: 1 },
    ...manyPages(`GET ${R}/commits/main/status`),
  },
  "repos/get-content": {
    good: async ({ octokit }) => {
      const file = { ...OWNER, path: "a/b.txt" };
      await octokit.rest.repos.createOrUpdateFileContents({
        ...file,
        message: "m",
        content: CONTENT,
      });
      return json(octokit.rest.repos.getContent(file));
    },
    status: 200,
    shows: { type: "file", encoding: "base64", content: `${CONTENT}\n` },
    ...stray(`GET ${R}/contents/none`),
    refusal: 404,
  },
  "repos/list-commit-statuses-for-ref": {
    good: async ({ octokit }) => {
      await octokit.rest.repos.createCommitStatus({ ...OWNER, sha: HEAD, state: "pending" });
      return json(octokit.rest.repos.listCommitStatusesForRef({ ...OWNER, ref: HEAD }));
    },
    status: 200,
    shows: [{ state: "pending", context: "default" }],
    ...manyPages(`GET ${R}/commits/main/statuses`),
  },
  "repos/list-pull-requests-associated-with-commit": {
    good: ({ octokit }) =>
      json(octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...OWNER, commit_sha: HEAD })),
    status: 200,
    shows: [{ number: 1 }],
    ...manyPages(`GET ${R}/commits/${HEAD}/pulls`),
  },
  "users/get-authenticated": {
    good: ({ server }) =>
      json(client(server, server.grant({}, "dana", "user")).rest.users.getAuthenticated()),
    status: 200,
    shows: { login: "dana", type: "User" },
    ...stray("GET /user"),
    refusal: 403,
  },
};

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const app = {
  id: 42,
  login: "wingman[bot]",
  installation: 7,
  publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
  permissions: { issues: "write", metadata: "read" },
} as const;
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function client(server: ContractServer, auth: string = server.token): Octokit {
  return new Octokit({ auth, baseUrl: server.url, log: quiet });
}

/** A client that proves itself as the app. The proof is signed here and now. */
function appClient(server: ContractServer): Octokit {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const said = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: 42, iat: now - 30, exp: now + 300 })}`;
  const proof = sign("RSA-SHA256", Buffer.from(said), keys.privateKey).toString("base64url");
  const octokit = new Octokit({ baseUrl: server.url, log: quiet });
  octokit.hook.before("request", (options) => {
    options.headers["authorization"] = `bearer ${said}.${proof}`;
  });
  return octokit;
}

let place: Place;
beforeEach(async () => {
  const server = await contractServer({ app });
  server.state.collaborators.set("mark", "maintain");
  const pull = server.addPull({
    title: "Add a file",
    author: "eve",
    head: { ref: "topic", sha: HEAD, repository: "eve/shop" },
    files: [{ filename: "a.txt", status: "added", additions: 1 }],
  });
  const tip = server.state.git.refs.get("refs/heads/main") ?? "";
  const tree = server.state.git.commits.get(tip)?.tree ?? "";
  place = { server, octokit: client(server), tip, tree, pull };
});
afterEach(() => place.server.close());

test("the table, the description and these cases name the same operations", () => {
  const described = description().operations;
  const rows = [...OPERATIONS.map((row) => row.id), "apps/create-installation-access-token"].sort();
  expect(rows).toEqual(described);
  expect(Object.keys(CASES).sort()).toEqual(described);
});

describe.each(Object.entries(CASES))("%s", (id, one) => {
  test("what is described passes, in the published shape", async () => {
    const { status, data } = await one.good(place);
    expect(place.server.violations).toEqual([]);
    expect(status).toBe(one.status);
    if (one.shows !== undefined) expect(data).toMatchObject(one.shows);
    expect(place.server.requests.at(-1)?.operation).toBe(id);
  });

  test("what is not is refused or noted at its place", async () => {
    const [route, { app: asApp, ...parameters }] = one.bad(place);
    const octokit = asApp === true ? appClient(place.server) : place.octokit;
    const said = await octokit.request(route, { ...ownerIn(route), ...parameters }).then(
      ({ status, data }) => ({ status, data: data as unknown }),
      (error: { status: number; response?: { data: unknown } }) => ({
        status: error.status,
        data: error.response?.data,
      }),
    );
    expect(said.status).toBe(one.refusal);
    expect(place.server.violations[0]).toMatchObject({ operation: id, field: one.field });
    if (one.refusal !== 422) return;
    const errors = (said.data as { errors: { field: string; resource: string; code: string }[] })
      .errors;
    expect(errors.map((error) => error.field)).toContain(one.field);
    expect(said.data).toMatchObject({
      message: "Validation Failed",
      status: "422",
      documentation_url: expect.stringContaining("https://docs.github.com/rest"),
    });
    expect(errors[0]).toMatchObject({
      resource: expect.stringMatching(/^[A-Z]/),
      code: expect.stringMatching(/^(invalid|missing_field)$/),
    });
  });
});

function ownerIn(route: string): object {
  return route.includes("{owner}") ? OWNER : {};
}
